#pragma once

#include <string>

#include "app/views/sequence_model.hpp"

namespace loopscope::app::cli {

/// A run as a sequence diagram in SVG 1.1, time from the top down: a column for each process, socket and
/// network, a row for each call, packet and state. Its colours are currentColor and CSS variables of the
/// page.
[[nodiscard]] std::string sequence_svg(const sequence::Model& model, const std::string& title);

}  // namespace loopscope::app::cli
