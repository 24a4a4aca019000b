#include "app/views/lesson_parts.hpp"
#include "sim/experiment/parser.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/journey_timeline.hpp"
#include "tests/support/ui_driver.hpp"

namespace loopscope::app::test {
namespace {

/// The middle of the lesson screen over a trace: stage and sequence, as a learner sees them.
struct Middle {
  Middle(const trace::Timeline& timeline, const char* text) : whole_(timeline) {
    parsed_ = experiment::parse(text, "test.lab").value();
    now.settings = &settings;
    now.timeline = &timeline_;
    now.experiment = &parsed_;
    now.live = Live{};
    now.live->can_hold_packets = true;
    now.live->step_by = lab::StepBy::Packet;
    now.live->phase = lab::Phase::Holding;
  }

  void picture(const std::string& name, Nanoseconds moment) {
    now.moment = moment;
    timeline_.clear();
    for (const trace::Event& event : whole_.until(moment)) timeline_.add(event);
    CAPTURE(name);
    const Image dark = draw(name + "-dark", 876, 728, true);
    const Image light = draw(name + "-light", 876, 728, false);
    CHECK(difference(dark, light, 24) > 0.5);  // every part has the theme's colours
    // Another moment looks otherwise: what is drawn comes from the trace.
    if (before_.width == dark.width) CHECK(difference(before_, dark, 24) > 0.001);
    before_ = dark;
    const Image large = draw(name + "-large", 1120, 1008, true);
    CHECK(large.width == 1120);
  }

  Image draw(const std::string& name, int width, int height, bool dark) {
    UiDriver driver(
        [this](Ui& ui, Rect area) {
          Rect rest = area;
          const Rect top = rest.cut_top(area.width() < 1000 ? 60 : 112, 12);
          const Rect foot = rest.cut_bottom(area.width() < 1000 ? 184 : 264, 12);
          Rect strip = top;
          if (area.width() < 1000) {
            const Rect transport = strip.cut_right(460);
            draw_strip(ui, strip, now, actions);
            draw_transport(ui, transport, now, actions);
          } else {
            const Rect transport = strip.cut_bottom(50);
            draw_strip(ui, strip, now, actions);
            draw_transport(ui, transport, now, actions);
          }
          draw_stage(ui, rest, now, actions);
          draw_sequence(ui, foot, now, actions);
        },
        width, height, dark);
    driver.frames(3);
    driver.keep_picture(name);
    return driver.picture();
  }

  Settings settings;
  Snapshot now;
  Actions actions;

 private:
  const trace::Timeline& whole_;
  trace::Timeline timeline_;  ///< up to the moment, as in a live run
  experiment::Experiment parsed_;
  Image before_;
};

}  // namespace

TEST_CASE("each moment of the journey looks otherwise, in both themes") {
  const tests::Journey j = tests::journey();
  Middle middle(j.timeline, tests::journey_text);
  middle.picture("syn-held", j.syn_held);
  middle.picture("syn-ack-held", j.syn_ack_held);
  middle.picture("before-accept", j.connected);
  middle.picture("accepted", j.accepted);
  middle.picture("request-waits", j.request_waits);
  middle.picture("half-closed", j.half_closed);
  middle.picture("closed", j.closed);
  middle.now.live->phase = lab::Phase::Asking;
  middle.now.live->next_statement = 8;
  middle.picture("asking", j.connected);
}

TEST_CASE("a conflict lights the opponent and folds the network away") {
  const tests::Conflict c = tests::conflict();
  Middle middle(c.timeline, tests::conflict_text);
  middle.now.live->predictions.push_back(
      {8, experiment::parse_result("ok").value(), experiment::parse_result("EADDRINUSE").value()});
  middle.picture("conflict", c.refused);
}

TEST_CASE("a refusal shows nobody at the door") {
  const tests::Refusal r = tests::refusal();
  Middle middle(
      r.timeline,
      "client: c = socket(AF_INET, SOCK_STREAM)\nclient: connect(c, 127.0.0.1:62893) ?= ECONNREFUSED\n");
  middle.picture("nobody-syn", r.syn_held);
  middle.picture("nobody-reset", r.reset_held);
  middle.picture("nobody-refused", r.refused);
}

}  // namespace loopscope::app::test
