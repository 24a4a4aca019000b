#include "sim/tracer/bytes.hpp"

#include <fmt/format.h>

namespace loopscope::tracer {

std::string quoted(std::string_view bytes) {
  std::string text = "\"";
  for (const char byte : bytes) {
    switch (byte) {  // clang-format off
      case '\r': text += "\\r"; break;
      case '\n': text += "\\n"; break;
      case '\t': text += "\\t"; break;
      case '\\': text += "\\\\"; break;
      case '"': text += "\\\""; break;
      default:  // clang-format on
        if (byte < ' ' || byte == 127)
          text += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
        else
          text += byte;
    }
  }
  return text + "\"";
}

std::string quoted_start(std::string_view bytes, std::size_t whole) {
  const std::string_view start = bytes.substr(0, shown_bytes);
  return quoted(start) + (whole > start.size() ? "..." : "");
}

}  // namespace loopscope::tracer
