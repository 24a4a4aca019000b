#include "sim/diag/socket_message.hpp"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>

#include <cstring>

namespace loopscope::diag {
namespace {

constexpr int tcp_established = 1;
constexpr int tcp_close = 7;

SocketAddress address(int family, const __be32* bytes, __be16 port) {
  const IpAddress ip = family == AF_INET6 ? IpAddress::v6(bytes) : IpAddress::v4(bytes);
  return {ip, Port{ntohs(port)}};
}

std::optional<SocketState> state_of(int kernel_state, trace::Transport transport) {
  if (transport == trace::Transport::Udp)
    return kernel_state == tcp_established ? SocketState::Established : SocketState::Unconnected;
  // Only sockets with a port are in a table: one without a TCP state yet (or any more) is bound.
  if (kernel_state == tcp_close) return SocketState::Bound;
  return socket_state_from_kernel(kernel_state);
}

trace::SocketTimer timer_of(int kernel_timer) {  // inet_diag_msg's idiag_timer, sock_diag(7)
  switch (kernel_timer) {
    case 1:
      return trace::SocketTimer::Retransmit;
    case 2:
      return trace::SocketTimer::Keepalive;
    case 3:
      return trace::SocketTimer::TimeWait;
    case 4:
      return trace::SocketTimer::Probe;
    default:
      return trace::SocketTimer::None;
  }
}

int find_v6only(const nlattr* attribute, void* data) {
  if (mnl_attr_get_type(attribute) == INET_DIAG_SKV6ONLY && mnl_attr_get_payload_len(attribute) >= 1)
    *static_cast<std::optional<bool>*>(data) = mnl_attr_get_u8(attribute) != 0;
  return MNL_CB_OK;
}

}  // namespace

std::optional<Row> read_row(const nlmsghdr* message, trace::Transport transport) {
  if (mnl_nlmsg_get_payload_len(message) < sizeof(inet_diag_msg)) return std::nullopt;
  inet_diag_msg told{};
  std::memcpy(&told, mnl_nlmsg_get_payload(message), sizeof told);
  if (told.idiag_family != AF_INET && told.idiag_family != AF_INET6) return std::nullopt;
  const auto state = state_of(told.idiag_state, transport);
  if (!state) return std::nullopt;

  Row row;
  row.device_index = told.id.idiag_if;
  trace::SocketEntry& entry = row.entry;
  entry.transport = transport;
  entry.state = *state;
  entry.local = address(told.idiag_family, told.id.idiag_src, told.id.idiag_sport);
  entry.peer = address(told.idiag_family, told.id.idiag_dst, told.id.idiag_dport);
  entry.inode = told.idiag_inode;
  entry.cookie = std::uint64_t{told.id.idiag_cookie[1]} << 32 | told.id.idiag_cookie[0];
  entry.uid = told.idiag_uid;
  entry.receive_queue = told.idiag_rqueue;
  entry.send_queue = told.idiag_wqueue;
  entry.timer = timer_of(told.idiag_timer);
  entry.timer_left = Milliseconds(entry.timer == trace::SocketTimer::None ? 0 : told.idiag_expires);
  entry.retransmits = entry.timer == trace::SocketTimer::Keepalive ? 0 : told.idiag_retrans;
  mnl_attr_parse(message, sizeof(inet_diag_msg), find_v6only, &entry.v6only);
  return row;
}

}  // namespace loopscope::diag
