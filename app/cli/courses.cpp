#include "app/cli/courses.hpp"

#include <iostream>

#include "lessons/check/programs.hpp"
#include "sim/base/nearest.hpp"

namespace loopscope::app::cli {

void add_course_options(CLI::App& command, CourseOptions& options) {
  auto* folder = command
                     .add_option("--lessons", options.folder,
                                 "a folder with a course of your own, shown behind the lessons")
                     ->option_text("DIR");
  command
      .add_flag("--allow-programs", options.allow_programs,
                "of that course: start the real programs that its lessons name without asking")
      ->needs(folder);
}

tl::expected<lessons::Library, std::string> load_all(const CourseOptions& options, std::uint64_t seed) {
  const auto folder = lessons::find_library();
  if (!folder) return tl::unexpected(folder.error());
  lessons::Library library = lessons::load_library(*folder, seed);
  if (!options.folder.empty()) lessons::add_course(library, options.folder, seed);
  return library;
}

const lessons::Lesson* find_or_say(const std::string& command, const lessons::Library& library,
                                   const std::string& name) {
  if (const auto* found = lessons::find_lesson(library, name)) return found;
  std::vector<std::string_view> ids;
  for (const auto& lesson : library.lessons) ids.push_back(lesson.id);
  const auto near = nearest(name, ids);
  std::cerr << "loopscope " << command << ": there is no lesson '" << name << "'"
            << (near ? "; did you mean '" + *near + "'?" : "; `loopscope lessons` lists them") << "\n";
  return nullptr;
}

bool may_start_programs(const std::string& command, const lessons::Lesson& lesson,
                        const CourseOptions& options) {
  if (lesson.course.empty() || options.allow_programs) return true;
  const auto programs = lessons::check::programs_of(lesson);
  if (programs.empty()) return true;
  for (const std::string& one : programs) std::cerr << one << "\n";
  std::cerr
      << "loopscope " << command
      << ": this lesson starts real programs of this machine. Nothing was run. They would run in the "
         "private lab,\nread-only and without any network but the lab's; if you trust the lesson: loopscope "
      << command << " --allow-programs …\n";
  return false;
}

}  // namespace loopscope::app::cli
