#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

#include "app/cli/command.hpp"
#include "app/cli/input_files.hpp"
#include "app/cli/keyboard.hpp"
#include "app/cli/step_json.hpp"
#include "app/cli/step_text.hpp"
#include "sim/lab/here_rules.hpp"
#include "sim/trace/json.hpp"
#include "sim/trace/pcap_file.hpp"

/// `loopscope run FILE…`: experiments on the kernel.
namespace loopscope::app::cli {
namespace {

using experiment::Experiment;

struct Options {
  std::vector<std::string> files;
  bool here = false, step = false, json = false, programs = false, bridge = false;
  std::string trace, pcap;
};

/// Where there is no lab: what works all the same.
const char* const way_on =
    "`loopscope doctor` says more. Without a lab, `loopscope predict` gives the model's answers, and "
    "`loopscope "
    "run --here` runs on this machine's own loopback.";

class Run {
 public:
  Run(Context& context, const Options& options) : context_(context), options_(options) {}

  Status go() {
    const Input input = read_experiments(options_.files);
    for (const std::string& problem : input.problems) std::cerr << problem << "\n";
    if (!input.problems.empty() || !stays_here(input) || !can_write(input)) return Status::Wrong;
    if (!options_.programs && refuse_programs("run", input)) return Status::Wrong;
    brief_ = input.experiments.size() > 1 && !options_.step;
    for (const Experiment& experiment : input.experiments) {
      if (!run_one(experiment)) return Status::NoLab;
      if (stopped_) break;
    }
    if (options_.json)
      std::cout << summary_json(tally_) << "\n";
    else if (brief_)
      say_summary();
    if (!std::cout.flush())
      return std::cerr << "loopscope: standard output can't be written\n", Status::Wrong;
    if (died_) return Status::NoLab;
    if (wrong_) return Status::Wrong;
    if (tally_.differ > 0 || trouble_) return Status::Differs;
    if (not_written_) return Status::Wrong;
    return Status::Agreed;
  }

 private:
  /// On this machine itself: not a line of any file may leave its loopback or change it.
  bool stays_here(const Input& input) const {
    bool stays = true;
    for (const Experiment& experiment : input.experiments) {
      if (!options_.here) break;
      for (const std::string& words : lab::refused_on_this_machine(experiment)) {
        std::cerr << words << "\n";
        stays = false;
      }
    }
    return stays;
  }

  /// Before anything is run: where the results go must be all right.
  bool can_write(const Input& input) {
    if (options_.trace.empty() && options_.pcap.empty()) return true;
    if (input.experiments.size() > 1) {
      std::cerr << "loopscope run: --trace and --pcap keep what happened in one experiment; "
                << input.experiments.size() << " were given\n";
      return false;
    }
    for (const std::string& path : {options_.trace, options_.pcap}) {
      if (path.empty() || std::ofstream(path, std::ios::binary)) continue;
      std::cerr << "loopscope run: " << path << ": can't be written here\n";
      return false;
    }
    return true;
  }

  /// False where this machine has no lab.
  bool run_one(const Experiment& experiment) {
    ++tally_.files;
    StepWriter writer(std::cout, context_.terminal, experiment);
    const bool full = !brief_ && !options_.json;
    if (full) writer.headline(experiment, true);
    const auto walked = walk(context_.launcher, experiment,
                             {options_.here, !options_.pcap.empty(), options_.programs, options_.bridge},
                             audience(experiment, writer, full));
    if (!walked) {
      std::cerr << "loopscope run: " << to_string(walked.error()) << "\n";
      if (!options_.here) std::cerr << way_on << "\n";
      return false;
    }
    for (const std::string& words : walked->wrong) std::cerr << words << "\n";
    if (!walked->wrong.empty()) return wrong_ = true;
    died_ = died_ || walked->died;
    Tally one;
    for (const Verdict& verdict : walked->verdicts) {
      one.add(verdict);
      tally_.add(verdict);
    }
    if (full) std::cout << "\n" << say(one) << "\n";
    if (brief_ && !options_.json) say_briefly(experiment, *walked, one, writer);
    keep(walked->events);
    return true;
  }

  Audience audience(const Experiment& experiment, StepWriter& writer, bool full) {
    Audience audience;
    if (full) {
      auto stepper = std::make_shared<Stepper>(context_.terminal, options_.step);
      if (options_.step) take_commands(*stepper, audience);
      audience.words = [&writer, stepper](const auto& words) {
        if (std::holds_alternative<experiment::Chapter>(words.body)) stepper->chapter();
        writer.words(words);
      };
      audience.before = [this, &experiment, &writer, stepper](std::size_t index) {
        writer.end_paragraph();
        const auto& statement = experiment.statements[index];
        stopped_ = !stepper->wait_before(to_string(statement).substr(0, to_string(statement).find('\n')));
        if (!stopped_ && !has_result(statement)) writer.deed(statement);
        return !stopped_;
      };
    }
    if (full) audience.news = audience.told = [&writer](const std::string& words) { writer.note(words); };
    if (full) audience.stopped = [&writer](const trace::FirewallJudged& judged) { writer.stopped(judged); };
    audience.step = [this, &experiment, &writer, full](const Verdict& verdict) {
      if (options_.json) std::cout << step_json(experiment.file, verdict) << "\n" << std::flush;
      if (full) writer.step(verdict);
      if (options_.json && !verdict.trouble.empty()) {
        std::cerr << fmt::format("{}:{}: {}\n", experiment.file, verdict.statement->place.line,
                                 verdict.trouble);
      }
    };
    audience.trouble = [this, &writer, full](const std::string& words) {
      trouble_ = true;
      if (full)
        writer.trouble(words);
      else
        std::cerr << words << "\n";
    };
    return audience;
  }

  /// `block server s` at the prompt: a listener of the experiment's own hears nothing (Lab::block_listener).
  static void take_commands(Stepper& stepper, Audience& audience) {
    auto lab = std::make_shared<lab::Lab*>(nullptr);
    audience.opened = [lab](lab::Lab& opened) { *lab = &opened; };
    stepper.understand(
        [lab](const std::string& line) {
          std::istringstream words(line);
          std::string verb, process, variable, more;
          words >> verb >> process >> variable;
          if ((verb != "block" && verb != "unblock") || variable.empty() || words >> more) return false;
          if (*lab != nullptr) (*lab)->block_listener(process, variable, verb == "block");
          return true;
        },
        ", `block PROCESS VAR` has a listener of the experiment drop what comes (IP_MINTTL: a TTL filter of "
        "that "
        "one socket, no firewall), `unblock PROCESS VAR` ends that");
  }

  std::string say(const Tally& tally) const {
    const bool well = tally.differ == 0 && !trouble_;
    return context_.terminal.paint(
        well ? Style::Good : Style::Bad,
        (well ? "✓ " : "✗ ") + tally_words(tally) + (trouble_ ? ", but not all could be done" : ""));
  }

  void say_briefly(const Experiment& experiment, const Walk& walked, const Tally& tally, StepWriter& writer) {
    const bool well = tally.differ == 0 && !walked.trouble;
    std::cout << context_.terminal.paint(well ? Style::Good : Style::Bad, well ? "✓ " : "✗ ")
              << experiment.file << context_.terminal.paint(Style::Faint, "  " + counted(tally.steps, "step"))
              << "\n";
    for (const Verdict& verdict : walked.verdicts) {
      if (verdict.agree) continue;
      std::cout << context_.terminal.paint(Style::Faint,
                                           fmt::format("  line {}", verdict.statement->place.line));
      writer.step(verdict);
    }
    std::cout << std::flush;
  }

  void say_summary() const {
    std::cout << "\n" << counted(tally_.files, "file") << ", " << say(tally_) << "\n";
  }

  void keep(const std::vector<trace::Event>& events) {
    if (!options_.trace.empty()) {
      std::ofstream out(options_.trace, std::ios::binary);
      trace::write_trace(out, events);
      if (!out.flush()) complain_about(options_.trace + ": could not be written completely");
    }
    if (options_.pcap.empty()) return;
    if (const auto written = trace::write_pcap(options_.pcap, events); !written)
      complain_about(written.error());
  }

  void complain_about(const std::string& words) {
    not_written_ = true;
    std::cerr << "loopscope run: " << words << "\n";
  }

  Context& context_;
  const Options& options_;
  Tally tally_;
  bool brief_ = false;    ///< one line a file
  bool stopped_ = false;  ///< the person at the keyboard had enough
  bool trouble_ = false;
  bool not_written_ = false;
  bool died_ = false;   ///< a lab ended before its experiment
  bool wrong_ = false;  ///< a file holds a rule that nftables refuses
};

}  // namespace

void add_run(CLI::App& program, Chosen& chosen) {
  CLI::App* command = program.add_subcommand("run", "Run experiments on the kernel, in a private lab");
  auto options = std::make_shared<Options>();
  command
      ->add_option("FILE", options->files,
                   "a .lab file, a folder (every .lab below it), or - for standard input")
      ->required();
  auto* here =
      command->add_flag("--here", options->here,
                        "on this machine's own loopback instead of a private lab: your browser can join");
  command->add_flag("--allow-programs", options->programs, "let the experiments start real programs")
      ->excludes(here);
  command
      ->add_flag("--bridge", options->bridge,
                 "join hosts by the kernel's bridge, which is faster; packets between them can't be held")
      ->excludes(here);
  auto* step = command->add_flag("--step", options->step,
                                 "stop before each step: Enter goes on, c to the chapter's end, q stops");
  command->add_flag("--json", options->json, "one JSON object a step, and a summary")->excludes(step);
  command->add_option("--trace", options->trace, "keep everything that happened in this file, as JSON Lines")
      ->option_text("OUT.jsonl");
  command->add_option("--pcap", options->pcap, "keep the packets in this file, for Wireshark")
      ->option_text("OUT.pcap");
  command->callback([options, &chosen] {
    chosen.action = [options](Context& context) {
      const bool reads_stdin =
          std::find(options->files.begin(), options->files.end(), "-") != options->files.end();
      if (options->step && reads_stdin) {
        std::cerr << "loopscope run: --step reads what you type, so the experiment can't come from standard "
                     "input too\n";
        return Status::Wrong;
      }
      return Run(context, *options).go();
    };
  });
}

}  // namespace loopscope::app::cli
