#include <algorithm>
#include <cerrno>
#include <utility>

#include "sim/model/tcp_segments.hpp"

// What a segment does to the socket it reaches: net/ipv4/tcp_input.c, tcp_ipv4.c, tcp_minisocks.c,
// Linux 6.18.
namespace loopscope::model {

// tcp_v4_send_reset
void refuse(World& world, const Packet& packet) {
  if (packet.rst) return;
  if (!has_way_back(world, packet)) return;
  // A reset to ::1 is sent by the device that the segment seems to have come by (tcp_v6_send_response), and
  // only lo has a route there.
  if (packet.local && packet.from.ip == IpAddress::loopback_v6() && packet.device > 1) return;
  Packet reply;
  reply.kind = Packet::Kind::Tcp;
  reply.rst = true;
  reply.from = packet.to;
  reply.to = packet.from;
  reply.to_host = packet.from_host;
  reply.local = packet.local;
  reply.device = packet.local ? owner_device(world.hosts[packet.to_host], packet.from.ip)
                              : owner_device(world.hosts[packet.from_host], packet.from.ip);
  if (packet.has_ack) {
    reply.seq = packet.ack;
  } else {
    reply.has_ack = true;
    reply.ack = end_of(packet);
  }
  const auto host = packet.to_host;
  transmit(world, host, std::move(reply));
}

// tcp_rtt_estimator and tcp_set_rto, from the time stamp that comes back
void note_round_trip(Tcp& tcp, Time took) {
  constexpr std::int64_t least = 200'000, jiffy = 4'000;
  auto m = std::max<std::int64_t>(took.count(), 1);
  if (tcp.srtt8 == 0) {
    tcp.srtt8 = m << 3;
    tcp.mdev4 = m << 1;
    tcp.rttvar = tcp.mdev_most = std::max(tcp.mdev4, least);
    tcp.rtt_seq = tcp.snd_nxt;
  } else {
    m -= tcp.srtt8 >> 3;
    tcp.srtt8 = std::max<std::int64_t>(tcp.srtt8 + m, 1);
    if (m < 0) {
      m = -m - (tcp.mdev4 >> 2);
      if (m > 0) m >>= 3;
    } else {
      m -= tcp.mdev4 >> 2;
    }
    tcp.mdev4 += m;
    if (tcp.mdev4 > tcp.mdev_most) {
      tcp.mdev_most = tcp.mdev4;
      tcp.rttvar = std::max(tcp.rttvar, tcp.mdev_most);
    }
    if (after(tcp.snd_una, tcp.rtt_seq)) {
      if (tcp.mdev_most < tcp.rttvar) tcp.rttvar -= (tcp.rttvar - tcp.mdev_most) >> 2;
      tcp.rtt_seq = tcp.snd_nxt;
      tcp.mdev_most = least;
    }
  }
  tcp.rto = Time{((tcp.srtt8 >> 3) + tcp.rttvar + jiffy - 1) / jiffy * jiffy};
}

namespace {

bool orphan(const Socket& socket) { return !socket.open && socket.listener == no_socket; }

// tcp_event_data_recv
void note_data(World& world, Socket& socket, std::size_t size) {
  auto& ack = socket.tcp.ack;
  ack.scheduled = true;
  if (ack.pushed) ack.pushed_twice = true;
  ack.pushed = true;
  if (size > ack.segment) ack.segment = static_cast<std::uint32_t>(size);
  const auto gap = world.now - ack.last_receive;
  const Time least{40'000};
  if (ack.patience == Time{}) {
    ack.quick = std::max(ack.quick, 16);
    ack.patience = least;
  } else if (gap <= least / 2) {
    ack.patience = ack.patience / 2 + least / 2;
  } else if (gap < ack.patience) {
    ack.patience = std::min(ack.patience / 2 + gap, socket.tcp.rto);
  } else if (gap > socket.tcp.rto) {
    ack.quick = std::max(ack.quick, 16);
  }
  ack.last_receive = world.now;
}

// tcp_fin
void take_fin(World& world, Socket& socket) {
  auto& tcp = socket.tcp;
  tcp.ack.scheduled = true;
  socket.receive_shut = true;
  tcp.done = tcp.fin_received = true;
  switch (socket.state) {
    case SocketState::SynReceived:
    case SocketState::Established:
      socket.state = SocketState::CloseWait;
      tcp.ack.pingpong = std::max(tcp.ack.pingpong, 1);
      break;
    case SocketState::FinWait1:
      tcp_send_ack(world, socket);
      socket.state = SocketState::Closing;
      break;
    case SocketState::FinWait2:
      tcp_send_ack(world, socket);
      tcp_become_time_wait(world, socket, SocketState::TimeWait, time_wait_length);
      break;
    default:
      break;
  }
}

// tcp_urg, tcp_check_urg: the last byte of such a segment is the urgent one. It counts before the segment's
// turn in the stream comes.
void note_urgent(Tcp& tcp, const Packet& packet) {
  if (!packet.urg || packet.bytes.empty()) return;
  const auto seq = packet.seq + static_cast<std::uint32_t>(packet.bytes.size()) - 1;
  if (after(tcp.copied, seq) || after(tcp.rcv_nxt, seq)) return;
  if (tcp.urgent_pending && !after(seq, tcp.urgent_seq)) return;
  if (tcp.urgent_pending && tcp.urgent_seq == tcp.copied && !tcp.received.empty()) {
    tcp.received.erase(0, 1);  // the old urgent byte at the read point is dropped
    ++tcp.copied;
  }
  tcp.urgent_pending = tcp.urgent_valid = true;
  tcp.urgent_read = false;
  tcp.urgent_seq = seq;
  tcp.urgent_byte = packet.bytes.back();
  tcp.fast_path = false;
}

void take_piece(World& world, Socket& socket, const Unacked& piece) {
  auto& tcp = socket.tcp;
  tcp.rcv_nxt = piece.end();
  if (!piece.bytes.empty()) {
    note_data(world, socket, piece.bytes.size());
    tcp.received += piece.bytes;
  }
  if (piece.fin) take_fin(world, socket);
}

// tcp_data_queue
void take_data(World& world, Socket& socket, const Packet& packet) {
  auto& tcp = socket.tcp;
  if (packet.bytes.empty() && !packet.fin) return;
  if (tcp.fin_received) return;
  Unacked piece{packet.seq, packet.bytes, false, packet.fin, packet.urg};
  if (after(piece.seq, tcp.rcv_nxt)) {
    tcp.early.push_back(std::move(piece));
    tcp.ack.scheduled = tcp.ack.now = true;
    tcp.fast_path = false;
    return;
  }
  if (!after(piece.end(), tcp.rcv_nxt)) {  // old: say again what is expected
    tcp.ack.scheduled = tcp.ack.now = true;
    return;
  }
  if (piece.seq != tcp.rcv_nxt) {
    piece.bytes.erase(0, tcp.rcv_nxt - piece.seq);
    piece.seq = tcp.rcv_nxt;
  }
  const auto id = socket.id;
  take_piece(world, socket, piece);
  for (bool again = true; again && world.sockets.find(id) != nullptr && !socket.time_wait;) {
    again = false;
    for (auto at = tcp.early.begin(); at != tcp.early.end(); ++at) {
      if (at->seq != tcp.rcv_nxt) continue;
      const auto next = *at;
      tcp.early.erase(at);
      take_piece(world, socket, next);
      again = true;
      break;
    }
  }
  if (world.sockets.find(id) != nullptr) check_fast_path(tcp);
}

// tcp_ack and tcp_clean_rtx_queue; true where something new was acknowledged
bool take_ack(World& world, Socket& socket, const Packet& packet) {
  auto& tcp = socket.tcp;
  if (!packet.has_ack || after(tcp.snd_una, packet.ack) || after(packet.ack, tcp.snd_nxt)) return false;
  socket.soft_error = 0;  // something worked
  if (packet.ack == tcp.snd_una) return false;
  tcp.snd_una = packet.ack;
  while (!tcp.unacked.empty() && !after(tcp.unacked.front().end(), packet.ack)) tcp.unacked.pop_front();
  // tcp_xmit_recovery: what went out before the timer ran out counts as lost as well
  const bool lost_too = !tcp.unacked.empty() && after(tcp.lost_until, tcp.unacked.front().seq);
  tcp.retransmits = 0;
  tcp.tail_probe_at = never;
  if (tcp.unacked.empty()) tcp.lossy = false;
  note_round_trip(tcp, world.now - packet.echo);
  tcp.retransmit_at = never;
  tcp.probe_at = never;
  tcp_arm(world, socket);
  if (lost_too) tcp_transmit(world, socket, Unacked{tcp.unacked.front()}, true);
  return true;
}

bool fin_acknowledged(const Socket& socket) {
  const auto& tcp = socket.tcp;
  return !tcp.fin_wanted && tcp.unacked.empty() && tcp.unsent.empty();
}

// The states after our FIN in tcp_rcv_state_process. False: the segment is dealt with, or answered by a
// reset.
bool closing_states(World& world, Socket& socket, const Packet& packet) {
  const auto id = socket.id;
  switch (socket.state) {
    case SocketState::FinWait1:
      if (!fin_acknowledged(socket)) break;
      socket.state = SocketState::FinWait2;
      socket.send_shut = true;
      if (!orphan(socket)) break;
      if (socket.options.linger2_seconds < 0) {
        tcp_done(world, socket, 0);
        refuse(world, packet);
        return false;
      }
      if (!packet.bytes.empty() && after(end_of(packet) - (packet.fin ? 1U : 0U), socket.tcp.rcv_nxt)) {
        tcp_done(world, socket, 0);
        refuse(world, packet);
        return false;
      }
      if (tcp_wait_for_fin(world, socket, packet.fin)) return false;
      break;
    case SocketState::Closing:
      if (fin_acknowledged(socket)) {
        tcp_become_time_wait(world, socket, SocketState::TimeWait, time_wait_length);
        return false;
      }
      break;
    case SocketState::LastAck:
      if (fin_acknowledged(socket)) {
        tcp_done(world, socket, 0);
        return false;
      }
      break;
    default:
      break;
  }
  return world.sockets.find(id) != nullptr;
}

// tcp_validate_incoming: RFC 5961, 3.2, and tcp_reset_check: after a FIN its own number will do, too
void reset_input(World& world, Socket& socket, const Packet& packet) {
  const auto& tcp = socket.tcp;
  const bool after_fin = packet.seq == tcp.rcv_nxt - 1 &&
                         (socket.state == SocketState::CloseWait || socket.state == SocketState::LastAck ||
                          socket.state == SocketState::Closing);
  if (packet.seq == tcp.rcv_nxt || after_fin) return tcp_reset_received(world, socket);
  if (!after(tcp.rcv_wup, packet.seq)) tcp_send_ack(world, socket);  // a challenge
}

}  // namespace

// tcp_rcv_established and the connected states of tcp_rcv_state_process
void connected_input(World& world, Socket& socket, const Packet& packet) {
  auto& tcp = socket.tcp;
  const auto id = socket.id;
  if (packet.rst) return reset_input(world, socket, packet);
  if (packet.syn) {
    const bool self = socket.state == SocketState::SynReceived && packet.has_ack &&
                      end_of(packet) == tcp.rcv_nxt && packet.ack == tcp.snd_nxt;
    if (!self) return tcp_send_ack(world, socket);
  }
  if (!packet.has_ack) return;
  if (!after(packet.seq, tcp.rcv_wup)) tcp.echo = packet.sent;  // tcp_replace_ts_recent
  // tcp_rcv_established's fast path: data in order that acknowledges nothing new sends nothing either
  const bool fast = tcp.fast_path && socket.state == SocketState::Established && !packet.bytes.empty() &&
                    packet.seq == tcp.rcv_nxt && !packet.fin && !packet.urg;
  const bool acked = take_ack(world, socket, packet);
  if (!std::exchange(tcp.window_known, true)) check_fast_path(tcp);  // tcp_ack_update_window
  if (socket.state == SocketState::SynReceived) {
    if (after(tcp.snd_una, tcp.initial_seq)) {
      socket.state = SocketState::Established;
      tcp_established_pair(socket, world.hosts[socket.host]);
      if (socket.send_shut && tcp_close_state(socket)) tcp_send_fin(world, socket);
    } else {
      return;
    }
  }
  if (!closing_states(world, socket, packet)) return;
  note_urgent(tcp, packet);
  const bool closing = socket.state == SocketState::FinWait1 || socket.state == SocketState::FinWait2;
  if (closing && socket.receive_shut && !packet.bytes.empty() &&
      after(end_of(packet) - (packet.fin ? 1U : 0U), tcp.rcv_nxt)) {
    // RFC 1122, 4.2.2.13: data for nobody is answered by a reset
    tcp_reset_received(world, socket);
    return refuse(world, packet);
  }
  const bool takes = socket.state == SocketState::Established || closing;
  if (takes) {
    take_data(world, socket, packet);
  } else if (!packet.bytes.empty() || packet.fin) {
    if (!after(end_of(packet), tcp.rcv_nxt)) tcp.ack.scheduled = tcp.ack.now = true;
  }
  const auto* left = world.sockets.find(id);
  if (left == nullptr || left->time_wait || left->state == SocketState::Closed) return;
  if (acked || !fast) tcp_push(world, socket);
  tcp_ack_check(world, socket);
}

namespace {

// tcp_rcv_synsent_state_process
void syn_sent_input(World& world, Socket& socket, const Packet& packet) {
  auto& tcp = socket.tcp;
  if (packet.has_ack && packet.ack != tcp.snd_nxt) return refuse(world, packet);
  if (packet.has_ack) {
    if (packet.rst) return tcp_reset_received(world, socket);
    if (!packet.syn) return;
    tcp.echo = packet.sent;
    tcp.rcv_nxt = tcp.copied = tcp.rcv_wup = packet.seq + 1;
    socket.state = SocketState::Established;
    take_ack(world, socket, packet);
    tcp_established_pair(socket, world.hosts[socket.host]);
    tcp.fast_path = tcp.window_known = packet.unscaled;
    if (socket.options.defer_accept > 0 || !tcp.unsent.empty() || tcp.ack.pingpong > 0) {
      tcp.ack.scheduled = true;
      tcp.ack.pingpong = 1;
      tcp.ack.quick = 16;
      tcp.ack.patience = Time{40'000};
      tcp.ack.delayed_until = world.now + Time{200'000};
      wake_at(world, socket, tcp.ack.delayed_until);
      tcp_push(world, socket);
    } else {
      tcp_send_ack(world, socket);
    }
    return;
  }
  if (packet.rst || !packet.syn) return;
  // Simultaneous open, of which connecting to oneself is the usual case.
  tcp.echo = packet.sent;
  tcp.rcv_nxt = tcp.copied = tcp.rcv_wup = packet.seq + 1;
  socket.state = SocketState::SynReceived;
  if (tcp.unacked.empty()) return;
  tcp_transmit(world, socket, tcp.unacked.front(), false);
}

}  // namespace

void tcp_established_pair(Socket& socket, const Host& host) {
  auto& tcp = socket.tcp;
  const bool loopback = owner_device(host, socket.peer.ip.unmapped()) != 0;
  const bool v6 = socket.peer.ip.is_v6() && !socket.peer.ip.is_v4_mapped();
  const int mtu = loopback ? 65536 : 1500;
  int size = std::min(mtu - (v6 ? 60 : 40), v6 ? 65475 : 65495);
  if (socket.options.max_segment > 0) size = std::min(size, socket.options.max_segment);
  const int clamp = size;
  if (host.sysctls.timestamps) size -= 12;
  tcp.segment_size = static_cast<std::uint32_t>(size);
  tcp.loopback = loopback;
  tcp.ts_recent = host.sysctls.timestamps ? 1 : 0;
  if (!socket.options.send_buffer_set) {  // tcp_sndbuf_expand
    unsigned per = static_cast<unsigned>(clamp) + 320 + 320, power = 1;
    while (power < per) power <<= 1;
    const auto wanted =
        std::min<std::int64_t>(std::int64_t{2} * 10 * (power + 256), host.sysctls.tcp_wmem[2]);
    socket.options.send_buffer = std::max(socket.options.send_buffer, static_cast<int>(wanted));
  }
}

void tcp_input(World& world, const Packet& packet) {
  const auto id = find_connection(world, packet.to_host, packet.to, packet.from, packet.device);
  if (id == no_socket) {
    if (!to_request(world, packet)) to_listener(world, packet);
    return;
  }
  auto& socket = edit(world, id);
  if (socket.time_wait) {
    if (!time_wait_input(world, socket, packet)) return;
    // Without a listener TCP_TW_SYN falls through to TCP_TW_ACK; what connects answers that by a reset.
    if (find_listener(world, packet.to_host, packet.to, packet.device).socket == no_socket)
      return tcp_send_ack(world, socket);
    drop_connection(world, socket);
    tcp_put_port(world, socket);
    remove_socket(world, id);
    return to_listener(world, packet);
  }
  if (socket.state == SocketState::SynSent) return syn_sent_input(world, socket, packet);
  connected_input(world, socket, packet);
}

}  // namespace loopscope::model
