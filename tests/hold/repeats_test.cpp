#include "sim/hold/repeats.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/packets.hpp"

using namespace loopscope;
using namespace loopscope::tests;
using hold::Repeats;
using What = hold::Repeats::What;
using std::chrono::seconds;

namespace {

const SocketAddress client = SocketAddress::parse("127.0.0.1:41952").value();
const SocketAddress server = SocketAddress::parse("127.0.0.1:62893").value();

const auto syn = tcp_packet({client, server, "S", 100, 0, ""});
const auto syn_ack = tcp_packet({server, client, "S.", 900, 101, ""});
const auto ack = tcp_packet({client, server, ".", 101, 901, ""});
const auto data = tcp_packet({client, server, "P.", 101, 901, "hello"});
const auto data_ack = tcp_packet({server, client, ".", 901, 106, ""});

}  // namespace

TEST_CASE("What nobody has seen is new") {
  Repeats repeats;
  CHECK(repeats.look_at(syn, seconds(0)).what == What::New);
  repeats.held(1, syn);
  CHECK(repeats.look_at(syn_ack, seconds(0)).what == What::New);
  CHECK(repeats.look_at(ack, seconds(0)).what == What::New);
}

TEST_CASE("A copy of what is held is surplus, and names it") {
  Repeats repeats;
  repeats.held(1, syn);
  repeats.passed(1, seconds(1));
  repeats.held(2, syn_ack);
  const auto answer = repeats.look_at(syn_ack, seconds(9));
  CHECK(answer.what == What::Surplus);
  CHECK(answer.of == 2);
}

TEST_CASE("A copy of what was let go is surplus while its acknowledgment is held") {
  Repeats repeats;
  repeats.held(1, syn);
  repeats.passed(1, seconds(1));
  repeats.held(2, syn_ack);
  CHECK(repeats.look_at(syn, seconds(60)).what == What::Surplus);
  CHECK(repeats.look_at(syn, seconds(60)).of == 1);
}

TEST_CASE("A copy of what was let go and not answered is held again") {
  Repeats repeats;
  repeats.held(1, syn);
  repeats.passed(1, seconds(1));
  const auto answer = repeats.look_at(syn, seconds(2));
  CHECK(answer.what == What::Again);
  CHECK(answer.of == 1);
}

TEST_CASE("A copy that comes at once after the letting go was sent before it") {
  Repeats repeats;
  repeats.held(1, data);
  repeats.passed(1, seconds(10));
  CHECK(repeats.look_at(data, seconds(10) + Milliseconds(1)).what == What::Surplus);
  CHECK(repeats.look_at(data, seconds(10) + Milliseconds(210)).what == What::Again);
}

TEST_CASE("A copy of what was dropped is held, and says what it repeats") {
  Repeats repeats;
  repeats.held(1, data);
  repeats.dropped(1);
  const auto answer = repeats.look_at(data, seconds(1));
  CHECK(answer.what == What::Again);
  CHECK(answer.of == 1);
}

TEST_CASE("A part of what is held is surplus, more than what is held is not") {
  Repeats repeats;
  repeats.held(1, data);
  CHECK(repeats.look_at(tcp_packet({client, server, "P.", 103, 901, "ll"}), seconds(1)).what ==
        What::Surplus);
  CHECK(repeats.look_at(tcp_packet({client, server, "P.", 101, 901, "hello, world"}), seconds(1)).what ==
        What::New);
}

TEST_CASE("The same words later are no repetition where they acknowledge anew") {
  Repeats repeats;
  repeats.held(1, data_ack);
  CHECK(repeats.look_at(data_ack, seconds(1)).what == What::Surplus);
  const auto more = tcp_packet({server, client, ".", 901, 120, ""});
  CHECK(repeats.look_at(more, seconds(1)).what == What::New);
  repeats.passed(1, seconds(2));
  CHECK(repeats.look_at(data_ack, seconds(3)).what == What::New);
}

TEST_CASE("Sequence numbers wrap around") {
  Repeats repeats;
  const auto edge = tcp_packet({client, server, "P.", 0xFFFFFFFE, 901, "hello"});
  repeats.held(1, edge);
  CHECK(repeats.look_at(tcp_packet({client, server, "P.", 1, 901, "lo"}), seconds(1)).what == What::Surplus);
  repeats.passed(1, seconds(1));
  repeats.held(2, tcp_packet({server, client, ".", 901, 3, ""}));
  CHECK(repeats.look_at(edge, seconds(60)).what == What::Surplus);
}

TEST_CASE("A new connection on the same ports is not mistaken for the old one") {
  Repeats repeats;
  repeats.held(1, data);
  repeats.passed(1, seconds(1));
  repeats.held(2, tcp_packet({client, server, "S", 5000, 0, ""}));
  CHECK(repeats.look_at(data, seconds(9)).what == What::New);
}

TEST_CASE("Datagrams are never repetitions") {
  Repeats repeats;
  const auto datagram = trace::decode(udp_bytes(client, server, "hi")).value();
  repeats.held(1, datagram);
  CHECK(repeats.look_at(datagram, seconds(0)).what == What::New);
}
