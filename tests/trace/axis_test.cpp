#include "sim/trace/axis.hpp"

#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::trace;
using std::chrono::seconds;

namespace {

std::vector<Event> events_at(const std::vector<Nanoseconds>& times) {
  std::vector<Event> events;
  for (const auto time : times) events.push_back({time, WorldChanged{"here", "x"}});
  return events;
}

// A burst, half a minute of thought, a burst.
const auto burst = events_at(
    {Microseconds(100), Microseconds(120), Microseconds(180), seconds(30), seconds(30) + Microseconds(50)});

}  // namespace

TEST_CASE("Between gaps the axis is true to scale, a gap is narrow") {
  const Axis axis(burst);
  REQUIRE(axis.gaps().size() == 1);
  CHECK(axis.gaps()[0].from == Microseconds(180));
  CHECK(axis.gaps()[0].to == seconds(30));
  CHECK(axis.to_shown(Microseconds(100)) == Microseconds(0));
  CHECK(axis.to_shown(Microseconds(120)) == Microseconds(20));
  CHECK(axis.to_shown(Microseconds(180)) == Microseconds(80));
  CHECK(axis.to_shown(seconds(30)) == Microseconds(120));
  CHECK(axis.to_shown(seconds(30) + Microseconds(50)) == Microseconds(170));
  CHECK(axis.shown_end() == Microseconds(170));
}

TEST_CASE("The middle of a gap is the middle of its break") {
  const Axis axis(burst);
  const auto middle = (Nanoseconds(Microseconds(180)) + seconds(30)) / 2;
  CHECK(axis.to_shown(middle) == Microseconds(100));
  CHECK(axis.to_moment(Microseconds(100)) == middle);
}

TEST_CASE("Both directions agree at each event and never run backwards") {
  const Axis axis(burst);
  for (const Event& event : burst) CHECK(axis.to_moment(axis.to_shown(event.at)) == event.at);
  Nanoseconds last{-1};
  for (Nanoseconds shown{}; shown <= axis.shown_end(); shown += Nanoseconds(700)) {
    const auto moment = axis.to_moment(shown);
    CHECK(moment >= last);
    last = moment;
  }
}

TEST_CASE("What lies outside of the events is drawn at their ends") {
  const Axis axis(burst);
  CHECK(axis.to_shown(Nanoseconds(0)) == Nanoseconds(0));
  CHECK(axis.to_shown(seconds(99)) == axis.shown_end());
  CHECK(axis.to_moment(seconds(1)) == burst.back().at);
  const Axis empty;
  CHECK(empty.shown_end() == Nanoseconds(0));
  CHECK(empty.to_shown(seconds(1)) == Nanoseconds(0));
}

TEST_CASE("Marks stand at round distances and count anew after a break") {
  const Axis axis(burst);
  const auto ticks = axis.ticks(Nanoseconds(0), axis.shown_end(), 8);
  std::string labels;
  for (const Tick& tick : ticks) labels += (tick.first ? "|" : "") + tick.label + " ";
  CHECK(labels == "|0 +50 µs |30.0 s +50 µs ");
  for (std::size_t index = 1; index < ticks.size(); ++index)
    CHECK(ticks[index].shown > ticks[index - 1].shown);
}

TEST_CASE("Zoomed in, the marks come closer") {
  const Axis axis(burst);
  const auto ticks = axis.ticks(Microseconds(10), Microseconds(40), 6);
  REQUIRE(ticks.size() == 7);
  CHECK(ticks[0].label == "+10 µs");
  CHECK(ticks[1].label == "+15 µs");
  CHECK(ticks[0].shown == Microseconds(10));
}

TEST_CASE("Durations are told in the unit that suits them") {
  CHECK(duration_words(Nanoseconds(340)) == "340 ns");
  CHECK(duration_words(Nanoseconds(12500)) == "12.5 µs");
  CHECK(duration_words(Microseconds(3200)) == "3.2 ms");
  CHECK(duration_words(Milliseconds(1204)) == "1.204 s");
  CHECK(duration_words(seconds(125)) == "2 min 5 s");
  CHECK(duration_words(-Microseconds(2)) == "-2 µs");
  CHECK(clock_words(Nanoseconds(0)) == "0");
  CHECK(clock_words(Nanoseconds(340'049)) == "340 µs");
  CHECK(clock_words(Microseconds(3204)) == "3.20 ms");
  CHECK(clock_words(Nanoseconds(45'957'123)) == "46 ms");
  CHECK(clock_words(Nanoseconds(999'700'000)) == "1.0 s");
  CHECK(clock_words(Milliseconds(12'894)) == "12.9 s");
  CHECK(clock_words(seconds(125)) == "2 min 5 s");
}
