#include "app/views/stage_model.hpp"

#include <algorithm>

#include "app/views/sequence_model.hpp"
#include "app/views/stage_facts.hpp"
#include "sim/experiment/parser.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/journey_timeline.hpp"

namespace loopscope::app::stage {
namespace {

struct World {
  World(const trace::Timeline& timeline, const char* text)
      : timeline_(timeline), experiment_(experiment::parse(text, "test.lab").value()) {}

  Model at(Nanoseconds moment, float progress = 1) const {
    Input input;
    input.timeline = &timeline_;
    input.moment = moment;
    input.progress = progress;
    input.experiment = &experiment_;
    input.asking = asking;
    input.predictions = predictions;
    input.selected = selected;
    return model_at(input);
  }

  std::optional<std::size_t> asking;
  std::vector<lab::Prediction> predictions;
  std::string selected;

 private:
  const trace::Timeline& timeline_;
  experiment::Experiment experiment_;
};

const ProcessView& process(const Model& model, const std::string& name) {
  const auto found = std::find_if(model.processes.begin(), model.processes.end(),
                                  [&](const ProcessView& one) { return one.name == name; });
  REQUIRE(found != model.processes.end());
  return *found;
}

const SocketView& socket_of(const Model& model, const std::string& name, int fd) {
  const auto found = std::find_if(model.sockets.begin(), model.sockets.end(), [&](const SocketView& one) {
    return one.entry.process == name && one.entry.fd == fd;
  });
  REQUIRE(found != model.sockets.end());
  return *found;
}

const Door& door_of(const Model& model, std::uint16_t port) {
  const auto found = std::find_if(model.doors.begin(), model.doors.end(),
                                  [&](const Door& one) { return one.port == Port{port}; });
  REQUIRE(found != model.doors.end());
  return *found;
}

}  // namespace

TEST_CASE("a connection that its program has closed is an orphan, and waits in no queue") {
  trace::Timeline timeline;
  timeline.add({Milliseconds(1), trace::ProcessStarted{"server", "here", 3, false}});
  trace::SocketEntry listener;
  listener.process = "server";
  listener.fd = 3;
  listener.inode = 10;
  listener.state = SocketState::Listen;
  listener.local = {IpAddress::loopback_v4(), Port{62893}};
  listener.send_queue = 16;
  trace::SocketEntry nobodys = listener;
  nobodys.process.clear();
  nobodys.fd = -1;
  nobodys.inode = 0;
  nobodys.peer = {IpAddress::loopback_v4(), Port{40000}};
  const World world(timeline, "server: s = socket(AF_INET, SOCK_STREAM)\n");
  Nanoseconds at = Milliseconds(2);
  for (const auto& [state, waits] : {std::pair{SocketState::Established, true},
                                     {SocketState::CloseWait, true},
                                     {SocketState::SynReceived, true},
                                     {SocketState::FinWait1, false},
                                     {SocketState::FinWait2, false},
                                     {SocketState::LastAck, false},
                                     {SocketState::TimeWait, false}}) {
    CAPTURE(to_string(state));
    nobodys.state = state;
    timeline.add({at, trace::SocketTable{"here", {listener, nobodys}}});
    CHECK(socket_of(world.at(at), "server", 3).waiting.size() == (waits ? 1 : 0));
    at += Milliseconds(1);
  }
}

TEST_CASE("what other machines do is not drawn on this one, and what came by the cable is counted") {
  trace::Timeline timeline;
  timeline.add({Milliseconds(1), trace::ProcessStarted{"server", "here", 3, false}});
  timeline.add({Milliseconds(1), trace::ProcessStarted{"visitor", "laptop", 4, false}});
  trace::SocketEntry listener;
  listener.process = "server";
  listener.fd = 3;
  listener.cookie = 1;
  listener.state = SocketState::Listen;
  listener.local = {IpAddress::loopback_v4(), Port{62893}};
  timeline.add({Milliseconds(2), trace::SocketTable{"here", {listener}}});
  trace::SocketEntry caller = listener;
  caller.process = "visitor";
  caller.cookie = 2;
  caller.state = SocketState::SynSent;
  caller.local = {*IpAddress::parse("192.0.2.2"), Port{40000}};
  caller.peer = {*IpAddress::parse("192.0.2.1"), Port{62893}};
  trace::Packet syn;
  syn.source = caller.local;
  syn.destination = caller.peer;
  syn.flags.syn = true;
  timeline.add({Milliseconds(3), trace::PacketSeen{.host = "laptop", .device = "eth0", .packet = syn}});
  timeline.add({Milliseconds(3), trace::PacketSeen{.host = "here", .device = "eth0", .packet = syn}});
  timeline.add({Milliseconds(4), trace::SocketTable{"laptop", {caller}}});
  const World world(timeline,
                    "host laptop\nprocess visitor on laptop\nserver: s = socket(AF_INET, SOCK_STREAM)\n"
                    "visitor: c = socket(AF_INET, SOCK_STREAM)\n");
  const Model model = world.at(Milliseconds(5));
  REQUIRE(model.processes.size() == 1);
  CHECK(model.processes.front().name == "server");
  CHECK(socket_of(model, "server", 3).state == "LISTEN");
  CHECK(model.sockets.size() == 1);
  CHECK(model.packets.empty());
  CHECK(model.passed.empty());
  CHECK(model.packets_by_cable == 1);
  CHECK(model.neighbours == "laptop");

  timeline.add({Milliseconds(6), trace::PacketHeld{7, "wire", trace::Hook::Output, syn}});
  const Model holding = world.at(Milliseconds(7));
  CHECK(holding.packets.empty());
  REQUIRE(holding.packets_elsewhere.size() == 1);
  CHECK(holding.packets_elsewhere[0].held == 7);
  CHECK(holding.packets_elsewhere[0].where == "on the cable");
  timeline.add({Milliseconds(8), trace::PacketLetGo{7, trace::Verdict::Passed, false}});
  CHECK(world.at(Milliseconds(9)).packets_elsewhere.empty());

  const sequence::Model lanes = sequence::model_of(timeline, nullptr);
  REQUIRE(lanes.arrows.size() == 1);  // seen twice, drawn once
  CHECK(std::any_of(lanes.lanes.begin(), lanes.lanes.end(), [](const sequence::Lane& lane) {
    return lane.name == "visitor" && lane.host == "laptop";
  }));
  CHECK(std::any_of(lanes.lanes.begin(), lanes.lanes.end(), [](const sequence::Lane& lane) {
    return lane.process == "server" && !lane.states.empty() && !lane.states.back().to;
  }));
}

TEST_CASE("a packet without ports on a machine without sockets is no door's, and nothing is drawn of it") {
  trace::Timeline timeline;
  trace::Packet report;
  report.transport = trace::Transport::Icmp6;
  timeline.add({Milliseconds(1), trace::PacketSeen{.host = "here", .device = "lo", .packet = report}});
  const World world(timeline, "title Nobody\n");
  const Model model = world.at(Milliseconds(1));
  CHECK(model.doors.empty());
  CHECK(model.packets.empty());
}

TEST_CASE("while its SYN is held the client is blocked in connect and the server waits before accept") {
  const tests::Journey j = tests::journey();
  const Model model = World(j.timeline, tests::journey_text).at(j.syn_held);
  CHECK(process(model, "client").doing == Doing::Blocked);
  CHECK(process(model, "client").words == "in connect()");
  REQUIRE(process(model, "client").since);
  CHECK(*process(model, "client").since > Milliseconds(600));
  CHECK(process(model, "server").doing == Doing::Stopped);
  CHECK(process(model, "server").words == "stopped before accept()");
  CHECK(process(model, "server").known == Known::Derived);
  CHECK(socket_of(model, "client", 3).state == "SYN-SENT");
  CHECK(socket_of(model, "server", 3).state == "LISTEN");
}

TEST_CASE("a held packet stands at the output gate of its sender with its time") {
  const tests::Journey j = tests::journey();
  const Model model = World(j.timeline, tests::journey_text).at(j.syn_held);
  REQUIRE(model.packets.size() == 1);
  const PacketView& syn = model.packets.front();
  CHECK(syn.name == "SYN");
  CHECK(syn.held);
  CHECK(syn.end == Stop::OutputGate);
  CHECK_FALSE(syn.reply);
  CHECK(model.doors[syn.from].port == Port{41952});
  CHECK(model.doors[syn.to].port == Port{62893});
  CHECK(syn.held_for > Milliseconds(611));
  CHECK_FALSE(door_of(model, 62893).lit);  // it has not come there
}

TEST_CASE(
    "a packet moves with the progress given, from its gate to the other door, and is gone when it is there") {
  const tests::Journey j = tests::journey();
  const World world(j.timeline, tests::journey_text);
  const auto& events = j.timeline.events();
  const auto seen = std::find_if(events.begin(), events.end(), [](const trace::Event& event) {
    return std::holds_alternative<trace::PacketSeen>(event.fact);
  });
  REQUIRE(seen != events.end());
  const Model under_way = world.at(seen->at + Microseconds(2), 0.25F);
  REQUIRE(under_way.packets.size() == 1);
  CHECK(under_way.packets.front().start == Stop::OutputGate);
  CHECK(under_way.packets.front().end == Stop::FarDoor);
  CHECK(under_way.packets.front().share == 0.25F);
  CHECK(world.at(seen->at + Microseconds(2), 1).packets.empty());
}

TEST_CASE("the answer goes back on the inner lane") {
  const tests::Journey j = tests::journey();
  const Model model = World(j.timeline, tests::journey_text).at(j.syn_ack_held);
  REQUIRE(model.packets.size() == 1);
  CHECK(model.packets.front().name == "SYN-ACK");
  CHECK(model.packets.front().reply);
  CHECK(model.out_lane_lit);
}

TEST_CASE("before accept the connection waits in the listener's queue and is nobody's") {
  const tests::Journey j = tests::journey();
  const Model model = World(j.timeline, tests::journey_text).at(j.connected);
  const SocketView& listener = socket_of(model, "server", 3);
  REQUIRE(listener.waiting.size() == 1);
  CHECK(listener.waiting.front().entry.state == SocketState::Established);
  CHECK(listener.capacity == 16);
  CHECK(listener.lit);
  CHECK(socket_of(model, "client", 3).state == "ESTABLISHED");
  // it is shown in the queue, not as a socket of its own
  CHECK(std::none_of(model.sockets.begin(), model.sockets.end(),
                     [](const SocketView& one) { return !one.owned; }));
}

TEST_CASE("accept takes the connection out of the queue into a descriptor") {
  const tests::Journey j = tests::journey();
  const Model model = World(j.timeline, tests::journey_text).at(j.accepted);
  CHECK(socket_of(model, "server", 3).waiting.empty());
  CHECK(socket_of(model, "server", 4).state == "ESTABLISHED");
  CHECK(process(model, "server").words == "accept() returned 4");
  CHECK(model.network_note == "accept() sent no packet");
  // two sockets of one port stand behind one door
  CHECK(std::count_if(model.doors.begin(), model.doors.end(),
                      [](const Door& one) { return one.port == Port{62893}; }) == 1);
}

TEST_CASE("what no process has any more stays in the column of who had it") {
  const tests::Journey j = tests::journey();
  const Model model = World(j.timeline, tests::journey_text).at(j.closed);
  const auto rest = std::find_if(model.sockets.begin(), model.sockets.end(),
                                 [](const SocketView& one) { return !one.owned; });
  REQUIRE(rest != model.sockets.end());
  CHECK(rest->state == "TIME-WAIT");
  const Column& column = model.columns[rest->column];
  REQUIRE(column.process);
  CHECK(model.processes[*column.process].name == "client");
}

TEST_CASE("a question about a socket's state hides the state and the queue that tells it") {
  const tests::Journey j = tests::journey();
  World world(j.timeline, tests::journey_text);
  world.asking = 8;  // server: state(s)
  const Model model = world.at(j.connected);
  CHECK(socket_of(model, "server", 3).state == "?");
  CHECK(socket_of(model, "server", 3).queues_masked);
  CHECK(socket_of(model, "client", 3).state == "ESTABLISHED");
}

TEST_CASE("a refused bind knows its opponent, and the verdict takes the network's place") {
  const tests::Conflict c = tests::conflict();
  World world(c.timeline, tests::conflict_text);
  world.predictions = {
      {8, experiment::parse_result("ok").value(), experiment::parse_result("EADDRINUSE").value()}};
  const Model model = world.at(c.refused);
  REQUIRE(model.knock);
  CHECK(model.knock->call == "bind(127.0.0.1:62893)");
  CHECK(model.doors[model.knock->door].port == Port{62893});
  CHECK(socket_of(model, "server", 3).opponent);
  CHECK(process(model, "server").dimmed);
  CHECK_FALSE(process(model, "rival").dimmed);
  CHECK(socket_of(model, "rival", 3).known == Known::Derived);
  CHECK(socket_of(model, "rival", 3).option == "SO_REUSEADDR = 1");
  REQUIRE(model.verdict);
  CHECK(model.verdict->predicted == "ok");
  CHECK(model.verdict->measured == "EADDRINUSE");
  CHECK_FALSE(model.verdict->agrees);
  CHECK(model.folded);
  CHECK(std::any_of(model.verdict->reasons.begin(), model.verdict->reasons.end(), [](const Reason& one) {
    return one.label == "Opponent" && one.text.find("pid 4125, fd 3") != std::string::npos;
  }));
}

TEST_CASE("where no socket holds the port nobody is at the door, and the RST comes from there") {
  const tests::Refusal r = tests::refusal();
  const World world(
      r.timeline,
      "client: c = socket(AF_INET, SOCK_STREAM)\nclient: connect(c, 127.0.0.1:62893) ?= ECONNREFUSED\n");
  CHECK(door_of(world.at(r.syn_held), 62893).nobody);
  const Model reset = world.at(r.reset_held);
  REQUIRE(reset.packets.size() == 1);
  CHECK(reset.packets.front().mood == Mood::Bad);
  CHECK(reset.packets.front().reply);
  const Model refused = world.at(r.refused);
  CHECK(process(refused, "client").doing == Doing::Failed);
  CHECK(process(refused, "client").words == "connect() = ECONNREFUSED");
  CHECK_FALSE(refused.folded);  // two packets were involved
}

TEST_CASE("a door is an address and a port: a call to another address finds nobody") {
  const tests::Refusal r = tests::refusal();
  trace::Timeline timeline;
  trace::SocketEntry listener;
  listener.state = SocketState::Listen;
  listener.local = {IpAddress::v4(127, 0, 0, 2), Port{62893}};  // the refused call is to 127.0.0.1
  listener.inode = 7;
  listener.cookie = 7;
  listener.process = "server";
  listener.fd = 3;
  for (trace::Event event : r.timeline.until(r.syn_held)) {
    if (auto* table = std::get_if<trace::SocketTable>(&event.fact)) table->sockets.push_back(listener);
    timeline.add(std::move(event));
  }
  timeline.add({timeline.end(), trace::ProcessStarted{"server", "here", 9, false}});
  const World world(timeline, "client: c = socket(AF_INET, SOCK_STREAM)\n");
  const Model model = world.at(timeline.end());
  REQUIRE(model.packets.size() == 1);
  const Door& called = model.doors[model.packets.front().to];
  CHECK(called.nobody);
  CHECK(called.called == SocketAddress{IpAddress::loopback_v4(), Port{62893}});
  CHECK(std::count_if(model.doors.begin(), model.doors.end(),
                      [](const Door& door) { return door.port == Port{62893} && !door.nobody; }) == 1);
}

TEST_CASE("the model is a pure function of the moment: later events change nothing") {
  const tests::Journey j = tests::journey();
  trace::Timeline cut;
  for (const trace::Event& event : j.timeline.until(j.syn_held)) cut.add(event);
  const Model whole = World(j.timeline, tests::journey_text).at(j.syn_held);
  const Model part = World(cut, tests::journey_text).at(j.syn_held);
  REQUIRE(whole.sockets.size() == part.sockets.size());
  REQUIRE(whole.processes.size() == part.processes.size());
  for (std::size_t i = 0; i < whole.processes.size(); ++i)
    CHECK(whole.processes[i].words == part.processes[i].words);
  for (std::size_t i = 0; i < whole.sockets.size(); ++i)
    CHECK(whole.sockets[i].entry == part.sockets[i].entry);
}

TEST_CASE("a killed process is shown as ended, without its sockets") {
  tests::TraceWriter w("server: s = socket(AF_INET, SOCK_STREAM)\n");
  w.at(1).start("server", 77);
  w.at(5).call(0, "server", "server: s = socket(AF_INET, SOCK_STREAM)", "socket",
               "AF_INET, SOCK_STREAM, IPPROTO_IP", -1, "s", 3);
  w.after(50).end_by_signal("server", 9).table();
  const Model model = World(w.timeline, "server: s = socket(AF_INET, SOCK_STREAM)\n").at(w.now());
  CHECK(process(model, "server").doing == Doing::Ended);
  CHECK(process(model, "server").words == "killed (SIGKILL)");
  CHECK(model.sockets.empty());
}

TEST_CASE("a claim that holds leaves the step before it on the stage, one that fails takes its place") {
  for (const std::string result : {"holds", "fails"}) {
    tests::TraceWriter trace("claim.lab");
    trace.start("client", 4).step(0, "client", "send(u, \"hello\")");
    trace.seen(tests::udp_packet(40000, 62893, "hello")).finish("5");
    trace.after(10).step(1, "", "expect packets 0 SYN");
    CHECK(gather(trace.timeline, trace.now()).packets.size() == 1);
    trace.after(10).finish(result);
    const Facts facts = gather(trace.timeline, trace.now());
    REQUIRE(facts.step.finished != nullptr);
    CHECK(facts.step.finished->result == (result == "holds" ? "5" : "fails"));
    CHECK(facts.packets.size() == (result == "holds" ? 1 : 0));
    CHECK(facts.last_statement == 1U);
  }
}

TEST_CASE("many packets of a kind are counted, not heaped") {
  tests::TraceWriter w("a: s = socket(AF_INET, SOCK_STREAM)\n");
  w.at(1).start("a", 1).step(0, "a", "a: s = socket(AF_INET, SOCK_STREAM)");
  for (int i = 0; i < 48; ++i) w.after(3).seen(tests::tcp_packet(40000, 62893, "A", "x"));
  for (int i = 0; i < 5; ++i) w.after(3).hold(tests::tcp_packet(40000, 62893, "A", "x"));
  const Model model = World(w.timeline, "a: s = socket(AF_INET, SOCK_STREAM)\n").at(w.now());
  REQUIRE(model.passed.size() == 1);
  CHECK(model.passed.front().count == 48);
  REQUIRE(model.packets.size() == 1);
  CHECK(model.packets.front().count == 5);
}

TEST_CASE("addresses and options are read from a call's arguments as strace writes them") {
  CHECK(address_in("3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"10.0.0.1\")}, 16") ==
        SocketAddress{IpAddress::v4(10, 0, 0, 1), Port{80}});
  CHECK(address_in("3, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), "
                   "inet_pton(AF_INET6, \"::1\", "
                   "&sin6_addr), sin6_scope_id=0}, 28") ==
        SocketAddress{IpAddress::loopback_v6(), Port{443}});
  CHECK_FALSE(address_in("3, 16"));
  CHECK_FALSE(address_in("htons(99999) inet_addr(\"1.2.3.4\")"));
  CHECK(option_in("3, SOL_SOCKET, SO_REUSEADDR, [1], 4") == "SO_REUSEADDR = 1");
  CHECK(option_in("3, 16").empty());
}

}  // namespace loopscope::app::stage
