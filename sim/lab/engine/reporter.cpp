#include "sim/lab/engine/reporter.hpp"

#include <ctime>

#include "sim/lab/engine/order.hpp"
#include "sim/trace/json.hpp"

namespace loopscope::lab {
namespace {

constexpr std::size_t flush_from_bytes = 1 << 18;

}  // namespace

Nanoseconds monotonic_now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return std::chrono::seconds(time.tv_sec) + Nanoseconds(time.tv_nsec);
}

void Reporter::say(Nanoseconds at, trace::Fact fact) {
  waiting_ += trace::to_json(trace::Event{at - origin_, std::move(fact)});
  waiting_ += '\n';
  if (waiting_.size() > flush_from_bytes) flush();
}

bool Reporter::flush() {
  const bool sent = write_fully(channel_, waiting_.data(), waiting_.size());
  waiting_.clear();
  return sent;
}

}  // namespace loopscope::lab
