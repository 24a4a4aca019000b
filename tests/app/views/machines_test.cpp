// Several machines and the cable on the real screen, with the real lab behind it.
#include <algorithm>
#include <set>

#include "app/views/sequence_model.hpp"
#include "app/views/stage.hpp"
#include "app/views/stage_facts.hpp"
#include "tests/app/views/live_desk.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::app;
using namespace loopscope::app::test;
using stage::Frame;
using stage::Leg;
using stage::World;

namespace {

/// The program at an experiment, stepped through its controls.
class Learner : public LiveDesk {
 public:
  using LiveDesk::LiveDesk;
  [[nodiscard]] World world() { return stage_world_of(now()).value(); }
  /// Goes on until a packet of this name is held on the cable, or the statements are done.
  bool steps_to_held(const std::string& name) {
    for (int steps = 0; steps < 60; ++steps) {
      const World all = world();
      if (std::any_of(all.frames.begin(), all.frames.end(),
                      [&](const Frame& one) { return one.held() && one.packet.name == name; }))
        return true;
      if (!steps_on()) return false;
    }
    return false;
  }
  bool steps_on() {
    const auto phase = now().live->phase;
    if (phase != lab::Phase::Ready && phase != lab::Phase::Holding) return false;
    does(action::StepForward{});
    return true;
  }
  void steps_to_end() {
    for (int steps = 0; steps < 60 && steps_on(); ++steps) continue;
  }
};

const stage::ProcessView& process(const World& world, std::size_t machine, const std::string& name) {
  const auto& all = world.machines.at(machine).model.processes;
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
  REQUIRE(found != all.end());
  return *found;
}

const stage::SocketView& socket_of(const World& world, std::size_t machine, const std::string& process,
                                   int fd) {
  const auto& all = world.machines.at(machine).model.sockets;
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) {
    return one.entry.process == process && one.entry.fd == fd;
  });
  REQUIRE(found != all.end());
  return *found;
}

/// The middle of what is drawn under a name lies between the two machines' boxes.
void check_on_the_cable(UiDriver& driver, const std::string& packet) {
  const Rect pill = driver.item("stage/packet/" + packet).area;
  CHECK(pill.mid_x() > driver.item("stage/laptop/box").area.x1);
  CHECK(pill.mid_x() < driver.item("stage/here/box").area.x0);
  CHECK(std::abs(pill.mid_y() - driver.item("stage/here/eth0").area.mid_y()) < 8);
}

constexpr const char* neighbour = R"(title  A neighbour calls
host laptop
process ann on laptop
server: s = socket(AF_INET, SOCK_STREAM)
server: bind(s, 127.0.0.1:62893) = ok
server: listen(s, 16) = ok
open: o = socket(AF_INET, SOCK_STREAM)
open: bind(o, 0.0.0.0:62894) = ok
open: listen(o, 16) = ok
ann: c = socket(AF_INET, SOCK_STREAM)
ann: connect(c, 192.0.2.1:62893)
ann: d = socket(AF_INET, SOCK_STREAM)
ann: connect(d, 192.0.2.1:62894)
me: m = socket(AF_INET, SOCK_STREAM)
me: connect(m, 192.0.2.1:62894)
)";

}  // namespace

TEST_CASE("a neighbour's SYN to a server on 127.0.0.1 crosses the cable, and nobody's RST comes back") {
  if (!LiveDesk::has_lab()) return;
  Learner learner(neighbour);
  learner.does(action::SetStepBy{lab::StepBy::Packet});
  REQUIRE(learner.steps_to_held("SYN"));
  World world = learner.world();
  REQUIRE(world.machines.size() == 2);
  CHECK(world.machines[0].host == "here");
  CHECK(world.machines[1].host == "laptop");
  REQUIRE(world.frames.size() == 1);
  CHECK(world.frames[0].leg == Leg::Between);
  CHECK(world.frames[0].from == std::size_t(1));
  CHECK(world.frames[0].to == std::size_t(0));
  CHECK(socket_of(world, 1, "ann", 3).state == "SYN-SENT");
  CHECK(process(world, 1, "ann").doing == stage::Doing::Blocked);
  CHECK(process(world, 0, "server").name == "server");
  UiDriver& driver = learner.driver();
  check_on_the_cable(driver, "SYN");
  CHECK(driver.item("stage/laptop/eth0").on);
  CHECK_FALSE(driver.item("stage/here/eth0").on);  // it has not come in
  CHECK(driver.item("stage/held").label == "SYN held on the cable");
  learner.picture("machines-syn");

  learner.press(Key::L);
  world = learner.world();
  REQUIRE(world.frames.size() == 1);
  CHECK(world.frames[0].held());
  CHECK(world.frames[0].packet.name == "RST-ACK");
  CHECK(world.frames[0].from == std::size_t(0));
  CHECK(world.frames[0].to == std::size_t(1));
  const stage::Model& here = world.machines[0].model;
  const stage::Door& door = here.doors.at(world.frames[0].from_door);
  CHECK(door.nobody);
  CHECK(to_string(door.called.value()) == "192.0.2.1:62893");
  CHECK(here.packets.empty());  // nothing goes by lo
  CHECK_FALSE(world.machines[0].lo_used);
  CHECK(driver.item("stage/here/eth0").on);
  check_on_the_cable(driver, "RST-ACK");
  learner.picture("machines-rst");

  learner.click("stage/let-go");
  world = learner.world();
  CHECK(world.frames.empty());
  CHECK(process(world, 1, "ann").doing == stage::Doing::Failed);
  CHECK(process(world, 1, "ann").words.find("ECONNREFUSED") != std::string::npos);
}

TEST_CASE("both ends' states climb while a handshake is let over the cable frame by frame") {
  if (!LiveDesk::has_lab()) return;
  Learner learner(neighbour);
  learner.does(action::SetStepBy{lab::StepBy::Packet});
  REQUIRE(learner.steps_to_held("RST-ACK"));
  REQUIRE(learner.steps_to_held("SYN"));
  CHECK(socket_of(learner.world(), 1, "ann", 4).state == "SYN-SENT");
  CHECK(socket_of(learner.world(), 0, "open", 3).waiting.empty());
  learner.press(Key::L);
  World world = learner.world();
  REQUIRE(world.frames.size() == 1);
  CHECK(world.frames[0].packet.name == "SYN-ACK");
  CHECK(socket_of(world, 1, "ann", 4).state == "SYN-SENT");
  REQUIRE(socket_of(world, 0, "open", 3).waiting.size() == 1);
  CHECK(socket_of(world, 0, "open", 3).waiting[0].entry.state == SocketState::SynReceived);
  learner.press(Key::L);
  world = learner.world();
  REQUIRE(world.frames.size() == 1);
  CHECK(world.frames[0].packet.name == "ACK");
  CHECK(socket_of(world, 1, "ann", 4).state == "ESTABLISHED");
  CHECK(socket_of(world, 0, "open", 3).waiting.at(0).entry.state == SocketState::SynReceived);
  learner.picture("machines-ack");
  learner.press(Key::L);
  world = learner.world();
  CHECK(socket_of(world, 0, "open", 3).waiting.at(0).entry.state == SocketState::Established);
  CHECK(process(world, 1, "ann").words == "connect() returned 0");

  SECTION("a call to one's own network address goes by lo, and the cable stays dark") {
    learner.does(action::SetStepBy{lab::StepBy::Call});
    learner.steps_to_end();
    world = learner.world();
    CHECK(world.machines[0].lo_used);
    CHECK_FALSE(world.machines[0].eth0_used);
    CHECK(world.machines[0].own_address == "192.0.2.1");
    CHECK(world.lit.empty());
    CHECK(world.passed.empty());
    UiDriver& driver = learner.driver();
    CHECK_FALSE(driver.item("stage/cable").on);
    CHECK(driver.item("stage/here/own-address").label == "192.0.2.1 is its own address");
    learner.picture("machines-own");
  }
  SECTION("the sequence diagram has the lanes of a machine together, and the network between them") {
    const sequence::Model model = sequence::model_of(*learner.now().timeline, learner.now().experiment);
    std::vector<std::string> hosts;
    for (const sequence::Lane& lane : model.lanes) {
      const std::string host = lane.kind == sequence::LaneKind::Network ? "network" : lane.host;
      if (hosts.empty() || hosts.back() != host) hosts.push_back(host);
    }
    CHECK(hosts == std::vector<std::string>{"laptop", "network", "here"});
    const auto arrow = std::find_if(model.arrows.begin(), model.arrows.end(),
                                    [](const sequence::PacketArrow& one) { return one.label == "SYN-ACK"; });
    REQUIRE(arrow != model.arrows.end());
    CHECK(model.lanes[arrow->via].kind == sequence::LaneKind::Network);
    CHECK(model.lanes.at(arrow->from.value()).host == "here");
    CHECK(model.lanes.at(arrow->to.value()).host == "laptop");
    CHECK(arrow->arrives.value() > arrow->at);
    CHECK(model.lanes[arrow->via].holds.size() == 5);  // SYN and RST-ACK, SYN, SYN-ACK and ACK
    CHECK(learner.driver().has("sequence/host/laptop"));
  }
  SECTION("the inspector's tables tell the machines apart") {
    UiDriver& driver = learner.driver();
    learner.click("rail/open");
    CHECK(driver.item("sockets/here").label == "3 sockets on this machine");
    CHECK(driver.item("sockets/laptop").label == "1 socket on laptop");
    learner.does(action::SetInspectorTab{1});
    learner.driver().frames(2);
    // Five, and one more where a slow machine let the kernel send the SYN-ACK again.
    for (const std::string host : {"laptop", "here"}) {
      const auto& events = learner.now().timeline->events();
      const auto seen = std::count_if(events.begin(), events.end(), [&](const trace::Event& event) {
        const auto* one = std::get_if<trace::PacketSeen>(&event.fact);
        return one != nullptr && stage::machine_of(one->host) == host && one->device == "eth0";
      });
      CHECK(seen >= 5);
      CHECK(driver.item("packets/on/" + host + "/eth0").label == std::to_string(seen));
    }
    CHECK(driver.item("packets/on/here/lo").label == "0");
    learner.picture("machines-inspector");
  }
}

TEST_CASE("a frame on the cable can be dropped and delayed, and the kernel sends what was lost again") {
  if (!LiveDesk::has_lab()) return;
  Learner learner(neighbour);
  learner.does(action::SetStepBy{lab::StepBy::Packet});
  REQUIRE(learner.steps_to_held("SYN"));
  learner.press(Key::D);
  const trace::Timeline& timeline = *learner.now().timeline;
  const auto gone = std::find_if(timeline.events().begin(), timeline.events().end(), [](const auto& event) {
    const auto* let_go = std::get_if<trace::PacketLetGo>(&event.fact);
    return let_go != nullptr && let_go->verdict == trace::Verdict::Dropped;
  });
  REQUIRE(gone != timeline.events().end());
  Snapshot then = learner.now();
  then.moment = gone->at;
  then.at_end = false;
  const World world = stage_world_of(then).value();
  REQUIRE(world.frames.size() == 1);
  CHECK(world.frames[0].packet.dropped);
  CHECK(world.frames[0].leg == Leg::Between);
  REQUIRE(learner.steps_to_held("SYN"));  // after its timeout of a second
  CHECK(socket_of(learner.world(), 1, "ann", 3).state == "SYN-SENT");
  learner.driver().click("stage/delay");
  learner.driver().frames(1);
  CHECK_FALSE(learner.world().frames.empty());
}

TEST_CASE("a frame that a machine's firewall stops stands at that machine's gate") {
  if (!LiveDesk::has_lab()) return;
  const auto text = [](const std::string& rule) {
    return "host laptop\nprocess ann on laptop\n"
           "server: s = socket(AF_INET, SOCK_STREAM)\nserver: bind(s, 0.0.0.0:62893)\nserver: listen(s, 16)\n"
           "firewall " +
           rule + "\nann: c = socket(AF_INET, SOCK_STREAM)\nann: connect(c, 192.0.2.1:62893) = blocks\n";
  };
  SECTION("what comes in") {
    Learner learner(text("input iifname \"eth0\" tcp dport 62893 drop"));
    learner.steps_to_end();
    const World world = learner.world();
    REQUIRE(world.frames.size() == 1);
    CHECK(world.frames[0].leg == Leg::InGate);
    CHECK(world.frames[0].to == std::size_t(0));
    CHECK(world.frames[0].packet.dropped);
    CHECK(world.machines[0].model.firewall.guards(trace::Hook::Input));
    CHECK_FALSE(world.machines[1].model.firewall.guards(trace::Hook::Input));
    CHECK_FALSE(world.machines[0].model.doors.at(world.frames[0].to_door).lit);  // it never came to the door
    const Rect here = learner.driver().item("stage/here/box").area;
    CHECK(learner.driver().item("stage/packet/SYN").area.mid_x() > here.x0);
    learner.picture("machines-dropped");
  }
  SECTION("what goes out") {
    Learner learner(text("laptop output tcp dport 62893 drop"));
    learner.steps_to_end();
    const World world = learner.world();
    REQUIRE(world.frames.size() == 1);
    CHECK(world.frames[0].leg == Leg::OutGate);
    CHECK(world.frames[0].from == std::size_t(1));
    CHECK(world.machines[1].model.firewall.guards(trace::Hook::Output));
    CHECK_FALSE(world.machines[1].eth0_used);
    CHECK_FALSE(learner.driver().item("stage/here/eth0").on);
    const Rect laptop = learner.driver().item("stage/laptop/box").area;
    CHECK(learner.driver().item("stage/packet/SYN").area.mid_x() < laptop.x1);
  }
}

TEST_CASE("sixteen machines are all on the stage, and each can be opened") {
  if (!LiveDesk::has_lab()) return;
  std::string text;
  for (int i = 2; i <= 16; ++i) text += "host h" + std::to_string(i) + "\n";
  text +=
      "process ann on h9\nprocess ben on h14\n"
      "server: s = socket(AF_INET, SOCK_STREAM)\nserver: bind(s, 0.0.0.0:62893)\nserver: listen(s, 16)\n"
      "ann: c = socket(AF_INET, SOCK_STREAM)\nann: connect(c, 192.0.2.1:62893) = ok\n"
      "ben: s = socket(AF_INET, SOCK_STREAM)\nben: bind(s, 0.0.0.0:62895)\nben: listen(s, 16)\n"
      "ann: d = socket(AF_INET, SOCK_STREAM)\nann: connect(d, 192.0.2.14:62895) = ok\n";
  Learner learner(text);
  UiDriver& driver = learner.driver();
  for (int steps = 0; steps < 5; ++steps) learner.steps_on();
  CHECK(learner.world().machines.size() == 16);
  CHECK(driver.has("stage/h9/box"));  // it has just called
  CHECK(driver.has("stage/here/box"));
  std::vector<Rect> small;
  for (int i = 2; i <= 16; ++i) {
    if (i == 9) continue;
    const Item& item = driver.item("stage/host/h" + std::to_string(i));
    CHECK_FALSE(item.cut_off());
    for (const Rect& other : small) CHECK(item.area.intersected(other).empty());
    small.push_back(item.area);
  }
  CHECK(small.size() == 14);
  learner.picture("machines-sixteen");
  learner.click("stage/host/h14");
  CHECK(driver.has("stage/h14/box"));
  learner.steps_to_end();
  // Two others talk with each other: these two are drawn in full.
  CHECK(driver.has("stage/h9/box"));
  CHECK(driver.has("stage/h14/box"));
  CHECK(driver.has("stage/host/here"));
  learner.picture("machines-two-others");
}

TEST_CASE("where nobody lives on this machine, two others are drawn in full") {
  if (!LiveDesk::has_lab()) return;
  Learner learner(
      "host blue\nhost green\nprocess b on blue\nprocess g on green\n"
      "b: s = socket(AF_INET, SOCK_STREAM)\nb: bind(s, 127.0.0.1:62893)\nb: listen(s, 16)\n"
      "g: c = socket(AF_INET, SOCK_STREAM)\ng: connect(c, 127.0.0.1:62893) = ECONNREFUSED\n");
  UiDriver& driver = learner.driver();
  learner.steps_to_end();
  CHECK(driver.has("stage/blue/box"));
  CHECK(driver.has("stage/green/box"));
  CHECK(driver.has("stage/host/here"));
  learner.picture("machines-two-loopbacks");
}
