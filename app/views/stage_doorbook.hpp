#pragma once

#include "app/views/stage_parts.hpp"

/// Whose door a packet's end is: for the steps that fill the network of a stage model.
namespace loopscope::app::stage {

/// Between which sockets a packet goes. An ICMP error goes back along the packet that it quotes (RFC 792).
struct Ends {
  SocketAddress from, to;
  trace::Transport transport = trace::Transport::Tcp;
  bool refusal = false;  ///< RST or ICMP error: the sender may be no socket at all
};
[[nodiscard]] Ends ends_of(const trace::Packet& packet);

/// Finds doors in a model and adds those that no socket has. What find() gives is good until one is added.
class Doorbook {
 public:
  Doorbook(Model& model, const Facts& facts) : model_(model), facts_(facts) {}

  /// The door at which a packet's end is: a socket's, else one that was made for that address.
  [[nodiscard]] Door* find(const SocketAddress& at, const SocketAddress& other, trace::Transport transport);
  /// Its place in Model::doors; 0 where there is none.
  [[nodiscard]] std::size_t index_of(const SocketAddress& at, const SocketAddress& other,
                                     trace::Transport transport);
  /// Whether who calls there is answered from there: a listener, a server, or nobody.
  [[nodiscard]] bool serves(std::size_t door) const;

  void add_doors_of_sockets();
  void add_nobody(const SocketAddress& at, trace::Transport transport);
  /// A port whose socket is gone: it was the asker's.
  void add_former(const SocketAddress& at, trace::Transport transport);

 private:
  Door* door_of(const SocketView& socket);
  std::size_t column_of_nobody();

  Model& model_;
  const Facts& facts_;
};

/// Whether a packet that the firewall judged goes by `lo`: the verdict does not tell the device.
[[nodiscard]] bool stays_home(const trace::Packet& packet, const Facts& facts);

/// The packets between this machine and another one, at this end: their doors, before the doors are put into
/// order…
void add_cable_doors(Doorbook& doors, const Facts& facts, const Input& input);
/// … and Model::cable behind that.
void add_cable_ends(Model& model, Doorbook& doors, const Facts& facts, const Input& input);
/// Whether an address is the machine's own. Of a machine that is alone nobody else's is spoken of.
[[nodiscard]] bool is_own(const IpAddress& ip, const Input& input);

}  // namespace loopscope::app::stage
