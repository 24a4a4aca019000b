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
void dim_around_knock(Model& model, const CallRecord& call, std::size_t opponent) {
  for (std::size_t i = 0; i < model.sockets.size(); ++i) {
    SocketView& socket = model.sockets[i];
    const bool own = socket.entry.process == call.entered->process && socket.entry.fd == call.entered->fd;
    socket.opponent = i == opponent;
    socket.lit = i == opponent;
    socket.dimmed = i != opponent && !own;
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

void add_verdict(Model& model, const Facts& facts, const Input& input) {
  light(model, facts, input);
  if (facts.step.started == nullptr) return;
  const CallRecord* call = call_of_step(facts);
  std::optional<std::size_t> opponent;
  if (call != nullptr && call->returned->error == EADDRINUSE) {
    const Descriptor* own = find_descriptor(facts, call->entered->process, call->entered->fd);
    auto wanted = address_in(call->entered->arguments);
    if (!wanted && own != nullptr) wanted = own->bound;  // listen names no address
    if (wanted) {
      opponent = opponent_of(model, *call, *wanted, own != nullptr ? own->transport : trace::Transport::Tcp);
      if (opponent) {
        add_knock(model, *call, *opponent, *wanted);
        dim_around_knock(model, *call, *opponent);
      }
    }
  }
  if (facts.step.finished == nullptr) return;
  Verdict verdict;
  set_prediction(verdict, facts, input);
  if (verdict.measured.empty()) verdict.measured = facts.step.finished->result;
  const bool failed = is_errno(verdict.measured);
  if (!verdict.asked && !failed) return;
  verdict.mood = failed ? Mood::Bad : Mood::Good;
  verdict.process = facts.step.started->process;
  verdict.call = facts.step.started->text;
  if (call != nullptr) explain(verdict, model, *call, opponent);
  const bool moved = !facts.packets.empty() || !facts.held.empty() || !facts.gone.empty();
  model.folded = !moved;
  model.verdict = std::move(verdict);
}

}  // namespace loopscope::app::stage
