#include <algorithm>
#include <ctime>

#include "app/views/lesson_parts.hpp"
#include "sim/experiment/parser.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/journey_timeline.hpp"
#include "tests/support/ui_driver.hpp"

/// What a learner does on the stage, the strip, the transport and the sequence, by name.
namespace loopscope::app::test {
namespace {

class Desk {
 public:
  Desk(const trace::Timeline& timeline, Nanoseconds moment, lab::Phase phase,
       const char* text = tests::journey_text)
      : experiment_(experiment::parse(text, "test.lab").value()),
        driver_([this](Ui& ui, Rect area) { draw(ui, area); }, 876, 728) {
    for (const trace::Event& event : timeline.until(moment)) timeline_.add(event);
    now.settings = &settings;
    now.timeline = &timeline_;
    now.experiment = &experiment_;
    now.moment = moment;
    now.live = Live{};
    now.live->phase = phase;
    now.live->can_hold_packets = true;
    driver_.frames(3);
    actions.clear();
  }

  template <typename Wanted>
  const Wanted* click(std::string_view id) {
    actions.clear();
    driver_.click(id);
    return last<Wanted>();
  }
  template <typename Wanted>
  const Wanted* press(Key key) {
    actions.clear();
    driver_.key(key);
    return last<Wanted>();
  }
  UiDriver& driver() { return driver_; }

  Settings settings;
  Snapshot now;
  Actions actions;

 private:
  template <typename Wanted>
  const Wanted* last() const {
    for (auto it = actions.rbegin(); it != actions.rend(); ++it) {
      if (const auto* found = std::get_if<Wanted>(&*it)) return found;
    }
    return nullptr;
  }
  void draw(Ui& ui, Rect area) {
    if (now.settings == nullptr) return;  // the driver draws before there is anything
    Rect rest = area;
    Rect strip = rest.cut_top(60, 12);
    const Rect transport = strip.cut_right(460);
    const Rect foot = rest.cut_bottom(184, 12);
    draw_strip(ui, strip, now, actions);
    draw_stage(ui, rest, now, actions);
    draw_sequence(ui, foot, now, actions);
    draw_transport(ui, transport, now, actions);
  }

  experiment::Experiment experiment_;
  trace::Timeline timeline_;
  UiDriver driver_;
};

/// What a frame over a trace with so many exchanges costs this thread: the least of some, since another
/// program can only add to it.
double milliseconds_a_frame(int exchanges) {
  tests::TraceWriter w("a: s = socket(AF_INET, SOCK_STREAM)\n");
  w.at(1).start("a", 1).start("b", 2);
  w.socket("b", 3).state = SocketState::Listen;
  w.step(0, "a", "a: s = socket(AF_INET, SOCK_STREAM)");
  for (int i = 0; i < exchanges; ++i) {
    const trace::CallId call = w.after(5).enter("a", "send", "3, \"x\", 1, 0", 3, "s");
    w.after(2).give(call, 1).seen(tests::tcp_packet(40000, 62893, "A", "x"));
    if (i % 50 == 0) w.table();
  }
  REQUIRE(w.timeline.events().size() > 3 * static_cast<std::size_t>(exchanges));
  Desk desk(w.timeline, w.now(), lab::Phase::Ready, "a: s = socket(AF_INET, SOCK_STREAM)\n");
  const auto used = [] {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
  };
  double least = 1e9;
  for (int round = 0; round < 5; ++round) {
    const double begin = used();
    desk.driver().frames(4);
    least = std::min(least, (used() - begin) / 4);
  }
  return least;
}

}  // namespace

TEST_CASE("a held packet can be let go, dropped and delayed, with the mouse and with L and D") {
  const tests::Journey j = tests::journey();
  Desk desk(j.timeline, j.syn_held, lab::Phase::Holding);
  REQUIRE(desk.click<action::LetGo>("stage/let-go"));
  CHECK(desk.click<action::LetGo>("stage/let-go")->id == 1);
  CHECK(desk.click<action::DropPacket>("stage/drop"));
  REQUIRE(desk.click<action::DelayPacket>("stage/delay"));
  CHECK(desk.click<action::DelayPacket>("stage/delay")->milliseconds == 1000);
  CHECK(desk.press<action::LetGo>(Key::L));
  CHECK(desk.press<action::DropPacket>(Key::D));
}

TEST_CASE("in the past a held packet has no buttons") {
  const tests::Journey j = tests::journey();
  Desk desk(j.timeline, j.syn_held, lab::Phase::Holding);
  desk.now.at_end = false;
  desk.driver().frames(2);
  CHECK_FALSE(desk.driver().has("stage/let-go"));
  CHECK(desk.press<action::LetGo>(Key::L) == nullptr);
}

TEST_CASE("a socket that is clicked is selected, and clicked again let go") {
  const tests::Journey j = tests::journey();
  Desk desk(j.timeline, j.connected, lab::Phase::Ready);
  const auto* chosen = desk.click<action::Select>("stage/socket/client/3");
  REQUIRE(chosen);
  CHECK(chosen->what.starts_with("socket:"));
  desk.now.selected = chosen->what;
  REQUIRE(desk.click<action::Select>("stage/socket/client/3"));
  CHECK(desk.click<action::Select>("stage/socket/client/3")->what.empty());
}

TEST_CASE("the transport steps, goes back, plays and starts over, and says why it cannot") {
  const tests::Journey j = tests::journey();
  Desk desk(j.timeline, j.connected, lab::Phase::Ready);
  CHECK(desk.click<action::StepForward>("transport/step"));
  CHECK(desk.click<action::StepBack>("transport/back"));
  CHECK(desk.click<action::PlayPause>("transport/play"));
  CHECK(desk.click<action::StartOver>("transport/again"));
  desk.now.live->phase = lab::Phase::Asking;
  desk.driver().frames(2);
  CHECK_FALSE(desk.driver().item("transport/step").enabled);
}

TEST_CASE("stepping by packet is offered only where packets can be held") {
  const tests::Journey j = tests::journey();
  Desk desk(j.timeline, j.connected, lab::Phase::Ready);
  desk.click<action::SetStepBy>("transport/menu");
  const auto* by = desk.click<action::SetStepBy>("transport/menu/packet");
  REQUIRE(by);
  CHECK(by->by == lab::StepBy::Packet);
  desk.now.live->can_hold_packets = false;
  desk.click<action::SetStepBy>("transport/menu");
  CHECK_FALSE(desk.driver().item("transport/menu/packet").enabled);
}

TEST_CASE("a click on a step that was reached goes to its beginning") {
  const tests::Journey j = tests::journey();
  Desk desk(j.timeline, j.connected, lab::Phase::Ready);
  const auto* jump = desk.click<action::JumpTo>("strip/1");
  REQUIRE(jump);
  CHECK(jump->moment < Milliseconds(1));
  CHECK_FALSE(desk.driver().item("strip/5").enabled);
}

TEST_CASE("dragging along the sequence moves the playhead, the buttons zoom") {
  const tests::Journey j = tests::journey();
  Desk desk(j.timeline, j.closed, lab::Phase::Finished);
  const Rect field = desk.driver().item("sequence/field").area;
  desk.actions.clear();
  desk.driver().drag({field.x0 + 200, field.y0 + 6}, {field.x0 + 120, field.y0 + 6});
  const bool jumped = std::any_of(desk.actions.begin(), desk.actions.end(), [](const Action& one) {
    return std::holds_alternative<action::JumpTo>(one);
  });
  CHECK(jumped);
  desk.driver().click("sequence/zoom-in");
  desk.driver().frames(2);
  CHECK(desk.driver().has("sequence/pan"));
}

TEST_CASE("a hundred times the events cost a frame far less than a hundred times the work") {
  const double many = milliseconds_a_frame(2500);
  const double few = milliseconds_a_frame(25);
  INFO(many << " ms against " << few << " ms");
  CHECK(many < 60 * few);  // 18 without sanitizers, 34 with
}

TEST_CASE("a running process can be killed, called or given a rival at any moment of a live run") {
  const tests::Journey j = tests::journey();
  Desk desk(j.timeline, j.connected, lab::Phase::Ready);
  const auto choose = [&](const std::string& process, const std::string& what) {
    (void)desk.driver().click("stage/process/" + process);
    return desk.click<action::Perform>("stage/menu/" + what);
  };
  const auto kill = choose("server", "kill");
  REQUIRE(kill);
  CHECK(kill->lines == std::vector<std::string>{"kill server"});
  const auto rival = choose("server", "take/same");
  REQUIRE(rival);
  CHECK(rival->lines == std::vector<std::string>{"rival: r = socket(AF_INET, SOCK_STREAM)",
                                                 "rival: bind(r, 127.0.0.1:62893)"});
  REQUIRE(choose("server", "call"));
  const auto freeze = choose("server", "freeze");
  REQUIRE(freeze);
  CHECK(freeze->lines == std::vector<std::string>{"kill server SIGSTOP"});
  (void)desk.driver().click("stage/process/client");
  CHECK_FALSE(desk.driver().has("stage/menu/take/same"));  // it holds no door
}

}  // namespace loopscope::app::test
