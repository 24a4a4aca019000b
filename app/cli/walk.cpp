#include "app/cli/walk.hpp"

#include <poll.h>

#include <cerrno>
#include <map>
#include <set>

#include "app/cli/visitors.hpp"
#include "sim/experiment/parser.hpp"
#include "sim/lab/firewall_rules.hpp"
#include "sim/lab/here_rules.hpp"
#include "sim/lab/runner.hpp"
#include "sim/trace/words.hpp"

namespace loopscope::app::cli {
namespace {

using namespace experiment;

bool is_words(const Body& body) {
  return std::holds_alternative<Title>(body) || std::holds_alternative<Chapter>(body) ||
         std::holds_alternative<Narration>(body);
}

bool is_claim(const Body& body) {
  return std::holds_alternative<SocketClaim>(body) || std::holds_alternative<PacketsClaim>(body) ||
         std::holds_alternative<HeldClaim>(body);
}

/// Why the lab's end is no fault of the experiment, and what to do.
std::string words_of_death(const std::string& reason) {
  return reason +
         ": it was killed from outside, or the machine is out of memory or processes. Run it again; if it "
         "happens twice, please report it";
}

class Walker {
 public:
  Walker(const Experiment& experiment, const Audience& audience, bool here)
      : experiment_(experiment), audience_(audience), here_(here) {
    for (const Statement& statement : experiment.statements) {
      if (std::holds_alternative<RunStep>(statement.body) ||
          std::holds_alternative<StartStep>(statement.body))
        programs_.insert(process_of(statement));
    }
  }

  Walk go(std::unique_ptr<lab::Lab> lab) {
    if (audience_.opened) audience_.opened(*lab);
    lab::Runner runner(
        std::move(lab), experiment_, [this](std::size_t statement) { return before(statement); },
        [this](const lab::Outcome& outcome) { after(outcome); });
    runner_ = &runner;
    while (runner.pump()) {
      pollfd wait{runner.fd(), POLLIN, 0};
      (void)::poll(&wait, 1, -1);
    }
    show_sockets();
    lab::RunReport report = runner.report();
    walk_.died = !report.trouble.empty();
    if (walk_.died) complain(experiment_.file + ": " + words_of_death(report.trouble));
    walk_.events = std::move(report.events);
    return std::move(walk_);
  }

 private:
  bool before(std::size_t statement) {
    show_sockets();
    tell_news();
    return !audience_.before || audience_.before(statement);
  }

  void after(const lab::Outcome& outcome) {
    tell_news();
    const Statement& statement = experiment_.statements[outcome.statement];
    if (const auto* chapter = std::get_if<Chapter>(&statement.body)) chapter_ = chapter->words;
    if (is_words(statement.body)) {
      show_sockets();
      if (audience_.words) audience_.words(statement);
      return;
    }
    if (has_result(statement)) return take_step(statement, outcome);
    (void)program_calls();
    if (!outcome.trouble.empty()) {
      complain(experiment_.file + ":" + std::to_string(statement.place.line) + ": " + outcome.trouble);
    }
  }

  /// What the firewall stopped since the last step.
  std::vector<std::string> stopped_packets() {
    std::vector<std::string> words;
    const auto& events = runner_->so_far().events;
    for (; judged_ < events.size(); ++judged_) {
      const auto* judged = std::get_if<trace::FirewallJudged>(&events[judged_].fact);
      if (judged == nullptr || judged->judgement == trace::Judgement::Accepted) continue;
      words.push_back(trace::words_of(*judged));
      if (audience_.stopped) audience_.stopped(*judged);
    }
    return words;
  }

  /// Who has come meanwhile.
  void tell_news() {
    if (!here_) return;
    const auto& events = runner_->so_far().events;
    for (; told_ < events.size(); ++told_) {
      for (const std::string& words : visitors_.take(events[told_])) {
        if (audience_.news) audience_.news(words);
      }
    }
  }

  /// Who has the port that a bind did not get.
  [[nodiscard]] std::vector<std::string> holders(const Verdict& verdict) const {
    const auto* step = std::get_if<CallStep>(&verdict.statement->body);
    const auto* bind = step != nullptr ? std::get_if<BindCall>(&step->call) : nullptr;
    const auto* port = bind != nullptr ? std::get_if<Port>(&bind->address.port) : nullptr;
    if (!here_ || port == nullptr || verdict.kernel != Result{Errno{EADDRINUSE}}) return {};
    return visitors_.holders_of(*port);
  }

  /// What real programs did since the last step: calls that have returned, in strace's words.
  std::vector<std::string> program_calls() {
    std::vector<std::string> words;
    const auto& events = runner_->so_far().events;
    for (; calls_ < events.size(); ++calls_) {
      if (std::string line = program_line(events[calls_].fact); !line.empty())
        words.push_back(std::move(line));
    }
    if (audience_.told) {
      for (const std::string& line : words) audience_.told(line);
    }
    return words;
  }

  std::string program_line(const trace::Fact& fact) {
    if (const auto* entered = std::get_if<trace::CallEntered>(&fact)) {
      if (programs_.contains(entered->process)) under_way_[entered->call] = *entered;
    } else if (const auto* returned = std::get_if<trace::CallReturned>(&fact)) {
      const auto call = under_way_.find(returned->call);
      if (call == under_way_.end()) return {};
      std::string line = trace::words_of(call->second, *returned);
      under_way_.erase(call);
      return line;
    } else if (const auto* changed = std::get_if<trace::WorldChanged>(&fact)) {
      const std::string who = changed->what.substr(0, changed->what.find(": "));
      if (programs_.contains(who)) return changed->what;
    }
    return {};
  }

  void take_step(const Statement& statement, const lab::Outcome& outcome) {
    Verdict verdict;
    verdict.statement = &statement;
    verdict.chapter = chapter_;
    verdict.kernel = outcome.result;
    if (const Stated* stated = stated_of(statement)) verdict.stated = stated->result;
    if (is_claim(statement.body)) verdict.stated = Claimed{true};
    verdict.trouble = outcome.trouble;
    verdict.firewall = stopped_packets();
    verdict.holders = holders(verdict);
    verdict.calls = program_calls();
    judge(verdict);
    walk_.verdicts.push_back(verdict);
    if (audience_.step) audience_.step(verdict);
  }

  /// The last table that has come of each host, where it says something new.
  void show_sockets() {
    if (!audience_.sockets) return;
    const auto& events = runner_->so_far().events;
    std::map<std::string, const Sockets*> last;
    for (; seen_ < events.size(); ++seen_) {
      const auto* table = std::get_if<trace::SocketTable>(&events[seen_].fact);
      if (table != nullptr) last[table->host] = &table->sockets;
    }
    for (const auto& [host, sockets] : last) {
      const auto known = sockets_.find(host);
      const bool news = known == sockets_.end() ? !sockets->empty() : known->second != *sockets;
      if (!news) continue;
      sockets_[host] = *sockets;
      audience_.sockets(host, *sockets);
    }
  }

  void complain(const std::string& trouble) {
    walk_.trouble = true;
    if (audience_.trouble) audience_.trouble(trouble);
  }

  const Experiment& experiment_;
  const Audience& audience_;
  const lab::Runner* runner_ = nullptr;
  Walk walk_;
  std::string chapter_;
  bool here_;  ///< on this machine itself
  Visitors visitors_;
  std::map<std::string, Sockets> sockets_;  ///< by host, as they were shown last
  std::size_t seen_ = 0;                    ///< events looked at for socket tables
  std::size_t calls_ = 0;                   ///< … for programs' calls
  std::set<std::string> programs_;          ///< processes that run or start one
  std::map<trace::CallId, trace::CallEntered> under_way_;
  std::size_t judged_ = 0;  ///< … for the firewall's verdicts
  std::size_t told_ = 0;    ///< … for visitors
};

}  // namespace

tl::expected<Walk, sandbox::Refusal> walk(sandbox::Launcher& launcher, const Experiment& experiment,
                                          lab::RunOptions options, const Audience& audience) {
  Walk nothing;
  if (options.here) nothing.wrong = lab::refused_on_this_machine(experiment);
  if (!nothing.wrong.empty()) return nothing;
  lab::Lab::Options lab_options;
  lab_options.here = options.here;
  lab_options.programs = options.programs;
  lab_options.bridge = options.bridge;
  lab_options.file = experiment.file;
  lab_options.experiment = print(experiment);
  auto lab = lab::Lab::open(launcher, std::move(lab_options));
  if (!lab) return tl::unexpected(lab.error());
  if (auto wrong = lab::words_about(experiment, (*lab)->refused_rules()); !wrong.empty()) {
    nothing.wrong = std::move(wrong);
    return nothing;
  }
  if (const std::string& why = (*lab)->found().why_no_capture; options.capture && !why.empty()) {
    return tl::unexpected(sandbox::Refusal{
        why, 0,
        options.here ? "Run it with sudo, or without --here: a private lab's packets are always "
                       "yours to see"
                     : "`loopscope doctor` says more"});
  }
  return Walker(experiment, audience, options.here).go(std::move(*lab));
}

}  // namespace loopscope::app::cli
