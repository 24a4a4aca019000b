#include <algorithm>
#include <cerrno>

#include "app/views/stage_parts.hpp"
#include "sim/base/errno_name.hpp"

namespace loopscope::app::stage {
namespace {

/// The call that returned in the current step, or null.
const CallRecord* call_of_step(const Facts& facts) {
  if (facts.step.started == nullptr || !facts.last_returned) return nullptr;
  return facts.last_returned->returned_at >= facts.step.started_at ? &*facts.last_returned : nullptr;
}

int rank(const SocketView& socket) {
  if (socket.listens()) return 0;
  return socket.entry.state == SocketState::Bound ? 1 : 2;
}

/// The socket that holds the port which a failed bind or listen asked for. Derived: the kernel gives only the
/// errno.
std::optional<std::size_t> opponent_of(const Model& model, const CallRecord& call,
                                       const SocketAddress& wanted, trace::Transport transport) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < model.sockets.size(); ++i) {
    const SocketView& socket = model.sockets[i];
    const trace::SocketEntry& entry = socket.entry;
    const bool own = entry.process == call.entered->process && entry.fd == call.entered->fd;
    if (own || entry.transport != transport || entry.local.port != wanted.port) continue;
    if (!addresses_meet(entry.local.ip, wanted.ip)) continue;
    if (!found || rank(socket) < rank(model.sockets[*found])) found = i;
  }
  return found;
}

/// The model's explanation of the step that is shown, once the step has finished.
const Explanation* explanation_of(const Facts& facts, const Input& input) {
  const Explanation* why = input.explanation;
  if (why == nullptr || facts.step.finished == nullptr) return nullptr;
  return why->step == facts.step.finished->step ? why : nullptr;
}

/// The socket on the stage that the model means.
std::optional<std::size_t> find_decider(const Model& model, const Decider& decider) {
  for (std::size_t i = 0; i < model.sockets.size(); ++i) {
    const trace::SocketEntry& entry = model.sockets[i].entry;
    if (entry.process != decider.process || entry.transport != decider.transport) continue;
    if (entry.state != decider.state || entry.local.ip != decider.local.ip) continue;
    if (decider.any_port || entry.local.port == decider.local.port) return i;
  }
  return std::nullopt;
}

std::vector<std::size_t> deciders_of(const Model& model, const Explanation& why) {
  std::vector<std::size_t> found;
  for (const Decider& decider : why.deciders) {
    const auto socket = find_decider(model, decider);
    if (socket && std::find(found.begin(), found.end(), *socket) == found.end()) found.push_back(*socket);
  }
  return found;
}

std::string holder_words(const Model& model, const SocketView& socket) {
  const trace::SocketEntry& entry = socket.entry;
  std::string words = entry.process.empty() ? "*no process*" : "*" + entry.process + "*";
  if (const auto process = find_process(model, entry.process)) {
    words += ", pid " + std::to_string(model.processes[*process].pid) + ", fd " + std::to_string(entry.fd);
  }
  return words + "\n`" + to_string(entry.local) + "` in " + socket.state;
}

std::string rule_of_sharing(const SocketView& opponent) {
  if (opponent.entry.transport == trace::Transport::Udp) {
    return "Two UDP sockets share an address and port only where *both* set SO_REUSEADDR or both set "
           "SO_REUSEPORT before bind.";
  }
  if (opponent.listens()) {
    return "One of the two listens, so *SO_REUSEADDR* is not enough: both need *SO_REUSEPORT*, set before "
           "bind, and the same user.";
  }
  if (opponent.entry.state == SocketState::TimeWait) {
    return "A socket in TIME-WAIT keeps the port. bind steps over it where *both* the old socket and the new "
           "one set *SO_REUSEADDR*.";
  }
  return "Two sockets share an address and port only where *both* set SO_REUSEADDR and none listens, or both "
         "set SO_REUSEPORT.";
}

void explain(Verdict& verdict, const Model& model, const CallRecord& call,
             std::optional<std::size_t> opponent) {
  const int error = call.returned->error;
  const std::string& name = call.entered->name;
  if (error == 0) return;
  if (opponent) {
    verdict.reasons.push_back({"Rule", rule_of_sharing(model.sockets[*opponent]), Known::Derived});
    verdict.reasons.push_back(
        {"Opponent", holder_words(model, model.sockets[*opponent]), model.sockets[*opponent].known});
    verdict.reasons.push_back({"Source", "ip(7), socket(7)", Known::Derived});
    return;
  }
  if (error == ECONNREFUSED) {
    const auto wanted = address_in(call.entered->arguments);
    const std::string where = wanted ? "`" + to_string(*wanted) + "`" : "that address";
    verdict.reasons.push_back(
        {"Rule",
         "No socket listens on " + where + ". The kernel answers a SYN to such a port with *RST*, at once.",
         Known::Derived});
    verdict.reasons.push_back({"Source", "RFC 9293, 3.10.7.1; connect(2)", Known::Derived});
    return;
  }
  verdict.reasons.push_back({"Meaning", errno_words(error), Known::Measured});
  verdict.reasons.push_back({"Source", name + "(2)", Known::Derived});
}

/// What the model says: predicted, and said beside what was measured of the same sockets.
void explain_by_model(Verdict& verdict, const Model& model, const Explanation& why) {
  verdict.model = why.modelled ? why.model : "not modelled";
  verdict.modelled = why.modelled;
  verdict.disagrees = !why.agrees;
  verdict.reasons.push_back({why.modelled ? "Rule" : "Not modelled", why.sentence, Known::Predicted});
  for (const Decider& decider : why.deciders) {
    const auto socket = find_decider(model, decider);
    const bool nobodys = decider.process.empty();  // a TIME-WAIT: the model knows how long it stays
    if (!socket || nobodys) {
      verdict.reasons.push_back({"Opponent", decider.words, Known::Predicted});
      continue;
    }
    const SocketView& seen = model.sockets[*socket];
    const std::string relation = decider.relation.empty() ? "" : ": " + decider.relation;
    verdict.reasons.push_back({"Opponent", holder_words(model, seen) + relation, seen.known});
  }
  if (!why.source.empty()) verdict.reasons.push_back({"Source", why.source, Known::Derived});
}

void set_prediction(Verdict& verdict, const Facts& facts, const Input& input) {
  if (!facts.step.started->statement) return;
  for (const lab::Prediction& prediction : input.predictions) {
    if (prediction.statement != *facts.step.started->statement) continue;
    verdict.asked = true;
    if (prediction.guess) verdict.predicted = experiment::to_string(*prediction.guess);
    if (prediction.outcome) verdict.measured = experiment::to_string(*prediction.outcome);
    verdict.agrees =
        prediction.guess && prediction.outcome && experiment::agree(*prediction.guess, *prediction.outcome);
  }
}

bool is_errno(const std::string& result) { return errno_number(result).has_value(); }

void add_knock(Model& model, const CallRecord& call, std::size_t opponent, const SocketAddress& wanted) {
  const SocketView& socket = model.sockets[opponent];
  const auto column = column_of(model, call.entered->process);
  const auto door = std::find_if(model.doors.begin(), model.doors.end(), [&](const Door& one) {
    return one.port == socket.entry.local.port && one.transport == socket.entry.transport &&
           one.column == socket.column;
  });
  if (!column || door == model.doors.end()) return;
  door->opponent = true;
  door->mood = Mood::Waiting;
  model.knock = Knock{*column, static_cast<std::size_t>(door - model.doors.begin()),
                      call.entered->name + "(" + to_string(wanted) + ")"};
}

/// The caller and the one that holds the port are lit; everything else steps back.
void dim_around_knock(Model& model, const CallRecord& call, const std::vector<std::size_t>& opponents) {
  for (std::size_t i = 0; i < model.sockets.size(); ++i) {
    SocketView& socket = model.sockets[i];
    const bool own = socket.entry.process == call.entered->process && socket.entry.fd == call.entered->fd;
    socket.opponent = std::find(opponents.begin(), opponents.end(), i) != opponents.end();
    socket.lit = socket.opponent;
    socket.dimmed = !socket.opponent && !own;
  }
  for (ProcessView& process : model.processes) {
    process.lit = process.name == call.entered->process;
    process.dimmed = !process.lit;
  }
  for (Door& door : model.doors) door.dimmed = !door.opponent;
}

void light(Model& model, const Facts& facts, const Input& input) {
  const CallRecord* call = call_of_step(facts);
  for (SocketView& socket : model.sockets) {
    const auto process = find_process(model, socket.entry.process);
    const ProcessView* owner = process ? &model.processes[*process] : nullptr;
    const bool blocked_here = owner != nullptr && owner->doing == Doing::Blocked;
    socket.lit = !socket.waiting.empty() || (blocked_here && socket.entry.state == SocketState::SynSent) ||
                 (call != nullptr && call->entered->process == socket.entry.process &&
                  call->entered->fd == socket.entry.fd);
    socket.selected =
        socket.entry.cookie != 0 && input.selected == "socket:" + std::to_string(socket.entry.cookie);
    if (!socket.owned) socket.dimmed = false;
  }
}

}  // namespace

namespace {

/// Who stood in the way of the call: by the model where it explains the step, otherwise worked out here.
std::vector<std::size_t> light_opponents(Model& model, const Facts& facts, const CallRecord& call,
                                         const Explanation* why) {
  std::vector<std::size_t> opponents;
  if (call.returned->error == 0) return opponents;
  const Descriptor* own = find_descriptor(facts, call.entered->process, call.entered->fd);
  auto wanted = address_in(call.entered->arguments);
  if (!wanted && own != nullptr) wanted = own->bound;  // listen names no address
  if (why != nullptr && why->modelled && why->agrees) opponents = deciders_of(model, *why);
  if (opponents.empty() && wanted && call.returned->error == EADDRINUSE) {
    const auto transport = own != nullptr ? own->transport : trace::Transport::Tcp;
    if (const auto derived = opponent_of(model, call, *wanted, transport)) opponents = {*derived};
  }
  if (opponents.empty()) return opponents;
  if (wanted && call.returned->error == EADDRINUSE) add_knock(model, call, opponents.front(), *wanted);
  dim_around_knock(model, call, opponents);
  return opponents;
}

void tell_trial(Verdict& verdict, const Trial& trial) {
  verdict.before = trial.before;
  verdict.reasons.insert(verdict.reasons.begin(), {"Changed", trial.words, Known::Derived});
  if (!trial.warning.empty())
    verdict.reasons.insert(verdict.reasons.begin() + 1, {"But", trial.warning, Known::Derived});
}

}  // namespace

void add_verdict(Model& model, const Facts& facts, const Input& input) {
  light(model, facts, input);
  if (facts.step.started == nullptr) return;
  if (input.among_others && !find_process(model, facts.step.started->process)) return;  // another's step
  const CallRecord* call = call_of_step(facts);
  const Explanation* why = explanation_of(facts, input);
  std::vector<std::size_t> opponents;
  if (call != nullptr) opponents = light_opponents(model, facts, *call, why);
  if (facts.step.finished == nullptr) return;
  Verdict verdict;
  set_prediction(verdict, facts, input);
  if (verdict.measured.empty()) verdict.measured = facts.step.finished->result;
  const bool failed = is_errno(verdict.measured);
  const bool tried = input.trial != nullptr && why != nullptr && why->call == input.trial->call;
  const bool told = tried || (why != nullptr && !why->agrees);
  if (!verdict.asked && !failed && !told) return;
  verdict.mood = failed ? Mood::Bad : Mood::Good;
  verdict.process = facts.step.started->process;
  verdict.call = facts.step.started->text;
  if (why != nullptr && (failed || told || !why->modelled)) {
    explain_by_model(verdict, model, *why);
    if (!why->modelled && call != nullptr)
      explain(verdict, model, *call, opponents.empty() ? std::nullopt : std::optional(opponents.front()));
  } else if (why != nullptr) {
    verdict.model = why->model;
    verdict.reasons.push_back({"Rule", why->sentence, Known::Predicted});
    if (!why->source.empty()) verdict.reasons.push_back({"Source", why->source, Known::Derived});
  } else if (call != nullptr) {
    explain(verdict, model, *call, opponents.empty() ? std::nullopt : std::optional(opponents.front()));
  }
  if (tried) tell_trial(verdict, *input.trial);
  const bool moved = !facts.packets.empty() || !facts.held.empty() || !facts.held_elsewhere.empty() ||
                     !facts.gone.empty() || !facts.stopped.empty() ||
                     (input.among_others && !facts.by_cable.empty());
  model.folded = !moved;
  model.verdict = std::move(verdict);
}

}  // namespace loopscope::app::stage
