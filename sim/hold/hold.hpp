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

/// Counts what is held, so that an id is one packet's in a world with several places.
using Numbers = std::shared_ptr<trace::HeldId>;
[[nodiscard]] inline Numbers make_numbers() { return std::make_shared<trace::HeldId>(0); }

/// Where packets are held one by one: on a host's `lo` (Holder), or between hosts (Wire, wire.hpp).
class Place {
 public:
  virtual ~Place() = default;
  /// Readable (poll(2)) when take() has something.
  [[nodiscard]] virtual int fd() const noexcept = 0;
  /// on: from here on each packet that passes is held. off: no more is held and all that is goes on, in its
  /// order (take() may still give what was queued just before; none of it is held). Throws SystemError.
  virtual void hold(bool on) = 0;
  [[nodiscard]] virtual bool holding() const noexcept = 0;
  /// What has come since the last call, oldest first. Never waits. Throws SystemError.
  [[nodiscard]] virtual std::vector<Arrival> take() = 0;
  /// Lets it go on, or loses it. False where nothing is held under this id. Throws SystemError.
  virtual bool pass(trace::HeldId id) = 0;
  virtual bool drop(trace::HeldId id) = 0;
};

/// Holds what leaves on `lo` of the network namespace that the calling thread is in when it is opened; needs
/// CAP_NET_ADMIN there. Opened it holds nothing yet. A packet that is let go passes all the way to the other
/// socket; none is met twice. When this ends, its rules are removed and what is held goes on. Threading: one
/// thread at a time.
class Holder final : public Place {
 public:
  /// Error: a sentence that says which piece this kernel lacks.
  [[nodiscard]] static tl::expected<Holder, std::string> open(std::uint16_t queue_number = 62,
                                                              Numbers numbers = make_numbers());
  ~Holder() override;
  Holder(Holder&&) noexcept;
  Holder& operator=(Holder&&) noexcept;

  [[nodiscard]] Way way() const noexcept;
  [[nodiscard]] int fd() const noexcept override;
  void hold(bool on) override;
  [[nodiscard]] bool holding() const noexcept override;
  [[nodiscard]] std::vector<Arrival> take() override;
  /// When it returns the packet has, as a rule, reached the other socket already.
  bool pass(trace::HeldId id) override;
  bool drop(trace::HeldId id) override;
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
