#include "app/controller/live_clock.hpp"

#include "tests/support/catch.hpp"

using namespace loopscope;
using app::LiveClock;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

/// A client that is blocked in connect, its SYN being held since 100 ms.
trace::Timeline held_syn() {
  trace::Timeline timeline;
  timeline.add({Milliseconds(90), trace::ProcessStarted{"client", "here", 4, false}});
  timeline.add({Milliseconds(99), trace::CallEntered{1, "client", 4, "connect", "3, …", 3, "c"}});
  timeline.add({Milliseconds(100), trace::PacketHeld{1, "here", trace::Hook::Output, {}}});
  return timeline;
}

trace::Timeline time_wait() {
  trace::SocketEntry entry;
  entry.timer = trace::SocketTimer::TimeWait;
  entry.timer_left = seconds(60);
  trace::Timeline timeline;
  timeline.add({Milliseconds(100), trace::SocketTable{"here", {entry}}});
  return timeline;
}

struct Work {
  int moments = 0, tables = 0;
};
/// Asks every ten milliseconds from `from` to `to`.
Work work(LiveClock& clock, Nanoseconds from, Nanoseconds to, bool reduced_motion = false) {
  Work done;
  for (Nanoseconds now = from; now < to; now += Milliseconds(10)) {
    done.moments += clock.advance(now, reduced_motion) ? 1 : 0;
    done.tables += clock.takes_table(now) ? 1 : 0;
  }
  return done;
}

}  // namespace

TEST_CASE("Where nothing waits the clock stands") {
  LiveClock clock;
  trace::Timeline timeline;
  timeline.add({Milliseconds(1), trace::ProcessStarted{"server", "here", 3, false}});
  timeline.add({Milliseconds(2), trace::CallEntered{1, "server", 3, "listen", "3, 16", 3, "s"}});
  timeline.add({Milliseconds(3), trace::CallReturned{1, "server", "listen", 0, 0, "ok", ""}});
  clock.take_in(timeline, true);
  CHECK_FALSE(clock.running());
  CHECK_FALSE(clock.advance(seconds(5), false));
  CHECK_FALSE(clock.takes_table(seconds(5)));
}

TEST_CASE("A held packet, a blocked call and a socket's timer let the clock run; the world's end stops it") {
  LiveClock clock;
  clock.take_in(held_syn(), true);
  CHECK(clock.running());
  LiveClock other;
  other.take_in(time_wait(), true);
  CHECK(other.running());
  auto timeline = held_syn();
  timeline.add({Milliseconds(200), trace::PacketLetGo{1, trace::Verdict::Dropped, false}});
  clock.take_in(timeline, true);
  CHECK(clock.running());  // connect is still blocked
  timeline.add({Milliseconds(300), trace::ProcessEnded{"client", 4, {}, 9}});
  clock.take_in(timeline, true);
  CHECK_FALSE(clock.running());
  other.take_in(time_wait(), false);
  CHECK_FALSE(other.running());
}

TEST_CASE("The moment goes on at once, then four times a second, then ever more seldom") {
  LiveClock clock;
  clock.take_in(held_syn(), true);
  REQUIRE(clock.advance(Milliseconds(150), false));
  CHECK(clock.moment() == Milliseconds(150));
  CHECK(clock.until_next(Milliseconds(150)) == Milliseconds(250));
  CHECK_FALSE(clock.advance(Milliseconds(399), false));
  CHECK(work(clock, Milliseconds(400), seconds(10)).moments == 39);
  CHECK(work(clock, seconds(10), seconds(60)).moments <= 20);
  CHECK(work(clock, minutes(1), minutes(10)).moments <= 55);
  CHECK(work(clock, minutes(10), minutes(60)).moments <= 101);
}

TEST_CASE("Where a frame costs much of a processor, all frames of a wait together use less than 1 % of it") {
  constexpr auto cost = Milliseconds(30);  // a software renderer
  LiveClock clock;
  clock.take_in(held_syn(), true);
  clock.frame_costs(cost);
  const Work first = work(clock, Milliseconds(100), seconds(30) + Milliseconds(100));
  CHECK((first.moments + first.tables) * cost < Milliseconds(200) + 2 * cost);  // one of each comes at once
  CHECK(first.moments >= 4);
  const Work later = work(clock, seconds(31), seconds(91));
  CHECK((later.moments + later.tables) * cost < Milliseconds(400));
  clock.frame_costs(Milliseconds(0));  // a graphics card
  LiveClock quick;
  quick.frame_costs(Nanoseconds(500'000));
  quick.take_in(held_syn(), true);
  CHECK(work(quick, Milliseconds(100), seconds(10)).moments == 40);
}

TEST_CASE("A frame that is drawn for another reason shows what the time is") {
  LiveClock clock;
  clock.take_in(held_syn(), true);
  clock.touch(seconds(7));
  CHECK(clock.moment() == seconds(7));
  clock.touch(seconds(6));
  CHECK(clock.moment() == seconds(7));
  LiveClock idle;
  idle.touch(seconds(7));
  CHECK(idle.moment() == Nanoseconds(0));
}

TEST_CASE("With reduced motion it is once a second from the start") {
  LiveClock clock;
  clock.take_in(held_syn(), true);
  CHECK(work(clock, Milliseconds(100), seconds(10), true).moments == 10);
}

TEST_CASE("Tables are taken once a second at most, and a night's wait takes less than a hundred") {
  LiveClock clock;
  clock.take_in(held_syn(), true);
  const auto first_minute = work(clock, Milliseconds(100), minutes(1)).tables;
  CHECK(first_minute >= 20);
  CHECK(first_minute <= 40);
  CHECK(work(clock, minutes(1), hours(10)).tables < 100);
}

TEST_CASE("A repetition by the kernel or a fresh table is no new wait; what happens is") {
  LiveClock clock;
  auto timeline = held_syn();
  clock.take_in(timeline, true);
  (void)work(clock, Milliseconds(100), minutes(2));
  timeline.add({minutes(2), trace::SocketTable{"here", {}}});
  timeline.add({minutes(2), trace::Retransmission{1, "here", {}}});
  clock.take_in(timeline, true);
  CHECK(work(clock, minutes(2), minutes(3)).moments <= 13);
  timeline.add({minutes(3), trace::PacketLetGo{1, trace::Verdict::Passed, false}});
  timeline.add({minutes(3), trace::PacketHeld{2, "here", trace::Hook::Output, {}}});
  clock.take_in(timeline, true);
  CHECK(clock.moment() == minutes(3));
  CHECK(work(clock, minutes(3), minutes(3) + seconds(10)).moments == 40);
}
