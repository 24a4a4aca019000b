#include "lessons/engine/progress.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "lessons/engine/durable_file.hpp"

namespace loopscope::lessons {
namespace {

using nlohmann::json;
constexpr int version = 1;
constexpr std::size_t most_surprises = 200;  ///< the oldest go first

json to_json(const LessonProgress& lesson) {
  return {{"page", lesson.page},
          {"goals_met", lesson.goals_met},
          {"answers", lesson.answers},
          {"done", lesson.done}};
}

json to_json(const Surprise& surprise) {
  return {{"lesson", surprise.lesson},
          {"question", surprise.question},
          {"predicted", surprise.predicted},
          {"kernel", surprise.kernel}};
}

std::string to_text(const Progress& progress) {
  json lessons = json::object();
  for (const auto& [id, lesson] : progress.lessons) lessons[id] = to_json(lesson);
  json surprises = json::array();
  const auto& all = progress.surprises;
  for (std::size_t at = all.size() > most_surprises ? all.size() - most_surprises : 0; at < all.size(); ++at)
    surprises.push_back(to_json(all[at]));
  const json document = {{"loopscope_progress", version},
                         {"last_lesson", progress.last_lesson},
                         {"lessons", std::move(lessons)},
                         {"surprises", std::move(surprises)}};
  // Bytes that are no UTF-8 (a kernel answer may hold any) must not make saving fail.
  return document.dump(2, ' ', false, json::error_handler_t::replace) + '\n';
}

/// Throws json::exception where something is missing or of another type.
Progress from_json(const json& document) {
  if (document.at("loopscope_progress").get<int>() != version)
    throw std::runtime_error("it is of another version of the program");
  Progress progress;
  progress.last_lesson = document.at("last_lesson").get<std::string>();
  for (const auto& [id, entry] : document.at("lessons").items())
    progress.lessons[id] = {.page = entry.at("page").get<int>(),
                            .goals_met = entry.at("goals_met").get<std::set<int>>(),
                            .answers = entry.at("answers").get<std::map<std::string, int>>(),
                            .done = entry.at("done").get<bool>()};
  for (const auto& entry : document.at("surprises"))
    progress.surprises.push_back({.lesson = entry.at("lesson").get<std::string>(),
                                  .question = entry.at("question").get<std::string>(),
                                  .predicted = entry.at("predicted").get<std::string>(),
                                  .kernel = entry.at("kernel").get<std::string>()});
  return progress;
}

/// In words that help; a library's own name a byte and print what it read.
std::string why_of(const std::exception& problem, const std::string& text) {
  if (const auto* parse = dynamic_cast<const json::parse_error*>(&problem)) {
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(parse->byte, text.size()));
    return "it is damaged at line " + std::to_string(1 + std::count(text.begin(), end, '\n'));
  }
  if (dynamic_cast<const json::exception*>(&problem) != nullptr)
    return "something in it is missing or of another kind";
  return problem.what();
}

tl::unexpected<std::string> damaged(const std::string& path, const std::string& why) {
  const auto kept = keep_aside(path);
  return tl::unexpected("Your progress cannot be read: " + why + " (" + path + "). " +
                        (kept ? "The old file is kept as " + *kept + "; you start afresh."
                              : "The old file stays as it is (" + kept.error() + ")."));
}

}  // namespace

tl::expected<Progress, std::string> load_progress(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error) && !error) return Progress{};
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  if (!file) return damaged(path, std::strerror(errno));
  text << file.rdbuf();
  if (file.bad()) return damaged(path, "an error of the disk");
  try {
    return from_json(json::parse(text.str()));
  } catch (const std::exception& problem) {
    return damaged(path, why_of(problem, text.str()));
  }
}

tl::expected<void, std::string> save_progress(const std::string& path, const Progress& progress) {
  return write_durably(path, to_text(progress));
}

}  // namespace loopscope::lessons
