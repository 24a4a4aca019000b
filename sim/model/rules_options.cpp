#include "sim/model/rules.hpp"

namespace loopscope::model {

std::span<const Rule> rules_of_options() {
  // clang-format off
  static constexpr Rule table[] = {
    {RuleId::option_buffer, "option.buffer",
     "The kernel doubles the size for its own bookkeeping, within the system's limits.",
     "socket(7); net/core/sock.c sk_setsockopt",
     "manuals/0319-man-socket.7-buffers_doubled_v6.lab"},
    {RuleId::option_device_again, "option.device-again",
     "An ordinary user may bind a socket to a device once; to change it needs CAP_NET_RAW.",
     "net/core/sock.c sock_bindtoindex_locked",
     "loopscope/option-device-again.lab"},
    {RuleId::option_error, "option.error",
     "SO_ERROR gives the error that waits on the socket, and takes it away.",
     "socket(7)",
     "asterinas/0067-asterinas-tcp_poll-poll_shutdown_readwrite.lab fuchsia/0063-fuchsia-bsd-AnyAddrConnect-stream_V4.lab"},
    {RuleId::option_no_device, "option.no-device",
     "There is no network device of that name.",
     "net/core/sock.c sock_setbindtodevice",
     "loopscope/option-no-device.lab"},
    {RuleId::option_range, "option.range",
     "The value is outside what the option takes.",
     "tcp(7); ip(7); net/ipv4/tcp.c do_tcp_setsockopt",
     "gvisor/0558-gv-tcp_socket-SetTCPUserTimeout-AF_INET6.lab gvisor/0566-gv-tcp_socket-SetTCPSynCnt-AF_INET6.lab"},
    {RuleId::option_read_only, "option.read-only",
     "The option can be read, not set.",
     "net/core/sock.c sk_setsockopt",
     "loopscope/option-read-only.lab"},
    {RuleId::option_set, "option.set",
     "The option has the new value.",
     "setsockopt(2)",
     "asterinas/0023-asterinas-tcp_err-bind_and_connect_same_address.lab"},
    {RuleId::option_timeout, "option.timeout",
     "Microseconds of a timeout are 0 to 999999.",
     "net/core/sock.c sock_set_timeout",
     "asterinas/0079-asterinas-sockoption-socket_timeout-get_set.lab gvisor/0782-gv-pairs-SendTimeoutUsecTooLarge-tcp_v4.lab"},
    {RuleId::option_transparent, "option.transparent",
     "IP_TRANSPARENT needs CAP_NET_ADMIN or CAP_NET_RAW.",
     "ip(7); net/ipv4/ip_sockglue.c do_ip_setsockopt",
     "loopscope/option-transparent.lab"},
    {RuleId::option_unknown, "option.unknown",
     "This kind of socket has no such option.",
     "net/ipv4/ip_sockglue.c; net/ipv6/ipv6_sockglue.c",
     "loopscope/option-unknown.lab"},
    {RuleId::option_v6only_late, "option.v6only-late",
     "IPV6_V6ONLY is set before bind, or not at all.",
     "ipv6(7); net/ipv6/ipv6_sockglue.c do_ipv6_setsockopt",
     "loopscope/option-v6only-late.lab"},
    {RuleId::option_value, "option.value",
     "This is the option's value now.",
     "getsockopt(2)",
     "asterinas/0035-asterinas-tcp_reuseaddr-disable_reuse_after_bound.lab asterinas/0070-asterinas-udp_broadcast-enable_broadcast.lab"},
  };
  // clang-format on
  return table;
}

}  // namespace loopscope::model
