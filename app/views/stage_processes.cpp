#include <algorithm>
#include <map>

#include "app/views/stage_parts.hpp"
#include "sim/base/errno_name.hpp"

namespace loopscope::app::stage {
namespace {

/// Ports below Linux's ephemeral range (ip_local_port_range starts at 32768) lie left of every automatic
/// client port.
constexpr std::uint16_t first_ephemeral = 32768;

/// What the experiment's text and the calls so far say of a process's part.
struct Part {
  std::string name;
  bool serves = false;
  bool connects = false;
  std::uint16_t port = 0;                      ///< it asks for, 0 where unknown
  std::optional<IpAddress> ip = std::nullopt;  ///< likewise
  bool second = false;                         ///< it asks for a port that another server asked for before
};

Part& part_of(std::vector<Part>& parts, const std::string& name) {
  for (Part& one : parts) {
    if (one.name == name) return one;
  }
  parts.push_back({.name = name});
  return parts.back();
}

void read_call(Part& part, const experiment::Call& call) {
  using namespace experiment;
  if (std::holds_alternative<ListenCall>(call)) part.serves = true;
  if (const auto* bind = std::get_if<BindCall>(&call)) {
    if (const Port* port = std::get_if<Port>(&bind->address.port); port != nullptr && part.port == 0) {
      part.port = number(*port);
      if (const auto* ip = std::get_if<IpAddress>(&bind->address.ip)) part.ip = *ip;
    }
  }
  if (std::holds_alternative<ConnectCall>(call)) part.connects = true;
  if (const auto* send = std::get_if<SendCall>(&call); send != nullptr && send->to && part.port == 0) {
    part.connects = true;
  }
  if (const auto* recv = std::get_if<RecvCall>(&call); recv != nullptr && part.port != 0 && !part.connects) {
    part.serves = true;  // a datagram server
  }
}

bool listens_now(const Facts& facts, const std::string& process) {
  return facts.table != nullptr &&
         std::any_of(facts.table->sockets.begin(), facts.table->sockets.end(), [&](const auto& entry) {
           return entry.process == process && entry.state == SocketState::Listen;
         });
}

/// The processes that stand on the machine. Who is not declared is at home `here`.
std::vector<Part> parts_in(const Facts& facts, const Input& input) {
  const experiment::Experiment* experiment = input.experiment;
  std::vector<Part> parts;
  std::map<std::string, std::string_view> homes;
  if (experiment != nullptr) {
    for (const experiment::Statement& statement : experiment->statements) {
      if (const auto* declared = std::get_if<experiment::ProcessDecl>(&statement.body)) {
        homes[declared->name] = machine_of(declared->host);
        if (homes[declared->name] == input.host) part_of(parts, declared->name);
      }
      const std::string name = experiment::process_of(statement);
      const auto home = homes.find(name);
      if (name.empty() || (home == homes.end() ? experiment::here : home->second) != input.host) continue;
      Part& part = part_of(parts, name);
      if (const auto* step = std::get_if<experiment::CallStep>(&statement.body)) read_call(part, step->call);
    }
  }
  for (const ProcessRecord& record : facts.processes) {
    Part& part = part_of(parts, record.name);
    part.serves = part.serves || record.listens;
    part.connects = part.connects || record.connects;
    if (!record.outside) continue;
    part.serves = listens_now(facts, record.name);
    part.connects = !part.serves;
  }
  return parts;
}

/// The first server of a port, in the text's order, is the one that has it; who asks for it later contends.
void find_contenders(std::vector<Part>& parts) {
  for (auto one = parts.begin(); one != parts.end(); ++one) {
    one->second = one->serves && one->port != 0 && std::any_of(parts.begin(), one, [&](const Part& other) {
                    return other.serves && other.port == one->port && other.ip && one->ip &&
                           addresses_meet(*other.ip, *one->ip);
                  });
  }
}

/// Left to right: servers of low ports, clients, the others, servers. The first server stands outermost.
void order(std::vector<Part>& parts) {
  const auto rank = [](const Part& part) {
    if (part.serves) return part.port != 0 && part.port < first_ephemeral ? 0 : 3;
    return part.connects ? 1 : 2;
  };
  std::stable_sort(parts.begin(), parts.end(),
                   [&](const Part& a, const Part& b) { return rank(a) < rank(b); });
  const auto last =
      std::find_if(parts.begin(), parts.end(), [&](const Part& part) { return rank(part) == 3; });
  std::reverse(last, parts.end());
}

/// The next call that the experiment has for this process after the statements already taken up.
std::string next_call(const experiment::Experiment* experiment, const Facts& facts,
                      const std::string& process) {
  if (experiment == nullptr) return {};
  const std::size_t first = facts.last_statement ? *facts.last_statement + 1 : 0;
  for (std::size_t i = first; i < experiment->statements.size(); ++i) {
    const experiment::Statement& statement = experiment->statements[i];
    if (experiment::process_of(statement) != process) continue;
    if (const auto* step = std::get_if<experiment::CallStep>(&statement.body)) {
      if (!std::holds_alternative<experiment::StateCall>(step->call)) return experiment::name_of(step->call);
    }
    if (std::holds_alternative<experiment::ExitStep>(statement.body)) return "exit";
  }
  return {};
}

std::string result_words(const trace::CallReturned& returned) {
  if (returned.error != 0) return returned.name + "() = " + errno_name(returned.error);
  return returned.name + "() returned " + std::to_string(returned.value);
}

void say_ended(ProcessView& view, const ProcessRecord& record) {
  view.doing = Doing::Ended;
  if (record.outside) {
    view.words = "ended";  // how, is told to its parent only
    return;
  }
  if (record.ended->signal) {
    view.words = *record.ended->signal == 9 ? "killed (SIGKILL)"
                                            : "ended by signal " + std::to_string(*record.ended->signal);
  } else {
    view.words = "exited, status " + std::to_string(record.ended->exit_status.value_or(0));
  }
}

/// The question is what the call under way gives: it may have returned already.
bool asks_what_returns(const Input& input, const std::string& process) {
  if (input.experiment == nullptr || !input.asking || *input.asking >= input.experiment->statements.size())
    return false;
  const auto* step = std::get_if<experiment::ReturnsStep>(&input.experiment->statements[*input.asking].body);
  return step != nullptr && step->process == process;
}

void say_what_it_does(ProcessView& view, const ProcessRecord& record, const Facts& facts,
                      const Input& input) {
  if (record.ended != nullptr) return say_ended(view, record);
  if (record.frozen) {
    view.doing = Doing::Blocked;
    view.words = "frozen (SIGSTOP)";
    return;
  }
  if (record.outside) {
    view.doing = Doing::Running;
    view.words = "a program of this machine (" + record.user + ")";
    return;
  }
  if (record.last_call && record.last_call->returned == nullptr) {
    view.doing = Doing::Blocked;
    view.words = "in " + record.last_call->entered->name + "()";
    view.since = input.moment - record.last_call->entered_at;
    return;
  }
  const bool is_last =
      record.last_call && facts.last_returned && facts.last_returned->entered == record.last_call->entered;
  if (is_last && asks_what_returns(input, view.name)) {
    view.doing = Doing::Running;
    view.words = record.last_call->entered->name + "() = ?";
    return;
  }
  const bool failed = is_last && record.last_call->returned->error != 0;
  const bool in_step =
      is_last && facts.step.started != nullptr && facts.last_returned->returned_at >= facts.step.started_at;
  if (in_step) {
    view.doing = failed ? Doing::Failed : Doing::Returned;
    view.words = result_words(*record.last_call->returned);
    return;
  }
  const std::string next = next_call(input.experiment, facts, view.name);
  view.known = Known::Derived;
  if (!next.empty()) {
    view.doing = Doing::Stopped;
    view.words = next == "exit" ? "stopped before it exits" : "stopped before " + next + "()";
  } else {
    view.doing = input.experiment != nullptr ? Doing::Idle : Doing::Running;
    view.words = input.experiment != nullptr ? "no call left to make" : "running";
  }
}

}  // namespace

void add_processes(Model& model, const Facts& facts, const Input& input) {
  std::vector<Part> parts = parts_in(facts, input);
  find_contenders(parts);
  order(parts);
  for (const Part& part : parts) {
    ProcessView view;
    view.name = part.name;
    view.serves = part.serves;
    view.contends = part.second;
    const auto record = std::find_if(facts.processes.begin(), facts.processes.end(),
                                     [&](const ProcessRecord& one) { return one.name == part.name; });
    if (record == facts.processes.end()) {
      view.words = "not started yet";
      view.known = Known::Derived;
      view.dimmed = true;
    } else {
      view.pid = record->pid;
      view.root = record->root;
      say_what_it_does(view, *record, facts, input);
      view.dimmed = view.doing == Doing::Ended;
    }
    view.lit = facts.step.started != nullptr && facts.step.started->process == part.name &&
               view.doing != Doing::Ended;
    model.columns.push_back({model.processes.size(), {}});
    model.processes.push_back(std::move(view));
  }
}

}  // namespace loopscope::app::stage
