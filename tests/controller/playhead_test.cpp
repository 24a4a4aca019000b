#include "app/controller/playhead.hpp"

#include <cmath>

#include "tests/support/catch.hpp"

using namespace loopscope;
using app::Playhead;

namespace {

constexpr double slower = 20'000;  // a microsecond takes 20 ms

trace::Event call_at(Nanoseconds time) { return {time, trace::CallEntered{}}; }
trace::Event table_at(Nanoseconds time) { return {time, trace::SocketTable{"here", {}}}; }

/// Two calls 100 µs apart with their tables, then half a minute, then one more.
trace::Timeline some_run() {
  trace::Timeline timeline;
  timeline.add(call_at(Microseconds(10)));
  timeline.add(table_at(Microseconds(20)));
  timeline.add(call_at(Microseconds(110)));
  timeline.add(table_at(Microseconds(600)));
  timeline.add(call_at(std::chrono::seconds(30)));
  timeline.add(table_at(std::chrono::seconds(30) + Microseconds(5)));
  return timeline;
}

}  // namespace

TEST_CASE("At once, the playhead is behind the last event and nothing moves") {
  Playhead playhead;
  playhead.take_in(some_run(), true);
  CHECK(playhead.at_end());
  CHECK(playhead.moment() == some_run().end());
  CHECK_FALSE(playhead.moving());
  CHECK(playhead.motion() == 1);
}

TEST_CASE("What is new is replayed slowly, idle time in a moment, and then it rests") {
  Playhead playhead;
  const auto timeline = some_run();
  playhead.take_in(timeline, false);
  CHECK(playhead.at_end());
  CHECK(playhead.moving());
  CHECK(playhead.moment() == Microseconds(10));
  REQUIRE(playhead.advance(1.0, slower, false));  // 50 µs of the trace
  CHECK(playhead.moment() == Microseconds(60));
  playhead.advance(0.5, slower, false);
  CHECK(playhead.moment() == Microseconds(85));
  playhead.advance(0.5, slower, false);
  CHECK(playhead.moment() == Microseconds(110));
  // Half a minute is 40 µs on the axis: 0.8 s.
  playhead.advance(0.9, slower, false);
  CHECK(playhead.moment() == timeline.end());
  CHECK(playhead.moving());  // the last way is still drawn
  playhead.advance(Playhead::longest_motion, slower, false);
  CHECK(playhead.motion() == 1);
  CHECK_FALSE(playhead.moving());
  CHECK_FALSE(playhead.advance(1.0, slower, false));
}

TEST_CASE("A replay of what is new begins with the first of it, without the idle time before") {
  Playhead playhead;
  auto timeline = some_run();
  playhead.take_in(timeline, true);
  timeline.add(call_at(std::chrono::seconds(60)));
  timeline.add(call_at(std::chrono::seconds(60) + Microseconds(50)));
  playhead.take_in(timeline, false);
  CHECK(playhead.moment() == std::chrono::seconds(60));
  CHECK(playhead.motion() == 0);
  playhead.advance(0.1, slower, false);
  CHECK(playhead.moment() == std::chrono::seconds(60) + Microseconds(5));
}

TEST_CASE("Back and forward go from event to event, each with the table that follows it") {
  Playhead playhead;
  const auto timeline = some_run();
  playhead.take_in(timeline, true);
  playhead.back();
  CHECK_FALSE(playhead.at_end());
  CHECK(playhead.moment() == Microseconds(600));
  playhead.back();
  CHECK(playhead.moment() == Microseconds(20));
  playhead.back();
  CHECK(playhead.moment() == Nanoseconds(0));
  playhead.back();
  CHECK(playhead.moment() == Nanoseconds(0));
  CHECK(playhead.forward());
  CHECK(playhead.moment() == Microseconds(20));
  CHECK(playhead.motion() == 0);
  CHECK(playhead.forward());
  CHECK(playhead.forward());
  CHECK(playhead.at_end());
  CHECK(playhead.moment() == timeline.end());
  CHECK_FALSE(playhead.forward());
}

TEST_CASE("In the past it stays where it is while more happens") {
  Playhead playhead;
  auto timeline = some_run();
  playhead.take_in(timeline, true);
  playhead.jump_to(Microseconds(50));
  timeline.add(call_at(std::chrono::seconds(60)));
  playhead.take_in(timeline, false);
  CHECK(playhead.moment() == Microseconds(50));
  CHECK_FALSE(playhead.at_end());
  playhead.to_end();
  CHECK(playhead.moment() == std::chrono::seconds(60));
  CHECK(playhead.at_end());
}

TEST_CASE("Playing begins at the start, can be stopped, and ends at the end") {
  Playhead playhead;
  const auto timeline = some_run();
  playhead.take_in(timeline, true);
  playhead.play_pause();
  CHECK(playhead.playing());
  CHECK(playhead.moment() == Nanoseconds(0));
  playhead.advance(0.2, slower, false);
  CHECK(playhead.moment() == Microseconds(20));
  playhead.play_pause();
  CHECK_FALSE(playhead.playing());
  CHECK_FALSE(playhead.at_end());
  playhead.play_pause();
  playhead.advance(100, slower, false);
  playhead.advance(Playhead::longest_motion, slower, false);
  CHECK(playhead.at_end());
  CHECK_FALSE(playhead.playing());
}

TEST_CASE("With reduced motion a replay goes from event to event") {
  Playhead playhead;
  playhead.take_in(some_run(), true);
  playhead.play_pause();
  playhead.advance(1.0, slower, true);
  CHECK(playhead.moment() == Microseconds(10));
  CHECK(playhead.motion() == 1);
}

TEST_CASE("A way is drawn to its end before the next event, however close that is") {
  Playhead playhead;
  trace::Timeline timeline;
  timeline.add(call_at(Microseconds(10)));
  timeline.add(call_at(Microseconds(20)));  // 0.2 s later in the replay
  playhead.take_in(timeline, false);
  playhead.advance(0.001, slower, false);
  playhead.advance(0.098, slower, false);
  CHECK(std::abs(playhead.motion() - 0.49) < 0.02);
  playhead.advance(0.098, slower, false);
  CHECK(playhead.motion() > 0.95);
}
