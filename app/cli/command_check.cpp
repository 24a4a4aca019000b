#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>

#include "app/cli/command.hpp"
#include "app/cli/input_files.hpp"
#include "app/cli/predictor.hpp"
#include "app/cli/remedy_text.hpp"
#include "app/cli/step_json.hpp"
#include "app/cli/step_text.hpp"
#include "sim/model/remedies.hpp"

/// `loopscope predict FILE…`: the model alone. `loopscope check FILE…`: the model and the kernel, held
/// against each other and against what the files state.
namespace loopscope::app::cli {
namespace {

using experiment::Experiment;

struct Options {
  std::vector<std::string> files;
  bool json = false, programs = false;
};

/// So many of the changes that would have helped are told; the model finds them safest first.
constexpr std::size_t most_remedies = 3;

class Check {
 public:
  Check(Context& context, const Options& options, bool kernel)
      : context_(context), options_(options), kernel_(kernel) {}

  Status go() {
    const Input input = read_experiments(options_.files);
    for (const std::string& problem : input.problems) std::cerr << problem << "\n";
    if (!input.problems.empty()) return Status::Wrong;
    if (kernel_ && !options_.programs && refuse_programs("check", input)) return Status::Wrong;
    brief_ = input.experiments.size() > 1;
    for (const Experiment& experiment : input.experiments) {
      if (!one(experiment)) return Status::NoLab;
    }
    if (options_.json) {
      std::cout << summary_json(tally_) << "\n";
    } else if (brief_) {
      std::cout << "\n" << counted(tally_.files, "file") << ", " << say(tally_) << "\n";
    }
    if (!std::cout.flush())
      return std::cerr << "loopscope: standard output can't be written\n", Status::Wrong;
    if (died_) return Status::NoLab;
    if (wrong_) return Status::Wrong;
    if (tally_.differ > 0 || trouble_) return Status::Differs;
    return Status::Agreed;
  }

 private:
  using Shown = std::function<void(std::size_t)>;

  bool one(const Experiment& experiment) {
    ++tally_.files;
    auto verdicts = predict_all(experiment);
    StepWriter writer(std::cout, context_.terminal, experiment);
    std::size_t shown = 0;
    const Shown show_until = [&](std::size_t end) {
      if (shown == 0 && !options_.json) writer.headline(experiment, true);
      for (; shown < end; ++shown) show(experiment, verdicts[shown], writer);
      std::cout << std::flush;
    };
    const bool at_once = options_.json || !brief_;
    if (kernel_ && !add_kernel(experiment, verdicts, at_once ? show_until : Shown())) return false;
    Tally tally;
    for (const Verdict& verdict : verdicts) {
      tally.add(verdict);
      tally_.add(verdict);
    }
    if (!at_once) {
      show_briefly(experiment, verdicts, tally, writer);
      return true;
    }
    show_until(verdicts.size());
    if (!options_.json) std::cout << "\n" << say(tally) << "\n";
    return true;
  }

  /// Runs it on the kernel and puts its results beside the model's. `told`: so many verdicts are complete
  /// now. False: this machine has no lab.
  bool add_kernel(const Experiment& experiment, std::vector<Verdict>& verdicts, const Shown& told) {
    Audience audience;
    audience.step = [&](const Verdict& measured) {
      const auto at = std::ranges::lower_bound(verdicts, measured.statement, {}, &Verdict::statement);
      if (at == verdicts.end() || at->statement != measured.statement) return;
      add_measured(*at, measured);
      if (told) told(static_cast<std::size_t>(at - verdicts.begin()) + 1);
    };
    audience.trouble = [&](const std::string& words) {
      trouble_ = true;
      std::cerr << words << "\n";
    };
    const auto walked = walk(context_.launcher, experiment, {false, false, options_.programs}, audience);
    if (!walked) {
      std::cerr
          << "loopscope check: " << to_string(walked.error())
          << "\n`loopscope doctor` says more. Without a lab, `loopscope predict` gives the model's answers "
             "alone.\n";
      return false;
    }
    for (const std::string& words : walked->wrong) std::cerr << words << "\n";
    if (!walked->wrong.empty()) return wrong_ = true;
    died_ = died_ || walked->died;
    return true;
  }

  static void add_measured(Verdict& verdict, const Verdict& measured) {
    verdict.kernel = measured.kernel;
    verdict.trouble = measured.trouble;
    verdict.firewall = measured.firewall;
    judge(verdict);
    verdict.agree = verdict.agree && measured.agree;
  }

  void show_briefly(const Experiment& experiment, const std::vector<Verdict>& verdicts, const Tally& tally,
                    StepWriter& writer) const {
    const bool well = tally.differ == 0;
    std::cout << context_.terminal.paint(well ? Style::Good : Style::Bad, well ? "✓ " : "✗ ")
              << experiment.file << context_.terminal.paint(Style::Faint, "  " + counted(tally.steps, "step"))
              << "\n";
    for (const Verdict& verdict : verdicts) {
      if (!verdict.agree || !verdict.modelled) show(experiment, verdict, writer);
    }
  }

  void show(const Experiment& experiment, const Verdict& verdict, StepWriter& writer) const {
    if (options_.json) {
      std::cout << step_json(experiment.file, verdict) << "\n";
      return;
    }
    writer.call(*verdict.statement);
    std::cout << "  " << outcome(verdict) << "\n";
    if (!verdict.because.empty() && !plain(verdict)) {
      std::cout << context_.terminal.paint(
          Style::Faint, wrapped(verdict.because + " [" + verdict.rule + "]", 6, context_.terminal.columns));
    }
    if (!brief_) show_remedies(experiment, verdict);
  }

  void show_remedies(const Experiment& experiment, const Verdict& verdict) const {
    if (!verdict.agree || !verdict.model || !std::holds_alternative<experiment::Errno>(*verdict.model))
      return;
    const auto at = static_cast<std::size_t>(verdict.statement - experiment.statements.data());
    std::size_t told = 0;
    for (const auto& remedy : model::what_would_have_worked(experiment, at)) {
      if (++told > most_remedies) break;
      std::cout << wrapped((told == 1 ? "What would have worked: " : "or: ") + remedy_text(remedy), 6,
                           context_.terminal.columns);
    }
  }

  /// A success that needs no reason.
  static bool plain(const Verdict& verdict) {
    return verdict.agree && verdict.modelled && verdict.model && is_success(*verdict.model);
  }

  std::string outcome(const Verdict& verdict) const {
    std::string text = verdict.model ? to_string(*verdict.model) : "";
    if (verdict.agree) return text;
    text = "model " + text;
    if (verdict.kernel) text += ", kernel " + to_string(*verdict.kernel);
    if (verdict.stated) text += ", stated " + to_string(*verdict.stated);
    if (!verdict.trouble.empty()) text += " (" + verdict.trouble + ")";
    return context_.terminal.paint(Style::Bad, "✗ " + text);
  }

  std::string say(const Tally& tally) const {
    const bool well = tally.differ == 0 && !trouble_;
    auto words =
        counted(tally.steps, "step") + (well ? ": all agree" : fmt::format(": {} differ", tally.differ));
    if (tally.not_modelled > 0) words += fmt::format(", {} not modelled", tally.not_modelled);
    return context_.terminal.paint(well ? Style::Good : Style::Bad, (well ? "✓ " : "✗ ") + words);
  }

  Context& context_;
  const Options& options_;
  bool kernel_;
  Tally tally_;
  bool brief_ = false, trouble_ = false, wrong_ = false, died_ = false;
};

void add(CLI::App& program, Chosen& chosen, const char* name, const char* words, bool kernel) {
  CLI::App* command = program.add_subcommand(name, words);
  auto options = std::make_shared<Options>();
  command
      ->add_option("FILE", options->files,
                   "a .lab file, a folder (every .lab below it), or - for standard input")
      ->required();
  command->add_flag("--json", options->json, "one JSON object a step, and a summary");
  if (kernel)
    command->add_flag("--allow-programs", options->programs, "let the experiments start real programs");
  command->callback([options, kernel, &chosen] {
    chosen.action = [options, kernel](Context& context) { return Check(context, *options, kernel).go(); };
  });
}

}  // namespace

void add_predict(CLI::App& program, Chosen& chosen) {
  add(program, chosen, "predict", "Say what the model's rules give for experiments, and why; nothing is run",
      false);
}

void add_check(CLI::App& program, Chosen& chosen) {
  add(program, chosen, "check",
      "Run experiments on the kernel and hold them against the model and what they state", true);
}

}  // namespace loopscope::app::cli
