#include "app/cli/handout.hpp"

#include <fmt/format.h>

#include <set>

#include "app/cli/html.hpp"
#include "app/cli/sequence_svg.hpp"
#include "lessons/engine/durable_file.hpp"
#include "lessons/engine/glossary.hpp"
#include "sim/lab/run.hpp"

namespace loopscope::app::cli {
namespace {

using lessons::Lesson;
using lessons::Page;

constexpr const char* style = R"(
:root { color-scheme: light dark; --line: #8a93a3; --box: #eef1f6; --good: #1d7a3a; --bad: #b3261e; --info: #1f5fbf; }
@media (prefers-color-scheme: dark) { :root { --line: #6d7686; --box: #232936; --good: #6fd08c; --bad: #ff8a80; --info: #8ab4ff; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46em; margin: 2em auto; padding: 0 1em; }
code, pre, svg text { font-family: ui-monospace, monospace; }
pre { background: var(--box); padding: .6em .8em; overflow-x: auto; border-radius: 6px; }
table { border-collapse: collapse; } th, td { border: 1px solid var(--line); padding: .2em .6em; text-align: left; }
blockquote { border-left: 3px solid var(--line); margin-left: 0; padding-left: 1em; }
details { border: 1px solid var(--line); border-radius: 6px; padding: .3em .8em; margin: .5em 0; }
figure { margin: 1em 0; overflow-x: auto; } svg { max-width: 100%; height: auto; font-size: 12px; }
svg text { fill: currentColor; } svg .host, svg .time { opacity: .7; font-size: 11px; } svg .name { font-weight: bold; }
svg .lane { stroke: var(--line); stroke-dasharray: 3 4; } svg .state { fill: var(--box); stroke: var(--line); }
svg .call { fill: var(--good); } svg .bad { fill: var(--bad); stroke: var(--bad); } svg .packet { fill: var(--info); stroke: var(--info); }
.faint { opacity: .75; } .right::before { content: "✓ "; color: var(--good); } .wrong::before { content: "✗ "; color: var(--bad); }
@media print { body { max-width: none; margin: 0; } section, figure, details { break-inside: avoid; } a { color: inherit; } }
)";

class Writer {
 public:
  Writer(sandbox::Launcher& launcher, const lessons::Library& library, const Lesson& lesson)
      : launcher_(launcher), library_(library), lesson_(lesson) {}

  Handout take() {
    const std::string title = escaped(fmt::format("Lesson {}: {}", lesson_.number, lesson_.title));
    html_ =
        "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta "
        "charset=\"utf-8\" />\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n<title>" +
        title + "</title>\n<style>" + style + "</style>\n</head>\n<body>\n<h1>" + title + "</h1>\n<p>" +
        html_of_line(lesson_.summary) + "</p>\n";
    for (std::size_t at = 0; at < lesson_.pages.size(); ++at) write_page(at);
    write_commands();
    write_glossary();
    html_ +=
        "<p class=\"faint\">Made with Loopscope. The diagrams are of real runs on this machine's "
        "kernel.</p>\n</body>\n</html>\n";
    return {std::move(html_), note_};
  }

 private:
  void write_page(std::size_t at) {
    const Page& page = lesson_.pages[at];
    html_ += "<section>\n<h2>" + escaped(std::string(to_string(page.stage)) + ": " + page.title) + "</h2>\n" +
             html_of(page.markdown);
    for (const auto& forecast : lesson_.forecasts)
      if (forecast.page == at) write_forecast(forecast);
    if (!page.experiment.empty() && drawn_.insert(page.experiment).second) write_run(page.experiment);
    if (!page.acts.empty()) write_acts(page);
    for (const auto& quiz : page.quizzes) write_quiz(quiz);
    html_ += "</section>\n";
  }

  /// The answers, and folded below them what is to be said of each.
  void write_choices(const std::vector<lessons::Choice>& choices) {
    std::string folded;
    html_ += "<ol>\n";
    for (const auto& choice : choices) {
      html_ += "<li>" + html_of_line(choice.text) + "</li>\n";
      folded += std::string("<li class=\"") + (choice.right ? "right" : "wrong") + "\">" +
                html_of_line(choice.feedback) + "</li>\n";
    }
    html_ += "</ol>\n<details>\n<summary>Answer</summary>\n<ol>\n" + folded + "</ol>\n</details>\n";
  }

  void write_forecast(const lessons::Forecast& forecast) {
    html_ += "<h3>" + html_of_line(forecast.text) + "</h3>\n";
    std::vector<lessons::Choice> choices;
    const auto* experiment = experiment_of(lesson_, forecast.experiment);
    const auto& step = experiment->statements[forecast.statement];
    for (const auto& choice : forecast.choices)
      choices.push_back({choice.text, agree(step, choice.result, stated_of(step)->result), choice.feedback});
    write_choices(choices);
  }

  void write_quiz(const lessons::Quiz& quiz) {
    html_ += "<h3>Question</h3>\n" + html_of(quiz.text);
    write_choices(quiz.choices);
  }

  void write_acts(const Page& page) {
    html_ += "<h3>What can be done</h3>\n<ul>\n";
    for (const auto& act : page.acts) {
      html_ += "<li>" + html_of_line(act.label) + "<pre><code>";
      for (const auto& line : act.lines) html_ += escaped(line) + "\n";
      html_ += "</code></pre></li>\n";
    }
    html_ += "</ul>\n";
    if (!page.goal) return;
    html_ += "<p><strong>Goal</strong>: " + html_of_line(page.goal->words) + "</p>\n";
    if (page.goal->way.empty()) return;
    html_ += "<details>\n<summary>One way</summary>\n<ol>\n";
    for (const auto& label : page.goal->way) html_ += "<li>" + html_of_line(label) + "</li>\n";
    html_ += "</ol>\n</details>\n";
  }

  void write_run(const std::string& file) {
    const auto& experiment = *experiment_of(lesson_, file);
    const std::string title = experiment.title().empty() ? file : experiment.title();
    const auto report = lab::run(launcher_, experiment, {}, {}, {false, false, true});
    if (!report || !report->trouble.empty()) {
      const std::string why = report ? report->trouble : sandbox::to_string(report.error());
      note_ = "without a diagram of each run: " + why;
      html_ += "<p class=\"faint\">No diagram of <code>" + escaped(file) +
               "</code>: it could not be run where this page was made. " + escaped(why) + "</p>\n";
      return write_steps(experiment, nullptr);
    }
    trace::Timeline timeline;
    for (const auto& event : report->events) timeline.add(event);
    html_ += "<figure>\n" + sequence_svg(sequence::model_of(timeline, &experiment), title) + "<figcaption>" +
             escaped(title) + ": a real run</figcaption>\n</figure>\n";
    write_steps(experiment, &*report);
  }

  /// Each step in the language of the experiments, with what the kernel answered. Folded: it answers the
  /// questions.
  void write_steps(const experiment::Experiment& experiment, const lab::RunReport* report) {
    html_ += "<details>\n<summary>The steps</summary>\n<ol>\n";
    for (std::size_t at = 0; at < experiment.statements.size(); ++at) {
      const auto& statement = experiment.statements[at];
      if (const auto* words = std::get_if<experiment::Narration>(&statement.body)) {
        if (!words->words.empty()) html_ += "<li class=\"faint\">" + html_of_line(words->words) + "</li>\n";
        continue;
      }
      if (!has_result(statement)) continue;
      std::string answer;
      if (report != nullptr)
        for (const auto& outcome : report->outcomes)
          if (outcome.statement == at && outcome.result) answer = to_string(*outcome.result);
      const std::string process = process_of(statement);
      html_ += "<li><code>" + escaped((process.empty() ? "" : process + ": ") + call_text(statement)) +
               "</code>" + (answer.empty() ? "" : " → <code>" + escaped(answer) + "</code>") + "</li>\n";
    }
    html_ += "</ol>\n</details>\n";
  }

  void write_commands() {
    if (lesson_.commands.empty()) return;
    html_ += "<section>\n<h2>Try it</h2>\n";
    std::string purpose, system;
    for (const auto& command : lesson_.commands) {
      if (command.purpose != purpose) html_ += "<h3>" + html_of_line(command.purpose) + "</h3>\n";
      if (command.purpose != purpose || command.system != system)
        html_ +=
            "<p><strong>" + escaped(command.system) + "</strong>, " + html_of_line(command.note) + ":</p>\n";
      purpose = command.purpose;
      system = command.system;
      html_ += "<pre><code>" + escaped((system == "Windows" ? "> " : "$ ") + command.command) +
               (command.output.empty() ? "" : "\n" + escaped(command.output)) + "</code></pre>\n";
    }
    html_ += "</section>\n";
  }

  void write_glossary() {
    const auto terms = terms_of(lesson_, lessons::load_glossary(library_.folder));
    if (terms.empty()) return;
    html_ += "<section>\n<h2>Words</h2>\n<dl>\n";
    for (const auto& term : terms)
      html_ += "<dt><strong>" + html_of_line(term.name) + "</strong></dt>\n<dd>" +
               html_of_line(term.meaning) + "</dd>\n";
    html_ += "</dl>\n</section>\n";
  }

  sandbox::Launcher& launcher_;
  const lessons::Library& library_;
  const Lesson& lesson_;
  std::string html_, note_;
  std::set<std::string> drawn_;
};

}  // namespace

Handout handout_of(sandbox::Launcher& launcher, const lessons::Library& library, const Lesson& lesson) {
  return Writer(launcher, library, lesson).take();
}

tl::expected<std::string, std::string> write_handout(sandbox::Launcher& launcher,
                                                     const lessons::Library& library, const Lesson& lesson,
                                                     const std::string& path) {
  const Handout handout = handout_of(launcher, library, lesson);
  if (const auto done = lessons::write_durably(path, handout.html); !done)
    return tl::unexpected(done.error());
  return handout.note;
}

}  // namespace loopscope::app::cli
