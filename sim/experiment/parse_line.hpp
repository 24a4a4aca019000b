#pragma once

#include <string_view>

#include "sim/experiment/parse_terms.hpp"

namespace loopscope::experiment {

/// A line without its comment.
struct SplitLine {
  std::string_view code;
  std::string_view comment;  ///< after `#`; empty where there is none
  bool has_comment = false;
};
/// `#` outside a string starts a comment. In lines of words (title, ==, >) a lone `"` opens no string.
[[nodiscard]] SplitLine split_comment(std::string_view line);

/// One statement with the names it uses. A FileDecl has only its name: its lines follow in the file.
struct ParsedLine {
  Statement statement;
  Mentions mentions;
  int result_column = 0;  ///< of a RESULT; 0 where none is stated
};
/// `code` is a line without its comment and not empty. Throws Fault.
[[nodiscard]] ParsedLine parse_line(std::string_view code);

/// What a line that could not be read would have made known, as well as can be told: so that one error is not
/// followed by others.
struct BrokenLine {
  std::string process;   ///< of `PROCESS: …`
  std::string variable;  ///< of `PROCESS: VARIABLE = …`
  std::string declared;  ///< of `process NAME`, `host NAME`, `device NAME`
};
[[nodiscard]] BrokenLine guess_names(std::string_view code);

// ---- the readers of each kind of line; all throw Fault
// --------------------------------------------------------------
using BodyReader = Body (*)(Cursor& cursor, Mentions& mentions);
struct Keyword {
  std::string_view word;
  BodyReader read;
};
[[nodiscard]] std::span<const Keyword> world_keywords();             ///< host, process, … packets
[[nodiscard]] Body parse_claim(Cursor& cursor, Mentions& mentions);  ///< after `expect`
[[nodiscard]] Body parse_kill(Cursor& cursor, Mentions& mentions);
[[nodiscard]] Body parse_exit(Cursor& cursor, Mentions& mentions);
[[nodiscard]] Body parse_wait(Cursor& cursor, Mentions& mentions);
/// After `PROCESS:`.
[[nodiscard]] Body parse_process_step(Cursor& cursor, const std::string& process, ParsedLine& line);

}  // namespace loopscope::experiment
