#include "sim/trace/json.hpp"

#include <sstream>

#include "tests/support/catch.hpp"
#include "tests/support/packets.hpp"

using namespace loopscope;
using namespace loopscope::trace;
using namespace loopscope::tests;

namespace {

const SocketAddress client = SocketAddress::parse("127.0.0.1:41952").value();
const SocketAddress server = SocketAddress::parse("[::1]:62893").value();

SocketEntry full_entry() {
  SocketEntry entry;
  entry.transport = Transport::Udp;
  entry.state = SocketState::TimeWait;
  entry.local = client;
  entry.peer = server;
  entry.inode = 123456;
  entry.cookie = 0xFFFFFFFFFFFFFFFF;
  entry.uid = 1000;
  entry.receive_queue = 7;
  entry.send_queue = 8;
  entry.timer = SocketTimer::Retransmit;
  entry.timer_left = Milliseconds(59000);
  entry.retransmits = 3;
  entry.v6only = false;
  entry.device = "lo";
  entry.process = "server";
  entry.pid = 42;
  entry.fd = 3;
  return entry;
}

/// One event of each kind, and some with what is hard to write.
std::vector<Event> all_kinds() {
  auto packet = tcp_packet(
      {client, client, "SFRP.UEW", 4294967295U, 1, std::string("\0\xff\n\"", 4), 65535, {2,  4, 1, 2, 4, 2, 8,
                                                                                         10, 0, 0, 0, 7, 0, 0,
                                                                                         0,  0, 1, 3, 3, 7}});
  const auto icmp =
      decode(icmp_error_bytes(client.ip, client.ip, 3, 3, udp_bytes(client, client, "hi"))).value();
  std::vector<Fact> facts{
      RunStarted{"0.1.0", "6.1.0", "title x\nserver: …", "a.lab", 1'700'000'000'000'000'000},
      RunEnded{"finished"},
      ProcessStarted{"server", "here", 7, true},
      ProcessEnded{"server", 7, 0, std::nullopt},
      ProcessEnded{"server", 7, std::nullopt, 9},
      StepStarted{1, 0, 12, "server", "bind(s, 127.0.0.1:62893)"},
      StepStarted{2, std::nullopt, 0, "rival", "bind(r, …)"},
      StepFinished{1, "EADDRINUSE", "why"},
      CallEntered{1, "server", 7, "bind", "3, {…}, 16", 3, "s"},
      CallReturned{1, "server", "bind", -1, 98, "EADDRINUSE", std::string("\xc3\x28 \x80", 4)},
      PacketSeen{"here", "lo", packet, 5},
      PacketSeen{"here", "lo", icmp, std::nullopt},
      PacketHeld{5, "here", Hook::Input, packet},
      PacketLetGo{5, Verdict::Dropped, true},
      Retransmission{5, "here", packet},
      SocketTable{"here", {full_entry(), SocketEntry{}}},
      WorldChanged{"here", "sysctl a = 1"},
      FirewallJudged{"here", Hook::Output, Judgement::Rejected, "tcp dport 80 reject", packet},
  };
  std::vector<Event> events;
  for (Fact& fact : facts) events.push_back({Nanoseconds(events.size() * 1'000'000'007), std::move(fact)});
  return events;
}

std::string written(const std::vector<Event>& events) {
  std::ostringstream out;
  write_trace(out, events);
  return out.str();
}

tl::expected<std::vector<Event>, ReadProblem> read_back(const std::string& text) {
  std::istringstream in(text);
  return read_trace(in, "a.jsonl");
}

/// The problem's words, for a trace of a good header and this line.
std::string problem_of(const std::string& line) {
  const auto result = read_back(written({}) + line + "\n");
  REQUIRE_FALSE(result);
  return to_string(result.error());
}

}  // namespace

TEST_CASE("Every kind of event comes back from its line as it was") {
  for (const Event& event : all_kinds()) {
    const auto line = to_json(event);
    INFO(line);
    CHECK(line.find('\n') == std::string::npos);
    const auto back = from_json(line);
    REQUIRE(back);
    CHECK(*back == event);
  }
}

TEST_CASE("A whole trace comes back as it was written") {
  const auto events = all_kinds();
  const auto back = read_back(written(events));
  REQUIRE(back);
  CHECK(*back == events);
  CHECK(written(*back) == written(events));
}

TEST_CASE("The first line says what the file is") {
  CHECK(written({}) == "{\"format\":\"loopscope-trace\",\"version\":1}\n");
}

TEST_CASE("Bytes that are no UTF-8 are kept as hexadecimal digits, others as they are") {
  CallReturned call;
  call.details = "\xff";
  CHECK(to_json({Nanoseconds(0), call}).find(R"("details":{"hex":"ff"})") != std::string::npos);
  call.details = "größer";
  CHECK(to_json({Nanoseconds(0), call}).find(R"("details":"größer")") != std::string::npos);
}

TEST_CASE("A foreign file is refused by its first line") {
  CHECK(to_string(read_back("").error()).starts_with("a.jsonl:1: the file is empty"));
  CHECK(
      to_string(read_back("title hello\n").error()).starts_with("a.jsonl:1: this is no trace of Loopscope"));
  CHECK(to_string(read_back("{\"format\":\"pcap\"}\n").error()).starts_with("a.jsonl:1: this is no trace"));
  CHECK(to_string(read_back("[]\n").error()).starts_with("a.jsonl:1: this is no trace"));
}

TEST_CASE("A file of a later version is refused and named") {
  CHECK(to_string(read_back("{\"format\":\"loopscope-trace\",\"version\":2}\n").error()) ==
        "a.jsonl:1: this trace has format version 2, and this program reads version 1");
}

TEST_CASE("A line that is cut off is named") {
  const auto events = all_kinds();
  auto text = written(events);
  text.resize(text.size() - 5);
  const auto result = read_back(text);
  REQUIRE_FALSE(result);
  CHECK(result.error().line == static_cast<int>(events.size()) + 1);
  CHECK(result.error().message == "this line is no complete JSON object: the file is damaged here");
}

TEST_CASE("A line with something wrong in it says what") {
  CHECK(problem_of("[]") == "a.jsonl:2: a line holds one object");
  CHECK(problem_of(R"({"fact":"run-ended"})") == R"(a.jsonl:2: "at" is missing)");
  CHECK(problem_of(R"({"at":1,"fact":"lunch"})") == "a.jsonl:2: 'lunch' is unknown here");
  CHECK(problem_of(R"({"at":1,"fact":"run-ended","colour":"red"})") ==
        R"(a.jsonl:2: "colour" is no field of this)");
  CHECK(problem_of(R"({"at":1.5,"fact":"run-ended"})") == "a.jsonl:2: a whole number belongs here");
  CHECK(problem_of(R"({"at":1,"fact":"run-ended","reason":7})") ==
        R"(a.jsonl:2: "reason": a text belongs here)");
  CHECK(problem_of(R"({"at":1,"fact":"packet-held","hook":"door"})") ==
        R"(a.jsonl:2: "hook": 'door' is unknown here)");
  CHECK(problem_of(R"({"at":1,"fact":"packet-seen","packet":{"ttl":256}})") ==
        R"(a.jsonl:2: "packet": "ttl": 256 is out of range)");
  CHECK(problem_of(R"({"at":1,"fact":"packet-seen","packet":{"ttl":-1}})") ==
        R"(a.jsonl:2: "packet": "ttl": -1 is out of range)");
  CHECK(problem_of(R"({"at":1,"fact":"packet-seen","packet":{"source":"nowhere"}})") ==
        R"(a.jsonl:2: "packet": "source": "nowhere" is no address with a port)");
  CHECK(problem_of(R"({"at":1,"fact":"packet-seen","packet":{"raw":"4g"}})") ==
        R"(a.jsonl:2: "packet": "raw": '4g' is no hexadecimal byte)");
}

TEST_CASE("A damaged trace never brings the reader down") {
  const auto text = written(all_kinds());
  unsigned random = 1;
  for (int round = 0; round < 3000; ++round) {
    auto broken = text;
    for (int change = 0; change < 3; ++change) {
      random = random * 1664525U + 1013904223U;
      broken[random % broken.size()] = static_cast<char>(random >> 24);
    }
    const auto result = read_back(broken);
    if (!result) CHECK(result.error().line >= 1);
  }
}
