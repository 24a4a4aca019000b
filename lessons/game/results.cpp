#include "lessons/game/results.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "lessons/game/catalogue.hpp"

namespace loopscope::game {
namespace {

using lessons::TestTaken;

std::string field(const std::string& text) {
  // A spreadsheet takes a field that begins so for a formula.
  std::string safe = !text.empty() && std::string("=+-@").find(text[0]) != std::string::npos ? "'" : "";
  safe += text;
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  std::string quoted = "\"";
  for (const char c : safe) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string utc(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  char text[32];
  (void)std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

bool was_right(const TestTaken& test, const std::string& rule) {
  return std::any_of(test.answers.begin(), test.answers.end(),
                     [&](const auto& answer) { return answer.rule == rule && answer.right; });
}

}  // namespace

std::vector<Gain> gains_of(const std::vector<TestTaken>& tests) {
  std::vector<Gain> gains;
  if (tests.size() < 2) return gains;
  for (const auto& answer : tests.back().answers)
    gains.push_back({answer.rule, sentence_of(answer.rule), was_right(tests.front(), answer.rule),
                     was_right(tests.back(), answer.rule)});
  return gains;
}

int right_of(const TestTaken& test) {
  return static_cast<int>(std::count_if(test.answers.begin(), test.answers.end(),
                                        [](const auto& answer) { return answer.right; }));
}

std::string to_csv(const std::vector<TestTaken>& tests) {
  std::string text =
      "test,taken_at,lessons_done,question,rule,call,answer,right_answer,answered_by,correct,seconds\r\n";
  for (std::size_t i = 0; i < tests.size(); ++i) {
    const TestTaken& test = tests[i];
    for (std::size_t j = 0; j < test.answers.size(); ++j) {
      const auto& answer = test.answers[j];
      char seconds[32];
      (void)std::snprintf(seconds, sizeof seconds, "%.1f", answer.seconds);
      text += std::to_string(i + 1) + "," + utc(test.at) + "," + std::to_string(test.lessons_done) + "," +
              std::to_string(j + 1) + "," + field(answer.rule) + "," + field(answer.call) + "," +
              field(answer.answer) + "," + field(answer.right_answer) + "," +
              (answer.by_kernel ? "kernel" : "model") + "," + (answer.right ? "1" : "0") + "," + seconds +
              "\r\n";
    }
  }
  return text;
}

}  // namespace loopscope::game
