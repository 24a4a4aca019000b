// Whatever a folder of lessons holds: it is read, or each problem has a file and words.
// The input is lesson.md; what follows a line '%%%' is the text of door.lab.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "lessons/engine/lesson_source.hpp"

using namespace loopscope::lessons;

namespace {

[[noreturn]] void broken(const char* what, const std::string& about) {
  std::fprintf(stderr, "%s: %s\n", what, about.c_str());
  std::abort();
}

void check(const Lesson& lesson) {
  if (lesson.title.empty() || lesson.pages.empty()) broken("a lesson without a title or pages", lesson.id);
  for (const Page& page : lesson.pages) {
    if (!page.experiment.empty() && !experiment_of(lesson, page.experiment))
      broken("a page shows what there is not", page.experiment);
    for (const Quiz& quiz : page.quizzes)
      if (quiz.choices.size() < 2) broken("a question without a choice", quiz.id);
  }
  for (const Forecast& forecast : lesson.forecasts)
    if (!experiment_of(lesson, forecast.experiment) ||
        forecast.statement >= experiment_of(lesson, forecast.experiment)->statements.size())
      broken("a forecast of no step", forecast.text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::string mark = "\n%%%\n";
  const auto cut = text.find(mark);
  LessonSource source{.folder = "02-doors", .id = "02-doors", .text = text.substr(0, cut)};
  if (cut != std::string::npos) source.experiments.emplace_back("door.lab", text.substr(cut + mark.size()));
  for (const std::uint64_t seed : {0U, 7U}) {
    const auto lesson = read_lesson(source, seed);
    if (lesson) {
      check(*lesson);
      continue;
    }
    if (lesson.error().empty()) broken("an error without a problem", source.text);
    for (const LessonProblem& problem : lesson.error())
      if (problem.file.empty() || problem.message.empty())
        broken("a problem without words", to_string(problem));
  }
  return 0;
}
