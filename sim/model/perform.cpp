#include <poll.h>

#include <algorithm>
#include <cerrno>

#include "sim/model/inside.hpp"

namespace loopscope::model {
namespace {

using namespace experiment;

/// Such a step is not taken at all, so it changes nothing.
constexpr const char* no_port_yet = "has had no port so far";

/// One call of a process, tried now: an answer, or a wait. Called again each time something may have changed.
struct Performer {
  World& world;
  Process& process;
  int index;
  const std::string& variable;
  Blocked& way;

  Socket* find(const std::string& name) {
    const auto* at = process.variables.find(name);
    if (at == nullptr || at->socket == no_socket) return nullptr;
    const auto id = at->socket;
    return world.sockets.find(id) == nullptr ? nullptr : &edit(world, id);
  }

  template <typename Call, typename Do>
  Outcome with(const Call& call, Do&& act) {
    auto* socket = find(call.fd);
    if (socket == nullptr) return fail(EBADF, RuleId::descriptor_closed);
    way.socket = socket->id;
    if (!socket->doubt.empty()) return not_modelled(socket->doubt);
    const auto id = socket->id;
    auto outcome = act(*socket);
    // What the model did not follow, it does not know afterwards either.
    if (outcome.done && outcome.done->rule == RuleId::not_modelled &&
        outcome.done->detail.find(no_port_yet) == std::string::npos && !std::is_same_v<Call, StateCall> &&
        !std::is_same_v<Call, GetsockoptCall> && world.sockets.find(id) != nullptr) {
      edit(world, id).doubt = outcome.done->detail;
    }
    return outcome;
  }

  /// The peer has seen our FIN and acknowledges it at its next timer tick.
  bool waits_for_tick(const Socket& s) const {
    if (s.state != SocketState::FinWait1 && s.state != SocketState::LastAck) return false;
    for (std::size_t host = 0; host < world.hosts.size(); ++host) {
      const auto id =
          find_connection(world, static_cast<std::uint8_t>(host), {s.peer.ip.unmapped(), s.peer.port},
                          {s.receive.unmapped(), Port{s.num}}, 0);
      if (id == no_socket || id == s.id) continue;
      const auto& ack = look(world, id).tcp.ack;
      if (ack.delayed_until != never && ack.delayed_until <= world.now + Time{5'000}) return true;
    }
    return false;
  }

  Outcome operator()(const SocketCall& call) {
    auto& socket =
        make_socket(world, process.host, call.type == SocketType::Stream ? Transport::Tcp : Transport::Udp,
                    call.domain == Domain::Inet6);
    socket.open = true;
    socket.fd = take_descriptor(process);
    socket.nonblock = call.nonblock;
    socket.process = index;
    socket.uid = process.uid;
    socket.variable = variable;
    if (!variable.empty()) process.variables.edit(variable) = {socket.id, 0, false, true};
    return succeed(RuleId::socket_made);
  }
  Outcome operator()(const SetsockoptCall& call) {
    return with(call, [&](Socket& s) { return call_setsockopt(world, s, process, call); });
  }
  Outcome operator()(const GetsockoptCall& call) {
    return with(call, [&](Socket& s) { return call_getsockopt(world, s, call); });
  }
  Outcome operator()(const BindCall& call) {
    return with(
        call, [&](Socket& s) { return call_bind(world, s, process, resolve(world, process, call.address)); });
  }
  Outcome operator()(const ListenCall& call) {
    return with(call, [&](Socket& s) { return call_listen(world, s, call.backlog); });
  }
  Outcome operator()(const ConnectCall& call) {
    return with(call, [&](Socket& s) {
      const auto target = resolve(world, process, call.address);
      if (!target.doubt.empty()) return not_modelled(target.doubt);
      if (s.transport == Transport::Udp) return udp_connect(world, s, target);
      return tcp_connect(world, s, target, way);
    });
  }
  Outcome operator()(const AcceptCall& call) {
    return with(call, [&](Socket& s) {
      if (s.transport == Transport::Udp) return fail(EOPNOTSUPP, RuleId::accept_not_stream);
      return tcp_accept(world, s, process, variable, way.since);
    });
  }
  Outcome send(Socket& s, const std::string& bytes, const std::optional<AddressTerm>& to, int flags) {
    const auto target = to ? resolve(world, process, *to) : Target{};
    if (!target.doubt.empty()) return not_modelled(target.doubt);
    if (s.transport == Transport::Tcp) return tcp_send(world, s, bytes, flags, way.since);
    return udp_send(world, s, bytes, to ? &target : nullptr, flags);
  }
  Outcome operator()(const SendCall& call) {
    return with(call, [&](Socket& s) { return send(s, call.bytes.expanded(), call.to, call.flags); });
  }
  Outcome operator()(const WriteCall& call) {
    return with(call, [&](Socket& s) { return send(s, call.bytes.expanded(), std::nullopt, 0); });
  }
  Outcome receive(Socket& s, std::uint64_t count, int flags, bool with_sender) {
    if (s.transport == Transport::Udp) return udp_receive(world, s, count, flags, with_sender, way.since);
    auto outcome = tcp_receive(world, s, count, flags, way);
    // With MSG_TRUNC a stream throws the bytes away and tells only how many there were (tcp(7)).
    const auto* received = outcome.done ? std::get_if<Received>(&*outcome.done->result) : nullptr;
    if (received != nullptr && (flags & MSG_TRUNC) != 0)
      outcome.done->result = OptionValue{static_cast<std::int64_t>(received->bytes.bytes.size())};
    return outcome;
  }
  Outcome operator()(const RecvCall& call) {
    return with(call, [&](Socket& s) {
      return receive(s, call.count.value_or(65536), call.flags.value_or(0), call.with_sender);
    });
  }
  Outcome operator()(const ReadCall& call) {
    return with(call, [&](Socket& s) {
      if (call.count && *call.count == 0) return answer(Received{}, RuleId::read_nothing);
      return receive(s, call.count.value_or(65536), 0, false);
    });
  }
  Outcome operator()(const ShutdownCall& call) {
    return with(call, [&](Socket& s) { return call_shutdown(world, s, call.how); });
  }
  Outcome operator()(const CloseCall& call) {
    const auto* at = process.variables.find(call.fd);
    const auto id = way.started ? way.socket : at == nullptr ? no_socket : at->socket;
    if (!way.started && id == no_socket) return fail(EBADF, RuleId::descriptor_closed);
    way.socket = id;
    if (!way.started) process.variables.edit(call.fd).socket = no_socket;
    if (world.sockets.find(id) == nullptr) return succeed(RuleId::close_done);
    auto& socket = edit(world, id);
    if (!way.started) process.free_fds.push_back(socket.fd);
    if (socket.transport == Transport::Udp) {
      udp_close(world, socket);
      return succeed(RuleId::close_done);
    }
    return tcp_close(world, socket, false, way.started, way.since);
  }
  Outcome operator()(const GetsocknameCall& call) {
    return with(call, [&](Socket& s) { return call_getsockname(world, s); });
  }
  Outcome operator()(const GetpeernameCall& call) {
    return with(call, [&](Socket& s) { return call_getpeername(world, s); });
  }
  Outcome operator()(const FcntlCall& call) {
    return with(call, [&](Socket& s) {
      s.nonblock = call.nonblock;
      return succeed(RuleId::nonblock_set);
    });
  }
  Outcome operator()(const PollCall& call) {
    const auto until = way.since + world.patience;
    const auto nothing = [&] {
      return world.now >= until ? answer(Events{0}, RuleId::poll_nothing) : wait_until(until);
    };
    if (find(call.fd) == nullptr) {
      // A closed descriptor is POLLNVAL; one that never was is -1, which poll passes over.
      const auto* at = process.variables.find(call.fd);
      if (at == nullptr || !at->opened) return nothing();
      return answer(Events{POLLNVAL}, RuleId::poll_ready);
    }
    return with(call, [&](Socket& s) {
      auto outcome = call_poll(world, s, call.events.mask);
      return outcome.done ? outcome : nothing();
    });
  }
  Outcome operator()(const StateCall& call) {
    return with(call, [&](Socket& s) {
      if (s.transport == Transport::Udp) {
        return answer(
            s.state == SocketState::Established ? SocketState::Established : SocketState::Unconnected,
            RuleId::state_told);
      }
      if (s.state == SocketState::Closed && s.num != 0) return answer(SocketState::Bound, RuleId::state_told);
      if (waits_for_tick(s))
        return not_modelled(
            "whether the peer's acknowledgement of the FIN has come is a matter of milliseconds");
      return answer(s.state, RuleId::state_told);
    });
  }
};

// port(VAR): what the socket had when last it was bound or connected; `result`: nothing where it blocks
void remember_port(const World& world, Process& owner, const Call& call, const Result* result) {
  const bool may_bind = std::holds_alternative<BindCall>(call) || std::holds_alternative<ListenCall>(call) ||
                        std::holds_alternative<ConnectCall>(call) || std::holds_alternative<SendCall>(call) ||
                        std::holds_alternative<WriteCall>(call);
  const bool takes = result == nullptr ? std::holds_alternative<ConnectCall>(call)
                                       : is_success(*result) || *result == Result{Errno{EINPROGRESS}};
  if (!may_bind || !takes) return;
  const auto* at = owner.variables.find(*descriptor_of(call));
  if (at == nullptr || at->socket == no_socket) return;
  const auto* socket = world.sockets.find(at->socket);
  if (socket == nullptr || socket->shown_port == 0) return;
  auto& variable = owner.variables.edit(*descriptor_of(call));
  variable.last_port = socket->shown_port;
  variable.free_choice = socket->free_choice;
}

}  // namespace

Outcome perform(World& world, std::size_t process, const Call& call, const std::string& variable,
                Blocked& under_way) {
  auto& owner = world.processes[process].edit();
  auto outcome = std::visit(Performer{world, owner, static_cast<int>(process), variable, under_way}, call);
  if (!outcome.done) {
    remember_port(world, owner, call, nullptr);
    return outcome;
  }
  const auto& result = *outcome.done->result;
  if (std::holds_alternative<AcceptCall>(call) && !variable.empty() &&
      std::holds_alternative<Errno>(result)) {
    owner.variables.edit(variable) = {};  // the name stands for -1 now
  }
  remember_port(world, owner, call, &result);
  return outcome;
}

int take_descriptor(Process& process) {
  if (process.free_fds.empty()) return process.next_fd++;
  const auto least = std::min_element(process.free_fds.begin(), process.free_fds.end());
  const int fd = *least;
  process.free_fds.erase(least);
  return fd;
}

namespace {

/// The kernel puts off the end of each file (fput), and does what was put off last first (task_work_run): so
/// the highest descriptor is closed first.
void close_all(World& world, std::vector<SocketId> mine) {
  std::sort(mine.begin(), mine.end(),
            [&](SocketId a, SocketId b) { return look(world, a).fd > look(world, b).fd; });
  for (const auto id : mine) {
    if (world.sockets.find(id) == nullptr) continue;
    auto& socket = edit(world, id);
    if (socket.transport == Transport::Udp) {
      udp_close(world, socket);
    } else {
      bool started = false;
      (void)tcp_close(world, socket, true, started, world.now);
    }
    deliver_all(world);
  }
}

bool belongs_to(const Socket& socket, std::size_t process) {
  return socket.open && socket.process == static_cast<int>(process);
}

}  // namespace

void end_process(World& world, std::size_t index) {
  auto& process = world.processes[index].edit();
  process.alive = process.stopped = process.asked = false;
  process.blocked.reset();
  std::vector<SocketId> mine;
  world.sockets.each([&](SocketId id, const Socket& socket) {
    if (belongs_to(socket, index)) mine.push_back(id);
  });
  close_all(world, mine);
  auto& ended = world.processes[index].edit();
  ended.next_fd = 3;
  ended.free_fds.clear();
  ended.variables.edit_all([](Variable& variable) { variable.socket = no_socket; });
}

void end_process_at(World& world, std::size_t index, std::uint16_t port) {
  std::vector<SocketId> mine;
  const auto note = [&](SocketId id) {
    if (id == no_socket) return;
    const auto& socket = look(world, id);
    if (belongs_to(socket, index)) mine.push_back(id);
    if (socket.transport == Transport::Udp || number(socket.peer.port) == 0) return;
    for (std::size_t host = 0; host < world.hosts.size();
         ++host) {  // its own client, whose end frees the port too
      const auto other = find_connection(world, static_cast<std::uint8_t>(host),
                                         {socket.peer.ip.unmapped(), socket.peer.port},
                                         {socket.receive.unmapped(), Port{socket.num}}, 0);
      if (other != no_socket && belongs_to(look(world, other), index)) mine.push_back(other);
    }
  };
  for (const auto& host : world.hosts) {
    if (const auto* slot = host.tcp_ports.find(port)) {
      for (const auto& bucket : slot->addresses) {
        for (const auto id : bucket.owners) note(id);
      }
    }
    if (const auto* slot = host.udp_ports.find(port)) {
      for (const auto id : slot->datagram) note(id);
    }
  }
  std::sort(mine.begin(), mine.end());
  mine.erase(std::unique(mine.begin(), mine.end()), mine.end());
  close_all(world, mine);
}

}  // namespace loopscope::model
