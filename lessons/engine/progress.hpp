#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "lessons/engine/game_record.hpp"

namespace loopscope::lessons {

/// One prediction the learner made, beside what the kernel answered.
struct Surprise {
  std::string lesson, question, predicted, kernel;
  // Where it can be seen again; older files have none of this.
  std::string experiment;  ///< name of the .lab file; empty: not known
  int statement = -1;      ///< index of the `?=` step in it
  std::string call;        ///< with the numbers that were drawn: 'bind(r, 127.0.0.1:8080)'
};

struct LessonProgress {
  int page = 0;                        ///< where the learner was
  std::set<int> goals_met;             ///< pages whose goal has been met
  std::map<std::string, int> answers;  ///< quiz id -> choice
  bool done = false;                   ///< its check is met
};

struct CaseProgress {
  bool done = false;  ///< its check has held
  int hints = 0;      ///< so many were asked for
};

/// What a learner has done so far; kept as JSON in $XDG_STATE_HOME/loopscope/progress.json (XDG Base
/// Directory).
struct Progress {
  std::map<std::string, LessonProgress> lessons;
  std::map<std::string, CaseProgress> cases;  ///< by Case::id
  std::string last_lesson;
  std::vector<Surprise> surprises;
  GameRecord game;               ///< 'You are the kernel'
  std::vector<TestTaken> tests;  ///< in the order in which they were taken; the first is the one before
};

/// A missing file gives empty progress; a damaged one an error (it is kept beside as .damaged, never
/// overwritten).
[[nodiscard]] tl::expected<Progress, std::string> load_progress(const std::string& path);
/// Writes a new file, syncs it and renames it over the old one: a crash or a full disk never loses what was
/// there.
[[nodiscard]] tl::expected<void, std::string> save_progress(const std::string& path,
                                                            const Progress& progress);

/// $XDG_STATE_HOME/loopscope/progress.json, or below ~/.local/state (XDG Base Directory Specification); empty
/// where neither is known.
[[nodiscard]] std::string usual_progress_path();

}  // namespace loopscope::lessons
