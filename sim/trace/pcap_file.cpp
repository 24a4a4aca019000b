#include "sim/trace/pcap_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include "sim/base/errno_name.hpp"
#include "sim/trace/pcapng.hpp"

namespace loopscope::trace {
namespace {

// The format: draft-ietf-opsawg-pcap. All fields in this machine's byte order, which the magic number tells
// the reader.
constexpr std::uint32_t nanosecond_magic = 0xA1B23C4D;
constexpr std::uint32_t link_type_raw = 101;  // LINKTYPE_RAW: an IPv4 or IPv6 header comes first

struct FileHeader {
  std::uint32_t magic = nanosecond_magic;
  std::uint16_t major = 2, minor = 4;
  std::uint32_t reserved1 = 0, reserved2 = 0;
  std::uint32_t snap_length = 262144;
  std::uint32_t link_type = link_type_raw;
};
struct RecordHeader {
  std::uint32_t seconds = 0, nanoseconds = 0;
  std::uint32_t captured = 0, original = 0;
};
static_assert(sizeof(FileHeader) == 24 && sizeof(RecordHeader) == 16);

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

bool put(std::FILE* file, const void* bytes, std::size_t count) {
  return std::fwrite(bytes, 1, count, file) == count;
}

bool put_packet(std::FILE* file, const Packet& packet, std::int64_t unix_nanoseconds) {
  constexpr std::int64_t second = 1'000'000'000;
  RecordHeader header;
  header.seconds = static_cast<std::uint32_t>(unix_nanoseconds / second);
  header.nanoseconds = static_cast<std::uint32_t>(unix_nanoseconds % second);
  header.captured = static_cast<std::uint32_t>(packet.raw.size());
  header.original = std::max(packet.length, header.captured);
  return put(file, &header, sizeof header) && put(file, packet.raw.data(), packet.raw.size());
}

bool put_all(std::FILE* file, const std::vector<Event>& events) {
  if (has_several_devices(events)) return put_pcapng(file, events);
  if (has_several_devices(events)) return put_pcapng(file, events);
  const FileHeader header;
  if (!put(file, &header, sizeof header)) return false;
  std::int64_t start = 0;
  for (const Event& event : events) {
    if (const auto* run = std::get_if<RunStarted>(&event.fact)) start = run->unix_nanoseconds;
    const auto* seen = std::get_if<PacketSeen>(&event.fact);
    if (seen == nullptr || seen->packet.raw.empty()) continue;
    if (!put_packet(file, seen->packet, start + event.at.count())) return false;
  }
  return true;
}

}  // namespace

tl::expected<void, std::string> write_pcap(const std::string& path, const std::vector<Event>& events) {
  const auto failed = [&](int error) {
    return tl::unexpected(fmt::format("{}: cannot be written: {}", path, errno_words(error)));
  };
  std::unique_ptr<std::FILE, FileCloser> file(std::fopen(path.c_str(), "wbe"));
  if (!file) return failed(errno);
  if (!put_all(file.get(), events) || std::fflush(file.get()) != 0) return failed(errno);
  if (std::fclose(file.release()) != 0) return failed(errno);
  return {};
}

}  // namespace loopscope::trace
