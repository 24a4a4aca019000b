#include "lessons/engine/lesson.hpp"

namespace loopscope::lessons {

std::string_view to_string(Stage stage) {
  switch (stage) {
    case Stage::Question:
      return "Question";
    case Stage::Predict:
      return "Predict";
    case Stage::Watch:
      return "Watch";
    case Stage::Why:
      return "Why";
    case Stage::Change:
      return "Change";
    case Stage::Check:
      return "Check";
  }
  return "?";
}

std::string to_string(const LessonProblem& problem) {
  return problem.file + ':' + std::to_string(problem.line) +
         (problem.column > 0 ? ':' + std::to_string(problem.column) : "") + ": " + problem.message;
}

const experiment::Experiment* experiment_of(const Lesson& lesson, std::string_view file) {
  for (const auto& [name, experiment] : lesson.experiments)
    if (name == file) return &experiment;
  return nullptr;
}

const Forecast* forecast_of(const Lesson& lesson, std::string_view file, std::size_t statement) {
  for (const auto& forecast : lesson.forecasts)
    if (forecast.experiment == file && forecast.statement == statement) return &forecast;
  return nullptr;
}

}  // namespace loopscope::lessons
