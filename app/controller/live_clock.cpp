#include "app/controller/live_clock.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace loopscope::app {
namespace {

using std::chrono::seconds;

constexpr Nanoseconds table_pause = seconds(1);
constexpr int table_share = 10;    // the pause between tables grows to this part of the wait
constexpr int pauses_a_table = 4;  // a table makes a frame, too
constexpr int frame_share =
    250;  // so many times the cost of a frame between two: with tables and repetitions under 1 %
constexpr auto longest = seconds(30);

/// How long a moment stays on the screen where a frame costs nothing: the words count hundredths at first,
/// then whole seconds.
Nanoseconds pause_between_moments(Nanoseconds waited, bool reduced_motion) {
  if (waited < seconds(10) && !reduced_motion) return Milliseconds(250);
  if (waited < seconds(20)) return seconds(1);
  if (waited < seconds(60)) return seconds(5);
  return waited < seconds(600) ? seconds(10) : seconds(30);
}

bool is_blocked(const trace::Timeline& timeline) {
  std::set<std::string> gone;
  for (const auto& life : timeline.processes_until(timeline.end())) {
    const auto& name = std::get<trace::ProcessStarted>(life.started->fact).process;
    life.ended != nullptr ? (void)gone.insert(name) : (void)gone.erase(name);
  }
  for (const auto& call : timeline.calls_until(timeline.end())) {
    if (call.returned == nullptr && !gone.contains(std::get<trace::CallEntered>(call.entered->fact).process))
      return true;
  }
  return false;
}

bool is_timed(const trace::SocketEntry& socket) {
  return socket.timer != trace::SocketTimer::None && socket.timer != trace::SocketTimer::Keepalive;
}

/// What the learner or a program did; tables and the kernel's own repetitions come with the time.
bool is_new(const trace::Fact& fact) {
  return !std::holds_alternative<trace::SocketTable>(fact) &&
         !std::holds_alternative<trace::Retransmission>(fact);
}

bool has_timer(const trace::Timeline& timeline) {
  const auto& events = timeline.events();
  const auto last = std::find_if(events.rbegin(), events.rend(), [](const trace::Event& event) {
    return std::holds_alternative<trace::SocketTable>(event.fact);
  });
  if (last == events.rend()) return false;
  const auto& sockets = std::get<trace::SocketTable>(last->fact).sockets;
  return std::any_of(sockets.begin(), sockets.end(), is_timed);
}

}  // namespace

void LiveClock::take_in(const trace::Timeline& timeline, bool alive) {
  if (timeline.revision() == revision_ && alive) return;
  revision_ = timeline.revision();
  running_ =
      alive && (!timeline.held_at(timeline.end()).empty() || is_blocked(timeline) || has_timer(timeline));
  const auto& events = timeline.events();
  const auto last =
      std::find_if(events.rbegin(), events.rend(), [](const auto& event) { return is_new(event.fact); });
  const Nanoseconds since = last == events.rend() ? Nanoseconds(0) : last->at;
  moment_ = since == since_ ? std::max(moment_, timeline.end()) : timeline.end();
  if (since == since_) return;
  since_ = since;
  next_moment_ = Nanoseconds(0);
  next_table_ = timeline.end() + table_pause;
}

bool LiveClock::advance(Nanoseconds now, bool reduced_motion) {
  if (!running_ || now < next_moment_) return false;
  moment_ = std::max(moment_, now);
  next_moment_ = now + std::max(pause_between_moments(now - since_, reduced_motion), least_pause_);
  return true;
}

bool LiveClock::takes_table(Nanoseconds now) {
  if (!running_ || now < next_table_) return false;
  next_table_ = now + std::max({table_pause, (now - since_) / table_share, least_pause_ * pauses_a_table});
  return true;
}

void LiveClock::frame_costs(Nanoseconds processor_time) {
  least_pause_ = std::min<Nanoseconds>(processor_time * frame_share, longest);
}

void LiveClock::touch(Nanoseconds now) {
  if (running_) moment_ = std::max(moment_, now);
}

Nanoseconds LiveClock::until_next(Nanoseconds now) const {
  return std::max(Nanoseconds(0), std::min(next_moment_, next_table_) - now);
}

}  // namespace loopscope::app
