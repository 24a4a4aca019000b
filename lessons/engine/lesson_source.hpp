#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lessons/engine/lesson.hpp"

namespace loopscope::lessons {

/// Limits of a lesson's files: a folder of lessons may be a stranger's. The longest line of the lessons that
/// there are has under 200 bytes.
inline constexpr std::size_t max_lesson_bytes = std::size_t{256} << 10U;
inline constexpr std::size_t max_lesson_line_bytes = 1000;
inline constexpr std::size_t max_experiments = 64;  ///< of a lesson
inline constexpr std::size_t max_lessons = 100;     ///< of a course of one's own

/// A lesson's folder as it was read, before anything is made of it.
struct LessonSource {
  std::string folder;                                            ///< only for messages
  std::string id;                                                ///< its last part: '03-journey'
  std::string text;                                              ///< of lesson.md
  std::vector<std::pair<std::string, std::string>> experiments;  ///< name of each .lab file, and its text
};

/// Makes a lesson of it, or says everything that is wrong. Pure. `seed`: see load_lesson.
[[nodiscard]] tl::expected<Lesson, std::vector<LessonProblem>> read_lesson(const LessonSource& source,
                                                                           std::uint64_t seed);

/// What hinders a text from being read by line and pattern at all: it is too long, or a line of it is.
[[nodiscard]] std::optional<LessonProblem> limit_passed(const std::string& file, std::string_view text);

/// The whole of a regular file, or a sentence that says why not: it is no such file (a FIFO or a device is
/// never waited for), it is a link of a stranger's, it can't be read, or it has more than `limit` bytes.
[[nodiscard]] tl::expected<std::string, std::string> read_small_file(const std::string& path,
                                                                     std::size_t limit,
                                                                     Origin origin = Origin::Program);

}  // namespace loopscope::lessons
