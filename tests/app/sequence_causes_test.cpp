#include "app/views/sequence_causes.hpp"

#include "app/views/sequence_model.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/journey_timeline.hpp"

using namespace loopscope;
using namespace loopscope::app;
using sequence::beginning_of;

namespace {

constexpr std::uint16_t server = 62893, client = 40000;

trace::SocketEntry entry(SocketState state, std::uint16_t local, std::uint16_t peer) {
  trace::SocketEntry entry;
  entry.state = state;
  entry.local = {*IpAddress::parse("127.0.0.1"), Port{local}};
  entry.peer = {*IpAddress::parse("127.0.0.1"), Port{peer}};
  entry.process = "server";
  entry.fd = 3;
  return entry;
}

std::string cause(const tests::TraceWriter& trace, const trace::SocketEntry& entry, std::size_t first = 0) {
  const auto found = beginning_of(entry, trace.timeline.events(), first);
  return found ? found->cause : "unknown";
}

}  // namespace

TEST_CASE("A call that made a socket listen is the beginning of its LISTEN, another socket's is not") {
  tests::TraceWriter trace("");
  const auto bind = trace.after(10).enter("server", "bind", "3, …", 3, "s");
  trace.after(10).give(bind, 0);
  const auto call = trace.after(10).enter("server", "listen", "3, 16", 3, "s");
  trace.after(10).give(call, 0);
  const auto other = trace.after(10).enter("server", "listen", "4, 16", 4, "t");
  trace.after(10).give(other, 0);
  CHECK(cause(trace, entry(SocketState::Listen, server, 0)) == "listen() returned");
  CHECK(cause(trace, entry(SocketState::Bound, server, 0)) == "bind() returned");
  const auto begun = beginning_of(entry(SocketState::Listen, server, 0), trace.timeline.events(), 0);
  REQUIRE(begun);
  CHECK(begun->at == trace.now() - Microseconds(20));
}

TEST_CASE("A held SYN is the beginning of SYN-SENT, its arrival that of SYN-RECEIVED") {
  tests::TraceWriter trace("");
  const auto syn = tests::tcp_packet(client, server, "S");
  const auto id = trace.after(5).hold(syn);
  CHECK(cause(trace, entry(SocketState::SynSent, client, server)) == "SYN sent");
  CHECK(cause(trace, entry(SocketState::SynReceived, server, client)) == "unknown");
  const std::size_t held = trace.timeline.events().size();
  trace.after(100).pass(id, syn);
  CHECK(cause(trace, entry(SocketState::SynReceived, server, client), held) == "SYN arrived");
  CHECK(cause(trace, entry(SocketState::SynSent, client, server), held) == "unknown");
  CHECK(cause(trace, entry(SocketState::SynSent, client + 1, server)) == "unknown");
}

TEST_CASE("Where two packets could have done it, only the table is known") {
  tests::TraceWriter trace("");
  trace.after(5).seen(tests::tcp_packet(client, server, "A"));
  CHECK(cause(trace, entry(SocketState::Established, server, client)) == "ACK arrived");
  trace.after(5).seen(tests::tcp_packet(client, server, "A"));
  CHECK(cause(trace, entry(SocketState::Established, server, client)) == "unknown");
}

TEST_CASE("In the sequence the client is SYN-SENT from the moment its SYN is held") {
  const auto j = tests::journey();
  const auto model = sequence::model_of(j.timeline, nullptr);
  Nanoseconds held{};
  for (const auto& event : j.timeline.events()) {
    if (std::holds_alternative<trace::PacketHeld>(event.fact) && held.count() == 0) held = event.at;
  }
  bool found = false;
  for (const auto& lane : model.lanes) {
    for (const auto& bar : lane.states) {
      if (bar.label != "SYN-SENT") continue;
      found = true;
      CHECK(bar.from == held);
      CHECK(bar.cause == "SYN sent");
    }
  }
  CHECK(found);
}
