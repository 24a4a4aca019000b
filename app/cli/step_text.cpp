#include "app/cli/step_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/errno_name.hpp"
#include "sim/trace/words.hpp"

namespace loopscope::app::cli {
namespace {

using namespace experiment;

constexpr std::size_t margin = 2;
constexpr std::size_t shortest_result = 4;
constexpr std::size_t widest_call = 58;  // longer ones push their own result to the right

std::string shown_address(const SocketAddress& address) {
  return number(address.port) == 0 && address.ip.is_any() ? "*" : loopscope::to_string(address);
}

std::string owner_of(const trace::SocketEntry& socket) {
  if (!socket.process.empty()) return socket.process;
  return socket.inode == 0 ? "no process" : "";
}

std::string queues_of(const trace::SocketEntry& socket) {
  if (socket.state == SocketState::Listen) {
    return socket.receive_queue == 0 ? "" : counted(socket.receive_queue, "connection") + " to accept";
  }
  // The kernel counts a SYN and a FIN as one byte each, so these are its numbers and not bytes of data.
  std::string text;
  if (socket.receive_queue > 0) text = fmt::format("Recv-Q {}", socket.receive_queue);
  if (socket.send_queue > 0) text += fmt::format("{}Send-Q {}", text.empty() ? "" : "  ", socket.send_queue);
  return text;
}

/// What is to be said of a step beside its RESULT; empty where the file states nothing.
std::string verdict_words(const Verdict& verdict) {
  if (!verdict.trouble.empty()) return "✗ could not be done: " + verdict.trouble;
  if (!verdict.stated || !verdict.kernel) return "";
  const bool is_claim = std::holds_alternative<Claimed>(*verdict.kernel);
  if (is_claim) return verdict.agree ? "✓ holds" : "✗ does not hold";
  return verdict.agree ? "✓ as stated" : "✗ the file states " + to_string(*verdict.stated);
}

}  // namespace

std::string result_with_words(const Result& result) {
  const auto* error = std::get_if<Errno>(&result);
  return error == nullptr ? to_string(result) : to_string(result) + " (" + errno_words(error->number) + ")";
}

std::string tally_words(const Tally& tally) {
  std::string text = counted(tally.steps, "step") + ": ";
  if (tally.differ == 0)
    text += "all as stated";
  else
    text += std::to_string(tally.differ) + (tally.differ == 1 ? " differs" : " differ") +
            " from what the file states";
  if (tally.not_modelled > 0) text += fmt::format(", {} not modelled", tally.not_modelled);
  return text;
}

StepWriter::StepWriter(std::ostream& out, Terminal terminal, const Experiment& experiment)
    : out_(out), terminal_(terminal) {
  for (const Statement& statement : experiment.statements) {
    if (!has_result(statement)) continue;
    process_width_ = std::max(process_width_, width_of(process_of(statement)));
    const std::size_t width = width_of(call_text(statement));
    if (width <= widest_call) call_width_ = std::max(call_width_, width);
  }
}

void StepWriter::headline(const Experiment& experiment, bool with_file) {
  const std::string title = experiment.title().empty() ? experiment.file : experiment.title();
  out_ << terminal_.paint(Style::Title, title);
  if (title != experiment.file && with_file) out_ << terminal_.paint(Style::Faint, "  " + experiment.file);
  out_ << "\n";
}

void StepWriter::words(const Statement& statement) {
  if (const auto* narration = std::get_if<Narration>(&statement.body)) {
    if (narration->words.empty())
      end_paragraph();
    else
      narration_ += (narration_.empty() ? "" : " ") + narration->words;
  } else if (const auto* chapter = std::get_if<Chapter>(&statement.body)) {
    end_paragraph();
    out_ << "\n" << terminal_.paint(Style::Chapter, chapter->words) << "\n";
  }
}

void StepWriter::end_paragraph() {
  if (narration_.empty()) return;
  out_ << terminal_.paint(Style::Faint, wrapped(narration_, margin, terminal_.columns));
  narration_.clear();
}

void StepWriter::deed(const Statement& statement) {
  end_paragraph();
  const std::string text = call_text(statement);
  out_ << std::string(margin, ' ') << terminal_.paint(Style::Faint, text.substr(0, text.find('\n'))) << "\n";
}

void StepWriter::call(const Statement& statement) {
  end_paragraph();
  out_ << std::string(margin, ' ') << padded(process_of(statement), process_width_) << "  "
       << terminal_.paint(Style::Call, padded(call_text(statement), call_width_)) << std::flush;
}

void StepWriter::outcome(const Verdict& verdict) {
  const bool is_claim = verdict.kernel && std::holds_alternative<Claimed>(*verdict.kernel);
  std::string found = verdict.kernel && !is_claim ? result_with_words(*verdict.kernel) : "";
  const std::string said = verdict_words(verdict);
  if (!found.empty()) found = "  " + (said.empty() ? found : padded(found, shortest_result));
  out_ << found;
  if (!said.empty()) out_ << "  " << terminal_.paint(verdict.agree ? Style::Good : Style::Bad, said);
  out_ << "\n" << std::flush;  // whoever reads a pipe sees each step as it is done
}

void StepWriter::step(const Verdict& verdict) {
  call(*verdict.statement);
  outcome(verdict);
  for (const std::string& words : verdict.holders) note("held by " + words);
}

void StepWriter::trouble(const std::string& words) {
  end_paragraph();
  out_ << std::string(margin, ' ') << terminal_.paint(Style::Bad, "✗ " + words) << "\n";
}

void StepWriter::stopped(const trace::FirewallJudged& judged) {
  note("firewall: " + trace::words_of(judged));
}

void StepWriter::note(const std::string& words) {
  end_paragraph();
  const std::string indent(margin + process_width_ + 2, ' ');
  out_ << terminal_.paint(Style::Faint, indent + "│ " + words) << "\n" << std::flush;
}

void StepWriter::sockets(const std::string& host, const Sockets& sockets) {
  end_paragraph();
  const std::string indent(margin + process_width_ + 2, ' ');
  std::size_t local_width = 0;
  std::size_t peer_width = 0;
  std::size_t owner_width = 0;
  for (const auto& socket : sockets) {
    local_width = std::max(local_width, width_of(shown_address(socket.local)));
    peer_width = std::max(peer_width, width_of(shown_address(socket.peer)));
    owner_width = std::max(owner_width, width_of(owner_of(socket)));
  }
  if (host != experiment::here) out_ << terminal_.paint(Style::Faint, indent + "│ on " + host + ":") << "\n";
  if (sockets.empty()) out_ << terminal_.paint(Style::Faint, indent + "│ no sockets") << "\n";
  for (const auto& socket : sockets) {
    const std::string protocol = socket.transport == trace::Transport::Udp ? "UDP" : "TCP";
    std::string line = fmt::format(
        "{}│ {} {} {}  {}  {}  {}", indent, protocol, padded(loopscope::to_string(socket.state), 12),
        padded(shown_address(socket.local), local_width), padded(shown_address(socket.peer), peer_width),
        padded(owner_of(socket), owner_width), queues_of(socket));
    line.erase(line.find_last_not_of(' ') + 1);
    out_ << terminal_.paint(Style::Faint, line) << "\n";
  }
}

}  // namespace loopscope::app::cli
