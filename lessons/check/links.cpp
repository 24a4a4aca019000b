#include "lessons/check/links.hpp"

#include <filesystem>

#include "lessons/engine/blocks.hpp"
#include "lessons/engine/lesson_source.hpp"

namespace loopscope::lessons::check {
namespace {

namespace fs = std::filesystem;

bool has_scheme(const std::string& target) {
  const auto colon = target.find(':');
  return colon != std::string::npos && target.find('/') > colon;
}

/// Empty: nothing is wrong.
std::string fault_outside(const std::string& target, const std::set<std::string>& known) {
  if (!target.starts_with("https://")) return "a link that leads out of the lessons begins with https://";
  if (target.find_first_of(" \"<>\\^`{|}") != std::string::npos || target.find('.') == std::string::npos)
    return "this is no address of a page (RFC 3986)";
  if (!known.contains(target)) return "look at this page, then add its address to links.txt beside README.md";
  return {};
}

std::string fault_inside(const std::string& target, const fs::path& folder, const fs::path& root) {
  if (target.starts_with('/')) return "a path from the root of a disk leads nowhere for others";
  const fs::path path = (folder / target.substr(0, target.find('#'))).lexically_normal();
  std::error_code none;
  if (!fs::exists(path, none)) return "it leads to no file that is there";
  const auto away = fs::weakly_canonical(path, none).lexically_relative(fs::weakly_canonical(root, none));
  if (away.empty() || *away.begin() == "..") return "it leads out of the course";
  return {};
}

}  // namespace

std::set<std::string> known_links(const std::string& path) {
  std::set<std::string> all;
  const auto text = read_small_file(path, max_lesson_bytes);
  if (!text) return all;
  for (const auto& line : split_lines(*text)) {
    const std::string_view words = trimmed(std::string_view(line).substr(0, line.find(" #")));
    if (!words.empty() && words.front() != '#') all.emplace(words);
  }
  return all;
}

void check_links(const std::string& folder, const std::string& root, const std::string& text,
                 const std::set<std::string>& known, Problems& problems) {
  int number = 0;
  for (const auto& line : split_lines(text)) {
    ++number;
    for (auto at = line.find("]("); at != std::string::npos; at = line.find("](", at + 1)) {
      const auto end = line.find(')', at);
      if (end == std::string::npos) break;
      const std::string target = line.substr(at + 2, end - at - 2);
      if (target.empty() || target.starts_with('#')) continue;
      const std::string fault =
          has_scheme(target) ? fault_outside(target, known) : fault_inside(target, folder, root);
      if (!fault.empty())
        problems.add_at(number, static_cast<int>(at) + 3, "the link '" + target + "': " + fault);
    }
  }
}

}  // namespace loopscope::lessons::check
