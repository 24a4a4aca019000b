#pragma once

#include <string>
#include <tl/expected.hpp>

#include "sim/experiment/parse_terms.hpp"

namespace loopscope::experiment {

/// A RESULT on its own, whatever call it may belong to: `{1, 0}` reads as a Linger, `"lo"` as bytes, `0` as a
/// number. Throws Fault.
[[nodiscard]] Result parse_result_term(Cursor& cursor, Mentions& mentions);

/// The RESULT as that call gives it (`"lo"` of SO_BINDTODEVICE is a device), or why it can't be one of it.
[[nodiscard]] tl::expected<Result, std::string> fit_result(const Call& call, const Result& result);
/// The same for `PROCESS: run …`.
[[nodiscard]] tl::expected<Result, std::string> fit_run_result(const Result& result);

}  // namespace loopscope::experiment
