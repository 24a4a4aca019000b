#include <algorithm>

#include "sim/model/tcp_segments.hpp"

// What TCP sends and when: net/ipv4/tcp_output.c, Linux 6.18.
namespace loopscope::model {
namespace {

constexpr Time minimum_rto{204'000};
constexpr Time delayed_ack{40'000}, tick{4'000};
constexpr std::uint32_t window = 65536;  // what an unread receive buffer of 128 KiB offers

bool address_packet(const World& world, const Socket& socket, Packet& packet) {
  packet.kind = Packet::Kind::Tcp;
  packet.sent = world.now;
  packet.echo = socket.tcp.echo;
  packet.from = {socket.receive.unmapped(), Port{socket.num != 0 ? socket.num : socket.shown_port}};
  packet.to = {socket.peer.ip.unmapped(), socket.peer.port};
  const bool astray = socket.spoke_v4 && packet.to.ip.is_v6();
  const auto route = astray ? route_of_v4(world, socket)
                            : find_route(world, socket.host, packet.to.ip, packet.from.ip, socket.device,
                                         socket.options.transparent);
  if (astray) {
    packet.from.ip = route.source;
    packet.to.ip = socket.peer_v4;
  }
  if (route.error != 0 || route.to_host < 0) return false;
  packet.local = route.local;
  packet.assumed = route.assumed;
  packet.to_host = static_cast<std::uint8_t>(route.to_host);
  packet.device = route.local ? route.device : 0;
  return true;
}

// tcp_event_ack_sent
void ack_sent(Socket& socket) {
  auto& ack = socket.tcp.ack;
  if (ack.scheduled && ack.quick > 0) --ack.quick;
  ack.scheduled = ack.now = ack.pushed = ack.pushed_twice = false;
  ack.delayed_until = never;
  socket.tcp.rcv_wup = socket.tcp.rcv_nxt;
}

std::uint32_t in_flight(const Tcp& tcp) { return tcp.snd_nxt - tcp.snd_una; }

/// tcp_urg_mode: urgent data has not been acknowledged
bool urgent_mode(const Tcp& tcp) {
  return !tcp.urgent_out.empty() || std::any_of(tcp.unacked.begin(), tcp.unacked.end(),
                                                [](const Unacked& piece) { return piece.urgent; });
}

}  // namespace

// inet_sk_rebuild_header, of a socket whose inet_saddr connect(2) has left empty
Route route_of_v4(const World& world, const Socket& socket) {
  return find_route(world, socket.host, socket.peer_v4, IpAddress::any_v4(), socket.device,
                    socket.options.transparent);
}

void tcp_transmit(World& world, Socket& socket, const Unacked& piece, bool again) {
  auto& tcp = socket.tcp;
  Packet packet;
  packet.seq = piece.seq;
  packet.bytes = piece.bytes;
  packet.syn = piece.syn;
  packet.fin = piece.fin;
  packet.urg = piece.urgent;
  packet.psh = !piece.bytes.empty();
  packet.has_ack = socket.state != SocketState::SynSent;
  packet.ack = tcp.rcv_nxt;
  packet.retransmission = again;
  packet.within_connect = packet.syn && !packet.has_ack && !again;
  if (packet.has_ack) ack_sent(socket);
  if (!piece.bytes.empty() && world.now - tcp.ack.last_receive < tcp.ack.patience) ++tcp.ack.pingpong;
  if (address_packet(world, socket, packet)) transmit(world, socket.host, std::move(packet));
}

std::uint32_t tcp_initial_sequence(World& world) {
  return static_cast<std::uint32_t>(++world.order % 1024U) << 21U;
}

void tcp_begin_sequence(Tcp& tcp, std::uint32_t isn) {
  tcp.snd_una = tcp.snd_nxt = tcp.write_seq = tcp.snd_small = isn;
  tcp.lost_until = tcp.rtt_seq = tcp.initial_seq = isn;
}

void tcp_arm(World& world, Socket& socket) {
  auto& tcp = socket.tcp;
  if (tcp.unacked.empty()) {
    tcp.retransmit_at = never;
    tcp.retransmits = 0;
    return;
  }
  if (tcp.retransmit_at != never) return;
  if (tcp.retransmits == 0) tcp.first_retransmit_base = world.now;
  tcp.retransmit_at = world.now + tcp.rto;
  wake_at(world, socket, tcp.retransmit_at);
}

void tcp_send_ack(World& world, Socket& socket) {
  Packet packet;
  packet.seq = socket.tcp.snd_nxt;
  packet.has_ack = true;
  packet.ack = socket.tcp.rcv_nxt;
  ack_sent(socket);
  if (address_packet(world, socket, packet)) transmit(world, socket.host, std::move(packet));
}

void tcp_send_reset(World& world, Socket& socket) {
  Packet packet;
  packet.seq = socket.tcp.snd_nxt;
  packet.has_ack = true;
  packet.ack = socket.tcp.rcv_nxt;
  packet.rst = true;
  if (address_packet(world, socket, packet)) transmit(world, socket.host, std::move(packet));
}

// tcp_write_xmit with tcp_nagle_test: a small segment waits while another small one is not yet acknowledged
void tcp_push(World& world, Socket& socket, bool nagle_off) {
  auto& tcp = socket.tcp;
  if (socket.state == SocketState::SynSent || socket.state == SocketState::Closed ||
      socket.state == SocketState::SynReceived)
    return;
  const auto before = tcp.snd_nxt;
  while (!tcp.unsent.empty() || tcp.fin_wanted) {
    auto size = std::min<std::size_t>(tcp.unsent.size(), tcp.segment_size);
    const auto next_urgent = std::find_if(tcp.urgent_out.begin(), tcp.urgent_out.end(),
                                          [&](std::uint32_t seq) { return seq - tcp.snd_nxt < size; });
    const bool urgent = next_urgent != tcp.urgent_out.end();
    const bool last = size == tcp.unsent.size();
    const bool small = size < tcp.segment_size && size > 0;
    if (small && last && !tcp.fin_wanted && !nagle_off && !urgent_mode(tcp)) {
      if (tcp.corked) break;
      const bool small_out = tcp.snd_small - tcp.snd_una - 1 < in_flight(tcp) && tcp.snd_small != tcp.snd_una;
      if (!socket.options.no_delay && small_out && !tcp.unacked.empty()) break;
    }
    const auto end = tcp.snd_nxt + static_cast<std::uint32_t>(size);
    if (size > 0 && end - tcp.snd_una > window) break;
    Unacked piece;
    piece.seq = tcp.snd_nxt;
    piece.bytes = tcp.unsent.substr(0, size);
    piece.urgent = urgent;
    tcp.unsent.erase(0, size);
    if (urgent) tcp.urgent_out.erase(next_urgent);
    if (last && tcp.fin_wanted) {
      piece.fin = true;
      tcp.fin_wanted = false;
    }
    tcp.snd_nxt = piece.end();
    if (small) tcp.snd_small = tcp.snd_nxt;
    tcp.unacked.push_back(piece);
    tcp_transmit(world, socket, piece, false);
    if (!tcp.unsent.empty() || tcp.fin_wanted) continue;
  }
  tcp_arm(world, socket);
  if (!tcp.unsent.empty() && tcp.unacked.empty() && tcp.probe_at == never) {
    tcp.probe_at = world.now + std::max(tcp.rto, minimum_rto);
    wake_at(world, socket, tcp.probe_at);
  }
  tcp_pushed(world, socket, {before, false});
}

void tcp_send_fin(World& world, Socket& socket) {
  socket.tcp.fin_wanted = true;
  socket.tcp.corked = false;
  tcp_push(world, socket, true);
}

// __tcp_ack_snd_check, net/ipv4/tcp_input.c
void tcp_ack_check(World& world, Socket& socket) {
  auto& tcp = socket.tcp;
  auto& ack = tcp.ack;
  if (!ack.scheduled) return;
  const bool quick = ack.quick > 0 && ack.pingpong < 1;
  if (tcp.rcv_nxt - tcp.rcv_wup > ack.segment || quick || ack.now) return tcp_send_ack(world, socket);
  if (ack.delayed_until != never) return;
  // Without data so far the delay is nothing: the timer fires at the next tick.
  ack.delayed_until = world.now + (ack.patience == Time{} ? tick : delayed_ack);
  wake_at(world, socket, ack.delayed_until);
}

// tcp_cleanup_rbuf, net/ipv4/tcp.c
void tcp_ack_after_read(World& world, Socket& socket, std::size_t copied) {
  auto& tcp = socket.tcp;
  const auto& ack = tcp.ack;
  if (!ack.scheduled) return;
  const bool read_all = copied > 0 && tcp.received.empty();
  if (tcp.rcv_nxt - tcp.rcv_wup > ack.segment ||
      (read_all && (ack.pushed_twice || (ack.pushed && ack.pingpong < 1)))) {
    tcp_send_ack(world, socket);
  }
}

}  // namespace loopscope::model
