#include "app/views/stage_firewall.hpp"

#include "app/views/lesson_parts.hpp"
#include "sim/experiment/parser.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/journey_timeline.hpp"
#include "tests/support/ui_driver.hpp"

/// The firewall on the stage: what the trace tells of it, and what a learner does with it.
namespace loopscope::app::test {
namespace {

constexpr const char* drop = "tcp dport 62893 drop";
constexpr const char* reject = "tcp dport 62893 reject with tcp reset";

/// A trace that grows by one event a microsecond.
struct Trace {
  trace::Timeline timeline;
  Nanoseconds now{};
  std::uint64_t steps = 100;

  void say(trace::Fact fact) {
    now += Microseconds(1);
    timeline.add({now, std::move(fact)});
  }
  void begin_as(const tests::Journey& journey, Nanoseconds moment) {
    for (const trace::Event& event : journey.timeline.until(moment)) timeline.add(event);
    now = timeline.end();
  }
  void rule(const std::string& chain, const std::string& text) {
    say(trace::WorldChanged{"here", "firewall " + chain + " " + text});
  }
  void clear() { say(trace::WorldChanged{"here", "firewall clear"}); }
  void judged(trace::Judgement judgement, const std::string& rule) {
    trace::Packet syn;
    syn.transport = trace::Transport::Tcp;
    syn.source = {IpAddress::loopback_v4(), Port{40000}};
    syn.destination = {IpAddress::loopback_v4(), Port{62893}};
    syn.flags.syn = true;
    say(trace::FirewallJudged{"here", trace::Hook::Input, judgement, rule, syn});
  }
  void by_hand(const std::string& line, const std::string& trouble) {
    say(trace::StepStarted{++steps, std::nullopt, 0, "", line});
    say(trace::StepFinished{steps, "", trouble});
  }
  [[nodiscard]] stage::FirewallView view() const { return stage::firewall_at(timeline, now); }
};

/// The stage alone, live at its end.
class Stage {
 public:
  explicit Stage(const trace::Timeline& timeline)
      : experiment_(experiment::parse(tests::journey_text, "test.lab").value()),
        driver_([this](Ui& ui, Rect area) { draw(ui, area); }, 876, 620) {
    now.settings = &settings;
    now.timeline = &timeline;
    now.experiment = &experiment_;
    now.moment = timeline.end();
    now.live = Live{};
    now.live->phase = lab::Phase::Ready;
    driver_.frames(3);
  }
  UiDriver& driver() { return driver_; }
  /// The lines of the last act since the call before.
  std::vector<std::string> lines() {
    std::vector<std::string> found;
    for (const Action& one : actions_) {
      if (const auto* act = std::get_if<action::Perform>(&one)) found = act->lines;
    }
    actions_.clear();
    return found;
  }

  Settings settings;
  Snapshot now;

 private:
  void draw(Ui& ui, Rect area) {
    if (now.settings != nullptr) draw_stage(ui, area, now, actions_);
  }

  experiment::Experiment experiment_;
  Actions actions_;
  UiDriver driver_;
};

trace::Timeline until(const trace::Timeline& whole, Nanoseconds moment) {
  trace::Timeline part;
  for (const trace::Event& event : whole.until(moment)) part.add(event);
  return part;
}

}  // namespace

TEST_CASE("rules are in force from the moment they were added until they are cleared") {
  Trace trace;
  CHECK(trace.view().rules.empty());
  trace.rule("input", drop);
  const Nanoseconds with_one = trace.now;
  trace.rule("output", reject);
  CHECK(trace.view().guards(trace::Hook::Output));
  trace.clear();
  const auto view = trace.view();
  REQUIRE(view.rules.size() == 2);
  CHECK_FALSE(view.rules[0].active);
  CHECK_FALSE(view.guards(trace::Hook::Input));
  CHECK(stage::firewall_at(trace.timeline, with_one).guards(trace::Hook::Input));
  CHECK_FALSE(stage::firewall_at(trace.timeline, with_one).guards(trace::Hook::Output));
}

TEST_CASE("a statement that names this machine is read as well, another machine's is not") {
  Trace trace;
  trace.say(trace::WorldChanged{"far", std::string("firewall far input ") + reject});
  trace.say(trace::WorldChanged{"here", std::string("firewall here input ") + drop});
  REQUIRE(trace.view().rules.size() == 1);
  CHECK(trace.view().rules[0].text == drop);
}

TEST_CASE("verdicts are counted for the rule that decided, and those in a row are one") {
  Trace trace;
  trace.rule("input", drop);
  trace.rule("input", reject);
  trace.judged(trace::Judgement::Dropped, drop);
  trace.judged(trace::Judgement::Dropped, drop);
  trace.judged(trace::Judgement::Accepted, "");
  const auto view = trace.view();
  CHECK(view.rules[0].decided == 2);
  CHECK(view.rules[1].decided == 0);
  REQUIRE(view.stopped);
  CHECK(view.stopped->count == 2);
  CHECK(view.stopped->packet == "SYN");
  CHECK(view.stopped->rule == drop);
  trace.say(trace::StepStarted{1, 0, 1, "client", "connect"});
  CHECK_FALSE(trace.view().stopped);
  CHECK(trace.view().rules[0].decided == 2);
}

TEST_CASE("a rule that is switched off and on again keeps its place among the others") {
  Trace trace;
  trace.rule("input", drop);
  trace.rule("input", reject);
  CHECK(stage::lines_to_switch(trace.view().rules, 0, false) ==
        std::vector<std::string>{"firewall clear", stage::line_of("input", reject)});
  trace.clear();
  trace.rule("input", reject);
  const auto view = trace.view();
  REQUIRE(view.rules.size() == 2);
  CHECK_FALSE(view.rules[0].active);
  CHECK(view.rules[1].active);
  CHECK(stage::lines_to_switch(view.rules, 0, true) ==
        std::vector<std::string>{"firewall clear", stage::line_of("input", drop),
                                 stage::line_of("input", reject)});
}

TEST_CASE("what nft says about the last rule by hand is found, and no other step's trouble") {
  Trace trace;
  CHECK_FALSE(stage::last_rule_by_hand(trace.timeline, trace.now));
  trace.by_hand("firewall input tcp dprt 1 drop", "syntax error");
  trace.by_hand("kill server", "no such process");
  const auto answer = stage::last_rule_by_hand(trace.timeline, trace.now);
  REQUIRE(answer);
  CHECK(answer->answered);
  CHECK(answer->trouble == "syntax error");
  CHECK(answer->line == "firewall input tcp dprt 1 drop");
}

TEST_CASE("the firewall's palette induces what it says, with the mouse, on the port that is served") {
  const tests::Journey j = tests::journey();
  const trace::Timeline timeline = until(j.timeline, j.syn_held - Nanoseconds(1));
  Stage stage(timeline);
  CHECK_FALSE(stage.driver().has("stage/firewall/drop-syn"));
  stage.driver().click("stage/firewall/open");
  stage.driver().click("stage/firewall/reject-rst");
  CHECK(stage.lines() == std::vector<std::string>{stage::line_of("input", reject)});
  stage.driver().click("stage/firewall/drop-replies");
  CHECK(stage.lines() == std::vector<std::string>{"firewall output tcp sport 62893 drop"});
  stage.driver().click("stage/firewall/close");
  CHECK_FALSE(stage.driver().has("stage/firewall/drop-syn"));
}

TEST_CASE("a rule is written with the keyboard alone, and its letters are no shortcuts meanwhile") {
  const tests::Journey j = tests::journey();
  const trace::Timeline timeline = until(j.timeline, j.syn_held - Nanoseconds(1));
  Stage stage(timeline);
  stage.driver().key(Key::F);
  stage.driver().key(Key::F);  // a letter of the rule by now
  CHECK(stage.driver().has("stage/firewall/text"));
  stage.driver().type("tcp dport 62893 dropp");
  stage.driver().key(Key::Backspace);
  CHECK(stage.lines().empty());
  stage.driver().key(Key::Enter);
  CHECK(stage.lines() == std::vector<std::string>{stage::line_of("input", drop)});
  stage.driver().key(Key::Escape);
  CHECK_FALSE(stage.driver().has("stage/firewall/text"));
}

TEST_CASE("nft's own words stand where the rule was written, which is kept") {
  Trace trace;
  trace.begin_as(tests::journey(), Microseconds(20));
  Stage stage(trace.timeline);
  stage.driver().key(Key::F);
  stage.driver().type("tcp dprt 1 drop");
  stage.driver().key(Key::Enter);
  REQUIRE(stage.lines().size() == 1);
  trace.by_hand("firewall input tcp dprt 1 drop", "syntax error, unexpected string");
  stage.now.moment = trace.timeline.end();
  stage.driver().frames(3);
  CHECK(stage.driver().item("stage/firewall/trouble").label == "syntax error, unexpected string");
  CHECK(stage.driver().item("stage/firewall/text").label == "tcp dprt 1 drop");
  CHECK(stage.driver().item("stage/firewall/text").on);
}

TEST_CASE("a rule's switch takes it out of force, and a dropped packet stands at the gate with its rule") {
  Trace trace;
  trace.begin_as(tests::journey(), Microseconds(20));
  trace.rule("input", drop);
  trace.judged(trace::Judgement::Dropped, drop);
  Stage stage(trace.timeline);
  CHECK(stage.driver().item("stage/stopped").label == std::string("SYN dropped at input: ") + drop);
  stage.driver().click("stage/firewall/open");
  CHECK(stage.driver().item("stage/firewall/rule/1").on);
  stage.driver().keep_picture("firewall");
  stage.driver().click("stage/firewall/rule/1");
  CHECK(stage.lines() == std::vector<std::string>{"firewall clear"});
}

}  // namespace loopscope::app::test
