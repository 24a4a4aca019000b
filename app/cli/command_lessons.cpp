#include <fmt/format.h>

#include <iostream>

#include "app/cli/command.hpp"
#include "lessons/engine/library.hpp"

/// `loopscope lessons`: what there is to learn.
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

Status list_lessons(Context& context) {
  const auto folder = lessons::find_library();
  if (!folder) return std::cerr << "loopscope lessons: " << folder.error() << "\n", Status::Wrong;
  const lessons::Library library = lessons::load_library(*folder);
  for (const lessons::Part& part : library.parts) {
    std::cout << context.terminal.paint(Style::Chapter, fmt::format("Part {}: {}", part.number, part.title))
              << "\n";
    for (const lessons::Lesson& lesson : library.lessons) {
      if (lesson.part == part.number) say_lesson(context.terminal, lesson);
    }
    for (const lessons::Planned& planned : library.planned) {
      if (planned.part != part.number) continue;
      std::cout << context.terminal.paint(Style::Faint,
                                          fmt::format("  {:>2}  {}  {} (to come)", planned.number,
                                                      padded("", id_width), planned.title))
                << "\n";
    }
    std::cout << "\n";
  }
  std::cout << "`loopscope tour LESSON` walks through one here; `loopscope` alone opens the program.\n";
  for (const lessons::LessonProblem& problem : library.problems) std::cerr << to_string(problem) << "\n";
  return library.problems.empty() ? Status::Agreed : Status::Wrong;
}

}  // namespace

void add_lessons(CLI::App& program, Chosen& chosen) {
  program.add_subcommand("lessons", "List the lessons")->callback([&chosen] {
    chosen.action = list_lessons;
  });
}

}  // namespace loopscope::app::cli
