#include <fmt/format.h>

#include "sim/experiment/checker.hpp"

/// Whether the names that a line uses are there.
namespace loopscope::experiment {
namespace {

template <class Names>
std::vector<std::string_view> views_of(const Names& names) {
  std::vector<std::string_view> views;
  for (const auto& name : names) {
    if constexpr (std::is_same_v<typename Names::value_type, std::string>)
      views.push_back(name);
    else
      views.push_back(name.first);
  }
  return views;
}

}  // namespace

void Checker::check_mention(Mention& mention, const std::string& process) {
  switch (mention.kind) {
    case Kind::Variable:
      check_variable(mention, processes_[process], process);
      return;
    case Kind::Port:
      check_port(mention, process);
      return;
    case Kind::Host:
      check_host(mention);
      return;
    case Kind::Where:
      check_where(mention);
      return;
    case Kind::Device:
      check_device(mention);
      return;
    case Kind::Process:
      break;
  }
  // The process that takes a step need not be known: naming it makes it.
  if (mention.name == process && mention.column == column_)
    make_known(process, column_);
  else
    check_process(mention);
}

void Checker::check_variable(const Mention& mention, Process& process, const std::string& name) {
  if (process.variables.contains(mention.name)) return;
  std::string message;
  if (process.past_variables.contains(mention.name)) {
    message =
        fmt::format("`{}` is gone: process `{}` ended in line {}", mention.name, name, process.ended_line);
  } else {
    message = fmt::format("process `{}` has no variable `{}`", name, mention.name);
    std::string elsewhere;
    for (const auto& [other, state] : processes_) {
      if (state.variables.contains(mention.name)) elsewhere = other;
    }
    const std::string hint = did_you_mean(mention.name, views_of(process.variables));
    if (!hint.empty())
      message += hint;
    else if (!elsewhere.empty())
      message += fmt::format("; `{}` has one, but each process has its own", elsewhere);
    else
      message += fmt::format("; `{} = socket(…)` or `{} = accept(…)` makes one", mention.name, mention.name);
  }
  complain(mention.column, std::move(message));
  process.variables.insert(mention.name);
  process.past_variables.insert(mention.name);
}

std::string Checker::owner_of(const Mention& mention) {
  std::vector<std::string> owners;
  for (const auto& [name, process] : processes_) {
    if (process.past_variables.contains(mention.name)) owners.push_back(name);
  }
  if (owners.size() == 1) return owners.front();
  if (owners.empty())
    complain(mention.column,
             fmt::format("no process has a variable `{}`; a claim takes a port as `port(PROCESS.VARIABLE)`",
                         mention.name));
  else
    complain(
        mention.column,
        fmt::format("both `{}` and `{}` have a variable `{}`: write `port({}.{})` or `port({}.{})`",
                    owners[0], owners[1], mention.name, owners[0], mention.name, owners[1], mention.name));
  return "";
}

void Checker::check_port(Mention& mention, const std::string& process) {
  const bool own = mention.owner.empty();
  if (own && process.empty()) {
    (void)owner_of(mention);
    return;
  }
  const std::string owner = own ? process : mention.owner;
  const auto found = processes_.find(owner);
  if (found == processes_.end()) {
    complain(mention.column, fmt::format("there is no process `{}` so far{}", owner,
                                         did_you_mean(owner, views_of(processes_))));
    return;
  }
  Process& of = found->second;
  if (of.past_variables.contains(mention.name)) return;
  complain(mention.column, fmt::format("process `{}` has no variable `{}`{}", owner, mention.name,
                                       did_you_mean(mention.name, views_of(of.past_variables))));
  of.past_variables.insert(mention.name);
}

void Checker::check_host(const Mention& mention) {
  if (hosts_.contains(mention.name)) return;
  complain(mention.column, fmt::format("no host `{}` is declared above{}", mention.name,
                                       did_you_mean(mention.name, views_of(hosts_))));
}

void Checker::check_where(const Mention& mention) {
  if (mention.name == "wire") {
    need_network_.push_back(
        {line_,
         {mention.column, "there is no `wire`: this world has one host only; `host NAME` makes another"}});
    return;
  }
  if (hosts_.contains(mention.name)) return;
  std::vector<std::string_view> names = views_of(hosts_);
  names.push_back("wire");
  complain(mention.column, fmt::format("`{}` is neither a host nor `wire`{}", mention.name,
                                       did_you_mean(mention.name, names)));
}

void Checker::check_device(const Mention& mention) {
  const std::string host = mention.owner.empty() ? std::string(here) : mention.owner;
  if (mention.name == "lo" || devices_.contains({host, mention.name}) || !hosts_.contains(host)) return;
  if (mention.name == "eth0") {
    need_network_.push_back(
        {line_,
         {mention.column,
          fmt::format("`{}` has no device `eth0`: it comes with a second host, or with `device eth0`",
                      host)}});
    return;
  }
  std::vector<std::string_view> names{"lo"};
  for (const auto& [key, line] : devices_) {
    if (key.first == host) names.push_back(key.second);
  }
  complain(mention.column, fmt::format("`{}` has no device `{}`{}; `device {}` makes one", host, mention.name,
                                       did_you_mean(mention.name, names), mention.name));
}

void Checker::check_process(const Mention& mention) {
  const auto found = processes_.find(mention.name);
  if (found != processes_.end()) return;
  complain(mention.column, fmt::format("there is no process `{}` so far{}", mention.name,
                                       did_you_mean(mention.name, views_of(processes_))));
}

}  // namespace loopscope::experiment
