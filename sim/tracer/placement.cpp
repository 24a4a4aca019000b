#include "sim/tracer/placement.hpp"

namespace loopscope::tracer {
namespace {

constexpr int counted = 64;                                  // calls
constexpr auto busy_within = std::chrono::milliseconds(20);  // for so many: 3,200 a second
constexpr auto calm_after = std::chrono::milliseconds(20);

}  // namespace

bool Placement::call(pid_t thread, Nanoseconds now) {
  last_ = now;
  bool began = false;
  if (++calls_ == counted) {
    const bool quick = now - counted_from_ <= busy_within;
    began = quick && !busy_;
    if (!quick) release_all();
    calls_ = 0;
    counted_from_ = now;
  }
  if (began) {
    cpu_set_t own;
    const int processor = ::sched_getcpu();
    if (processor < 0 || ::sched_getaffinity(0, sizeof own, &own) != 0) return false;
    CPU_ZERO(&here_);
    CPU_SET(static_cast<unsigned>(processor), &here_);
    if (::sched_setaffinity(0, sizeof here_, &here_) != 0) return false;
    own_ = own;
    busy_ = true;
  }
  if (busy_) keep(thread);
  return began;
}

void Placement::keep(pid_t thread) {
  if (kept_.contains(thread)) return;
  cpu_set_t before;
  if (::sched_getaffinity(thread, sizeof before, &before) != 0) return;
  // A program that has chosen its processors itself keeps them.
  if (!CPU_EQUAL(&before, &*own_) || ::sched_setaffinity(thread, sizeof here_, &here_) != 0) return;
  kept_.emplace(thread, before);
}

void Placement::started(pid_t thread) {
  cpu_set_t now;
  if (busy_ && ::sched_getaffinity(thread, sizeof now, &now) == 0 && CPU_EQUAL(&now, &here_))
    kept_.emplace(thread, *own_);
}

bool Placement::calm(Nanoseconds now) {
  if (busy_ && now - last_ >= calm_after) release_all();
  return !busy_;
}

/// A thread that has meanwhile chosen its processors itself keeps them.
void Placement::release_all() {
  for (const auto& [thread, before] : kept_) {
    cpu_set_t now;
    if (::sched_getaffinity(thread, sizeof now, &now) == 0 && CPU_EQUAL(&now, &here_))
      (void)::sched_setaffinity(thread, sizeof before, &before);
  }
  kept_.clear();
  if (own_) (void)::sched_setaffinity(0, sizeof *own_, &*own_);
  own_.reset();
  busy_ = false;
}

}  // namespace loopscope::tracer
