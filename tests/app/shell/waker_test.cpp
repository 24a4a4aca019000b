#include "app/shell/waker.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "tests/support/catch.hpp"

using loopscope::UniqueFd;
using loopscope::app::Waker;

namespace {

/// Counts calls from the other thread.
class Bell {
 public:
  void ring() {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
  }
  [[nodiscard]] bool rings_within(std::chrono::milliseconds time, int times) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [&] { return count_ >= times; });
  }
  [[nodiscard]] int count() {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

void put(int fd) {
  const std::uint64_t one = 1;
  REQUIRE(::write(fd, &one, sizeof one) == sizeof one);
}
void take(int fd) {
  std::uint64_t all = 0;
  REQUIRE(::read(fd, &all, sizeof all) == sizeof all);
}

}  // namespace

TEST_CASE("the window is woken once when the lab has something, and again after it was taken in") {
  Bell bell;
  const UniqueFd lab(::eventfd(0, EFD_CLOEXEC));
  Waker waker([&] { bell.ring(); });
  waker.watch(lab.get());
  put(lab.get());
  CHECK(bell.rings_within(std::chrono::seconds(5), 1));
  // Still readable, not taken in: it does not ring again.
  CHECK_FALSE(bell.rings_within(std::chrono::milliseconds(50), 2));
  take(lab.get());
  waker.watch(lab.get());
  put(lab.get());
  CHECK(bell.rings_within(std::chrono::seconds(5), 2));
  CHECK(bell.count() == 2);
}

TEST_CASE("it watches nothing, then another descriptor, and ends at once") {
  Bell bell;
  const UniqueFd first(::eventfd(0, EFD_CLOEXEC)), second(::eventfd(0, EFD_CLOEXEC));
  Waker waker([&] { bell.ring(); });
  waker.watch(-1);
  waker.watch(first.get());
  waker.watch(second.get());
  put(second.get());
  CHECK(bell.rings_within(std::chrono::seconds(5), 1));
}
