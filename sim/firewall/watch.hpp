#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/trace/packet.hpp"

struct mnl_socket;
struct nlmsghdr;

namespace loopscope::firewall {

/// What one chain did with one packet.
struct Decision {
  std::string chain;
  std::uint64_t rule = 0;  ///< the kernel's handle of the rule that decided; 0: none did, so it goes on
  bool dropped = false;
  trace::Packet packet;  ///< its headers: of TCP without options and data
};

/// Hears what nftables' chains of one table decide about packets with `meta nftrace set 1`, in the network
/// namespace that the calling thread is in when it is opened: nft(8), `monitor trace`; the messages are those
/// of net/netfilter/nf_tables_trace.c. The kernel stamps them with no time.
class Watch {
 public:
  /// Error: what the kernel lacks.
  [[nodiscard]] static tl::expected<Watch, std::string> open(std::string table);
  Watch(Watch&&) noexcept;
  Watch& operator=(Watch&&) noexcept;
  ~Watch();

  [[nodiscard]] int fd() const noexcept;
  /// What was decided since the last call, in order. Never waits. Throws SystemError.
  [[nodiscard]] std::vector<Decision> take();
  /// Whether messages have been lost since the last call because nobody read them in time.
  [[nodiscard]] bool lost();

 private:
  struct Closer {
    void operator()(mnl_socket* socket) const;
  };
  Watch(std::unique_ptr<mnl_socket, Closer> socket, std::string table);
  void read(const nlmsghdr* header, std::vector<Decision>& decisions);

  std::unique_ptr<mnl_socket, Closer> socket_;
  std::string table_;
  /// The packet of a traversal whose end has not been told: only its first message has the headers.
  std::map<std::uint32_t, trace::Packet> under_way_;
  bool lost_ = false;
};

}  // namespace loopscope::firewall
