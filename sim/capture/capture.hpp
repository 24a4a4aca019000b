#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/base/time.hpp"
#include "sim/trace/packet.hpp"

/// Packets as they go by on a device, through libpcap. (The decoder itself is sim/trace/decode.hpp.)
namespace loopscope::capture {

struct Captured {
  Nanoseconds
      monotonic{};  ///< the kernel's stamp, as CLOCK_MONOTONIC since boot: the caller takes its origin off
  trace::Packet packet;
  bool leaves = false;  ///< it goes out by the device; on `lo` never
};

struct Counters {
  std::uint64_t received = 0;  ///< packets handed out by take()
  std::uint64_t lost =
      0;  ///< dropped by the kernel because nobody took them in time (ps_drop of pcap_stats(3pcap))
  std::uint64_t not_ip = 0;  ///< seen and not decoded: ARP and the like
};

/// Captures on one device of the network namespace that the calling thread is in when it is opened (the
/// descriptor keeps to it); needs CAP_NET_RAW there. Immediate, non-blocking, nanosecond stamps. On `lo` each
/// packet comes once. The kernel's ring has a slot of 2 KiB for each packet (up to 1,900 bytes of it,
/// packet(7)), so the buffer holds what comes at 50,000 packets a second while nobody takes them for 80 ms.
/// Threading: one thread at a time.
class Capture {
 public:
  /// Error: a sentence that names the device and the reason.
  [[nodiscard]] static tl::expected<Capture, std::string> open(const std::string& device,
                                                               int snap_bytes = 1900,
                                                               int buffer_bytes = 8 << 20);
  ~Capture();
  Capture(Capture&&) noexcept;
  Capture& operator=(Capture&&) noexcept;

  /// Readable (poll(2)) when take() has something.
  [[nodiscard]] int fd() const noexcept;
  [[nodiscard]] const std::string& device() const noexcept;
  /// All that has come since the last call, oldest first. Never waits. Throws SystemError where the device
  /// has gone.
  [[nodiscard]] std::vector<Captured> take();
  [[nodiscard]] Counters counters() const;

 private:
  struct Private;
  explicit Capture(std::unique_ptr<Private> inside);
  std::unique_ptr<Private> inside_;
};

}  // namespace loopscope::capture
