#include "sim/model/rules.hpp"

namespace loopscope::model {

std::span<const Rule> rules_of_other() {
  // clang-format off
  static constexpr Rule table[] = {
    {RuleId::call_blocks, "call.blocks",
     "What the call waits for has not happened yet, so it has not returned.",
     "the manual page of the call",
     "loopscope/call-blocks.lab"},
    {RuleId::claim_held, "claim.held",
     "The packets held in flight are counted.",
     "the language of experiments",
     "loopscope/claims.lab"},
    {RuleId::claim_packets, "claim.packets",
     "The TCP packets that went by on that host are counted.",
     "the language of experiments",
     "loopscope/claims.lab"},
    {RuleId::claim_socket, "claim.socket",
     "The host's socket table is looked at, as ss(8) would show it.",
     "the language of experiments",
     "loopscope/claims.lab"},
    {RuleId::descriptor_closed, "descriptor.closed",
     "The name stands for no open descriptor.",
     "errno(3)",
     "shadow/0054-shadow-listen-after_close.lab"},
    {RuleId::firewall_output, "firewall.output",
     "The output chain of this host's firewall refused the datagram.",
     "nft(8); net/ipv4/ip_output.c ip_send_skb",
     "", "The kernel engine does not load firewall rules yet; the model's tests show it."},
    {RuleId::name_local, "name.local",
     "This is the address and port that the socket has on this side; an unspecified part is shown as zero.",
     "getsockname(2); net/ipv4/af_inet.c inet_getname",
     "asterinas/0000-asterinas-tcp_err-getsockname.lab cpython/0022-cpython-test_socket-CreateServerTest.test_address_v4.lab"},
    {RuleId::name_no_peer, "name.no-peer",
     "The socket has no peer.",
     "getpeername(2); net/ipv4/af_inet.c inet_getname",
     "asterinas/0017-asterinas-tcp_err-async_connect-getpeername_then_second_connect.lab asterinas/0037-asterinas-udp_err-getpeername.lab"},
    {RuleId::name_peer, "name.peer",
     "This is the other end of the connection.",
     "getpeername(2); net/ipv4/af_inet.c inet_getname",
     "asterinas/0037-asterinas-udp_err-getpeername.lab fuchsia/0155-fuchsia-dgram-ConnectAFMismatchINET6.lab"},
    {RuleId::nonblock_set, "nonblock.set",
     "From now on calls on this descriptor wait, or do not wait, as said.",
     "fcntl(2)",
     "asterinas/0000-asterinas-tcp_err-getsockname.lab"},
    {RuleId::not_modelled, "not-modelled",
     "The model does not cover this, and it does not guess.",
     "",
     "", "Where it is the answer, nothing is claimed."},
    {RuleId::socket_made, "socket.made",
     "A new socket, without address and port.",
     "socket(2)",
     "asterinas/0000-asterinas-tcp_err-getsockname.lab"},
    {RuleId::state_told, "state.told",
     "The state in which TCP has this socket.",
     "tcp(7) TCP_INFO",
     "manuals/0073-man-ip.7-freebind_source_address_v6.lab manuals/0160-man-listen.2-somaxconn_zero_v4.lab"},
  };
  // clang-format on
  return table;
}

}  // namespace loopscope::model
