#include <iostream>
#include <memory>
#include <random>

#include "app/cli/command.hpp"
#include "app/cli/courses.hpp"
#include "app/cli/tour.hpp"

/// `loopscope tour [LESSON]`: a lesson in the terminal.
namespace loopscope::app::cli {
namespace {

constexpr const char* first_lesson = "3";  // the journey of a request: what the program is about

/// As in the window: other numbers each time for who answers; as they are written in a transcript.
std::uint64_t seed_for_typing() {
  std::random_device device;
  return somebody_types() ? (std::uint64_t{device()} << 32U) + device() + 1 : 0;
}

}  // namespace

Status run_tour(Context& context, const std::string& name, const CourseOptions& course) {
  const auto library = load_all(course, seed_for_typing());
  if (!library) return std::cerr << "loopscope tour: " << library.error() << "\n", Status::Wrong;
  for (const lessons::LessonProblem& problem : library->problems) std::cerr << to_string(problem) << "\n";
  if (library->lessons.empty())
    return std::cerr << "loopscope tour: there is no lesson in " << library->folder << "\n", Status::Wrong;
  std::string wanted = name;
  if (name.empty() && !course.folder.empty()) {
    for (const auto& lesson : library->lessons)
      if (!lesson.course.empty() && wanted.empty()) wanted = lesson.id;
  }
  const lessons::Lesson* lesson = nullptr;
  if (wanted.empty()) lesson = find_lesson(*library, first_lesson);
  if (lesson == nullptr && wanted.empty()) lesson = &library->lessons.front();
  if (lesson == nullptr) lesson = find_or_say("tour", *library, wanted);
  if (lesson == nullptr || !may_start_programs("tour", *lesson, course)) return Status::Wrong;
  return Tour(context, *library, *lesson).go();
}

void add_tour(CLI::App& program, Chosen& chosen) {
  CLI::App* command =
      program.add_subcommand("tour", "Take a lesson in the terminal; a transcript where nobody types");
  auto lesson = std::make_shared<std::string>();
  auto course = std::make_shared<CourseOptions>();
  command->add_option(
      "LESSON", *lesson,
      "its name or number, as `loopscope lessons` lists them (default: 3, the journey of a request)");
  add_course_options(*command, *course);
  command->callback([lesson, course, &chosen] {
    chosen.action = [lesson, course](Context& context) { return run_tour(context, *lesson, *course); };
  });
}

}  // namespace loopscope::app::cli
