#include "app/views/stage_facts.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <unordered_map>

#include "sim/experiment/statement.hpp"
#include "sim/trace/visible.hpp"

namespace loopscope::app::stage {
namespace {

constexpr std::string_view wire = "wire";  // trace::PacketHeld::host between machines

/// One pass over the events; each member takes one kind of fact.
class Gatherer {
 public:
  Gatherer(Facts& facts, Whose whose) : facts_(facts), whose_(whose) {}

  void take(const trace::Event& event, std::size_t index) {
    index_ = index;
    at_ = event.at;
    if (moves(event.fact)) facts_.last_visible = &event;
    std::visit([this](const auto& fact) { note(fact); }, event.fact);
  }

 private:
  [[nodiscard]] bool is_mine(std::string_view host) const { return machine_of(host) == whose_.host; }
  /// What moves on the stage: where one machine is shown, what came by a cable is counted, and not drawn on
  /// the way through `lo`.
  [[nodiscard]] bool moves(const trace::Fact& fact) const {
    const auto* seen = std::get_if<trace::PacketSeen>(&fact);
    const bool drawn =
        whose_.among_others || seen == nullptr || (is_mine(seen->host) && seen->device == "lo");
    return trace::is_visible(fact) && drawn;
  }

  template <typename Fact>
  void note(const Fact&) {}

  void note(const trace::RunEnded&) { facts_.run_ended = true; }

  void note(const trace::ProcessStarted& started) {
    if (!is_mine(started.host)) {
      elsewhere_.insert(started.process);
      return;
    }
    ProcessRecord& process = process_of(started.process);
    process = {};
    process.name = started.process;
    process.pid = started.pid;
    process.root = started.root;
    process.outside = started.outside;
    process.user = started.user;
    process.started = at_;
  }

  void note(const trace::ProcessEnded& ended) {
    if (elsewhere_.contains(ended.process)) return;
    ProcessRecord& process = process_of(ended.process);
    process.ended = &ended;
    process.ended_at = at_;
    std::erase_if(facts_.descriptors, [&](const Descriptor& one) { return one.process == ended.process; });
  }

  void note(const trace::WorldChanged& changed) {
    for (ProcessRecord& process : facts_.processes) {
      if (changed.what == "kill " + process.name + " SIGSTOP") process.frozen = true;
      if (changed.what == "kill " + process.name + " SIGCONT") process.frozen = false;
    }
  }

  /// A claim moves nothing: the step before it stays to be seen, unless the claim fails.
  void note(const trace::StepStarted& started) {
    if (started.statement) {
      facts_.last_statement = std::max<std::size_t>(facts_.last_statement.value_or(0), *started.statement);
    }
    if (started.process.empty() && started.text.starts_with("expect ")) {
      claim_ = {&started, at_, nullptr, {}};
    } else {
      take_up({&started, at_, nullptr, {}});
    }
  }

  void take_up(const StepRecord& step) {
    facts_.step = step;
    facts_.packets.clear();
    facts_.gone.clear();
    facts_.by_cable.clear();
    facts_.gone_from_wire.clear();
    facts_.repeated.clear();
    facts_.stopped.clear();
  }

  void note(const trace::StepFinished& finished) {
    const bool claimed = claim_.started != nullptr && claim_.started->step == finished.step;
    if (claimed && finished.result == "holds") return;
    if (claimed) take_up(claim_);
    if (facts_.step.started == nullptr || facts_.step.started->step != finished.step) return;
    facts_.step.finished = &finished;
    facts_.step.finished_at = at_;
  }

  void note(const trace::CallEntered& call) {
    if (!call.host.empty() && !is_mine(call.host)) elsewhere_.insert(call.process);
    if (elsewhere_.contains(call.process)) return;
    facts_.last_active = at_;
    ProcessRecord& process = process_of(call.process);
    process.last_call = CallRecord{&call, at_, nullptr, {}};
    if (call.name == "listen") process.listens = true;
    if (call.name == "connect" || call.name == "sendto") process.connects = true;
    calls_[call.call] = {&call, at_};
  }

  void note(const trace::CallReturned& returned) {
    const auto found = calls_.find(returned.call);
    if (found == calls_.end()) return;
    const CallRecord record{found->second.first, found->second.second, &returned, at_};
    calls_.erase(found);
    ProcessRecord& process = process_of(returned.process);
    if (process.last_call && process.last_call->entered == record.entered) process.last_call = record;
    facts_.last_returned = record;
    facts_.last_returned_by = returned.process;
    follow_descriptor(*record.entered, returned);
  }

  void note(const trace::PacketSeen& seen) {
    if (!is_mine(seen.host)) return;
    facts_.last_active = at_;
    if (seen.device != "lo") {
      facts_.by_cable.push_back({&seen, at_, index_});
      return;
    }
    facts_.packets.push_back({&seen, at_, index_});
    ++facts_.packets_in_all;
  }

  void note(const trace::FirewallJudged& judged) {
    if (!is_mine(judged.host) || judged.judgement == trace::Judgement::Accepted) return;
    facts_.stopped.push_back({&judged, at_, index_});
  }

  void note(const trace::PacketHeld& held) {
    (is_mine(held.host) ? facts_.held : facts_.held_elsewhere).push_back({&held, at_, index_, 0});
  }

  void note(const trace::PacketLetGo& gone) {
    const auto away = std::find_if(facts_.held_elsewhere.begin(), facts_.held_elsewhere.end(),
                                   [&](const HeldRecord& one) { return one.held->id == gone.id; });
    if (away != facts_.held_elsewhere.end()) {
      if (away->held->host == wire)
        facts_.gone_from_wire.push_back(
            {away->held, at_, away->index, gone.verdict == trace::Verdict::Dropped});
      facts_.held_elsewhere.erase(away);
    }
    const auto found = std::find_if(facts_.held.begin(), facts_.held.end(),
                                    [&](const HeldRecord& one) { return one.held->id == gone.id; });
    if (found == facts_.held.end()) return;
    facts_.gone.push_back({found->held, at_, found->index, gone.verdict == trace::Verdict::Dropped});
    facts_.held.erase(found);
  }

  void note(const trace::Retransmission& again) {
    if (again.host == wire) facts_.repeated.push_back(&again.packet);
    for (auto* held : {&facts_.held, &facts_.held_elsewhere}) {
      for (HeldRecord& one : *held) {
        if (one.held->id == again.of) ++one.retransmissions;
      }
    }
  }

  void note(const trace::SocketTable& table) {
    if (!is_mine(table.host)) return;
    facts_.table = &table;
    facts_.table_at = at_;
    for (const trace::SocketEntry& socket : table.sockets) {
      if (socket.cookie != 0 && !socket.process.empty()) facts_.owners[socket.cookie] = socket.process;
    }
  }

  ProcessRecord& process_of(const std::string& name) {
    for (ProcessRecord& one : facts_.processes) {
      if (one.name == name) return one;
    }
    facts_.processes.push_back({});
    facts_.processes.back().name = name;
    facts_.processes.back().started = at_;
    return facts_.processes.back();
  }

  Descriptor* descriptor_of(const std::string& process, int fd) {
    for (Descriptor& one : facts_.descriptors) {
      if (one.process == process && one.fd == fd) return &one;
    }
    return nullptr;
  }

  void open_descriptor(const trace::CallEntered& call, std::int64_t fd, bool accepted) {
    const int number = static_cast<int>(fd);
    std::erase_if(facts_.descriptors,
                  [&](const Descriptor& one) { return one.process == call.process && one.fd == number; });
    Descriptor fresh;
    fresh.process = call.process;
    fresh.fd = number;
    fresh.variable = call.variable;
    fresh.accepted = accepted;
    if (call.arguments.find("SOCK_DGRAM") != std::string::npos) fresh.transport = trace::Transport::Udp;
    facts_.descriptors.push_back(std::move(fresh));
  }

  void follow_descriptor(const trace::CallEntered& call, const trace::CallReturned& returned) {
    const bool ok = returned.value >= 0 && returned.error == 0;
    if (call.name == "connect") {
      if (Descriptor* one = descriptor_of(call.process, call.fd))
        one->connected_to = address_in(call.arguments);
    }
    if (!ok) return;
    if (call.name == "socket") return open_descriptor(call, returned.value, false);
    if (call.name == "accept" || call.name == "accept4") return open_descriptor(call, returned.value, true);
    if (call.name == "close") {
      std::erase_if(facts_.descriptors,
                    [&](const Descriptor& one) { return one.process == call.process && one.fd == call.fd; });
      return;
    }
    Descriptor* one = descriptor_of(call.process, call.fd);
    if (one == nullptr) return;
    if (call.name == "bind") one->bound = address_in(call.arguments);
    if (call.name == "listen") one->listening = true;
    if (call.name == "setsockopt") {
      if (std::string option = option_in(call.arguments); !option.empty())
        one->options.push_back(std::move(option));
    }
  }

  Facts& facts_;
  Whose whose_;
  StepRecord claim_;  ///< `expect`, taken up last
  Nanoseconds at_{};
  std::size_t index_ = 0;
  std::unordered_map<trace::CallId, std::pair<const trace::CallEntered*, Nanoseconds>> calls_;
  std::set<std::string> elsewhere_;  ///< processes of other machines
};

/// The text between `opening` and the next `closing` character, searched from `from`.
std::string_view between(std::string_view text, std::string_view opening, char closing,
                         std::size_t from = 0) {
  const std::size_t start = text.find(opening, from);
  if (start == std::string_view::npos) return {};
  const std::size_t first = start + opening.size();
  const std::size_t last = text.find(closing, first);
  return last == std::string_view::npos ? std::string_view{} : text.substr(first, last - first);
}

}  // namespace

std::string_view machine_of(std::string_view host) {
  return host.empty() ? std::string_view(experiment::here) : host;
}

Facts gather(const trace::Timeline& timeline, Nanoseconds moment, Whose whose) {
  Facts facts;
  Gatherer gatherer(facts, whose);
  std::size_t index = 0;
  for (const trace::Event& event : timeline.until(moment)) gatherer.take(event, index++);
  return facts;
}

std::optional<SocketAddress> address_in(std::string_view arguments) {
  const std::string_view digits = between(arguments, "htons(", ')');
  unsigned port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size() || port > 65535)
    return {};
  std::string_view ip = between(arguments, "inet_addr(\"", '"');
  if (ip.empty()) {
    const std::size_t v6 = arguments.find("inet_pton(AF_INET6");
    if (v6 != std::string_view::npos) ip = between(arguments, "\"", '"', v6);
  }
  const auto parsed = IpAddress::parse(ip);
  if (!parsed) return {};
  return SocketAddress{*parsed, Port{static_cast<std::uint16_t>(port)}};
}

std::string option_in(std::string_view arguments) {
  for (const std::string_view family : {"SO_", "TCP_", "IP_", "IPV6_"}) {
    // the first argument names a level (SOL_SOCKET, IPPROTO_IP): look behind the second comma
    std::size_t start = arguments.find(',');
    if (start == std::string_view::npos) return {};
    start = arguments.find(',', start + 1);
    if (start == std::string_view::npos) return {};
    const std::size_t name = arguments.find_first_not_of(" ", start + 1);
    if (name == std::string_view::npos || arguments.substr(name, family.size()) != family) continue;
    const std::size_t name_end = arguments.find(',', name);
    const std::size_t value = arguments.find_first_not_of(" ", name_end + 1);
    if (name_end == std::string_view::npos || value == std::string_view::npos) return {};
    const bool bracketed = arguments[value] == '[';
    const std::string_view shown = bracketed ? between(arguments, "[", ']', value)
                                             : arguments.substr(value, arguments.find(", ", value) - value);
    return std::string(arguments.substr(name, name_end - name)) + " = " + std::string(shown);
  }
  return {};
}

}  // namespace loopscope::app::stage
