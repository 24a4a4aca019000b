#include "lessons/check/spelling.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "lessons/engine/blocks.hpp"
#include "lessons/engine/lesson_source.hpp"
#include "sim/base/errno_name.hpp"
#include "sim/base/unique_fd.hpp"

namespace loopscope::lessons::check {
namespace {

constexpr const char* remedy = "aspell is not installed (Debian: apt install aspell aspell-en)";

/// Code, the targets of links, and addresses are blanked, so that columns stay what they are.
std::string without_code(std::string line) {
  bool code = false;
  bool target = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '`') code = !code;
    if (!code && line[at] == '(' && at > 0 && line[at - 1] == ']') target = true;
    const bool ends = target && line[at] == ')';
    if (code || target || line[at] == '`' || line[at] == '*') line[at] = ' ';
    if (ends) target = false;
  }
  return line;
}

bool is_letter(unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80; }

/// A word with a digit, a slash or the like beside it is a name: 'IPv4', 'h2c', 'a.b.c'.
std::string without_names(std::string line) {
  std::size_t at = 0;
  while (at < line.size()) {
    if (line[at] == ' ') {
      ++at;
      continue;
    }
    const auto end = std::min(line.find(' ', at), line.size());
    const std::string word = line.substr(at, end - at);
    const auto inner = word.substr(0, word.find_last_not_of(".,:;!?)'\"") + 1);
    const bool name = inner.find_first_of("0123456789/._=@[<>\\") != std::string::npos;
    if (name)
      std::fill(line.begin() + static_cast<std::ptrdiff_t>(at),
                line.begin() + static_cast<std::ptrdiff_t>(end), ' ');
    at = end;
  }
  return line;
}

UniqueFd file_with(const std::string& text) {
  UniqueFd file(::memfd_create("words", MFD_CLOEXEC));
  std::size_t done = 0;
  while (file.valid() && done < text.size()) {
    const ssize_t more = ::write(file.get(), text.data() + done, text.size() - done);
    if (more <= 0) return UniqueFd();
    done += static_cast<std::size_t>(more);
  }
  if (file.valid()) (void)::lseek(file.get(), 0, SEEK_SET);
  return file;
}

std::string read_all(int fd) {
  std::string all;
  std::array<char, 4096> piece{};
  for (;;) {
    const ssize_t got = ::read(fd, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return all;
    all.append(piece.data(), static_cast<std::size_t>(got));
  }
}

/// The words that `aspell list` does not know.
tl::expected<std::set<std::string>, std::string> ask_aspell(const std::string& text) {
  const UniqueFd input = file_with(text);
  std::array<int, 2> ends{};
  if (!input.valid() || ::pipe2(ends.data(), O_CLOEXEC) != 0)
    return tl::unexpected("aspell can't be asked: " + errno_words(errno));
  const UniqueFd out(ends[0]);
  UniqueFd in(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, in.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::array<const char*, 7> words{"aspell",        "list",        "--lang=en_GB", "--encoding=utf-8",
                                   "--ignore-case", "--mode=none", nullptr};
  pid_t pid = 0;
  // The words are not changed by it: posix_spawn(3).
  const int failed =
      ::posix_spawnp(&pid, "aspell", &actions, nullptr, const_cast<char**>(words.data()), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return tl::unexpected(std::string(remedy));
  in.reset();
  const std::string answer = read_all(out.get());
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return tl::unexpected(std::string("aspell has no British English (Debian: apt install aspell-en)"));
  std::set<std::string> unknown;
  for (const auto& word : split_lines(answer))
    if (!word.empty()) unknown.insert(word);
  return unknown;
}

std::string small(std::string word) {
  std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : static_cast<char>(c);
  });
  return word;
}

/// 'TCP', 'macOS', 'APIs': capitals inside.
bool is_name(const std::string& word) {
  return std::any_of(word.begin() + 1, word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// 'psql' of 'psql's'.
std::string owner_of(const std::string& word) {
  return word.ends_with("'s") ? word.substr(0, word.size() - 2) : word;
}

/// Where a whole word stands in the line; npos: nowhere.
std::size_t find_word(const std::string& line, const std::string& word) {
  for (auto at = line.find(word); at != std::string::npos; at = line.find(word, at + 1)) {
    const bool begins = at == 0 || !is_letter(static_cast<unsigned char>(line[at - 1]));
    const auto end = at + word.size();
    if (begins && (end == line.size() || !is_letter(static_cast<unsigned char>(line[end])))) return at;
  }
  return std::string::npos;
}

}  // namespace

std::set<std::string> known_words(const std::string& path) {
  std::set<std::string> words;
  const auto text = read_small_file(path, max_lesson_bytes);
  if (!text) return words;
  for (const auto& line : split_lines(*text)) {
    const std::string_view word = trimmed(std::string_view(line).substr(0, line.find('#')));
    if (!word.empty()) words.insert(small(std::string(word)));
  }
  return words;
}

std::vector<std::string> prose_lines(const std::string& text) {
  std::vector<std::string> lines = split_lines(text);
  for (const auto& block : split_blocks(text)) {
    const bool code = block.kind == Block::Kind::Fence || block.kind == Block::Kind::Unclosed;
    const auto first = static_cast<std::size_t>(block.line) - 1;
    for (std::size_t at = first; at < std::min(lines.size(), first + block.lines.size() + (code ? 2 : 0));
         ++at)
      lines[at] = code ? "" : without_names(without_code(lines[at]));
  }
  return lines;
}

tl::expected<void, std::string> check_spelling(const std::string& text, const std::set<std::string>& known,
                                               Problems& problems) {
  const auto lines = prose_lines(text);
  std::string all;
  for (const auto& line : lines) all += line + '\n';
  const auto unknown = ask_aspell(all);
  if (!unknown) return tl::unexpected(unknown.error());
  for (const auto& word : *unknown) {
    if (is_name(word) || known.contains(small(owner_of(word)))) continue;
    for (std::size_t at = 0; at < lines.size(); ++at) {
      const auto column = find_word(lines[at], word);
      if (column == std::string::npos) continue;
      problems.add_at(
          static_cast<int>(at) + 1, static_cast<int>(column) + 1,
          "'" + word + "' is in no dictionary of English; mend it, or add it to words.txt beside README.md");
      break;
    }
  }
  return {};
}

}  // namespace loopscope::lessons::check
