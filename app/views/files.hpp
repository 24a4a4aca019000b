#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace loopscope::app {

struct FileEntry {
  std::string name, path;  ///< path: what is put into the field; a folder's ends in /
  bool folder = false;
};

/// Asks for a path: of a file to open, or where to keep the experiment.
struct FileDialog {
  bool saves = false;
  std::uint64_t number = 0;        ///< a new one each time it is opened
  std::string path;                ///< what stands in the field at first
  std::string looked_at;           ///< what was typed when `entries` were looked for
  std::vector<FileEntry> entries;  ///< what can be completed to, folders first
  std::size_t more = 0;            ///< that are not listed
  std::string trouble;
  bool replaces = false;  ///< another file of that name is there
};

/// A file wants to start programs: nothing of it is run before the learner says so.
struct ProgramsQuestion {
  std::string path;
  std::vector<std::string> programs;  ///< 'FILE:LINE: PROCESS: run …'
  std::string text;                   ///< of the whole file
};

/// A file that cannot be used.
struct FileProblems {
  std::string path;
  std::vector<std::string> lines;  ///< FILE:LINE:COLUMN: what is wrong, and what would be right
};

/// What has to do with files.
struct Files {
  std::string path;        ///< of what is open; empty: nothing
  bool recording = false;  ///< it is a trace: nothing is live
  std::optional<FileDialog> dialog;
  std::optional<ProgramsQuestion> question;
  std::optional<FileProblems> problems;
};

}  // namespace loopscope::app
