#include "lessons/engine/library.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <regex>

#include "lessons/engine/blocks.hpp"
#include "lessons/engine/lesson_folders.hpp"
#include "lessons/engine/lesson_source.hpp"

namespace loopscope::lessons {
namespace {

namespace fs = std::filesystem;
constexpr const char* manifest_name = "README.md";

struct Manifest {
  std::vector<Part> parts;
  std::vector<Planned> entries;
};

/// '## Part 1: The address and the port' and, below, '1. [Home: 127.0.0.1](01-home/lesson.md)' or '2. Ports
/// *(to come)*'.
Manifest read_manifest(const fs::path& path, std::vector<LessonProblem>& problems,
                       Origin origin = Origin::Program) {
  static const std::regex part(R"(^## Part (\d{1,4}): (.+)$)");
  static const std::regex entry(R"(^(\d{1,4})\. \[?([^\](*]+?)\]?(?:\(.*\)| \*\(to come\)\*)?\s*$)");
  Manifest manifest;
  const auto text = read_small_file(path.string(), max_lesson_bytes, origin);
  if (!text) {
    problems.push_back(
        {path.string(), 0, "a folder of lessons has a README.md that orders them; here " + text.error()});
    return manifest;
  }
  if (auto problem = limit_passed(path.string(), *text)) {
    problems.push_back(std::move(*problem));
    return manifest;
  }
  int line = 0;
  for (const auto& words : split_lines(*text)) {
    ++line;
    std::smatch match;
    if (std::regex_match(words, match, part)) {
      manifest.parts.push_back({std::stoi(match[1]), match[2]});
    } else if (!words.empty() && words[0] >= '0' && words[0] <= '9') {
      if (!std::regex_match(words, match, entry))
        problems.push_back(
            {path.string(), line,
             "a lesson is listed as '1. [Title](01-name/lesson.md)' or '2. Title *(to come)*'"});
      else if (manifest.parts.empty())
        problems.push_back(
            {path.string(), line, "a lesson stands below the heading of its part: '## Part 1: …'"});
      else
        manifest.entries.push_back({std::stoi(match[1]), manifest.parts.back().number, match[2]});
    }
  }
  return manifest;
}

bool is_lesson_folder(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  return entry.is_directory() && name.size() > 3 && std::isdigit(static_cast<unsigned char>(name[0])) != 0 &&
         std::isdigit(static_cast<unsigned char>(name[1])) != 0 && name[2] == '-';
}

std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none))
    if (is_lesson_folder(entry)) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

/// Place in the manifest; what it does not list comes after the lessons of its part.
std::pair<int, std::size_t> place_of(const Lesson& lesson, const Manifest& manifest) {
  for (std::size_t at = 0; at < manifest.entries.size(); ++at)
    if (manifest.entries[at].number == lesson.number) return {manifest.entries[at].part, at};
  return {lesson.part, manifest.entries.size() + static_cast<std::size_t>(lesson.number)};
}

/// Also of 'course/' or '.'.
fs::path whole(const fs::path& folder) {
  std::error_code none;
  const fs::path absolute = fs::absolute(folder, none).lexically_normal();
  return absolute.has_filename() ? absolute : absolute.parent_path();
}

/// A course's own numbers of parts become those behind the program's.
void take_parts(Library& library, const Manifest& manifest, const std::string& name, int behind) {
  for (const Part& part : manifest.parts)
    library.parts.push_back({behind + part.number, name + ": " + part.title});
  if (manifest.parts.empty()) library.parts.push_back({behind + 1, name});
}

void take_lesson(Library& library, const fs::path& path, const std::string& name, const Manifest& manifest,
                 int behind, std::uint64_t seed) {
  auto lesson = load_lesson(path.string(), seed, Origin::Stranger);
  if (!lesson) {
    library.problems.insert(library.problems.end(), lesson.error().begin(), lesson.error().end());
    return;
  }
  lesson->course = name;
  lesson->part = behind + (manifest.parts.empty() ? 1 : place_of(*lesson, manifest).first);
  const auto known = [&](const Part& part) { return part.number == lesson->part; };
  if (std::none_of(library.parts.begin(), library.parts.end(), known))
    lesson->part = library.parts.back().number;
  lesson->id = name + "/" + lesson->id;
  library.lessons.push_back(std::move(*lesson));
}

}  // namespace

void add_course(Library& library, const std::string& folder, std::uint64_t seed) {
  std::error_code none;
  const fs::path course = folder;
  if (!fs::is_directory(course, none)) {
    library.problems.push_back({folder, 0, "this is no folder; --lessons wants one with lessons in it"});
    return;
  }
  int behind = 0;
  for (const Part& part : library.parts) behind = std::max(behind, part.number);
  const bool one_lesson = fs::exists(fs::symlink_status(course / "lesson.md", none));
  Manifest manifest;
  if (!one_lesson && fs::exists(fs::symlink_status(course / manifest_name, none)))
    manifest = read_manifest(course / manifest_name, library.problems, Origin::Stranger);
  const auto paths = one_lesson ? std::vector<fs::path>{course} : folders_in(course);
  // The same name, whether the course is given or one lesson of it: progress goes by it.
  const std::string name = (one_lesson ? whole(course).parent_path() : whole(course)).filename().string();
  take_parts(library, manifest, name, behind);
  if (paths.size() > max_lessons) {
    library.problems.push_back(
        {folder, 0, "it has more than " + std::to_string(max_lessons) + " lessons; make two courses of it"});
    return;
  }
  if (paths.empty())
    library.problems.push_back(
        {folder, 0, "there is no lesson in it: a folder 'NN-name' with lesson.md (`loopscope lessons new`)"});
  for (const auto& path : paths) {
    if (fs::is_symlink(path, none))
      library.problems.push_back({path.string(), 0, "it is a link; put the folder itself there"});
    else
      take_lesson(library, path, name, manifest, behind, seed);
  }
}

std::vector<std::string> lesson_folders(const std::string& course) {
  std::vector<std::string> found;
  for (const auto& path : folders_in(course)) found.push_back(path.string());
  return found;
}

const Lesson* find_lesson(const Library& library, const std::string& name) {
  const auto first = [&](const auto& is) -> const Lesson* {
    const auto found = std::find_if(library.lessons.begin(), library.lessons.end(), is);
    return found == library.lessons.end() ? nullptr : &*found;
  };
  if (name.empty()) return nullptr;
  if (const auto* one = first([&](const Lesson& lesson) { return lesson.id == name; })) return one;
  if (const auto* one = first([&](const Lesson& lesson) { return std::to_string(lesson.number) == name; }))
    return one;
  if (const auto* one = first([&](const Lesson& lesson) { return lesson.id.ends_with("/" + name); }))
    return one;
  return first([&](const Lesson& lesson) { return lesson.id.find(name) != std::string::npos; });
}

Library load_library(const std::string& folder, std::uint64_t seed) {
  Library library{.folder = folder};
  const Manifest manifest = read_manifest(fs::path(folder) / manifest_name, library.problems);
  library.parts = manifest.parts;
  for (const auto& path : folders_in(folder)) {
    auto lesson = load_lesson(path.string(), seed);
    if (lesson)
      library.lessons.push_back(std::move(*lesson));
    else
      library.problems.insert(library.problems.end(), lesson.error().begin(), lesson.error().end());
  }
  std::stable_sort(library.lessons.begin(), library.lessons.end(),
                   [&](const Lesson& one, const Lesson& other) {
                     return place_of(one, manifest) < place_of(other, manifest);
                   });
  for (const auto& entry : manifest.entries) {
    const auto is = [&](const Lesson& lesson) { return lesson.number == entry.number; };
    if (std::none_of(library.lessons.begin(), library.lessons.end(), is)) library.planned.push_back(entry);
  }
  return library;
}

tl::expected<std::string, std::string> find_library(const char* environment, const std::string& program) {
  if (environment && *environment != '\0') {
    if (fs::exists(fs::path(environment) / manifest_name)) return environment;
    return tl::unexpected("LOOPSCOPE_LESSONS names " + std::string(environment) +
                          ", where no README.md lists lessons");
  }
  const fs::path home = fs::path(program).parent_path();
  std::vector<fs::path> places = {home / ".." / LOOPSCOPE_INSTALLED_LESSONS};
  for (fs::path above = home; above.has_relative_path(); above = above.parent_path())
    places.push_back(above / "lessons" / "content");
  places.emplace_back(LOOPSCOPE_SOURCE_LESSONS);
  std::string tried;
  for (const auto& place : places) {
    std::error_code none;
    if (fs::exists(place / manifest_name, none)) return place.lexically_normal().string();
    tried += (tried.empty() ? "" : ", ") + place.lexically_normal().string();
  }
  return tl::unexpected("no lessons were found in " + tried +
                        "; set LOOPSCOPE_LESSONS to the folder that holds them");
}

tl::expected<std::string, std::string> find_library() {
  std::error_code none;
  const fs::path program = fs::read_symlink("/proc/self/exe", none);  // proc(5)
  return find_library(std::getenv("LOOPSCOPE_LESSONS"), program.string());
}

}  // namespace loopscope::lessons
