#include "sim/capture/capture.hpp"

#include <net/if.h>
#include <pcap/pcap.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>

#include "sim/base/system_error.hpp"
#include "sim/base/unique_fd.hpp"
#include "sim/capture/clock.hpp"
#include "sim/trace/decode.hpp"

namespace loopscope::capture {
namespace {

struct PcapCloser {
  void operator()(pcap_t* handle) const { pcap_close(handle); }
};
using Handle = std::unique_ptr<pcap_t, PcapCloser>;

/// Bytes of the link header before the IP header. Both Linux `lo` and veth speak Ethernet (DLT_EN10MB).
constexpr std::size_t ethernet_header = 14;
constexpr std::ptrdiff_t source_mac = 6;
constexpr int most_at_once = 4096;

std::string trouble(const std::string& device, const std::string& why) {
  return "cannot capture packets on " + device + ": " + why;
}

using Mac = std::array<std::uint8_t, 6>;

/// The device's own address; all zero on `lo`, and where it is not to be had (netdevice(7)).
Mac address_of(const std::string& device) {
  Mac mac{};
  ifreq request{};
  device.copy(request.ifr_name, sizeof request.ifr_name - 1);
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (socket.valid() && ::ioctl(socket.get(), SIOCGIFHWADDR, &request) == 0)
    std::copy_n(request.ifr_hwaddr.sa_data, mac.size(), mac.begin());
  return mac;
}

}  // namespace

struct Capture::Private {
  std::string device;
  Handle handle;
  int fd = -1;  ///< belongs to the handle
  std::size_t skip = 0;
  Mac own{};
  ClockOffset clock;
  Counters counters;
  std::vector<Captured> taken;

  static void packet(u_char* self, const pcap_pkthdr* header, const u_char* bytes) {
    reinterpret_cast<Private*>(self)->take_one(*header, bytes);
  }

  void take_one(const pcap_pkthdr& header, const u_char* bytes) {
    std::span<const std::uint8_t> frame(bytes, header.caplen);
    std::optional<trace::Packet> packet;
    if (frame.size() > skip)
      packet = trace::decode(frame.subspan(skip), header.len - static_cast<unsigned>(skip));
    if (!packet) {
      ++counters.not_ip;
      return;
    }
    ++counters.received;
    // With PCAP_TSTAMP_PRECISION_NANO tv_usec counts nanoseconds (pcap_set_tstamp_precision(3pcap)).
    const Nanoseconds wall = std::chrono::seconds(header.ts.tv_sec) + Nanoseconds(header.ts.tv_usec);
    const bool leaves = own != Mac{} && std::equal(own.begin(), own.end(), frame.begin() + source_mac);
    taken.push_back({clock.to_monotonic(wall), std::move(*packet), leaves});
  }
};

Capture::Capture(std::unique_ptr<Private> inside) : inside_(std::move(inside)) {}
Capture::~Capture() = default;
Capture::Capture(Capture&&) noexcept = default;
Capture& Capture::operator=(Capture&&) noexcept = default;

tl::expected<Capture, std::string> Capture::open(const std::string& device, int snap_bytes,
                                                 int buffer_bytes) {
  std::array<char, PCAP_ERRBUF_SIZE> words{};
  Handle handle(pcap_create(device.c_str(), words.data()));
  if (!handle) return tl::unexpected(trouble(device, words.data()));
  pcap_set_snaplen(handle.get(), snap_bytes);
  pcap_set_buffer_size(handle.get(), buffer_bytes);
  pcap_set_immediate_mode(handle.get(), 1);
  if (pcap_set_tstamp_precision(handle.get(), PCAP_TSTAMP_PRECISION_NANO) != 0)
    return tl::unexpected(trouble(device, "no nanosecond time stamps"));
  if (const int status = pcap_activate(handle.get()); status < 0) {
    const std::string details = pcap_geterr(handle.get());
    return tl::unexpected(
        trouble(device, pcap_statustostr(status) + (details.empty() ? "" : ": " + details)));
  }
  if (pcap_setnonblock(handle.get(), 1, words.data()) != 0)
    return tl::unexpected(trouble(device, words.data()));
  if (pcap_datalink(handle.get()) != DLT_EN10MB)
    return tl::unexpected(trouble(device, "its frames are not Ethernet's"));

  auto inside = std::make_unique<Private>();
  inside->device = device;
  inside->fd = pcap_get_selectable_fd(handle.get());
  inside->skip = ethernet_header;
  inside->own = address_of(device);
  inside->handle = std::move(handle);
  return Capture(std::move(inside));
}

int Capture::fd() const noexcept { return inside_->fd; }
const std::string& Capture::device() const noexcept { return inside_->device; }

std::vector<Captured> Capture::take() {
  inside_->clock.refresh();
  const int count = pcap_dispatch(inside_->handle.get(), most_at_once, &Private::packet,
                                  reinterpret_cast<u_char*>(inside_.get()));
  if (count == PCAP_ERROR) throw SystemError("pcap_dispatch on " + inside_->device, errno != 0 ? errno : EIO);
  return std::exchange(inside_->taken, {});
}

Counters Capture::counters() const {
  Counters counters = inside_->counters;
  pcap_stat told{};
  if (pcap_stats(inside_->handle.get(), &told) == 0) counters.lost = told.ps_drop;
  return counters;
}

}  // namespace loopscope::capture
