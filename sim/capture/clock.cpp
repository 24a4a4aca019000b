#include "sim/capture/clock.hpp"

#include <ctime>

namespace loopscope::capture {
namespace {

using std::chrono::seconds;

Nanoseconds read(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);  // cannot fail for these clocks (clock_gettime(2))
  return seconds(time.tv_sec) + Nanoseconds(time.tv_nsec);
}

struct Bracket {
  Nanoseconds offset{};
  Nanoseconds width = Nanoseconds::max();
};

Bracket measure(int readings) {
  Bracket best;
  for (int index = 0; index < readings; ++index) {
    const auto before = read(CLOCK_MONOTONIC);
    const auto wall = read(CLOCK_REALTIME);
    const auto behind = read(CLOCK_MONOTONIC);
    if (behind - before < best.width) best = {wall - before - (behind - before) / 2, behind - before};
  }
  return best;
}

}  // namespace

ClockOffset::ClockOffset() : offset_(measure(50).offset) {}

void ClockOffset::refresh() {
  const Bracket now = measure(1);
  const auto moved = now.offset > offset_ ? now.offset - offset_ : offset_ - now.offset;
  // A reading that was interrupted is wide and tells little: half its width is what it may be wrong by.
  if (moved > now.width / 2 + Microseconds(1)) offset_ = measure(50).offset;
}

}  // namespace loopscope::capture
