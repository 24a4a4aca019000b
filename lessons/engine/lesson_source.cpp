#include "lessons/engine/lesson_source.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "lessons/engine/blocks.hpp"

namespace loopscope::lessons {

std::optional<LessonProblem> limit_passed(const std::string& file, std::string_view text) {
  if (text.size() > max_lesson_bytes)
    return LessonProblem{
        file, 0,
        "the file has more than " + std::to_string(max_lesson_bytes / 1024) + " KiB; make two lessons of it"};
  int line = 0;
  for (const auto& words : split_lines(text)) {
    ++line;
    if (words.size() > max_lesson_line_bytes)
      return LessonProblem{
          file, line,
          "the line has more than " + std::to_string(max_lesson_line_bytes) + " bytes; break it in two"};
  }
  return {};
}

tl::expected<std::string, std::string> read_small_file(const std::string& path, std::size_t limit) {
  std::error_code failed;
  const auto status = std::filesystem::status(path, failed);
  if (status.type() == std::filesystem::file_type::not_found)
    return tl::unexpected(std::string("it does not exist"));
  if (failed) return tl::unexpected(failed.message());
  if (!std::filesystem::is_regular_file(status))
    return tl::unexpected(std::string("it is not a regular file"));
  std::ifstream file(path, std::ios::binary);
  if (!file) return tl::unexpected(std::string("it can't be read"));
  std::string text(limit + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > limit) return tl::unexpected("it has more than " + std::to_string(limit) + " bytes");
  return text;
}

}  // namespace loopscope::lessons
