#include "lessons/engine/progress.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
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
  return {{"lesson", surprise.lesson}, {"question", surprise.question},     {"predicted", surprise.predicted},
          {"kernel", surprise.kernel}, {"experiment", surprise.experiment}, {"statement", surprise.statement},
          {"call", surprise.call}};
}

json to_json(const GameRecord& game) {
  json rules = json::object();
  for (const auto& [name, rule] : game.rules)
    rules[name] = {{"box", rule.box},
                   {"asked", rule.asked},
                   {"right", rule.right},
                   {"last_right", rule.last_right},
                   {"due", rule.due}};
  return {{"asked", game.asked}, {"run", game.run}, {"best_run", game.best_run}, {"rules", std::move(rules)}};
}

json to_json(const TestTaken& test) {
  json answers = json::array();
  for (const auto& answer : test.answers)
    answers.push_back({{"rule", answer.rule},
                       {"call", answer.call},
                       {"answer", answer.answer},
                       {"right_answer", answer.right_answer},
                       {"by_kernel", answer.by_kernel},
                       {"right", answer.right},
                       {"seconds", answer.seconds}});
  return {{"at", test.at}, {"lessons_done", test.lessons_done}, {"answers", std::move(answers)}};
}

std::string to_text(const Progress& progress) {
  json lessons = json::object();
  for (const auto& [id, lesson] : progress.lessons) lessons[id] = to_json(lesson);
  json surprises = json::array();
  const auto& all = progress.surprises;
  for (std::size_t at = all.size() > most_surprises ? all.size() - most_surprises : 0; at < all.size(); ++at)
    surprises.push_back(to_json(all[at]));
  json tests = json::array();
  for (const auto& test : progress.tests) tests.push_back(to_json(test));
  json cases = json::object();
  for (const auto& [id, one] : progress.cases) cases[id] = {{"done", one.done}, {"hints", one.hints}};
  const json document = {{"loopscope_progress", version},  {"last_lesson", progress.last_lesson},
                         {"lessons", std::move(lessons)},  {"surprises", std::move(surprises)},
                         {"game", to_json(progress.game)}, {"tests", std::move(tests)},
                         {"cases", std::move(cases)}};
  // Bytes that are no UTF-8 (a kernel answer may hold any) must not make saving fail.
  return document.dump(2, ' ', false, json::error_handler_t::replace) + '\n';
}

GameRecord game_from(const json& entry) {
  GameRecord game;
  game.asked = entry.at("asked").get<std::int64_t>();
  game.run = entry.at("run").get<int>();
  game.best_run = entry.at("best_run").get<int>();
  for (const auto& [name, rule] : entry.at("rules").items())
    game.rules[name] = {.box = rule.at("box").get<int>(),
                        .asked = rule.at("asked").get<int>(),
                        .right = rule.at("right").get<int>(),
                        .last_right = rule.at("last_right").get<bool>(),
                        .due = rule.at("due").get<std::int64_t>()};
  return game;
}

TestTaken test_from(const json& entry) {
  TestTaken test;
  test.at = entry.at("at").get<std::int64_t>();
  test.lessons_done = entry.at("lessons_done").get<int>();
  for (const auto& answer : entry.at("answers"))
    test.answers.push_back({.rule = answer.at("rule").get<std::string>(),
                            .call = answer.at("call").get<std::string>(),
                            .answer = answer.at("answer").get<std::string>(),
                            .right_answer = answer.at("right_answer").get<std::string>(),
                            .by_kernel = answer.at("by_kernel").get<bool>(),
                            .right = answer.at("right").get<bool>(),
                            .seconds = answer.at("seconds").get<double>()});
  return test;
}

/// Throws json::exception where something is missing or of another type. What came to the format later may
/// be missing.
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
  // Files of before there were cases have none.
  const json cases = document.value("cases", json::object());
  for (const auto& [id, entry] : cases.items())
    progress.cases[id] = {.done = entry.at("done").get<bool>(), .hints = entry.at("hints").get<int>()};
  for (const auto& entry : document.at("surprises"))
    progress.surprises.push_back({.lesson = entry.at("lesson").get<std::string>(),
                                  .question = entry.at("question").get<std::string>(),
                                  .predicted = entry.at("predicted").get<std::string>(),
                                  .kernel = entry.at("kernel").get<std::string>(),
                                  .experiment = entry.value("experiment", ""),
                                  .statement = entry.value("statement", -1),
                                  .call = entry.value("call", "")});
  if (document.contains("game")) progress.game = game_from(document.at("game"));
  if (document.contains("tests"))
    for (const auto& entry : document.at("tests")) progress.tests.push_back(test_from(entry));
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

std::string usual_progress_path() {
  const auto from = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value != nullptr && value[0] == '/' ? value : "");  // relative ones are to be ignored
  };
  if (const std::string state = from("XDG_STATE_HOME"); !state.empty())
    return state + "/loopscope/progress.json";
  const std::string home = from("HOME");
  return home.empty() ? "" : home + "/.local/state/loopscope/progress.json";
}

tl::expected<void, std::string> save_progress(const std::string& path, const Progress& progress) {
  return write_durably(path, to_text(progress));
}

}  // namespace loopscope::lessons
