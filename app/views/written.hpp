#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace loopscope::app {

/// One line of the experiment as it is written by now: what its file says, and what the learner has done.
struct WrittenLine {
  std::string text;
  bool by_hand = false;
  bool words = false;     ///< title, chapter, narration, comment: nothing is done
  bool left_out = false;  ///< it can no longer be taken after what was done: a comment in what is kept
  bool question = false;  ///< what it states is not to be seen before it has happened
  std::string result;     ///< the kernel's, so far as it has happened
  std::string trouble;    ///< why it could not be done
  std::optional<std::size_t> statement;  ///< its number in the experiment; nothing by hand
};

/// The experiment that a live run is, with everything that was done by hand in its place.
struct Written {
  std::string title, path;  ///< path: of the file that was opened; empty: a lesson's
  std::vector<WrittenLine> lines;
  std::size_t by_hand = 0;         ///< lines
  std::string file_text;           ///< of the language, as it can be kept and shared
  std::string can_undo, can_redo;  ///< the first line of what would be; empty: nothing
};

}  // namespace loopscope::app
