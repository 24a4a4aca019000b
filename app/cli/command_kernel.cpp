#include <iostream>
#include <memory>

#include "app/cli/asked.hpp"
#include "lessons/game/catalogue.hpp"
#include "lessons/game/schedule.hpp"
#include "sim/base/nearest.hpp"

/// `loopscope kernel`: you are the kernel, in the terminal.
namespace loopscope::app::cli {
namespace {

struct Options {
  int questions = 12;
  std::uint64_t seed = 0;
  std::string rule;
  bool scores = false;
};

void show_scores(const Terminal& terminal, const lessons::GameRecord& record) {
  for (const auto knowledge : {game::Knowledge::Shaky, game::Knowledge::Known, game::Knowledge::New}) {
    for (const auto& topic : game::topics()) {
      if (game::knowledge_of(record, topic.rule) != knowledge) continue;
      const Style style = knowledge == game::Knowledge::Known   ? Style::Good
                          : knowledge == game::Knowledge::Shaky ? Style::Doubt
                                                                : Style::Faint;
      const auto known = record.rules.find(std::string(topic.rule));
      const std::string times = known == record.rules.end() ? ""
                                                            : std::to_string(known->second.right) + " of " +
                                                                  std::to_string(known->second.asked);
      std::cout << "  " << terminal.paint(style, padded(game::to_string(knowledge), 6)) << padded(times, 9)
                << padded(topic.rule, 24) << " " << game::sentence_of(topic.rule) << "\n";
    }
  }
  const auto score = game::score_of(record);
  std::cout << "  " << score.known << " known, " << score.shaky << " shaky, " << score.unasked
            << " new; best run " << record.best_run << "\n";
}

Status no_such_rule(const std::string& rule) {
  std::vector<std::string_view> names;
  for (const auto& topic : game::topics()) names.push_back(topic.rule);
  const auto near = nearest(rule, names);
  std::cerr << "loopscope kernel: it does not ask about '" << rule << "'"
            << (near ? "; did you mean '" + std::string(*near) + "'?"
                     : "; `loopscope kernel --scores` lists the rules")
            << "\n";
  return Status::Wrong;
}

class Game {
 public:
  Game(Context& context, const Options& options)
      : terminal_(context.terminal), kernel_(context.launcher), options_(options) {}

  Status play() {
    lessons::GameRecord record = read_progress().game;
    std::uint64_t seed = options_.seed != 0 ? options_.seed : any_seed();
    std::string last;
    for (int asked = 1; asked <= options_.questions; ++asked, ++seed) {
      const std::string rule = options_.rule.empty() ? game::next_rule(record, last, seed) : options_.rule;
      const auto question = game::make_question(rule, seed, game::level_of(record, rule));
      if (!question) return std::cerr << "loopscope kernel: no world for " << rule << "\n", Status::Wrong;
      put(terminal_, *question, "Question " + std::to_string(asked));
      const game::Verdict verdict = kernel_.ask(*question);  // while the learner reads
      const auto typed = read_answer(terminal_, *question);
      if (!typed) break;
      tell(terminal_, *question, typed->choice, verdict);
      const bool right = typed->choice == verdict.right;
      game::note_answer(record, rule, right);
      right_ += right ? 1 : 0;
      ++answered_;
      if (keeps_)
        keeps_ = change_progress(
            [&](lessons::Progress& progress) { game::note_answer(progress.game, rule, right); });
      last = rule;
    }
    const auto score = game::score_of(record);
    std::cout << "\n"
              << right_ << " of " << answered_ << " right; " << score.known << " rules known, " << score.shaky
              << " shaky, " << score.unasked << " new. `loopscope kernel --scores` lists them.\n";
    return Status::Agreed;
  }

 private:
  const Terminal& terminal_;
  Kernel kernel_;
  const Options& options_;
  int right_ = 0, answered_ = 0;
  bool keeps_ = true;
};

Status run(Context& context, const Options& options) {
  if (!options.rule.empty() && game::find_topic(options.rule) == nullptr) return no_such_rule(options.rule);
  if (options.scores) return show_scores(context.terminal, read_progress().game), Status::Agreed;
  return Game(context, options).play();
}

}  // namespace

void add_kernel(CLI::App& program, Chosen& chosen) {
  CLI::App* command = program.add_subcommand(
      "kernel", "You are the kernel: say what each call gives; the real one answers beside you");
  auto options = std::make_shared<Options>();
  command->add_option("-n,--questions", options->questions, "how many (default: 12)")
      ->check(CLI::Range(1, 10000));
  command->add_option("--rule", options->rule, "ask about one rule only, e.g. bind.time-wait");
  command->add_option("--seed", options->seed, "draw the same worlds again");
  command->add_flag("--scores", options->scores, "list the rules: known, shaky, new; ask nothing");
  command->callback(
      [options, &chosen] { chosen.action = [options](Context& context) { return run(context, *options); }; });
}

}  // namespace loopscope::app::cli
