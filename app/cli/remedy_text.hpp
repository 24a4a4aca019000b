#pragma once

#include <string>

#include "sim/model/remedies.hpp"

namespace loopscope::app::cli {

/// A change and what it costs, with its weight: 'Set SO_REUSEPORT on both … (caution: …)'.
[[nodiscard]] std::string remedy_text(const model::Remedy& remedy);

}  // namespace loopscope::app::cli
