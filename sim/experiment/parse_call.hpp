#pragma once

#include <string_view>

#include "sim/experiment/parse_terms.hpp"

namespace loopscope::experiment {

/// Whether the language has that call.
[[nodiscard]] bool is_call(std::string_view name);
/// `CALL(ARGUMENTS)`, from its name on. Throws Fault.
[[nodiscard]] Call parse_call(Cursor& cursor, Mentions& mentions);

}  // namespace loopscope::experiment
