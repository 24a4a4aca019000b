#include "app/controller/playhead.hpp"

#include <algorithm>

#include "sim/trace/visible.hpp"

namespace loopscope::app {
namespace {

// Between the packets of a handshake lie tens of microseconds; what is longer than this is the work of the
// lab or a wait.
constexpr trace::AxisOptions replay_axis{Microseconds(150), Microseconds(40)};

}  // namespace

void Playhead::take_in(const trace::Timeline& timeline, bool at_once) {
  if (timeline.revision() == revision_) return;
  revision_ = timeline.revision();
  const std::size_t before = stops_.size();
  const bool was_settled = follows_ && !playing_;
  stops_.clear();
  std::vector<Nanoseconds> visible;
  for (const trace::Event& event : timeline.events()) {
    if (trace::is_visible(event.fact)) {
      stops_.push_back({event.at, event.at});
      visible.push_back(event.at);
    } else if (!stops_.empty()) {
      stops_.back().end = event.at;
    }
  }
  axis_ = trace::Axis(std::span<const Nanoseconds>(visible), replay_axis);
  end_ = timeline.end();
  if (!follows_) return;
  if (at_once || stops_.size() <= before) {
    if (at_once || was_settled) finish();
    if (at_once) motion_ = 1;
    return;
  }
  // The idle time before what is new is over already: nobody waits for it twice.
  if (!playing_) {
    shown_ = static_cast<double>(axis_.to_shown(stops_[before].begin).count());
    moment_ = stops_[before].begin;
    motion_ = motion_time_ = 0;
  }
  playing_ = true;
}

std::size_t Playhead::stops_until(Nanoseconds moment) const {
  const auto later = std::upper_bound(stops_.begin(), stops_.end(), moment,
                                      [](Nanoseconds time, const Stop& stop) { return time < stop.begin; });
  return static_cast<std::size_t>(later - stops_.begin());
}

void Playhead::finish() {
  moment_ = end_;
  follows_ = true;
  playing_ = false;
}

/// A way is drawn to its end before the next event is reached.
double Playhead::motion_span(std::size_t reached, double slower) const {
  if (!playing_ || reached == 0 || reached >= stops_.size()) return longest_motion;
  const auto until_next = axis_.to_shown(stops_[reached].begin) - axis_.to_shown(stops_[reached - 1].begin);
  return std::clamp(static_cast<double>(until_next.count()) * slower / 1e9, 0.001, longest_motion);
}

bool Playhead::advance(double seconds, double slower, bool reduced_motion) {
  if (!moving()) return false;
  const std::size_t before = stops_until(moment_);
  const auto shown_end = static_cast<double>(axis_.shown_end().count());
  const bool runs_out = playing_ && shown_ + seconds * 1e9 / slower >= shown_end;
  if (playing_) {
    shown_ = std::min(shown_ + seconds * 1e9 / slower, shown_end);
    moment_ = runs_out ? end_ : axis_.to_moment(Nanoseconds(static_cast<Nanoseconds::rep>(shown_)));
    // Without motion it goes from event to event.
    if (const std::size_t passed = stops_until(moment_); reduced_motion && passed > 0 && !runs_out)
      moment_ = stops_[passed - 1].begin;
  }
  const std::size_t reached = stops_until(moment_);
  motion_time_ = reached == before ? motion_time_ + seconds : 0;
  motion_ = reduced_motion ? 1 : std::min(1.0, motion_time_ / motion_span(reached, slower));
  if (runs_out && motion_ >= 1) finish();  // the way of the last event is drawn as well
  return true;
}

void Playhead::settle_at(std::size_t stop, bool moves) {
  playing_ = false;
  moment_ = stop + 1 < stops_.size() ? stops_[stop].end : end_;
  follows_ = stop + 1 >= stops_.size();
  shown_ = static_cast<double>(axis_.to_shown(stops_[stop].begin).count());
  motion_ = moves ? 0 : 1;
  motion_time_ = 0;
}

bool Playhead::forward() {
  if (follows_) return false;
  const std::size_t reached = stops_until(moment_);
  if (reached >= stops_.size()) {
    to_end();
  } else {
    settle_at(reached, true);
  }
  return true;
}

void Playhead::back() {
  const std::size_t reached = stops_until(moment_);
  if (reached >= 2) return settle_at(reached - 2, false);
  to_start();
}

void Playhead::jump_to(Nanoseconds moment) {
  if (moment >= end_) return to_end();
  playing_ = false;
  follows_ = false;
  moment_ = std::max(moment, Nanoseconds(0));
  shown_ = static_cast<double>(axis_.to_shown(moment_).count());
  motion_ = 1;
}

void Playhead::to_start() {
  playing_ = false;
  follows_ = end_ == Nanoseconds(0);
  moment_ = Nanoseconds(0);
  shown_ = 0;
  motion_ = 1;
}

void Playhead::to_end() {
  finish();
  motion_ = 1;
}

void Playhead::play_pause() {
  if (playing_) {
    playing_ = false;
    follows_ = false;
    return;
  }
  if (stops_.empty()) return;
  if (follows_) to_start();
  follows_ = false;
  playing_ = true;
}

}  // namespace loopscope::app
