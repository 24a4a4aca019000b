#pragma once

#include "sim/model/inside.hpp"

/// What the files about TCP's segments share: tcp_input.cpp (sockets), tcp_requests.cpp (listeners),
/// tcp_time_wait.cpp (remnants). Not for others.
namespace loopscope::model {

/// The sequence number behind the segment.
[[nodiscard]] inline std::uint32_t end_of(const Packet& packet) {
  return packet.seq + static_cast<std::uint32_t>(packet.bytes.size()) + (packet.syn || packet.fin ? 1U : 0U);
}
/// RFC 9293, 3.4: numbers wrap around.
[[nodiscard]] inline bool after(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b) > 0;
}

/// A segment was lost, by `packets drop` or a rule.
void tcp_note_loss(World& world, const Packet& packet);
/// Whether bytes or a FIN of it are held before they have left (sk_wmem_alloc).
[[nodiscard]] bool tcp_has_held(const World& world, const Socket& socket);
struct TcpPush {
  std::uint32_t before = 0;  ///< snd_nxt
  bool corkable = false;     ///< by send(2), while something held is not yet acknowledged
};
/// After tcp_push: gives the connection up where more decides than the model follows.
void tcp_pushed(World& world, Socket& socket, const TcpPush& push);
void tcp_tail_probe(World& world, const Socket& socket);  ///< tcp_send_loss_probe

void refuse(World& world, const Packet& packet);  ///< tcp_v4_send_reset
/// tcp_fast_path_check: header prediction is on again where nothing is out of order and no urgent byte waits.
inline void check_fast_path(Tcp& tcp) {
  if (tcp.early.empty() && !tcp.urgent_pending) tcp.fast_path = true;
}
void note_round_trip(Tcp& tcp, Time took);                                 ///< tcp_rtt_estimator, tcp_set_rto
void connected_input(World& world, Socket& socket, const Packet& packet);  ///< tcp_rcv_state_process
void to_listener(World& world, const Packet& packet);                      ///< tcp_conn_request, or a reset
/// Whether the segment belonged to a handshake that waits for its end (tcp_check_req).
bool to_request(World& world, const Packet& packet);
/// tcp_timewait_state_process. True: the segment may open a new connection.
bool time_wait_input(World& world, Socket& remnant, const Packet& packet);

}  // namespace loopscope::model
