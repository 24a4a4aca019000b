#include "sim/model/tcp_segments.hpp"

// What a segment does to what a closed connection leaves behind: net/ipv4/tcp_minisocks.c, Linux 6.18.
namespace loopscope::model {
namespace {

// tcp_in_window
bool in_window(const Tcp& tcp, const Packet& packet) {
  constexpr std::uint32_t width = 65536;
  const auto end = end_of(packet), edge = tcp.rcv_nxt + width;
  if (packet.seq == tcp.rcv_nxt) return true;
  if (after(end, tcp.rcv_nxt) && after(edge, packet.seq)) return true;
  return packet.seq == edge && end == edge;
}

}  // namespace

// tcp_timewait_state_process. True: the segment may open a new connection.
bool time_wait_input(World& world, Socket& remnant, const Packet& packet) {
  auto& tcp = remnant.tcp;
  const auto bury = [&] {
    drop_connection(world, remnant);
    tcp_put_port(world, remnant);
    remove_socket(world, remnant.id);
  };
  const auto wait_anew = [&] {
    remnant.time_wait_until = world.now + time_wait_length;
    wake_at(world, remnant, remnant.time_wait_until);
  };
  if (remnant.state == SocketState::FinWait2) {
    if (!in_window(tcp, packet)) return tcp_send_ack(world, remnant), false;
    if (packet.rst) return bury(), false;
    if (packet.syn) return bury(), refuse(world, packet), false;
    if (!packet.has_ack || !after(end_of(packet), tcp.rcv_nxt) || end_of(packet) == packet.seq) return false;
    if (!packet.fin || end_of(packet) != tcp.rcv_nxt + 1) {
      refuse(world, packet);
      bury();
      return false;
    }
    remnant.state = SocketState::TimeWait;
    tcp.echo = packet.sent;
    tcp.rcv_nxt = end_of(packet);
    remnant.time_wait_since = world.now;
    wait_anew();
    tcp_send_ack(world, remnant);
    return false;
  }
  if (packet.seq == tcp.rcv_nxt && (packet.rst || end_of(packet) == packet.seq) && !packet.syn) {
    if (packet.rst) {
      if (!world.hosts[remnant.host].sysctls.rfc1337) bury();
      return false;
    }
    wait_anew();
    return false;
  }
  // secure_tcp_seq: the same two ends begin with a higher number each time
  if (packet.syn && !packet.rst && !packet.has_ack) return true;
  if (packet.rst) return false;
  if (packet.has_ack) wait_anew();
  tcp_send_ack(world, remnant);
  return false;
}

}  // namespace loopscope::model
