#include "app/cli/asked.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <iostream>
#include <random>

#include "app/cli/keyboard.hpp"
#include "lessons/game/kernel_answer.hpp"

namespace loopscope::app::cli {
namespace {

std::string who(const game::Holder& holder) {
  return holder.process.empty() ? "nobody's" : holder.process + " (" + holder.variable + ")";
}

void put_world(const Terminal& terminal, const std::vector<game::Holder>& world) {
  if (world.empty()) return;
  std::size_t local = 18, peer = 18;
  for (const auto& holder : world) {
    local = std::max(local, holder.local.size());
    peer = std::max(peer, holder.peer.size());
  }
  std::cout << terminal.paint(Style::Faint, "  Netid State       " + padded("Local", local) + " " +
                                                padded("Peer", peer) + " Socket")
            << "\n";
  for (const auto& holder : world) {
    std::cout << "  " << padded(holder.transport, 5) << " " << padded(holder.state, 11) << " "
              << padded(holder.local.empty() ? "-" : holder.local, local) << " " << padded(holder.peer, peer)
              << " " << who(holder) << (holder.options.empty() ? "" : "  " + holder.options) << "\n";
  }
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

std::optional<std::size_t> choice_named(const game::Question& question, const std::string& typed) {
  std::size_t number = 0;
  const char* end = typed.data() + typed.size();
  const auto [stop, error] = std::from_chars(typed.data(), end, number);
  if (error == std::errc{} && stop == end && number >= 1 && number <= question.answers.size())
    return number - 1;
  for (std::size_t i = 0; i < question.answers.size(); ++i)
    if (lower(question.answers[i].name) == lower(typed)) return i;
  return std::nullopt;
}

}  // namespace

void put(const Terminal& terminal, const game::Question& question, const std::string& heading) {
  std::cout << "\n" << terminal.paint(Style::Chapter, heading) << "\n";
  for (const auto& setting : question.settings) std::cout << "  " << setting << "\n";
  for (const auto& call : question.earlier) std::cout << terminal.paint(Style::Faint, "  " + call) << "\n";
  put_world(terminal, question.world);
  std::cout << terminal.paint(Style::Ask, "? " + question.process + ": " + question.call + " = ?") << "\n   ";
  for (std::size_t i = 0; i < question.answers.size(); ++i)
    std::cout << " " << i + 1 << ") " << question.answers[i].name << " ";
  std::cout << "\n" << std::flush;
}

std::optional<Typed> read_answer(const Terminal& terminal, const game::Question& question) {
  while (true) {
    const auto line = ask(terminal.paint(Style::Ask, "  your answer › "));
    if (!line) return std::nullopt;
    const auto from = line->find_first_not_of(" \t\r");
    if (from == std::string::npos) return Typed{};
    const std::string typed = line->substr(from, line->find_last_not_of(" \t\r") + 1 - from);
    if (typed == "q" || typed == "quit") return std::nullopt;
    if (const auto choice = choice_named(question, typed)) return Typed{choice};
    std::cout << "  A number from 1 to " << question.answers.size()
              << ", a name such as EADDRINUSE, Enter for \"I don't know\", or q to stop.\n";
  }
}

game::Verdict Kernel::ask(const game::Question& question) {
  if (none_) return game::judge(question, std::nullopt);
  game::KernelAnswer answer(launcher_, question.experiment);
  answer.wait();
  none_ = answer.no_lab();
  if (!answer.result()) {
    std::cout << std::flush;
    std::cerr << "loopscope: the model answers " << (none_ ? "here" : "this one")
              << ", not the kernel: " << answer.trouble() << "\n";
  }
  return game::judge(question, answer.result());
}

void tell(const Terminal& terminal, const game::Question& question, std::optional<std::size_t> chosen,
          const game::Verdict& verdict) {
  const bool right = chosen == verdict.right;
  const std::string says = std::string(verdict.by_kernel ? "the kernel: " : "the model: ") + verdict.answer;
  const std::string mine = chosen ? question.answers[*chosen].name : "no answer";
  std::cout << terminal.paint(right ? Style::Good : Style::Doubt,
                              right ? "  ✓ " + says : "  ✗ you: " + mine + "   " + says)
            << "\n";
  if (verdict.differs)
    std::cout << wrapped("The model expected " + question.answers[question.predicted].name +
                             "; the kernel's answer counts. Its rule does not fit here: please report it.",
                         4, terminal.columns);
  const std::string feedback = game::feedback_to(question, chosen, verdict);
  if (!feedback.empty()) std::cout << wrapped(feedback, 4, terminal.columns);
  std::cout << wrapped(question.why, 4, terminal.columns)
            << terminal.paint(Style::Faint, "    rule " + question.rule + "  (" + question.source + ")")
            << "\n";
}

bool change_progress(const std::function<void(lessons::Progress&)>& change) {
  const std::string path = lessons::usual_progress_path();
  if (path.empty()) {
    std::cerr << "loopscope: neither XDG_STATE_HOME nor HOME is set, so nothing is kept\n";
    return false;
  }
  auto progress = lessons::load_progress(path);
  if (!progress) return std::cerr << "loopscope: " << progress.error() << "\n", false;
  change(*progress);
  if (const auto saved = lessons::save_progress(path, *progress); !saved)
    return std::cerr << "loopscope: this cannot be kept: " << saved.error() << "\n", false;
  return true;
}

lessons::Progress read_progress() {
  const std::string path = lessons::usual_progress_path();
  if (path.empty()) return {};
  auto progress = lessons::load_progress(path);
  if (progress) return std::move(*progress);
  std::cerr << "loopscope: " << progress.error() << "\n";
  return {};
}

std::uint64_t any_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U | device()) >> 16U;
}

}  // namespace loopscope::app::cli
