#pragma once

#include <string>
#include <tl/expected.hpp>

#include "lessons/engine/library.hpp"
#include "sim/sandbox/launcher.hpp"

namespace loopscope::app::cli {

/// One page for a hand-out: the lesson's text, a diagram of a real run of each experiment, the questions with
/// their answers folded, the commands, the words. It needs no network and no script.
struct Handout {
  std::string html;
  std::string note;  ///< what is missing, and why; empty: nothing
};
[[nodiscard]] Handout handout_of(sandbox::Launcher& launcher, const lessons::Library& library,
                                 const lessons::Lesson& lesson);

/// Writes it whole or not at all. What is missing of it (see Handout::note), or why nothing was written.
[[nodiscard]] tl::expected<std::string, std::string> write_handout(sandbox::Launcher& launcher,
                                                                   const lessons::Library& library,
                                                                   const lessons::Lesson& lesson,
                                                                   const std::string& path);

}  // namespace loopscope::app::cli
