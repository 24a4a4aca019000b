#include "sim/trace/json_words.hpp"

namespace loopscope::trace {
namespace {

int digit(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  return -1;
}

/// Length of the sequence that `lead` begins, and the smallest code point that needs so many bytes; 0: no
/// lead byte.
struct Lead {
  std::size_t length = 0;
  std::uint32_t least = 0;
  std::uint32_t bits = 0;
};
Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1, 0, byte};
  if (byte >> 5 == 0x06) return {2, 0x80, byte & 0x1FU};
  if (byte >> 4 == 0x0E) return {3, 0x800, byte & 0x0FU};
  if (byte >> 3 == 0x1E) return {4, 0x10000, byte & 0x07U};
  return {};
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const Lead lead = lead_of(static_cast<unsigned char>(bytes[at]));
    if (lead.length == 0 || at + lead.length > bytes.size()) return false;
    std::uint32_t point = lead.bits;
    for (std::size_t next = 1; next < lead.length; ++next) {
      const auto byte = static_cast<unsigned char>(bytes[at + next]);
      if (byte >> 6 != 0x02) return false;
      point = point << 6 | (byte & 0x3FU);
    }
    if (point < lead.least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
    at += lead.length;
  }
  return true;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char letter : bytes) {
    const auto byte = static_cast<unsigned char>(letter);
    text += digits[byte >> 4];
    text += digits[byte & 0x0F];
  }
  return text;
}

tl::expected<std::string, std::string> from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return tl::unexpected(std::string("an odd number of hexadecimal digits"));
  std::string bytes;
  bytes.reserve(digits.size() / 2);
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    const int high = digit(digits[at]);
    const int low = digit(digits[at + 1]);
    if (high < 0 || low < 0)
      return tl::unexpected("'" + std::string(digits.substr(at, 2)) + "' is no hexadecimal byte");
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

}  // namespace loopscope::trace
