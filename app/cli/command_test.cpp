#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>

#include "app/cli/asked.hpp"
#include "lessons/engine/durable_file.hpp"
#include "lessons/game/catalogue.hpp"
#include "lessons/game/results.hpp"

/// `loopscope test`: twelve questions before the course and after it, and what was gained.
namespace loopscope::app::cli {
namespace {

struct Options {
  std::uint64_t seed = 0;
  std::string file;
};

int lessons_done(const lessons::Progress& progress) {
  return static_cast<int>(std::count_if(progress.lessons.begin(), progress.lessons.end(),
                                        [](const auto& lesson) { return lesson.second.done; }));
}

void show_gains(const Terminal& terminal, const std::vector<lessons::TestTaken>& tests) {
  const auto gains = game::gains_of(tests);
  if (gains.empty()) return;
  std::cout << "\n" << terminal.paint(Style::Chapter, "First test and this one, rule by rule") << "\n";
  for (const auto& gain : gains) {
    std::cout << "  " << (gain.before ? "✓" : "✗") << " → "
              << terminal.paint(gain.after ? Style::Good : Style::Doubt, gain.after ? "✓" : "✗") << "  "
              << padded(gain.rule, 20) << " " << gain.sentence << "\n";
  }
  std::cout << "  " << game::right_of(tests.front()) << " of " << tests.front().answers.size()
            << " right then, " << game::right_of(tests.back()) << " now.\n";
}

struct Asked {
  game::Question question;
  std::optional<std::size_t> choice;
  game::Verdict verdict;
  double seconds = 0;
};

Status take(Context& context, const Options& options) {
  using Clock = std::chrono::steady_clock;
  Kernel kernel(context.launcher);
  const auto questions = game::make_test(options.seed != 0 ? options.seed : any_seed());
  std::cout << wrapped(std::to_string(questions.size()) +
                           " calls: say what each gives. What was right is told at the end, by rule.",
                       0, context.terminal.columns);
  std::vector<Asked> asked;
  for (const auto& question : questions) {
    const std::string number = std::to_string(asked.size() + 1);
    put(context.terminal, question, "Question " + number + " of " + std::to_string(questions.size()));
    const auto since = Clock::now();
    const auto verdict = kernel.ask(question);
    const auto typed = read_answer(context.terminal, question);
    if (!typed) {
      std::cout << "The test was not finished; nothing of it is kept.\n";
      return Status::Differs;
    }
    const std::chrono::duration<double> time = Clock::now() - since;
    asked.push_back({question, typed->choice, verdict, time.count()});
  }
  lessons::TestTaken test;
  test.at =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  for (const auto& one : asked) {
    test.answers.push_back(game::test_answer(one.question, one.choice, one.verdict, one.seconds));
    std::cout << "\n" << one.question.process << ": " << one.question.call << "\n";
    tell(context.terminal, one.question, one.choice, one.verdict);
  }
  std::cout << "\n" << game::right_of(test) << " of " << test.answers.size() << " right.\n";
  std::vector<lessons::TestTaken> tests;
  change_progress([&](lessons::Progress& progress) {
    test.lessons_done = lessons_done(progress);
    progress.tests.push_back(test);
    tests = progress.tests;
  });
  show_gains(context.terminal, tests);
  if (tests.size() == 1)
    std::cout << "This was the test before. Take it again after the course: the same rules, other numbers.\n";
  return Status::Agreed;
}

Status export_results(const std::string& file) {
  const auto tests = read_progress().tests;
  if (tests.empty()) {
    std::cerr << "loopscope test: no test has been finished yet; `loopscope test` takes one\n";
    return Status::Wrong;
  }
  const std::string csv = game::to_csv(tests);
  if (file == "-") return std::cout << csv << std::flush, Status::Agreed;
  if (const auto written = lessons::write_durably(file, csv); !written)
    return std::cerr << "loopscope test: " << written.error() << "\n", Status::Wrong;
  std::cout << tests.size() << (tests.size() == 1 ? " test" : " tests") << " written to " << file << "\n";
  return Status::Agreed;
}

}  // namespace

void add_test(CLI::App& program, Chosen& chosen) {
  CLI::App* command =
      program.add_subcommand("test", "Twelve questions, before the course and after it: what was gained");
  auto options = std::make_shared<Options>();
  command->add_option("--seed", options->seed, "draw the same worlds again");
  command->require_subcommand(0, 1);
  CLI::App* out = command->add_subcommand("export", "Write the results of all tests as CSV");
  out->add_option("FILE", options->file, "where to; - is standard output")->required();
  command->callback([options, &chosen, out] {
    const bool exports = out->parsed();
    chosen.action = [options, exports](Context& context) {
      return exports ? export_results(options->file) : take(context, *options);
    };
  });
}

}  // namespace loopscope::app::cli
