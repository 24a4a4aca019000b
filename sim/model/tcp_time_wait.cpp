#include "sim/model/tcp_segments.hpp"

// What a segment does to what a closed connection leaves behind: net/ipv4/tcp_minisocks.c, Linux 6.18.
namespace loopscope::model {

// tcp_timewait_state_process. True: the segment may open a new connection.
bool time_wait_input(World& world, Socket& remnant, const Packet& packet) {
  auto& tcp = remnant.tcp;
  const auto bury = [&] {
    drop_connection(world, remnant);
    tcp_put_port(world, remnant);
    remove_socket(world, remnant.id);
  };
  if (remnant.state == SocketState::FinWait2) {
    if (packet.rst) return bury(), false;
    if (packet.syn && packet.seq - tcp.rcv_nxt < 0x80000000U) return bury(), refuse(world, packet), false;
    if (!packet.has_ack || !after(end_of(packet), tcp.rcv_nxt) || end_of(packet) == packet.seq) return false;
    if (!packet.fin || end_of(packet) != tcp.rcv_nxt + 1) {
      refuse(world, packet);
      bury();
      return false;
    }
    remnant.state = SocketState::TimeWait;
    tcp.echo = packet.sent;
    tcp.rcv_nxt = end_of(packet);
    remnant.time_wait_until = world.now + Time{60'000'000};
    remnant.time_wait_since = world.now;
    wake_at(world, remnant, remnant.time_wait_until);
    tcp_send_ack(world, remnant);
    return false;
  }
  if (packet.seq == tcp.rcv_nxt && (packet.rst || end_of(packet) == packet.seq) && !packet.syn) {
    if (packet.rst) {
      if (!world.hosts[remnant.host].sysctls.rfc1337) bury();
      return false;
    }
    remnant.time_wait_until = world.now + Time{60'000'000};
    wake_at(world, remnant, remnant.time_wait_until);
    return false;
  }
  if (packet.syn && !packet.rst && !packet.has_ack && tcp.ts_recent != 0) return true;
  if (!packet.rst) tcp_send_ack(world, remnant);
  return false;
}

}  // namespace loopscope::model
