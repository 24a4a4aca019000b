#include "app/notation/choices.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <initializer_list>

#include "sim/base/errno_name.hpp"

namespace loopscope::app::notation {
namespace {

using namespace experiment;

Result error(int number) { return Errno{number}; }
Result number(std::int64_t value) { return OptionValue{value}; }
Result bytes(std::string text) { return Received{{std::move(text), 1}, {}}; }

/// The call that a question is about: its own, or the one that a `returns` waits for. Null for a real
/// program.
const Call* call_of(const Experiment& experiment, std::size_t at) {
  const auto& statement = experiment.statements[at];
  if (const auto* step = std::get_if<CallStep>(&statement.body)) return &step->call;
  if (!std::holds_alternative<ReturnsStep>(statement.body)) return nullptr;
  while (at-- > 0) {
    const auto* step = std::get_if<CallStep>(&experiment.statements[at].body);
    if (step != nullptr && step->process == process_of(statement)) return &step->call;
  }
  return nullptr;
}

/// The text that somebody sent last before the question: what a reader may expect to receive.
std::string sent_before(const Experiment& experiment, std::size_t at) {
  while (at-- > 0) {
    const auto* step = std::get_if<CallStep>(&experiment.statements[at].body);
    if (step == nullptr) continue;
    if (const auto* send = std::get_if<SendCall>(&step->call); send != nullptr && send->bytes.times == 1)
      return send->bytes.bytes;
    if (const auto* write = std::get_if<WriteCall>(&step->call); write != nullptr && write->bytes.times == 1)
      return write->bytes.bytes;
  }
  return "hello";
}

std::vector<Result> of_send(const Text& text) {
  const auto length = static_cast<std::int64_t>(text.bytes.size() * text.times);
  return {number(length), number(0), error(EPIPE), error(ECONNRESET), Blocks{}};
}

/// What each call may plausibly give; bind(2), connect(2) and so on name the errors.
struct Plausible {
  const Experiment& experiment;
  std::size_t at;

  std::vector<Result> operator()(const SocketCall&) const { return {Ok{}, error(EACCES), error(EMFILE)}; }
  std::vector<Result> operator()(const SetsockoptCall&) const {
    return {Ok{}, error(EINVAL), error(ENOPROTOOPT), error(EPERM)};
  }
  std::vector<Result> operator()(const GetsockoptCall&) const {
    return {number(0), number(1), error(ENOPROTOOPT)};
  }
  std::vector<Result> operator()(const BindCall&) const {
    return {Ok{}, error(EADDRINUSE), error(EADDRNOTAVAIL), error(EACCES)};
  }
  std::vector<Result> operator()(const ListenCall&) const {
    return {Ok{}, error(EADDRINUSE), error(EOPNOTSUPP)};
  }
  std::vector<Result> operator()(const ConnectCall&) const {
    const bool later = std::holds_alternative<ReturnsStep>(experiment.statements[at].body);
    std::vector<Result> all{Ok{}, error(ECONNREFUSED), error(ETIMEDOUT), error(EHOSTUNREACH)};
    all.push_back(later ? error(ECONNRESET) : Result{Blocks{}});
    return all;
  }
  std::vector<Result> operator()(const AcceptCall&) const {
    return {Ok{}, Blocks{}, error(EAGAIN), error(EINVAL)};
  }
  std::vector<Result> operator()(const SendCall& call) const { return of_send(call.bytes); }
  std::vector<Result> operator()(const WriteCall& call) const { return of_send(call.bytes); }
  std::vector<Result> operator()(const RecvCall&) const { return received(); }
  std::vector<Result> operator()(const ReadCall&) const { return received(); }
  std::vector<Result> operator()(const ShutdownCall&) const { return {Ok{}, error(ENOTCONN), error(EINVAL)}; }
  std::vector<Result> operator()(const CloseCall&) const { return {Ok{}, error(EBADF), Blocks{}}; }
  std::vector<Result> operator()(const GetsocknameCall&) const { return addresses(); }
  std::vector<Result> operator()(const GetpeernameCall&) const {
    auto all = addresses();
    all.push_back(error(ENOTCONN));
    return all;
  }
  std::vector<Result> operator()(const FcntlCall&) const { return {Ok{}, error(EBADF), error(EINVAL)}; }
  std::vector<Result> operator()(const PollCall& call) const {
    std::vector<Result> all{Events{0}, Events{POLLIN}, Events{POLLIN | POLLHUP}, Events{POLLERR | POLLHUP}};
    if ((call.events.mask & POLLOUT) != 0) all.emplace_back(Events{POLLOUT});
    return all;
  }
  std::vector<Result> operator()(const StateCall&) const {
    return {SocketState::Listen, SocketState::SynReceived, SocketState::Established, SocketState::Closed};
  }

  std::vector<Result> received() const {
    return {bytes(sent_before(experiment, at)), bytes(""), Blocks{}, error(ECONNRESET)};
  }
  static std::vector<Result> addresses() {
    const auto loopback = [](Port port) { return AddressTerm{false, IpAddress::loopback_v4(), port}; };
    return {AddressTerm{false, IpAddress::loopback_v4(), Any{}}, loopback(Port{0}),
            AddressTerm{false, IpAddress::any_v4(), Port{0}}};
  }
};

/// States that lie near the stated one in RFC 9293's diagram make better alternatives than a fixed list.
std::vector<Result> states_near(SocketState state) {
  using S = SocketState;
  static constexpr std::initializer_list<std::initializer_list<S>> families{
      {S::Closed, S::Bound, S::Listen, S::Established},
      {S::Listen, S::SynSent, S::SynReceived, S::Established},
      {S::Established, S::CloseWait, S::FinWait1, S::FinWait2, S::Closed},
      {S::FinWait2, S::LastAck, S::TimeWait, S::Closed, S::Closing}};
  for (const auto& family : families) {
    if (std::find(family.begin(), family.end(), state) != family.end()) return {family.begin(), family.end()};
  }
  return {};
}

/// A number that depends on the question and its answer texts alone: the order is the same each time, and
/// says nothing.
std::size_t shuffle_key(const std::string& question, const Result& result) {
  return std::hash<std::string>{}(question + "\n" + to_string(result));
}
/// `ok` and `blocks` first, then errors by name: the habit of manual pages. Values have no natural order:
/// shuffled.
int rank(const Result& result) {
  if (std::holds_alternative<Ok>(result)) return 0;
  if (std::holds_alternative<Blocks>(result)) return 3;
  return std::holds_alternative<Errno>(result) ? 2 : 1;
}

}  // namespace

std::vector<Result> choices_for(const Experiment& experiment, std::size_t at) {
  const auto& statement = experiment.statements.at(at);
  const auto* stated = stated_of(statement);
  const auto* call = call_of(experiment, at);
  std::vector<Result> all;
  if (call != nullptr) all = std::visit(Plausible{experiment, at}, *call);
  if (std::holds_alternative<RunStep>(statement.body))
    all = {ExitStatus{0}, ExitStatus{1}, ExitStatus{2}, ExitStatus{7}};
  if (stated != nullptr) {
    if (const auto* state = std::get_if<SocketState>(&stated->result)) all = states_near(*state);
    const bool there =
        std::any_of(all.begin(), all.end(), [&](const Result& r) { return r == stated->result; });
    const bool as_ok =
        std::any_of(all.begin(), all.end(), [&](const Result& r) { return agree(r, stated->result); });
    if (!there && !as_ok) all.push_back(stated->result);
    if (!there && as_ok) {  // the file says it more exactly, or more loosely, than the alternatives do
      *std::find_if(all.begin(), all.end(), [&](const Result& r) { return agree(r, stated->result); }) =
          stated->result;
    }
  }
  const auto text = to_string(statement);
  std::sort(all.begin(), all.end(), [&](const Result& a, const Result& b) {
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    if (rank(a) == 2) return to_string(a) < to_string(b);
    return shuffle_key(text, a) < shuffle_key(text, b);
  });
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::string words_for(const Result& result) {
  if (const auto* e = std::get_if<Errno>(&result)) return errno_words(e->number);
  if (std::holds_alternative<Ok>(result)) return "It succeeds";
  if (std::holds_alternative<Blocks>(result)) return "It waits: no answer yet";
  if (const auto* r = std::get_if<Received>(&result); r != nullptr && r->bytes.bytes.empty())
    return "The end of the stream";
  if (const auto* status = std::get_if<ExitStatus>(&result))
    return status->status == 0 ? "It succeeds" : "It fails";
  if (const auto* events = std::get_if<Events>(&result); events != nullptr && events->mask == 0)
    return "Nothing happens in time";
  return {};
}

std::string question_for(const Experiment& experiment, std::size_t at) {
  const auto& statement = experiment.statements.at(at);
  const auto process = process_of(statement);
  if (std::holds_alternative<RunStep>(statement.body))
    return fmt::format("How does {}'s `{}` end?", process, call_text(statement));
  const auto* call = call_of(experiment, at);
  if (call == nullptr) return fmt::format("What does `{}` give?", call_text(statement));
  if (const auto* state = std::get_if<StateCall>(call))
    return fmt::format("What state is {}'s socket `{}` in?", process, state->fd);
  const bool later = std::holds_alternative<ReturnsStep>(statement.body);
  return fmt::format("What does {}'s `{}` {}?", process, to_string(*call),
                     later ? "return in the end" : "return");
}

}  // namespace loopscope::app::notation
