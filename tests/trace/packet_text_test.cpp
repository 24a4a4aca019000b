#include "sim/trace/packet.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/packets.hpp"

using namespace loopscope;
using namespace loopscope::tests;

namespace {

const SocketAddress client = SocketAddress::parse("127.0.0.1:41952").value();
const SocketAddress server = SocketAddress::parse("127.0.0.1:62893").value();
const SocketAddress client6 = SocketAddress::parse("[::1]:41952").value();
const SocketAddress server6 = SocketAddress::parse("[::1]:62893").value();
const Bytes syn_options{2, 4, 0xFF, 0xD7, 4, 2, 8, 10, 0, 0, 0, 7, 0, 0, 0, 0, 1, 3, 3, 7};

std::string label_of(const std::string& flags, const std::string& payload = "") {
  return trace::label(tcp_packet({client, server, flags, 1, 1, payload}));
}

}  // namespace

TEST_CASE("A packet's label says what it is for") {
  CHECK(label_of("S") == "SYN");
  CHECK(label_of("S.") == "SYN-ACK");
  CHECK(label_of(".") == "ACK");
  CHECK(label_of("F.") == "FIN-ACK");
  CHECK(label_of("FP.", "bye") == "DATA-FIN-ACK");
  CHECK(label_of("R") == "RST");
  CHECK(label_of("R.") == "RST-ACK");
  CHECK(label_of("P.", "hi") == "DATA");
  CHECK(trace::label(*trace::decode(udp_bytes(client, server, "hi"))) == "UDP");
  CHECK(trace::label(*trace::decode(icmp_error_bytes(server.ip, client.ip, 3, 3, {}))) ==
        "ICMP port unreachable");
  CHECK(trace::label(*trace::decode(icmp_error_bytes(server6.ip, client6.ip, 1, 4, {}))) ==
        "ICMPv6 port unreachable");
  CHECK(trace::label(*trace::decode(icmp_error_bytes(server.ip, client.ip, 3, 13, {}))) ==
        "ICMP admin prohibited");
}

TEST_CASE("A packet is printed as tcpdump prints it") {
  const auto syn = tcp_packet({client, server, "S", 1873204561, 0, "", 65495, syn_options});
  CHECK(trace::tcpdump_line(syn) ==
        "IP 127.0.0.1.41952 > 127.0.0.1.62893: Flags [S], seq 1873204561, win 65495, "
        "options [mss 65495,sackOK,TS val 7 ecr 0,nop,wscale 7], length 0");
  const auto data =
      tcp_packet({client6, server6, "P.", 100, 200, "GET /", 512, {1, 1, 8, 10, 0, 0, 0, 9, 0, 0, 0, 8}});
  CHECK(trace::tcpdump_line(data) ==
        "IP6 ::1.41952 > ::1.62893: Flags [P.], seq 100:105, ack 200, win 512, options [nop,nop,TS val 9 ecr "
        "8], length 5");
  const auto ack = tcp_packet({client, server, ".", 100, 200, ""});
  CHECK(trace::tcpdump_line(ack) ==
        "IP 127.0.0.1.41952 > 127.0.0.1.62893: Flags [.], ack 200, win 512, length 0");
  CHECK(trace::tcpdump_line(*trace::decode(udp_bytes(client, server, "hi"))) ==
        "IP 127.0.0.1.41952 > 127.0.0.1.62893: UDP, length 2");
  const auto refused =
      trace::decode(icmp_error_bytes(server.ip, client.ip, 3, 3, udp_bytes(client, server, "hi")));
  CHECK(trace::tcpdump_line(*refused) ==
        "IP 127.0.0.1 > 127.0.0.1: ICMP 127.0.0.1 udp port 62893 unreachable, length 38");
}
