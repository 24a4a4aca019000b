#include "sim/trace/decode.hpp"

#include <random>

#include "tests/support/catch.hpp"
#include "tests/support/packets.hpp"

using namespace loopscope;
using namespace loopscope::tests;
using trace::Transport;

namespace {

const SocketAddress client = SocketAddress::parse("127.0.0.1:41952").value();
const SocketAddress server = SocketAddress::parse("127.0.0.1:62893").value();
const SocketAddress client6 = SocketAddress::parse("[::1]:41952").value();
const SocketAddress server6 = SocketAddress::parse("[::1]:62893").value();
// mss 65495, sackOK, TS val 7 ecr 0, nop, wscale 7: as Linux sends them.
const Bytes syn_options{2, 4, 0xFF, 0xD7, 4, 2, 8, 10, 0, 0, 0, 7, 0, 0, 0, 0, 1, 3, 3, 7};

}  // namespace

TEST_CASE("A SYN with its options is decoded") {
  const auto packet = trace::decode(tcp_bytes({client, server, "S", 1873204561, 0, "", 65495, syn_options}));
  REQUIRE(packet);
  CHECK(packet->transport == Transport::Tcp);
  CHECK(packet->source == client);
  CHECK(packet->destination == server);
  CHECK(packet->flags == trace::TcpFlags{.syn = true});
  CHECK(packet->sequence == 1873204561);
  CHECK(packet->acknowledgment == 0);
  CHECK(packet->window == 65495);
  CHECK(packet->ttl == 64);
  CHECK(packet->length == 60);
  CHECK(packet->mss == 65495);
  CHECK(packet->window_scale == 7);
  CHECK(packet->sack_permitted);
  CHECK(packet->timestamps == std::pair<std::uint32_t, std::uint32_t>{7, 0});
}

TEST_CASE("Data is decoded over IPv6 too") {
  const auto packet = trace::decode(tcp_bytes({client6, server6, "P.", 100, 200, "GET / HTTP/1.0\r\n\r\n"}));
  REQUIRE(packet);
  CHECK(packet->source == client6);
  CHECK(packet->acknowledgment == 200);
  CHECK(packet->payload == "GET / HTTP/1.0\r\n\r\n");
  CHECK(packet->payload_length == 18);
  CHECK(packet->length == 40 + 20 + 18);
}

TEST_CASE("Of a long payload the first 256 bytes are kept, and its whole length is told") {
  const auto bytes = tcp_bytes({client, server, ".", 1, 1, std::string(1000, 'x')});
  const auto packet = trace::decode(bytes);
  REQUIRE(packet);
  CHECK(packet->payload.size() == trace::max_payload_kept);
  CHECK(packet->payload_length == 1000);
  CHECK(packet->raw == bytes);
}

TEST_CASE("A packet cut short by the snap length keeps the lengths of its headers") {
  auto bytes = tcp_bytes({client, server, "P.", 1, 1, std::string(1000, 'x')});
  bytes.resize(64);
  const auto packet = trace::decode(bytes, 1040);
  REQUIRE(packet);
  CHECK(packet->length == 1040);
  CHECK(packet->payload_length == 1000);
  CHECK(packet->payload.size() == 24);
}

TEST_CASE("What an Ethernet frame carries behind a short packet is no part of it") {
  auto bytes = tcp_bytes({client, server, ".", 1, 1, ""});
  bytes.insert(bytes.end(), 6, 0xEE);
  const auto packet = trace::decode(bytes);
  REQUIRE(packet);
  CHECK(packet->payload_length == 0);
  CHECK(packet->raw.size() == 40);
}

TEST_CASE("A UDP datagram is decoded") {
  const auto packet = trace::decode(udp_bytes(client, server, "hi"));
  REQUIRE(packet);
  CHECK(packet->transport == Transport::Udp);
  CHECK(packet->destination == server);
  CHECK(packet->payload == "hi");
}

TEST_CASE("An ICMP error tells the packet that it quotes") {
  const auto quoted = udp_bytes(client, server, "hi");
  const auto packet = trace::decode(icmp_error_bytes(server.ip, client.ip, 3, 3, quoted));
  REQUIRE(packet);
  CHECK(packet->transport == Transport::Icmp);
  CHECK(packet->icmp_type == 3);
  CHECK(packet->icmp_code == 3);
  const auto inner = trace::quoted_packet(*packet);
  REQUIRE(inner);
  CHECK(inner->destination == server);
  CHECK(inner->payload == "hi");
}

TEST_CASE("An ICMPv6 error quotes as well, an echo does not") {
  const auto error =
      trace::decode(icmp_error_bytes(server6.ip, client6.ip, 1, 4, udp_bytes(client6, server6, "hi")));
  REQUIRE(error);
  CHECK(error->transport == Transport::Icmp6);
  REQUIRE(trace::quoted_packet(*error));
  CHECK(trace::quoted_packet(*error)->destination == server6);
  const auto echo =
      trace::decode(icmp_error_bytes(server6.ip, client6.ip, 128, 0, udp_bytes(client6, server6, "hi")));
  REQUIRE(echo);
  CHECK_FALSE(trace::quoted_packet(*echo));
}

TEST_CASE("IPv6 extension headers are passed over") {
  const auto inner = tcp_bytes({client6, server6, "S", 5, 0, ""});
  const Bytes segment(inner.begin() + 40, inner.end());
  const Bytes hop_by_hop{6, 0, 1, 4, 0, 0, 0, 0};  // next header TCP, 8 bytes, PadN
  const auto packet = trace::decode(ip_packet(client6.ip, server6.ip, 0, hop_by_hop + segment));
  REQUIRE(packet);
  CHECK(packet->transport == Transport::Tcp);
  CHECK(packet->destination == server6);
  CHECK(packet->flags.syn);
}

TEST_CASE("Of a later fragment nothing is read as a header") {
  auto bytes = tcp_bytes({client, server, "S", 5, 0, "data"});
  bytes[7] = 10;  // fragment offset
  const auto packet = trace::decode(bytes);
  REQUIRE(packet);
  CHECK(packet->transport == Transport::Other);
  CHECK(packet->source.port == Port{0});
}

TEST_CASE("What is no IP packet gives nothing") {
  CHECK_FALSE(trace::decode({}));
  CHECK_FALSE(trace::decode(Bytes{0x45}));
  CHECK_FALSE(trace::decode(Bytes(60, 0)));
  CHECK_FALSE(trace::decode(Bytes(19, 0x45)));
  CHECK_FALSE(trace::decode(Bytes(39, 0x60)));
}

TEST_CASE("A damaged option list ends the reading of options, no more") {
  for (const Bytes& options :
       {Bytes{2, 0, 0, 0}, Bytes{2, 40, 0, 0}, Bytes{8, 10, 0, 0}, Bytes{1, 1, 1, 2}}) {
    const auto packet = trace::decode(tcp_bytes({client, server, "S", 5, 0, "x", 512, options}));
    REQUIRE(packet);
    CHECK_FALSE(packet->mss);
    CHECK(packet->payload == "x");
  }
}

TEST_CASE("Any bytes are decoded safely, and never beyond themselves") {
  std::mt19937 random(62893);
  const auto good = tcp_bytes({client, server, "S", 1, 0, "payload", 65495, syn_options});
  const auto good6 = icmp_error_bytes(server6.ip, client6.ip, 1, 4, udp_bytes(client6, server6, "hi"));
  for (int round = 0; round < 20000; ++round) {
    Bytes bytes = round % 2 == 0 ? good : good6;
    for (int changes = 0; changes < 4; ++changes)
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    bytes.resize(random() % (bytes.size() + 1));
    const auto packet = trace::decode(bytes, random() % 3 == 0 ? random() % 100000 : 0);
    if (!packet) continue;
    CHECK(packet->raw.size() <= bytes.size());
    CHECK(packet->payload.size() <= bytes.size());
    CHECK(packet->payload.size() <= packet->payload_length);
    if (const auto inner = trace::quoted_packet(*packet)) CHECK(inner->raw.size() <= packet->payload.size());
  }
}
