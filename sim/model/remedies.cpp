#include "sim/model/remedies.hpp"

#include <algorithm>

#include "sim/model/inside.hpp"
#include "sim/model/remedy_search.hpp"

namespace loopscope::model {
namespace {

using namespace experiment;

/// The port that a bind or a listen is about; 0 where it is any, or another call.
std::uint16_t port_in_question(const World& world, const CallStep& step) {
  const auto owner = std::find_if(world.processes.begin(), world.processes.end(),
                                  [&](const auto& process) { return process->name == step.process; });
  if (owner == world.processes.end()) return 0;
  if (const auto* bind = std::get_if<BindCall>(&step.call))
    return number(resolve(world, **owner, bind->address).address.port);
  if (const auto* listen = std::get_if<ListenCall>(&step.call)) {
    const auto* variable = (*owner)->variables.find(listen->fd);
    const auto* socket = variable == nullptr ? nullptr : world.sockets.find(variable->socket);
    return socket == nullptr ? 0 : socket->num;
  }
  return 0;
}

/// Ending a process with very many sockets takes its time; whether that helps shows at those of its sockets
/// that have to do with the port in question.
bool end_for_one_port(World& world, const KillStep& kill, std::uint16_t port) {
  if (port == 0) return false;
  for (std::size_t i = 0; i < world.processes.size(); ++i) {
    if (world.processes[i]->name != kill.process) continue;
    end_process_at(world, i, port);
    return true;
  }
  return false;
}

}  // namespace

std::string_view to_string(Grade grade) {
  switch (grade) {
    case Grade::None:
      return "";
    case Grade::Note:
      return "note";
    case Grade::Caution:
      return "caution";
    case Grade::Danger:
      return "danger";
  }
  return "";
}

Experiment with(const Experiment& experiment, const Remedy& remedy) {
  auto changed = experiment;
  auto edits = remedy.edits;
  std::stable_sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.at > b.at; });
  for (const auto& edit : edits) {
    const auto at = changed.statements.begin() +
                    static_cast<std::ptrdiff_t>(std::min(edit.at, changed.statements.size()));
    if (edit.kind == Edit::Kind::Insert) changed.statements.insert(at, edit.statement);
    if (edit.kind == Edit::Kind::Replace) *at = edit.statement;
    if (edit.kind == Edit::Kind::Remove) changed.statements.erase(at);
  }
  changed.asides.clear();
  return changed;
}

std::vector<Remedy> what_would_have_worked(const Experiment& experiment, std::size_t failed_at) {
  if (failed_at >= experiment.statements.size()) return {};
  const auto& statement = experiment.statements[failed_at];
  if (!std::holds_alternative<CallStep>(statement.body)) return {};
  // The world before each statement, so that a change is tried from where it is made.
  std::vector<World> before(1);
  std::vector<std::size_t> failures(1);
  for (std::size_t i = 0; i < failed_at; ++i) {
    before.push_back(before.back());
    const bool bad = failed(apply(before.back(), experiment.statements[i]));
    failures.push_back(failures.back() + (bad ? 1 : 0));
  }
  World world = before.back();
  const auto failure = apply(world, statement);
  if (!failed(failure) || !is_known(*failure.result)) return {};
  Search search{statement, failure, {}, {}, failed_at, {}, {}};
  search.works = [&](const Remedy& remedy) {
    std::size_t from = failed_at;
    for (const auto& edit : remedy.edits) from = std::min(from, edit.at);
    World trial = before[from];
    std::size_t now = failures[from];
    Prediction last;
    for (std::size_t i = from; i <= failed_at; ++i) {
      auto next = experiment.statements[i];
      bool removed = false;
      for (const auto& edit : remedy.edits) {
        if (edit.at != i) continue;
        if (edit.kind == Edit::Kind::Insert) now += failed(apply(trial, edit.statement)) ? 1 : 0;
        if (edit.kind == Edit::Kind::Replace) next = edit.statement;
        removed = removed || edit.kind == Edit::Kind::Remove;
      }
      if (now > failures[failed_at]) return false;
      if (removed) continue;
      last = apply(trial, next);
      if (i < failed_at) now += failed(last) ? 1 : 0;
      if (now > failures[failed_at]) return false;
    }
    return last.result && is_success(*last.result);
  };
  search.before_bind = [&](const std::string& process, const std::string& fd) {
    for (std::size_t i = failed_at + 1; i-- > 0;) {
      const auto* step = std::get_if<CallStep>(&experiment.statements[i].body);
      if (step == nullptr || step->process != process) continue;
      const auto* bind = std::get_if<BindCall>(&step->call);
      if (bind != nullptr && bind->fd == fd) return i;
    }
    return failed_at;
  };
  for (std::size_t i = 0; i < failed_at; ++i) {
    const auto* rule = std::get_if<FirewallDecl>(&experiment.statements[i].body);
    if (rule != nullptr && !rule->clear) search.firewall_rules.emplace_back(i, rule->rule);
  }
  look_for_remedies(search, before.back());
  return std::move(search.found);
}

std::vector<Remedy> what_would_work(const World& world, const Statement& statement) {
  if (!std::holds_alternative<CallStep>(statement.body)) return {};
  World first = world;
  const auto failure = apply(first, statement);
  if (!failed(failure) || !is_known(*failure.result)) return {};
  auto port = port_in_question(world, std::get<CallStep>(statement.body));
  if (port == 0 && !failure.opponents.empty()) port = number(failure.opponents.front().local.port);
  Search search{statement, failure, {}, [](const std::string&, const std::string&) { return std::size_t{0}; },
                0,         {},      {}};
  search.works = [&](const Remedy& remedy) {
    World trial = world;
    auto last = statement;
    for (const auto& edit : remedy.edits) {
      if (edit.kind == Edit::Kind::Replace) last = edit.statement;
      if (edit.kind != Edit::Kind::Insert) continue;
      const auto* kill = std::get_if<KillStep>(&edit.statement.body);
      if (kill != nullptr && end_for_one_port(trial, *kill, port)) continue;
      if (failed(apply(trial, edit.statement))) return false;
    }
    const auto prediction = apply(trial, last);
    return prediction.result && is_success(*prediction.result);
  };
  look_for_remedies(search, world);
  return std::move(search.found);
}

}  // namespace loopscope::model
