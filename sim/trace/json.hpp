#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/trace/event.hpp"

namespace loopscope::trace {

inline constexpr int format_version = 1;

/// One event as one line of JSON, without the newline. Bytes that are not UTF-8 are kept (FORMAT.md says
/// how).
[[nodiscard]] std::string to_json(const Event& event);
/// The event of one line, or what is wrong with it.
[[nodiscard]] tl::expected<Event, std::string> from_json(std::string_view line);

struct ReadProblem {
  std::string file;
  int line = 0;  ///< from 1
  std::string message;
};
[[nodiscard]] std::string to_string(const ReadProblem& problem);

/// Writes the header line and all events. Stream errors are the caller's to check.
void write_trace(std::ostream& out, const std::vector<Event>& events);
/// Reads all of a trace; stops at the first bad line. A foreign or future file is refused by its header.
[[nodiscard]] tl::expected<std::vector<Event>, ReadProblem> read_trace(std::istream& in,
                                                                       const std::string& file);

}  // namespace loopscope::trace
