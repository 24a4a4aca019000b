#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/trace/event.hpp"

/// Packets held one by one in the kernel's path. HOLDING.md says where they are held, why there, and what was
/// measured.
namespace loopscope::hold {

/// A packet that reached the queue.
struct Arrival {
  /// Under which it is held until pass() or drop(); 0 where it is not held because it repeats one that is:
  /// the kernel sent that again, and this copy is gone already (only one goes on).
  trace::HeldId id = 0;
  /// The packet that this one repeats (TCP only): one that is held, or one that was dropped here before (then
  /// this copy is held).
  std::optional<trace::HeldId> repeats;
  trace::Hook hook{};
  Nanoseconds
      monotonic{};  ///< when it was queued, CLOCK_MONOTONIC since boot: the caller takes its origin off
  trace::Packet packet;
};

/// Which of the kernel's two ways to a queue is used.
enum class Way : std::uint8_t { NftablesQueue, XtablesNfqueue };

struct Losses {
  std::uint64_t queue_full = 0;  ///< the kernel's queue was full (max_held)
  std::uint64_t unread = 0;      ///< the socket's buffer was full: take() was not called in time
};

inline constexpr std::uint32_t max_held = 16384;

/// Holds what leaves on `lo` of the network namespace that the calling thread is in when it is opened; needs
/// CAP_NET_ADMIN there. Opened it holds nothing yet. A packet that is let go passes all the way to the other
/// socket; none is met twice. When this ends, its rules are removed and what is held goes on. Threading: one
/// thread at a time.
class Holder {
 public:
  /// Error: a sentence that says which piece this kernel lacks.
  [[nodiscard]] static tl::expected<Holder, std::string> open(std::uint16_t queue_number = 62);
  ~Holder();
  Holder(Holder&&) noexcept;
  Holder& operator=(Holder&&) noexcept;

  [[nodiscard]] Way way() const noexcept;
  /// Readable (poll(2)) when take() has something.
  [[nodiscard]] int fd() const noexcept;

  /// on: from here on each packet that leaves on `lo` is held. off: no more is held and all that is goes on,
  /// in its order (take() may still give what was queued just before; none of it is held). Throws
  /// SystemError.
  void hold(bool on);
  [[nodiscard]] bool holding() const noexcept;

  /// What has reached the queue since the last call, oldest first. Never waits. Throws SystemError.
  [[nodiscard]] std::vector<Arrival> take();
  /// Lets it go on, or loses it. False where nothing is held under this id. When it returns the packet has,
  /// as a rule, reached the other socket already. Throws SystemError.
  bool pass(trace::HeldId id);
  bool drop(trace::HeldId id);
  /// Ids of what is held, oldest first.
  [[nodiscard]] std::vector<trace::HeldId> held() const;
  /// Packets that the kernel lost instead of holding them. 0 and 0 where all is well.
  [[nodiscard]] Losses losses() const;

 private:
  struct Private;
  explicit Holder(std::unique_ptr<Private> inside);
  std::unique_ptr<Private> inside_;
};

}  // namespace loopscope::hold
