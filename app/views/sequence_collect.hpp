#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/views/sequence_model.hpp"

/// What a sequence diagram is made of, taken from the events one by one.
namespace loopscope::app::sequence {

inline constexpr std::string_view wire = "wire";  ///< trace::PacketHeld::host between hosts

/// One socket through its life, by the kernel's cookie.
struct Socket {
  std::uint64_t cookie = 0;
  std::string host;
  std::string process;  ///< empty until one has a descriptor of it
  int fd = -1;
  trace::Transport transport{};
  SocketAddress local, peer;
  std::vector<StateBar> states;
  std::vector<QueueMark> queues;
  bool alive = false;
  Nanoseconds owned_since{};
  bool from_accept = false;  ///< until somebody accepts it, its packets are the listener's
  std::uint32_t queue = 0;
  std::optional<std::size_t> lane;
};

struct Packet {
  const trace::Packet* packet;
  Nanoseconds at;
  std::size_t index;
  bool was_held;
  bool again;            ///< the kernel sent it again
  std::string stopped;   ///< 'dropped at input': what the firewall did with it; empty: nothing
  bool derived = false;  ///< nobody saw it: see trace::PacketSeen
  std::string host;      ///< that saw it first
  bool by_cable = false;
  bool leaves = false;                 ///< by cable: it was seen as it left
  std::optional<Nanoseconds> arrived;  ///< by cable: where it was seen on another host
  std::string arrived_at;
};

/// A packet that was held: the bar of it, and where.
struct Hold {
  HoldBar bar;
  const trace::Packet* packet = nullptr;
  std::string place;  ///< a host, or 'wire' for what is between them
};

class Collector {
 public:
  explicit Collector(std::span<const trace::Event> events) : events_(events) {}

  void take(const trace::Event& event, std::size_t index);

  std::map<std::string, std::vector<CallMark>> calls;
  std::map<std::string, Nanoseconds> ended;
  std::vector<std::string> started;
  std::vector<Socket> sockets;
  std::vector<Packet> packets;
  std::vector<Hold> holds;
  std::size_t call_count = 0;
  [[nodiscard]] bool on_lo_of(std::string_view host) const;  ///< packets have been seen or held there
  [[nodiscard]] bool on_cable() const;                       ///< … between hosts

 private:
  template <typename Fact>
  void note(const Fact&) {}
  void note(const trace::ProcessStarted& fact);
  void note(const trace::ProcessEnded& fact);
  void note(const trace::CallEntered& fact);
  void note(const trace::CallReturned& fact);
  void note(const trace::PacketSeen& fact);
  void note(const trace::FirewallJudged& fact);
  void note(const trace::PacketHeld& fact);
  void note(const trace::PacketLetGo& fact);
  void note(const trace::Retransmission& fact);
  void note(const trace::SocketTable& fact);
  bool comes_in(const trace::PacketSeen& fact);
  Socket& socket_of(const trace::SocketEntry& entry, const std::string& host);
  void update(Socket& socket, const trace::SocketEntry& entry);

  std::span<const trace::Event> events_;
  Nanoseconds at_{};
  std::size_t index_ = 0;
  std::map<std::string, std::size_t>
      after_table_;  ///< by host: index of the first event behind its last table
  std::unordered_map<trace::CallId, std::pair<std::string, std::size_t>> open_calls_;
  std::unordered_map<trace::HeldId, std::size_t> open_holds_;
  std::set<trace::HeldId> repeated_;                              ///< held packets that repeat an earlier one
  std::optional<std::pair<trace::HeldId, trace::Packet>> again_;  ///< the last Retransmission
  std::unordered_map<std::uint64_t, std::size_t> by_cookie_;
  std::set<std::pair<std::string, std::uint16_t>> listening_;  ///< host and port
  /// Between machines, seen once so far: how it was seen, and its place in `packets`.
  std::vector<std::pair<const trace::PacketSeen*, std::size_t>> on_the_way_;
};

}  // namespace loopscope::app::sequence
