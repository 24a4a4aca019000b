#include <algorithm>
#include <regex>

#include "lessons/check/form.hpp"
#include "lessons/engine/blocks.hpp"
#include "lessons/engine/lesson_source.hpp"

namespace loopscope::lessons::check {
namespace {

// At 1280×800 the lesson panel is some 36 characters of body text wide and 27 lines high.
constexpr std::size_t characters_a_line = 36;
constexpr double lines_a_panel = 27;
constexpr double most_panels = 1.5;

/// Without the marks of Markdown that are not drawn.
std::size_t drawn_length(const std::string& text) {
  static const std::regex link(R"(\[([^\]]*)\]\([^)]*\))");
  // std::regex takes stack for each byte; a paragraph that long is too long anyhow.
  const std::string plain = text.size() > max_lesson_line_bytes ? text : std::regex_replace(text, link, "$1");
  return plain.size() - static_cast<std::size_t>(std::count_if(plain.begin(), plain.end(),
                                                               [](char c) { return c == '*' || c == '`'; }));
}

double lines_of(const std::string& text, std::size_t width) {
  return static_cast<double>((drawn_length(text) + width - 1) / width);
}

/// Height of a page's text, in lines of its body; between blocks lies half a line.
double height(const std::string& markdown) {
  double lines = 0;
  for (const auto& block : split_blocks(markdown)) {
    lines += 0.5;
    if (block.kind == Block::Kind::Paragraph)
      lines += lines_of(joined(block), characters_a_line);
    else if (block.kind == Block::Kind::Table)
      lines += 1.3 * static_cast<double>(block.lines.size() - 1);
    else
      for (const auto& line : block.lines) lines += lines_of(line, characters_a_line - 3);
  }
  return lines;
}

class Measure {
 public:
  explicit Measure(Problems& problems) : problems_(problems) {}
  void at_most(std::size_t most, const std::string& text, int line, const char* what) {
    if (text.size() > most)
      problems_.add(line, std::string(what) + " has " + std::to_string(text.size()) + " bytes; at most " +
                              std::to_string(most) + " can be read at a glance: '" + text + "'");
  }

 private:
  Problems& problems_;
};

void measure_page(const Page& page, Measure measure, Problems& problems) {
  measure.at_most(40, page.title, page.line, "the page's title");
  if (page.markdown.empty()) problems.add(page.line, "this page has no text");
  if (const double lines = height(page.markdown); lines > most_panels * lines_a_panel)
    problems.add(page.line,
                 "this page is " + std::to_string(static_cast<int>(lines)) +
                     " lines high on a small screen; some 40 are one and a half panels: make two of it");
  for (const auto& act : page.acts) measure.at_most(60, act.label, act.line, "the act's label");
  for (const auto& quiz : page.quizzes) {
    measure.at_most(260, quiz.text, quiz.line, "the question");
    for (const auto& choice : quiz.choices) {
      measure.at_most(90, choice.text, quiz.line, "an answer");
      measure.at_most(220, choice.feedback, quiz.line, "the words behind an answer");
    }
  }
}

void measure_experiment(const experiment::Experiment& experiment, Problems& problems) {
  if (experiment.title().empty())
    problems.add_to(experiment.file, 1, "the experiment has no title: 'title  Nobody home'");
  bool any = false;
  for (const auto& statement : experiment.statements)
    if (const auto* narration = std::get_if<experiment::Narration>(&statement.body)) {
      any = true;
      if (narration->words.size() > 180)
        problems.add_to(experiment.file, statement.place.line,
                        "this narration is longer than two sentences; say it on a page");
    }
  if (!any)
    problems.add_to(experiment.file, 1, "nothing is said of its steps; add a line of narration, '> …'");
}

}  // namespace

void check_sizes(const Lesson& lesson, Problems& problems) {
  Measure measure(problems);
  measure.at_most(110, lesson.summary, 1, "the summary");
  for (const auto& page : lesson.pages) measure_page(page, measure, problems);
  for (const auto& forecast : lesson.forecasts) {
    measure.at_most(100, forecast.text, forecast.line, "the prediction's question");
    for (const auto& choice : forecast.choices) {
      measure.at_most(90, choice.text, forecast.line, "an answer");
      measure.at_most(220, choice.feedback, forecast.line, "the words behind an answer");
    }
  }
  for (const auto& [name, experiment] : lesson.experiments) measure_experiment(experiment, problems);
}

}  // namespace loopscope::lessons::check
