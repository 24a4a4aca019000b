#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace loopscope::lessons {

/// One prediction the learner made, beside what the kernel answered.
struct Surprise {
  std::string lesson, question, predicted, kernel;
};

struct LessonProgress {
  int page = 0;                        ///< where the learner was
  std::set<int> goals_met;             ///< pages whose goal has been met
  std::map<std::string, int> answers;  ///< quiz id -> choice
  bool done = false;                   ///< its check is met
};

/// What a learner has done so far; kept as JSON in $XDG_STATE_HOME/loopscope/progress.json (XDG Base
/// Directory).
struct Progress {
  std::map<std::string, LessonProgress> lessons;
  std::string last_lesson;
  std::vector<Surprise> surprises;
};

/// A missing file gives empty progress; a damaged one an error (it is kept beside as .damaged, never
/// overwritten).
[[nodiscard]] tl::expected<Progress, std::string> load_progress(const std::string& path);
/// Writes a new file, syncs it and renames it over the old one: a crash or a full disk never loses what was
/// there.
[[nodiscard]] tl::expected<void, std::string> save_progress(const std::string& path,
                                                            const Progress& progress);

}  // namespace loopscope::lessons
