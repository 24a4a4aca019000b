#include "sim/trace/axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace loopscope::trace {
namespace {

/// The round step (1, 2 or 5 times a power of ten nanoseconds) that is not smaller than `least`.
Nanoseconds round_step(Nanoseconds least) {
  std::int64_t power = 1;
  while (power * 10 <= least.count()) power *= 10;
  for (const std::int64_t factor : {1, 2, 5, 10}) {
    if (power * factor >= least.count()) return Nanoseconds(power * factor);
  }
  return least;
}

std::string trimmed(double value, const char* unit) {
  std::string digits = fmt::format("{:.3f}", value);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits + " " + unit;
}

}  // namespace

std::string duration_words(Nanoseconds time) {
  const auto count = time.count();
  if (count < 0) return "-" + duration_words(-time);
  if (count < 1'000) return fmt::format("{} ns", count);
  if (count < 1'000'000) return trimmed(static_cast<double>(count) / 1e3, "µs");
  if (count < 1'000'000'000) return trimmed(static_cast<double>(count) / 1e6, "ms");
  if (count < 60'000'000'000) return trimmed(static_cast<double>(count) / 1e9, "s");
  const auto seconds = count / 1'000'000'000;
  return fmt::format("{} min {} s", seconds / 60, seconds % 60);
}

std::string clock_words(Nanoseconds time) {
  const auto count = time.count();
  if (count == 0) return "0";
  if (count < 1'000'000) return duration_words(Nanoseconds((count + 50) / 100 * 100));
  const double ms = static_cast<double>(count) / 1e6;
  if (count < 10'000'000) return fmt::format("{:.2f} ms", ms);
  if (count < 999'500'000) return fmt::format("{:.0f} ms", ms);
  if (count < 60'000'000'000) return fmt::format("{:.1f} s", ms / 1e3);
  return duration_words(time);
}

Axis::Axis(std::span<const Event> events, const AxisOptions& options) {
  std::vector<Nanoseconds> times;
  times.reserve(events.size());
  for (const Event& event : events) times.push_back(event.at);
  *this = Axis(std::span<const Nanoseconds>(times), options);
}

Axis::Axis(std::span<const Nanoseconds> times, const AxisOptions& options) {
  if (times.empty()) return;
  begin_ = times.front();
  end_ = times.back();
  Nanoseconds saved{};
  for (std::size_t next = 1; next < times.size(); ++next) {
    const auto from = times[next - 1];
    const auto to = times[next];
    if (to - from <= std::max(options.longest_idle, options.break_width)) continue;
    gaps_.push_back({from, to, from - begin_ - saved, options.break_width});
    saved += to - from - options.break_width;
  }
  shown_end_ = end_ - begin_ - saved;
}

std::size_t Axis::gaps_before(Nanoseconds moment) const {
  const auto later = std::upper_bound(gaps_.begin(), gaps_.end(), moment,
                                      [](Nanoseconds time, const Gap& gap) { return time < gap.from; });
  return static_cast<std::size_t>(later - gaps_.begin());
}

Nanoseconds Axis::to_shown(Nanoseconds moment) const {
  moment = std::clamp(moment, begin_, end_);
  const auto before = gaps_before(moment);
  if (before == 0) return moment - begin_;
  const Gap& gap = gaps_[before - 1];
  if (moment >= gap.to) return gap.shown_from + gap.shown_width + (moment - gap.to);
  const double part =
      static_cast<double>((moment - gap.from).count()) / static_cast<double>((gap.to - gap.from).count());
  return gap.shown_from + Nanoseconds(std::llround(part * static_cast<double>(gap.shown_width.count())));
}

Nanoseconds Axis::to_moment(Nanoseconds shown) const {
  shown = std::clamp(shown, Nanoseconds(0), shown_end_);
  const auto later =
      std::upper_bound(gaps_.begin(), gaps_.end(), shown,
                       [](Nanoseconds place, const Gap& gap) { return place < gap.shown_from; });
  if (later == gaps_.begin()) return begin_ + shown;
  const Gap& gap = *std::prev(later);
  const auto inside = shown - gap.shown_from;
  if (inside >= gap.shown_width) return gap.to + (inside - gap.shown_width);
  const double part = static_cast<double>(inside.count()) / static_cast<double>(gap.shown_width.count());
  return gap.from + Nanoseconds(std::llround(part * static_cast<double>((gap.to - gap.from).count())));
}

std::vector<Tick> Axis::ticks(Nanoseconds shown_from, Nanoseconds shown_to, int count) const {
  std::vector<Tick> ticks;
  if (shown_to <= shown_from || count < 1) return ticks;
  const auto step = round_step(std::max(Nanoseconds(1), (shown_to - shown_from) / count));
  // One stretch between breaks after the other: its beginning in the trace and on the axis, and its end on
  // the axis.
  const auto stretch = [&](Nanoseconds moment, Nanoseconds from, Nanoseconds to) {
    if (to < shown_from || from > shown_to) return;
    if (from >= shown_from) ticks.push_back({from, clock_words(moment - begin_), true});
    auto number =
        std::max<std::int64_t>(1, (std::max(shown_from, from) - from + step - Nanoseconds(1)) / step);
    for (auto place = from + number * step; place <= std::min(to, shown_to); place += step)
      ticks.push_back({place, "+" + duration_words(place - from), false});
  };
  Nanoseconds moment = begin_;
  Nanoseconds place{};
  for (const Gap& gap : gaps_) {
    stretch(moment, place, gap.shown_from);
    moment = gap.to;
    place = gap.shown_from + gap.shown_width;
  }
  stretch(moment, place, std::max(shown_end_, place));
  return ticks;
}

}  // namespace loopscope::trace
