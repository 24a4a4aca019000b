#include "lessons/engine/lesson_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "lessons/engine/blocks.hpp"
#include "sim/base/errno_name.hpp"
#include "sim/base/unique_fd.hpp"

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

tl::expected<std::string, std::string> read_small_file(const std::string& path, std::size_t limit,
                                                       Origin origin) {
  // O_NONBLOCK: to open a FIFO does not wait for who writes into it, open(2).
  const int links = origin == Origin::Stranger ? O_NOFOLLOW : 0;
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | links));
  if (!file.valid()) {
    if (errno == ENOENT) return tl::unexpected(std::string("it does not exist"));
    if (errno == ELOOP && links != 0)
      return tl::unexpected(std::string("it is a link; put the file itself there"));
    return tl::unexpected("it can't be read: " + errno_words(errno));
  }
  struct stat kind {};
  if (::fstat(file.get(), &kind) != 0 || !S_ISREG(kind.st_mode))
    return tl::unexpected(std::string("it is not a regular file"));
  std::string text(limit + 1, '\0');
  std::size_t got = 0;
  while (got < text.size()) {
    const ssize_t more = ::read(file.get(), text.data() + got, text.size() - got);
    if (more < 0 && errno == EINTR) continue;
    if (more < 0) return tl::unexpected("it can't be read: " + errno_words(errno));
    if (more == 0) break;
    got += static_cast<std::size_t>(more);
  }
  text.resize(got);
  if (text.size() > limit) return tl::unexpected("it has more than " + std::to_string(limit) + " bytes");
  return text;
}

}  // namespace loopscope::lessons
