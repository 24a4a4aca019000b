#include "sim/experiment/checker.hpp"

#include <fmt/format.h>

#include "sim/experiment/parse_result.hpp"

namespace loopscope::experiment {
namespace {

bool fails_for_sure(const CallStep& step) {
  return step.stated && std::holds_alternative<Errno>(step.stated->result);
}

}  // namespace

void Checker::complain(int column, std::string message) {
  findings_.push_back({line_, {column, std::move(message)}});
}

void Checker::take(ParsedLine& line) {
  line_ = line.statement.place.line;
  column_ = line.statement.place.column;
  result_column_ = line.result_column;
  const std::string process = process_of(line.statement);
  for (Mention& mention : line.mentions) check_mention(mention, process);
  std::visit([this](auto& body) { take_body(body); }, line.statement.body);
}

void Checker::take_broken(const BrokenLine& line) {
  if (!line.declared.empty()) {
    // Which of the three it was matters less than that the name does not cause further errors.
    hosts_.try_emplace(line.declared, 0);
    devices_.try_emplace({std::string(here), line.declared}, 0);
    processes_[line.declared].declared = true;
  }
  if (line.process.empty()) return;
  Process& process = processes_[line.process];
  process.last = Last::Unknown;
  if (line.variable.empty()) return;
  process.variables.insert(line.variable);
  process.past_variables.insert(line.variable);
}

void Checker::finish() {
  if (hosts_.size() > 1) return;
  for (Finding& finding : need_network_) findings_.push_back(std::move(finding));
}

// ---- declarations
// -----------------------------------------------------------------------------------------------

void Checker::take_body(Title&) {
  if (title_line_ != 0)
    complain(column_, fmt::format("a second title; the experiment has its name from line {}", title_line_));
  else
    title_line_ = line_;
}

void Checker::take_body(HostDecl& host) {
  const auto [place, is_new] = hosts_.try_emplace(host.name, line_);
  if (host.name == here)
    complain(column_, "the host `here` is always there and is not declared");
  else if (!is_new && place->second != 0)
    complain(column_, fmt::format("host `{}` is already declared in line {}", host.name, place->second));
  if (is_new && hosts_.size() == max_hosts + 1) {
    complain(column_, fmt::format("host `{}` would be one too many: a world has at most {}, `here` included",
                                  host.name, max_hosts));
  }
}

void Checker::take_body(ProcessDecl& declaration) {
  make_known(declaration.name, column_);
  Process& process = processes_[declaration.name];
  if (process.ended_line != 0) {
    process.ended_line = 0;  // declared anew, perhaps as another kind
  } else if (process.declared && process.first_line != 0) {
    complain(column_, fmt::format("process `{}` is already declared in line {}", declaration.name,
                                  process.first_line));
  } else if (process.first_line != 0) {
    complain(column_, fmt::format("process `{}` takes a step in line {} already: declare it before that",
                                  declaration.name, process.first_line));
  }
  process.declared = true;
  if (process.first_line == 0) process.first_line = line_;
}

void Checker::take_body(DeviceDecl& device) {
  const std::string host = device.host.empty() ? std::string(here) : device.host;
  if (device.name == "lo") {
    complain(column_, "the device `lo` is on each host and is not declared");
    return;
  }
  const auto [place, is_new] = devices_.try_emplace({host, device.name}, line_);
  if (!is_new && place->second != 0) {
    complain(column_, fmt::format("device `{}` of `{}` is already declared in line {}", device.name, host,
                                  place->second));
  }
}

// ---- steps
// ------------------------------------------------------------------------------------------------------

void Checker::make_known(const std::string& name, int column) {
  if (!processes_.try_emplace(name).second || processes_.size() != max_processes + 1) return;
  complain(column,
           fmt::format("process `{}` would be one too many: a world has at most {}", name, max_processes));
}

Checker::Process& Checker::step_of(const std::string& name, int column) {
  make_known(name, column);
  Process& process = processes_[name];
  if (process.first_line == 0) process.first_line = line_;
  process.ended_line = 0;  // a step of a process that has ended starts it anew
  return process;
}

void Checker::count_socket(Process& process, const CallStep& step) {
  if (std::holds_alternative<CloseCall>(step.call)) {
    const auto open = process.open.find(*descriptor_of(step.call));
    if (open == process.open.end()) return;
    process.open.erase(open);
    --process.sockets;
    --sockets_;
    return;
  }
  const bool opens =
      std::holds_alternative<SocketCall>(step.call) || std::holds_alternative<AcceptCall>(step.call);
  if (!opens || fails_for_sure(step)) return;
  if (!step.variable.empty()) process.open.insert(step.variable);
  ++process.sockets;
  if (++sockets_ <= max_sockets || too_many_sockets_) return;
  too_many_sockets_ = true;
  complain(column_, fmt::format("one socket too many: a world has at most {} at a time", max_sockets));
}

void Checker::take_body(CallStep& step) {
  Process& process = step_of(step.process, column_);
  process.last = Last::OneCall;
  process.last_call = step.call;
  count_socket(process, step);
  if (step.variable.empty()) return;
  process.variables.insert(step.variable);
  process.past_variables.insert(step.variable);
}

void Checker::take_body(ReturnsStep& step) {
  Process& process = step_of(step.process, column_);
  if (process.last == Last::Nothing) {
    complain(column_, fmt::format("`{}` has no call under way that could return", step.process));
  }
  if (!step.stated || process.last == Last::Nothing || process.last == Last::Unknown) return;
  const auto fitted = process.last == Last::OneCall ? fit_result(*process.last_call, step.stated->result)
                                                    : fit_run_result(step.stated->result);
  if (fitted)
    step.stated->result = *fitted;
  else
    complain(result_column_, fitted.error());
}

void Checker::take_body(RunStep& step) { step_of(step.process, column_).last = Last::Program; }
void Checker::take_body(StartStep& step) { step_of(step.process, column_).last = Last::Program; }

void Checker::end_process(const std::string& name) {
  const auto found = processes_.find(name);
  if (found == processes_.end()) return;  // reported as an unknown process already
  Process& process = found->second;
  if (process.ended_line != 0) {
    complain(column_, fmt::format("process `{}` has ended in line {} already", name, process.ended_line));
  }
  sockets_ -= process.sockets;
  process.sockets = 0;
  process.open.clear();
  process.variables.clear();
  process.last = Last::Nothing;
  process.ended_line = line_;
}

// ---- claims
// -----------------------------------------------------------------------------------------------------

void Checker::resolve(AddressTerm& address) {
  auto* port = std::get_if<PortOf>(&address.port);
  if (port == nullptr || !port->process.empty()) return;
  for (const auto& [name, process] : processes_) {
    if (process.past_variables.contains(port->variable)) port->process = name;
  }
}

void Checker::take_body(SocketClaim& claim) {
  resolve(claim.local);
  if (claim.peer) resolve(*claim.peer);
}

void Checker::take_body(PacketsClaim& claim) {
  if (claim.from) resolve(*claim.from);
  if (claim.to) resolve(*claim.to);
}

}  // namespace loopscope::experiment
