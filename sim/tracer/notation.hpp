#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/tracer/calls.hpp"
#include "sim/tracer/memory.hpp"

/// Calls in the words of strace(1), and their results in the experiments' (sim/experiment/LANGUAGE.md).
namespace loopscope::tracer {

struct Argument {
  std::string text;      ///< what is awaited has a name in its place: 'buf'
  bool awaited = false;  ///< the call fills it in
};

/// The arguments before the call.
[[nodiscard]] std::vector<Argument> arguments_of(const Call& call, const Memory& memory);
/// 'connect(3, {…}, 16)': all of them, joined by commas.
[[nodiscard]] std::string joined(const std::vector<Argument>& arguments);
/// What the call filled in, in the order of the awaited arguments. `value` as Listener::returned tells it.
[[nodiscard]] std::vector<std::string> filled_in(const Call& call, std::int64_t value, const Memory& memory);
/// '26', '-1 ECONNREFUSED (Connection refused)', '? ERESTARTSYS (To be restarted…)'.
[[nodiscard]] std::string value_text(std::int64_t value);

[[nodiscard]] bool was_interrupted(std::int64_t value);  ///< by a signal; the kernel may make it again
/// 0, or the errno that the program sees.
[[nodiscard]] int error_of(std::int64_t value);
/// In the experiments' notation: `ok`, `ECONNREFUSED`, `"bytes received"`, `26`, `127.0.0.1:40000`.
[[nodiscard]] std::string result_text(const Call& call, std::int64_t value, const Memory& memory);

}  // namespace loopscope::tracer
