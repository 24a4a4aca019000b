#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "app/cli/command.hpp"
#include "app/cli/keyboard.hpp"
#include "app/cli/question.hpp"
#include "app/cli/step_text.hpp"
#include "lessons/engine/library.hpp"
#include "sim/base/nearest.hpp"

/// `loopscope tour [LESSON]`: a lesson's experiments in the terminal.
namespace loopscope::app::cli {
namespace {

using experiment::Experiment;
using lessons::Lesson;

constexpr int first_lesson = 3;  // the journey of a request: what the program is about

class Tour {
 public:
  Tour(Context& context, const Lesson& lesson)
      : context_(context), lesson_(lesson), typing_(somebody_types()) {}

  Status go() {
    std::cout << context_.terminal.paint(Style::Title,
                                         fmt::format("Lesson {}: {}", lesson_.number, lesson_.title))
              << "\n";
    if (!lesson_.summary.empty())
      std::cout << wrapped(without_marks(lesson_.summary), 2, context_.terminal.columns);
    std::cout << wrapped(
        "Everything below is done by real processes in a private world of their own, and measured there.", 2,
        context_.terminal.columns);
    Status worst = Status::Agreed;
    for (const auto& [file, experiment] : in_reading_order()) {
      std::cout << "\n";
      const Status status = show(file, *experiment);
      if (status == Status::NoLab || stopped_) return status;
      worst = std::max(worst, status);
    }
    return worst;
  }

 private:
  /// The experiments as the lesson's pages come to them; those that no page shows, last.
  std::vector<std::pair<std::string, const Experiment*>> in_reading_order() const {
    std::vector<std::pair<std::string, const Experiment*>> order;
    const auto add = [&](const std::string& file) {
      for (const auto& [known, experiment] : order) {
        if (known == file) return;
      }
      if (const Experiment* found = experiment_of(lesson_, file)) order.emplace_back(file, found);
    };
    for (const lessons::Page& page : lesson_.pages) add(page.experiment);
    for (const auto& [file, experiment] : lesson_.experiments) add(file);
    return order;
  }

  Status show(const std::string& file, const Experiment& experiment) {
    StepWriter writer(std::cout, context_.terminal, experiment);
    writer.headline(experiment, false);
    Stepper stepper(context_.terminal, typing_);
    std::unique_ptr<Question> question;
    std::optional<Guess> guess;

    Audience audience;
    audience.words = [&](const auto& words) {
      if (std::holds_alternative<experiment::Chapter>(words.body)) stepper.chapter();
      writer.words(words);
    };
    audience.before = [&](std::size_t index) {
      const experiment::Statement& statement = experiment.statements[index];
      writer.end_paragraph();
      const experiment::Stated* stated = stated_of(statement);
      if (stated != nullptr && stated->asked) {
        question = std::make_unique<Question>(std::cout, context_.terminal, forecast_of(lesson_, file, index),
                                              statement);
        question->put();
        guess = typing_ ? question->wait() : std::nullopt;
        return true;
      }
      const std::string text = to_string(statement);
      stopped_ = !stepper.wait_before(process_and_call(statement));
      if (!stopped_ && !has_result(statement)) writer.deed(statement);
      return !stopped_;
    };
    audience.step = [&](const Verdict& verdict) {
      writer.step(verdict);
      if (question && verdict.kernel) question->settle(guess, *verdict.kernel);
      question.reset();
    };
    audience.trouble = [&](const std::string& words) { writer.trouble(words); };
    audience.stopped = [&](const trace::FirewallJudged& judged) { writer.stopped(judged); };
    audience.sockets = [&](const std::string& host, const Sockets& sockets) {
      writer.sockets(host, sockets);
    };

    const auto walked = walk(context_.launcher, experiment, {false, false, true}, audience);
    if (!walked) {
      std::cout << std::flush;
      std::cerr
          << "loopscope tour: " << to_string(walked.error())
          << "\n`loopscope doctor` says more; `loopscope predict` gives the model's answers without a lab.\n";
      return Status::NoLab;
    }
    if (walked->died) return Status::NoLab;
    for (const Verdict& verdict : walked->verdicts) {
      if (!verdict.agree) return Status::Differs;
    }
    return walked->trouble ? Status::Differs : Status::Agreed;
  }

  /// Without the stated RESULT: that would answer the next question.
  static std::string process_and_call(const experiment::Statement& statement) {
    const std::string text = call_text(statement).substr(0, call_text(statement).find('\n'));
    return has_result(statement) && !process_of(statement).empty() ? process_of(statement) + ": " + text
                                                                   : text;
  }

  Context& context_;
  const Lesson& lesson_;
  bool typing_;
  bool stopped_ = false;
};

/// By folder, number, or part of the folder's name: '03-journey', '3', 'journey'.
const Lesson* find_lesson(const std::vector<Lesson>& all, const std::string& name) {
  for (const Lesson& lesson : all) {
    if (lesson.id == name || std::to_string(lesson.number) == name) return &lesson;
  }
  for (const Lesson& lesson : all) {
    if (!name.empty() && lesson.id.find(name) != std::string::npos) return &lesson;
  }
  return nullptr;
}

Status no_such_lesson(const std::vector<Lesson>& all, const std::string& name) {
  std::vector<std::string_view> ids;
  for (const Lesson& lesson : all) ids.push_back(lesson.id);
  const auto near = nearest(name, ids);
  std::cerr << "loopscope tour: there is no lesson '" << name << "'"
            << (near ? "; did you mean '" + *near + "'?" : "; `loopscope lessons` lists them") << "\n";
  return Status::Wrong;
}

}  // namespace

Status run_tour(Context& context, const std::string& name) {
  const auto folder = lessons::find_library();
  if (!folder) return std::cerr << "loopscope tour: " << folder.error() << "\n", Status::Wrong;
  const lessons::Library library = lessons::load_library(*folder);
  for (const lessons::LessonProblem& problem : library.problems) std::cerr << to_string(problem) << "\n";
  if (library.lessons.empty())
    return std::cerr << "loopscope tour: there is no lesson in " << *folder << "\n", Status::Wrong;
  const Lesson* lesson = find_lesson(library.lessons, name.empty() ? std::to_string(first_lesson) : name);
  if (lesson == nullptr && name.empty()) lesson = &library.lessons.front();
  if (lesson == nullptr) return no_such_lesson(library.lessons, name);
  return Tour(context, *lesson).go();
}

void add_tour(CLI::App& program, Chosen& chosen) {
  CLI::App* command = program.add_subcommand("tour", "Walk through a lesson's experiments, step by step");
  auto lesson = std::make_shared<std::string>();
  command->add_option(
      "LESSON", *lesson,
      "its name or number, as `loopscope lessons` lists them (default: 3, the journey of a request)");
  command->callback([lesson, &chosen] {
    chosen.action = [lesson](Context& context) { return run_tour(context, *lesson); };
  });
}

}  // namespace loopscope::app::cli
