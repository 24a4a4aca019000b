#include <algorithm>
#include <cerrno>

#include "sim/model/inside.hpp"

// How TCP sockets end: __tcp_close, tcp_disconnect, tcp_reset, tcp_time_wait, inet_csk_listen_stop,
// Linux 6.18.
namespace loopscope::model {
namespace {

bool needs_reset(SocketState state) {
  return state == SocketState::Established || state == SocketState::CloseWait ||
         state == SocketState::FinWait1 || state == SocketState::FinWait2 ||
         state == SocketState::SynReceived;
}

void stop_timers(Socket& socket) {
  auto& tcp = socket.tcp;
  tcp.retransmit_at = tcp.probe_at = tcp.tail_probe_at = tcp.keepalive_at = never;
  tcp.ack.delayed_until = never;
  tcp.ack.scheduled = false;
}

void doubt_port(World& world, const Socket& socket) {
  auto& host = world.hosts[socket.host];
  if (socket.num == 0) return;
  host.doubt_low = std::min<int>(host.doubt_low, socket.num);
  host.doubt_high = std::max<int>(host.doubt_high, socket.num);
}

void purge_writes(Socket& socket) {
  auto& tcp = socket.tcp;
  tcp.unsent.clear();
  tcp.unacked.clear();
  tcp.fin_wanted = tcp.lossy = false;
}

void bury_if_orphan(World& world, Socket& socket) {
  if (socket.open || socket.listener != no_socket || socket.time_wait) return;
  if (socket.state == SocketState::Closed) {
    tcp_put_port(world, socket);
    remove_socket(world, socket.id);
  }
}

bool still_closing(const Socket& socket) {
  return socket.state == SocketState::FinWait1 || socket.state == SocketState::Closing ||
         socket.state == SocketState::LastAck;
}

}  // namespace

void tcp_set_closed(World& world, Socket& socket) {
  if (socket.state == SocketState::Listen) {
    auto& slot = world.hosts[socket.host].tcp_ports.edit(socket.num);
    slot.listeners.erase(std::remove(slot.listeners.begin(), slot.listeners.end(), socket.id),
                         slot.listeners.end());
    socket.group = 0;
  } else if (socket.state != SocketState::Closed) {
    drop_connection(world, socket);
  }
  socket.state = SocketState::Closed;
  if (socket.num != 0 && !socket.port_locked) tcp_put_port(world, socket);
}

void tcp_done(World& world, Socket& socket, int error) {
  if (error != 0) socket.error = error;
  tcp_set_closed(world, socket);
  stop_timers(socket);
  purge_writes(socket);
  socket.receive_shut = socket.send_shut = true;
  bury_if_orphan(world, socket);
}

void tcp_reset_received(World& world, Socket& socket) {
  int error = ECONNRESET;
  if (socket.state == SocketState::SynSent) error = ECONNREFUSED;
  if (socket.state == SocketState::CloseWait) error = EPIPE;
  if (socket.state == SocketState::Closed) return;
  tcp_done(world, socket, error);
}

void stop_listening(World& world, Socket& socket) {
  // A handshake that is under way goes on where the socket listens again before its next timer.
  if (socket.num == 0 || !socket.open) socket.requests.clear();
  const auto waiting = std::move(socket.queue);
  socket.queue.clear();
  for (const auto id : waiting) {
    if (world.sockets.find(id) == nullptr) continue;
    auto& child = edit(world, id);
    tcp_disconnect(world, child);
    child.listener = no_socket;
    bury_if_orphan(world, child);
  }
}

void tcp_disconnect(World& world, Socket& socket) {
  const auto old = socket.state;
  auto& tcp = socket.tcp;
  const bool unsent_fin = old == SocketState::LastAck || old == SocketState::Closing;
  const bool reset = needs_reset(old) || (unsent_fin && (!tcp.unsent.empty() || tcp.fin_wanted));
  if (reset) tcp_send_reset(world, socket);
  if (old != SocketState::Closed) tcp_set_closed(world, socket);
  if (old == SocketState::Listen) stop_listening(world, socket);
  if (reset || old == SocketState::SynSent) socket.error = ECONNRESET;
  stop_timers(socket);
  purge_writes(socket);
  tcp.received.clear();
  tcp.early.clear();
  tcp.urgent_pending = tcp.urgent_valid = false;
  const auto kept_timestamps = tcp.ts_recent;
  tcp = Tcp{};
  tcp.ts_recent = kept_timestamps;
  socket.peer.port = Port{0};
  if (!socket.address_locked) tcp_move_bind2(world, socket, {}, true);
  socket.receive_shut = socket.send_shut = false;
}

void tcp_become_time_wait(World& world, Socket& socket, SocketState sub, Time length) {
  const auto& host = world.hosts[socket.host];
  if (host.sysctls.max_tw_buckets > 0) {
    auto& remnant = make_socket(world, socket.host, Transport::Tcp, socket.v6);
    remnant.time_wait = true;
    remnant.state = sub;
    remnant.uid = socket.uid;
    remnant.options.reuse_address = socket.options.reuse_address;
    remnant.options.reuse_port = socket.options.reuse_port;
    remnant.options.v6only = socket.options.v6only;
    remnant.options.transparent = socket.options.transparent;
    remnant.device = socket.device;
    remnant.receive = socket.receive;
    remnant.source = socket.source;
    remnant.peer = socket.peer;
    remnant.shown_port = socket.num;
    remnant.free_choice = socket.free_choice;
    remnant.connect_bind = socket.connect_bind;
    remnant.tcp.snd_nxt = socket.tcp.snd_nxt;
    remnant.tcp.rcv_nxt = socket.tcp.rcv_nxt;
    remnant.tcp.ts_recent = socket.tcp.ts_recent;
    remnant.tcp.echo = socket.tcp.echo;
    remnant.doubt = socket.doubt;
    // The kernel says 'about 60 s' (TCP_TIMEWAIT_LEN) also for a shorter FIN-WAIT-2.
    remnant.time_wait_until = world.now + (sub == SocketState::FinWait2 ? length : time_wait_length);
    remnant.time_wait_since = world.now;
    add_owner(world, remnant, socket.num);
    drop_connection(world, socket);
    add_connection(world, remnant);
    wake_at(world, remnant, remnant.time_wait_until);
  }
  tcp_done(world, socket, 0);
}

Time tcp_fin_time(const World& world, const Socket& socket) {
  const int seconds = socket.options.linger2_seconds > 0 ? socket.options.linger2_seconds
                                                         : world.hosts[socket.host].sysctls.fin_timeout_s;
  return std::max<Time>(std::chrono::seconds(seconds), socket.tcp.rto * 7 / 2);
}

bool tcp_wait_for_fin(World& world, Socket& socket, bool has_come) {
  const auto time = tcp_fin_time(world, socket);
  if (time <= time_wait_length && !has_come) {
    tcp_become_time_wait(world, socket, SocketState::FinWait2, time);
    return true;
  }
  socket.tcp.keepalive_at = world.now + (time > time_wait_length ? time - time_wait_length : time);
  wake_at(world, socket, socket.tcp.keepalive_at);
  return false;
}

bool tcp_close_state(Socket& socket) {
  switch (socket.state) {
    case SocketState::Established:
    case SocketState::SynReceived:
      socket.state = SocketState::FinWait1;
      return true;
    case SocketState::CloseWait:
      socket.state = SocketState::LastAck;
      return true;
    default:
      return false;
  }
}

Outcome tcp_close(World& world, Socket& socket, bool exiting, bool& started, Time since) {
  const auto id = socket.id;
  if (!started) {
    started = true;
    socket.receive_shut = socket.send_shut = true;
    const bool linger = socket.options.linger;
    if (socket.state == SocketState::Listen) {
      tcp_set_closed(world, socket);
      socket.requests.clear();
      stop_listening(world, socket);
    } else if (socket.state == SocketState::SynSent) {
      tcp_set_closed(world, socket);
    } else if (socket.state != SocketState::Closed) {
      const auto unread = socket.tcp.received.size();
      if (unread > 0) {  // RFC 2525, 2.17
        tcp_send_reset(world, socket);
        tcp_set_closed(world, socket);
      } else if (linger && socket.options.linger_seconds == 0) {
        tcp_disconnect(world, socket);
      } else if (tcp_close_state(socket)) {
        tcp_send_fin(world, socket);
      }
    }
    deliver_all(world);
  }
  const auto* now = world.sockets.find(id);
  if (now != nullptr && still_closing(*now) && now->options.linger && !exiting && now->open) {
    const auto until = now->options.linger_seconds > 1'000'000
                           ? never
                           : since + std::chrono::seconds(now->options.linger_seconds);
    if (world.now < until) return wait_until(until);
  }
  if (now == nullptr) return succeed(RuleId::close_done);
  auto& left = edit(world, id);
  if (!left.doubt.empty()) doubt_port(world, left);  // how long it keeps it is not known
  left.open = false;
  left.process = -1;
  if (left.state == SocketState::FinWait2 && !left.time_wait) {
    if (left.options.linger2_seconds < 0) {
      tcp_send_reset(world, left);
      tcp_set_closed(world, left);
    } else {
      (void)tcp_wait_for_fin(world, left, false);
      return succeed(RuleId::close_done);
    }
  }
  bury_if_orphan(world, left);
  return succeed(RuleId::close_done);
}

}  // namespace loopscope::model
