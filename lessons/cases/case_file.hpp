#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "lessons/engine/lesson.hpp"
#include "sim/experiment/statement.hpp"

/// A case: a broken world to mend. lessons/CASES.md describes its folder.
namespace loopscope::lessons {

/// Limits of a case's folder, which may be a stranger's.
inline constexpr std::size_t max_case_files = 32;
inline constexpr std::size_t max_case_file_bytes = std::size_t{64} << 10U;
inline constexpr std::size_t max_hints = 6;

struct Case {
  std::string id;  ///< '01-slug': the folder's name
  int number = 0;
  std::string title;
  std::string summary;  ///< one line for a list
  std::string level;    ///< 'easy', 'medium' or 'hard'
  int minutes = 0;
  std::string host;            ///< where the shell is
  bool administrator = false;  ///< it may administer the lab's network
  std::string report;          ///< Markdown: a link to the report
  // Markdown.
  std::string symptom, places, explanation, shortest;
  std::vector<std::string> hints;
  experiment::Experiment broken, check;
  std::vector<experiment::FileDecl> files;  ///< for the working folder
  std::string solution;
  std::vector<std::pair<std::string, std::string>> wrong;  ///< name and text of each wrong-….sh
};

/// A case's folder as it was read.
struct CaseSource {
  std::string folder;  ///< only for messages
  std::string id;
  std::vector<std::pair<std::string, std::string>> files;  ///< name and text of each
};
/// Makes a case of it, or says everything that is wrong. Pure.
[[nodiscard]] tl::expected<Case, std::vector<LessonProblem>> read_case(const CaseSource& source);
/// Reads one folder.
[[nodiscard]] tl::expected<Case, std::vector<LessonProblem>> load_case(const std::string& folder);

struct CaseLibrary {
  std::vector<Case> cases;              ///< those that could be read, by number
  std::vector<LessonProblem> problems;  ///< of the others
};
/// Every folder NN-slug in `cases/` of a folder of lessons (find_library()). None: empty.
[[nodiscard]] CaseLibrary load_cases(const std::string& lessons_folder);

/// By number ('3'), folder ('03-slug') or a part of its name. Null: there is none.
[[nodiscard]] const Case* find_case(const std::vector<Case>& cases, const std::string& name);

}  // namespace loopscope::lessons
