#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <thread>

#include "sim/experiment/parser.hpp"
#include "sim/lab/lab.hpp"
#include "tests/judge/shrink.hpp"
#include "tests/judge/trial.hpp"

/// `./dev judge [COUNT] [--seed S] [--jobs N] [--firewall] [--most N] [--out FOLDER] [--as-is] [--show]
/// [--of FOLDER]`: random experiments on the model and the kernel. What differs is shrunk and written to
/// FOLDER (build/judge). Exit status 0: nothing differs; 1: something does; 2: usage; 3: no lab here; 130:
/// stopped by Ctrl-C, what was heard is told.
namespace {

using namespace loopscope;
using namespace loopscope::judge;

volatile std::sig_atomic_t interrupted = 0;

struct Arguments {
  Plan plan;
  std::string folder = "build/judge";
  bool show = false, shrink = true, good = true;
};

/// All of the folder's experiments, by name.
bool read_folder(const std::string& folder, Plan& plan) {
  std::vector<std::filesystem::path> files;
  std::error_code trouble;
  for (const auto& entry : std::filesystem::directory_iterator(folder, trouble)) {
    if (entry.path().extension() == ".lab") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::ifstream in(file);
    plan.texts.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    std::cerr << plan.texts.size() - 1 << " is " << file.string() << "\n";
  }
  plan.seed = 0;
  plan.count = plan.texts.size();
  return !files.empty();
}

Arguments read_arguments(int argc, char** argv) {
  Arguments read;
  read.plan.language.root = ::geteuid() == 0;  // else there is one user only
  read.plan.jobs = 12 * std::max(1U, std::thread::hardware_concurrency());
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto value = [&]() -> std::string { return i + 1 < argc ? argv[++i] : ""; };
    const auto number = [&](const std::string& text) {
      char* end = nullptr;
      const auto parsed = std::strtoull(text.c_str(), &end, 10);
      read.good = read.good && !text.empty() && *end == '\0';
      return parsed;
    };
    if (word == "--seed") {
      read.plan.seed = number(value());
    } else if (word == "--jobs") {
      read.plan.jobs = std::max<std::uint64_t>(1, number(value()));
    } else if (word == "--firewall") {
      read.plan.language.firewall = true;
    } else if (word == "--out") {
      read.folder = value();
    } else if (word == "--most") {
      read.plan.most = number(value());
    } else if (word == "--as-is") {
      read.shrink = false;
    } else if (word == "--of") {
      read.good = read_folder(value(), read.plan) && read.good;
    } else if (word == "--show") {
      read.show = true;
    } else {
      read.plan.count = number(word);
    }
  }
  return read;
}

/// One line on stderr: rewritten on a terminal, now and then elsewhere.
class ProgressLine {
 public:
  explicit ProgressLine(std::uint64_t count) : count_(count) {}
  void operator()(const Verdict& verdict, std::size_t to_hear_again) {
    for (; told_ < verdict.differences.size(); ++told_) {
      const auto& finding = verdict.differences[told_];
      std::cerr << "\nseed " << finding.task.seed << ": " << finding.words << "\n";
    }
    const auto now = Clock::now();
    const bool terminal = ::isatty(STDERR_FILENO) == 1;
    if (now - last_ < (terminal ? std::chrono::milliseconds(500) : std::chrono::seconds(20))) return;
    last_ = now;
    const double passed = std::chrono::duration<double>(now - start_).count();
    const double rate = static_cast<double>(verdict.done) / passed;
    const auto left = static_cast<std::uint64_t>(static_cast<double>(count_ - verdict.done) / rate);
    std::cerr << (terminal ? "\r\033[K" : "") << verdict.done << " of " << count_ << ", "
              << verdict.tally.differ << " differ, " << to_hear_again << " to hear again, flaked "
              << verdict.tally.flaked << "; " << static_cast<int>(rate) << " a second, " << left / 60
              << " min " << left % 60 << " s left" << (terminal ? "" : "\n") << std::flush;
  }
  ~ProgressLine() {
    if (::isatty(STDERR_FILENO) == 1) std::cerr << "\r\033[K";
  }

 private:
  using Clock = std::chrono::steady_clock;
  std::uint64_t count_;
  std::size_t told_ = 0;  ///< differences
  Clock::time_point start_ = Clock::now(), last_ = start_;
};

void keep(sandbox::Launcher& launcher, const Finding& finding, const Arguments& arguments) {
  const auto& folder = arguments.folder;
  auto least = finding.task.experiment;
  if (arguments.shrink) least = shrink(launcher, std::move(least));
  std::filesystem::create_directories(folder);
  const auto path = folder + "/" + std::to_string(finding.task.seed) + ".lab";
  const auto text = as_case(launcher, least, finding.task.seed);
  std::ofstream(path) << text;
  std::cout << path << ": " << finding.words << "\n" << text << "\n" << std::flush;
}

int report(sandbox::Launcher& launcher, const Arguments& arguments, const Verdict& verdict, double seconds) {
  for (const auto& flake : verdict.flakes)
    std::cout << "flaked: seed " << flake.task.seed << ": " << flake.words << "\n";
  print(std::cout, verdict.tally);
  std::cout << "seeds " << arguments.plan.seed << " to " << arguments.plan.seed + arguments.plan.count - 1
            << ", " << arguments.plan.jobs << " at a time, " << static_cast<int>(seconds) << " s\n"
            << std::flush;
  if (interrupted != 0) {
    std::cout << "stopped: " << verdict.done << " of " << arguments.plan.count << "\n";
    return 130;
  }
  for (const auto& finding : verdict.differences) {
    if (interrupted == 0) keep(launcher, finding, arguments);
  }
  return verdict.differences.empty() && verdict.tally.broken_off == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  auto launcher = lab::make_launcher();
  const auto arguments = read_arguments(argc, argv);
  if (!arguments.good) {
    std::cerr
        << "judge [COUNT] [--seed S] [--jobs N] [--firewall] [--most N] [--out FOLDER] [--as-is] [--show] "
           "[--of FOLDER]\n";
    return 2;
  }
  if (arguments.show) {
    for (std::uint64_t i = 0; i < arguments.plan.count; ++i)
      std::cout << random_experiment(arguments.plan.seed + i, arguments.plan.language) << "\n";
    return 0;
  }
  if (const auto lab = lab::Lab::open(launcher, {}); !lab) {
    std::cerr << "judge: " << sandbox::to_string(lab.error()) << "\n";
    return 3;
  }
  std::signal(SIGINT, [](int) { interrupted = 1; });
  const auto start = std::chrono::steady_clock::now();
  ProgressLine progress(arguments.plan.count);
  const auto verdict = try_all(launcher, arguments.plan, std::ref(progress), [] { return interrupted != 0; });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return report(launcher, arguments, verdict, took.count());
}
