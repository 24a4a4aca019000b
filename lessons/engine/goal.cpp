#include "lessons/engine/goal.hpp"

#include <algorithm>
#include <map>

#include "sim/experiment/parser.hpp"

namespace loopscope::lessons {
namespace {

using experiment::Statement;

/// A step that the learner took by hand and that has finished.
struct OwnStep {
  Statement statement;
  std::string result;
};

/// The statement of a StepStarted: its text may or may not begin with the process.
std::optional<Statement> statement_of(const trace::StepStarted& step) {
  if (!step.process.empty())
    if (auto parsed = experiment::parse_statement(step.process + ": " + step.text)) return *parsed;
  if (auto parsed = experiment::parse_statement(step.text)) return *parsed;
  return {};
}

/// In the order in which they finished; steps of the experiment itself and those that could not be done are
/// left out.
std::vector<OwnStep> own_steps(const trace::Timeline& timeline) {
  std::map<std::uint64_t, const trace::StepStarted*> open;
  std::vector<OwnStep> steps;
  for (const auto& event : timeline.events()) {
    if (const auto* started = std::get_if<trace::StepStarted>(&event.fact); started && !started->statement) {
      open[started->step] = started;
    } else if (const auto* finished = std::get_if<trace::StepFinished>(&event.fact)) {
      const auto found = open.find(finished->step);
      if (found == open.end() || !finished->trouble.empty()) continue;
      if (auto statement = statement_of(*found->second)) steps.push_back({*statement, finished->result});
      open.erase(found);
    }
  }
  return steps;
}

/// The same step, whatever variable takes its result and whatever result it states.
bool same_step(const Statement& wanted, const Statement& taken) {
  const auto* one = std::get_if<experiment::CallStep>(&wanted.body);
  const auto* other = std::get_if<experiment::CallStep>(&taken.body);
  if (one && other) return one->process == other->process && one->call == other->call;
  const auto* late = std::get_if<experiment::ReturnsStep>(&wanted.body);
  const auto* also_late = std::get_if<experiment::ReturnsStep>(&taken.body);
  if (late && also_late) return late->process == also_late->process;
  const auto* run = std::get_if<experiment::RunStep>(&wanted.body);
  const auto* also_run = std::get_if<experiment::RunStep>(&taken.body);
  if (run && also_run) return run->process == also_run->process && run->words == also_run->words;
  return wanted == taken;
}

bool fulfils(const Statement& wanted, const OwnStep& step) {
  if (!same_step(wanted, step.statement)) return false;
  const auto* stated = experiment::stated_of(wanted);
  if (!stated) return true;
  const auto result = experiment::parse_result(step.result);
  return result && experiment::agree(stated->result, *result);
}

bool within(const experiment::AddressTerm& wanted, const SocketAddress& found) {
  const auto* ip = std::get_if<IpAddress>(&wanted.ip);
  const auto* port = std::get_if<Port>(&wanted.port);
  return (!ip || *ip == found.ip) && (!port || *port == found.port);
}

std::string host_of(const std::string& written) {
  return written.empty() ? std::string(experiment::here) : written;
}

bool holds(const experiment::SocketClaim& claim, const trace::Timeline& timeline) {
  const auto table = timeline.sockets_at(host_of(claim.host), timeline.end());
  const bool there = std::any_of(table.begin(), table.end(), [&](const trace::SocketEntry& socket) {
    return socket.state == claim.state && within(claim.local, socket.local) &&
           (!claim.peer || within(*claim.peer, socket.peer)) &&
           (claim.by.empty() || claim.by == socket.process);
  });
  return there != claim.none;
}

bool is_kind(const trace::TcpFlags& flags, experiment::PacketKind kind) {
  switch (kind) {
    case experiment::PacketKind::Syn:
      return flags.syn && !flags.ack;
    case experiment::PacketKind::SynAck:
      return flags.syn && flags.ack;
    case experiment::PacketKind::Rst:
      return flags.rst;
    case experiment::PacketKind::Fin:
      return flags.fin;
    case experiment::PacketKind::Any:
      return true;
  }
  return false;
}

bool holds(const experiment::PacketsClaim& claim, const trace::Timeline& timeline) {
  const auto& events = timeline.events();
  const auto count = std::count_if(events.begin(), events.end(), [&](const trace::Event& event) {
    const auto* seen = std::get_if<trace::PacketSeen>(&event.fact);
    return seen && seen->packet.transport == trace::Transport::Tcp && seen->host == host_of(claim.host) &&
           is_kind(seen->packet.flags, claim.kind) &&
           (!claim.from || within(*claim.from, seen->packet.source)) &&
           (!claim.to || within(*claim.to, seen->packet.destination));
  });
  return claim.count == 0 ? count == 0 : static_cast<std::uint64_t>(count) >= claim.count;
}

bool holds(const Statement& claim, const trace::Timeline& timeline) {
  if (const auto* sockets = std::get_if<experiment::SocketClaim>(&claim.body))
    return holds(*sockets, timeline);
  if (const auto* packets = std::get_if<experiment::PacketsClaim>(&claim.body))
    return holds(*packets, timeline);
  return false;  // the reader of lessons lets no other claim through
}

std::string words_of(const Statement& statement) {
  const auto first = statement.comment.find_first_not_of(' ');
  return first == std::string::npos ? experiment::to_string(statement) : statement.comment.substr(first);
}

}  // namespace

GoalState look_at(const Goal& goal, const trace::Timeline& timeline) {
  GoalState state;
  const auto steps = own_steps(timeline);
  auto from = steps.begin();
  for (const auto& call : goal.calls) {
    const auto found =
        std::find_if(from, steps.end(), [&](const OwnStep& step) { return fulfils(call, step); });
    if (found == steps.end()) state.missing.push_back(words_of(call));
    if (goal.in_order) from = found == steps.end() ? steps.end() : found + 1;
  }
  for (const auto& claim : goal.claims)
    if (!holds(claim, timeline)) state.missing.push_back(words_of(claim));
  if (steps.empty() && state.missing.empty()) state.missing.emplace_back("an act of your own");
  state.met = state.missing.empty();
  return state;
}

}  // namespace loopscope::lessons
