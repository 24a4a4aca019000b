#include <algorithm>
#include <cerrno>

#include "sim/model/tcp_segments.hpp"

// What TCP does when nothing comes: net/ipv4/tcp_timer.c, Linux 6.18.
namespace loopscope::model {
namespace {

constexpr Time longest_rto{120'000'000};

bool timed_out(const World& world, const Socket& socket) {
  const auto& tcp = socket.tcp;
  const auto& sysctls = world.hosts[socket.host].sysctls;
  const auto user = std::chrono::milliseconds(socket.options.user_timeout_ms);
  const auto waited = world.now - tcp.first_retransmit_base;
  if (socket.options.user_timeout_ms != 0 && tcp.retransmits > 0 && waited >= user) return true;
  if (socket.state == SocketState::SynSent) {
    const int most = socket.options.syn_count != 0 ? socket.options.syn_count : sysctls.syn_retries;
    return tcp.retransmits >= most + sysctls.syn_linear;
  }
  if (socket.state == SocketState::SynReceived) return tcp.retransmits >= sysctls.synack_retries;
  int most = sysctls.retries2;
  if (!socket.open && socket.listener == no_socket) most = std::min(most, 8);
  return tcp.retransmits >= most;
}

// tcp_retransmit_timer
void retransmit(World& world, Socket& socket) {
  auto& tcp = socket.tcp;
  if (tcp.unacked.empty()) return;
  if (timed_out(world, socket)) {
    tcp_done(world, socket, socket.soft_error != 0 ? socket.soft_error : ETIMEDOUT);
    return;
  }
  ++tcp.retransmits;
  tcp.lost_until = tcp.snd_nxt;
  const bool linear =
      socket.state == SocketState::SynSent && tcp.retransmits <= world.hosts[socket.host].sysctls.syn_linear;
  if (!linear) tcp.rto = std::min(tcp.rto * 2, longest_rto);
  tcp.retransmit_at = world.now + tcp.rto;
  if (socket.options.user_timeout_ms != 0) {  // tcp_clamp_rto_to_user_timeout
    const auto end = tcp.first_retransmit_base + std::chrono::milliseconds(socket.options.user_timeout_ms);
    tcp.retransmit_at = std::max(std::min<Time>(tcp.retransmit_at, end), world.now + Time{4'000});
  }
  wake_at(world, socket, tcp.retransmit_at);
  tcp_transmit(world, socket, Unacked{tcp.unacked.front()}, true);
}

// tcp_keepalive_timer
void end_wait_for_fin(World& world, Socket& socket) {
  const auto rest = tcp_fin_time(world, socket) - time_wait_length;
  if (socket.options.linger2_seconds >= 0 && rest > Time{})
    return tcp_become_time_wait(world, socket, SocketState::FinWait2, rest);
  tcp_send_reset(world, socket);
  tcp_done(world, socket, 0);
}

}  // namespace

void tcp_timers(World& world, Socket& socket) {
  const auto id = socket.id;
  if (socket.time_wait) {
    if (socket.time_wait_until > world.now) return;
    drop_connection(world, socket);
    tcp_put_port(world, socket);
    remove_socket(world, id);
    return;
  }
  if (!socket.requests.empty()) request_timers(world, socket);
  if (socket.state == SocketState::Listen) return;
  auto& tcp = socket.tcp;
  if (tcp.ack.delayed_until <= world.now) {
    tcp.ack.delayed_until = never;
    if (tcp.ack.scheduled) {
      // tcp_delack_timer_handler: a delay in a conversation ends it
      tcp.ack.pingpong = 0;
      tcp.ack.patience = Time{40'000};
      tcp_send_ack(world, socket);
    }
  }
  if (tcp.unreachable_at <= world.now) {
    tcp.unreachable_at = never;
    if (socket.state == SocketState::SynSent) return tcp_done(world, socket, EHOSTUNREACH);
  }
  if (tcp.tail_probe_at <= world.now) {
    tcp.tail_probe_at = never;
    tcp_tail_probe(world, socket);
  }
  if (tcp.retransmit_at <= world.now) retransmit(world, socket);
  if (world.sockets.find(id) == nullptr) return;
  if (tcp.probe_at <= world.now) {
    tcp.probe_at = never;
    tcp.corked = false;
    tcp_push(world, socket, true);
  }
  if (tcp.keepalive_at <= world.now) {
    tcp.keepalive_at = never;
    if (!socket.open && socket.state == SocketState::FinWait2) end_wait_for_fin(world, socket);
  }
}

// tcp_v4_err
void tcp_icmp(World& world, const Packet& packet) {
  const auto id = find_connection(world, packet.to_host, packet.from, packet.to, packet.device);
  if (id == no_socket) return request_icmp(world, packet);
  auto& socket = edit(world, id);
  if (socket.time_wait || socket.state == SocketState::Closed) return;
  if (static_cast<std::int32_t>(packet.seq - socket.tcp.snd_una) < 0 ||
      static_cast<std::int32_t>(socket.tcp.snd_nxt - packet.seq) < 0)
    return;
  // ip_icmp_error: it is put into the error queue though nobody asked for that, and poll tells of it from
  // then on, whatever becomes of the socket.
  const bool early = socket.state == SocketState::SynSent || socket.state == SocketState::SynReceived;
  if (early && !packet.from.ip.is_v6()) socket.error_queued = true;  // ipv6_icmp_error asks for IPV6_RECVERR
  if (socket.state == SocketState::SynSent && packet.within_connect) {
    socket.soft_error = packet.error;  // sock_owned_by_user(): the next SYN meets the same answer
    return;
  }
  if (socket.state == SocketState::SynSent || socket.state == SocketState::SynReceived) {
    tcp_done(world, socket, packet.error);
    return;
  }
  socket.soft_error = packet.error;
}

}  // namespace loopscope::model
