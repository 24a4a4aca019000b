#include "sim/experiment/utf8.hpp"

#include <cstdint>

namespace loopscope::experiment {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t offset) {
  return offset < text.size() ? static_cast<std::uint8_t>(text[offset]) : 0;
}

bool continues(std::uint8_t byte, std::uint8_t low = 0x80, std::uint8_t high = 0xbf) {
  return byte >= low && byte <= high;
}

}  // namespace

// RFC 3629, section 4: the table of well-formed sequences.
std::size_t utf8_length(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) return 0;
  const std::uint8_t first = byte_at(text, offset);
  const std::uint8_t second = byte_at(text, offset + 1);
  const bool third_fits = continues(byte_at(text, offset + 2));
  const bool fourth_fits = continues(byte_at(text, offset + 3));
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return continues(second) ? 2 : 0;
  if (first == 0xe0) return continues(second, 0xa0) && third_fits ? 3 : 0;
  if (first == 0xed) return continues(second, 0x80, 0x9f) && third_fits ? 3 : 0;
  if (first >= 0xe1 && first <= 0xef) return continues(second) && third_fits ? 3 : 0;
  if (first == 0xf0) return continues(second, 0x90) && third_fits && fourth_fits ? 4 : 0;
  if (first >= 0xf1 && first <= 0xf3) return continues(second) && third_fits && fourth_fits ? 4 : 0;
  if (first == 0xf4) return continues(second, 0x80, 0x8f) && third_fits && fourth_fits ? 4 : 0;
  return 0;
}

bool is_control(std::string_view text, std::size_t offset, std::size_t length) {
  const std::uint8_t first = byte_at(text, offset);
  if (length == 1) return (first < 0x20 && first != '\t') || first == 0x7f;
  return length == 2 && first == 0xc2 && byte_at(text, offset + 1) < 0xa0;
}

}  // namespace loopscope::experiment
