#include "sim/trace/pcapng.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace loopscope::trace {
namespace {

// draft-ietf-opsawg-pcapng. All fields in this machine's byte order, which the magic number tells the reader.
constexpr std::uint32_t section_header = 0x0A0D0D0A, interface_description = 1, enhanced_packet = 6;
constexpr std::uint32_t byte_order_magic = 0x1A2B3C4D;
constexpr std::uint16_t link_type_raw = 101, option_end = 0, option_name = 2, option_resolution = 9,
                        option_flags = 2;
constexpr std::uint32_t inbound = 1, outbound = 2;  // epb_flags

/// A block's body, in pieces; `put` gives it its type and lengths.
class Block {
 public:
  explicit Block(std::uint32_t type) : type_(type) {}

  template <typename Number>
  Block& add(Number number) {
    bytes_.append(reinterpret_cast<const char*>(&number), sizeof number);
    return *this;
  }
  Block& add_padded(std::string_view bytes) {
    bytes_ += bytes;
    bytes_.append((4 - bytes.size() % 4) % 4, '\0');
    return *this;
  }
  Block& option(std::uint16_t code, std::string_view value) {
    return add(code).add(static_cast<std::uint16_t>(value.size())).add_padded(value);
  }
  [[nodiscard]] bool put(std::FILE* file) const {
    const auto length = static_cast<std::uint32_t>(bytes_.size() + 12);
    return std::fwrite(&type_, 1, 4, file) == 4 && std::fwrite(&length, 1, 4, file) == 4 &&
           std::fwrite(bytes_.data(), 1, bytes_.size(), file) == bytes_.size() &&
           std::fwrite(&length, 1, 4, file) == 4;
  }

 private:
  std::uint32_t type_;
  std::string bytes_;
};

std::string place_of(const PacketSeen& seen) { return seen.host + " " + seen.device; }

std::vector<std::string> places_of(const std::vector<Event>& events) {
  std::vector<std::string> places;
  for (const Event& event : events) {
    const auto* seen = std::get_if<PacketSeen>(&event.fact);
    if (seen != nullptr && std::find(places.begin(), places.end(), place_of(*seen)) == places.end())
      places.push_back(place_of(*seen));
  }
  return places;
}

bool put_places(std::FILE* file, const std::vector<std::string>& places) {
  const Block section = Block(section_header)
                            .add(byte_order_magic)
                            .add(std::uint16_t{1})
                            .add(std::uint16_t{0})
                            .add(std::int64_t{-1});
  if (!section.put(file)) return false;
  return std::all_of(places.begin(), places.end(), [&](const std::string& place) {
    return Block(interface_description)
        .add(link_type_raw)
        .add(std::uint16_t{0})
        .add(std::uint32_t{262144})
        .option(option_name, place)
        .option(option_resolution, "\x09")  // 10^-9 s
        .option(option_end, "")
        .put(file);
  });
}

bool put_packet(std::FILE* file, const PacketSeen& seen, std::uint32_t place, std::uint64_t at) {
  const auto& raw = seen.packet.raw;
  const auto captured = static_cast<std::uint32_t>(raw.size());
  const std::uint32_t flags = seen.leaves ? outbound : inbound;
  return Block(enhanced_packet)
      .add(place)
      .add(static_cast<std::uint32_t>(at >> 32))
      .add(static_cast<std::uint32_t>(at))
      .add(captured)
      .add(std::max(seen.packet.length, captured))
      .add_padded({reinterpret_cast<const char*>(raw.data()), raw.size()})
      .option(option_flags, {reinterpret_cast<const char*>(&flags), sizeof flags})
      .option(option_end, "")
      .put(file);
}

}  // namespace

bool has_several_devices(const std::vector<Event>& events) { return places_of(events).size() > 1; }

bool put_pcapng(std::FILE* file, const std::vector<Event>& events) {
  const auto places = places_of(events);
  if (!put_places(file, places)) return false;
  std::int64_t start = 0;
  for (const Event& event : events) {
    if (const auto* run = std::get_if<RunStarted>(&event.fact)) start = run->unix_nanoseconds;
    const auto* seen = std::get_if<PacketSeen>(&event.fact);
    if (seen == nullptr || seen->packet.raw.empty()) continue;
    const auto place = std::find(places.begin(), places.end(), place_of(*seen)) - places.begin();
    if (!put_packet(file, *seen, static_cast<std::uint32_t>(place),
                    static_cast<std::uint64_t>(start + event.at.count())))
      return false;
  }
  return true;
}

}  // namespace loopscope::trace
