#include <fmt/format.h>

#include <iostream>
#include <map>

#include "app/cli/command.hpp"
#include "app/cli/courses.hpp"
#include "lessons/engine/library.hpp"

/// `loopscope lessons`: what there is to learn. Writing lessons: command_lesson_writing.cpp.
namespace loopscope::app::cli {
namespace {

constexpr std::size_t id_width = 18;

void say_lesson(const Terminal& terminal, const lessons::Lesson& lesson) {
  std::cout << fmt::format("  {:>2}  {}  {}", lesson.number,
                           terminal.paint(Style::Call, padded(lesson.id, id_width)), lesson.title)
            << terminal.paint(Style::Faint,
                              lesson.minutes > 0 ? fmt::format("  about {} minutes", lesson.minutes) : "")
            << "\n";
  if (!lesson.summary.empty()) {
    std::cout << terminal.paint(Style::Faint, wrapped(lesson.summary, 6 + id_width + 2, terminal.columns));
  }
}

void say_planned(const Terminal& terminal, const lessons::Planned& planned) {
  std::cout << terminal.paint(Style::Faint, fmt::format("  {:>2}  {}  {} (to come)", planned.number,
                                                        padded("", id_width), planned.title))
            << "\n";
}

/// By number: those that are there, and those to come between them.
void say_part(const Terminal& terminal, const lessons::Library& library, int part) {
  std::map<int, const lessons::Lesson*> there;
  std::map<int, const lessons::Planned*> all;  // null: it is there
  for (const lessons::Lesson& lesson : library.lessons) {
    if (lesson.part != part) continue;
    there[lesson.number] = &lesson;
    all[lesson.number] = nullptr;
  }
  for (const lessons::Planned& planned : library.planned)
    if (planned.part == part) all[planned.number] = &planned;
  for (const auto& [number, planned] : all)
    planned != nullptr ? say_planned(terminal, *planned) : say_lesson(terminal, *there.at(number));
}

Status list_lessons(Context& context, const CourseOptions& course) {
  const auto all = load_all(course);
  if (!all) return std::cerr << "loopscope lessons: " << all.error() << "\n", Status::Wrong;
  const lessons::Library& library = *all;
  for (const lessons::Part& part : library.parts) {
    std::cout << context.terminal.paint(Style::Chapter, fmt::format("Part {}: {}", part.number, part.title))
              << "\n";
    say_part(context.terminal, library, part.number);
    std::cout << "\n";
  }
  std::cout << "`loopscope tour LESSON` walks through one here; `loopscope` alone opens the program.\n";
  for (const lessons::LessonProblem& problem : library.problems) std::cerr << to_string(problem) << "\n";
  return library.problems.empty() ? Status::Agreed : Status::Wrong;
}

}  // namespace

void add_lessons(CLI::App& program, Chosen& chosen) {
  CLI::App* command = program.add_subcommand("lessons", "List the lessons; write and check some of your own");
  auto course = std::make_shared<CourseOptions>();
  add_course_options(*command, *course);
  command->require_subcommand(0, 1);
  // First: the action of a subcommand then takes the place of this one.
  command->preparse_callback([course, &chosen](std::size_t) {
    chosen.action = [course](Context& context) { return list_lessons(context, *course); };
  });
  add_lesson_writing(*command, chosen);
}

}  // namespace loopscope::app::cli
