#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "sim/base/address.hpp"
#include "sim/base/socket_state.hpp"

namespace loopscope::model {

/// Virtual time since the world began. Calls take none; waiting, timeouts and timers do.
using Time = std::chrono::microseconds;
inline constexpr Time never = Time::max();

using SocketId = std::uint32_t;
inline constexpr SocketId no_socket = ~SocketId{0};

enum class Transport : std::uint8_t { Tcp, Udp };

/// What the kernel keeps in struct socket besides the protocol's own state (include/linux/net.h,
/// socket_state).
enum class CallState : std::uint8_t { Unconnected, Connecting, Connected, Disconnecting };

/// Options of a socket as setsockopt(2) left them. Timeouts: never means 'wait for ever', zero 'do not wait'.
struct Options {
  bool reuse_address = false, reuse_port = false, broadcast = false, keepalive = false;
  bool linger = false;
  std::int64_t linger_seconds = 0;
  Time receive_timeout = never, send_timeout = never;
  int receive_buffer = 0, send_buffer = 0;
  bool receive_buffer_set = false, send_buffer_set = false;
  bool v6only = false, freebind = false, transparent = false, bind_no_port = false;
  std::uint16_t range_low = 0, range_high = 0;
  int ttl = -1, tos = 0, hops = -1;
  bool no_delay = false;
  int max_segment = 0, keep_idle = 0, keep_interval = 0, keep_count = 0, syn_count = 0;
  int linger2_seconds = 0;  ///< 0: the system's; negative: none
  int defer_accept = 0;     ///< retransmissions
  std::uint32_t user_timeout_ms = 0;
};

/// A stretch of a TCP stream, or its SYN or FIN, sent and not yet acknowledged.
struct Unacked {
  std::uint32_t seq = 0;
  std::string bytes;
  bool syn = false, fin = false;
  bool urgent = false;  ///< the last byte is urgent
  [[nodiscard]] std::uint32_t end() const noexcept {
    return seq + static_cast<std::uint32_t>(bytes.size()) + (syn || fin ? 1U : 0U);
  }
};

/// The delayed-acknowledgement engine (struct inet_connection_sock, icsk_ack).
struct AckState {
  bool scheduled = false, now = false, pushed = false, pushed_twice = false;
  int quick = 0;
  int pingpong = 0;
  Time patience{};  ///< 'ato'; zero until the first data came
  Time last_receive{-3600'000'000};
  std::uint32_t segment = 536;  ///< what a full segment of the peer is thought to be
  Time delayed_until = never;
};

/// A request that waits for its handshake's end at a listener (struct request_sock).
struct Request {
  SocketAddress local, peer;
  int device = 0;
  int bound = 0;          ///< the listener's device when the SYN came (ir_iif), and then the child's
  std::uint32_t isn = 0;  ///< its own initial sequence number
  std::uint32_t peer_isn = 0;
  Time peer_sent{};  ///< when its SYN was
  int retransmits = 0;
  Time next_retransmit = never;
  bool acked = false;   ///< the last ACK came, but there was no room or TCP_DEFER_ACCEPT waits
  bool cookie = false;  ///< a SYN cookie: the kernel keeps nothing, so no table shows it
};

struct Datagram {
  std::string bytes;
  SocketAddress from;
  std::size_t memory = 0;  ///< what it counts for against SO_RCVBUF (sk_buff::truesize)
  bool any_port = false;   ///< the kernel chose the port of `from`
};

/// Where a UDP socket's corked bytes go, and what an AF_INET socket sends by the route that it remembers
/// (struct inet_cork_full, fl). connect(2) and the first MSG_MORE write it, whether or not they succeed.
struct CorkFlow {
  /// IPv6's destination; IPv4's source, destination and the two ports lie in the same place (struct flowi).
  std::array<std::uint8_t, 16> shared{};
  IpAddress source_v6;
  Port port_v6{};
};

/// The TCP side of a socket (struct tcp_sock).
struct Tcp {
  std::uint32_t snd_una = 0, snd_nxt = 0, snd_small = 0, write_seq = 0, initial_seq = 0;
  std::uint32_t rcv_nxt = 0, rcv_wup = 0, copied = 0;
  std::string unsent;                     ///< bytes that send(2) took and that have not gone out
  bool fin_wanted = false;                ///< a FIN follows the unsent bytes
  bool corked = false;                    ///< MSG_MORE on the last send
  std::vector<std::uint32_t> urgent_out;  ///< sequence numbers of urgent bytes among the unsent
  std::deque<Unacked> unacked;
  std::string received;        ///< from `copied` on
  std::vector<Unacked> early;  ///< out of order
  bool fin_received = false, done = false;
  bool urgent_pending = false, urgent_valid = false, urgent_read = false;
  std::uint32_t urgent_seq = 0;
  char urgent_byte = 0;
  AckState ack;
  std::uint32_t segment_size = 536;
  int retransmits = 0;
  std::uint32_t lost_until = 0;  ///< tcp_enter_loss: all that was sent before this counts as lost
  Time first_retransmit_base{};  ///< when the oldest unacknowledged thing went out
  Time rto{1'000'000};
  Time echo{};                             ///< the peer's latest time stamp (ts_recent)
  std::int64_t srtt8 = 0, mdev4 = 0;       ///< tcp_rtt_estimator, in µs
  std::int64_t rttvar = 0, mdev_most = 0;  ///< …
  std::uint32_t rtt_seq = 0;               ///< …
  Time retransmit_at = never, probe_at = never, tail_probe_at = never;
  bool lossy = false;           ///< something unacknowledged, or its acknowledgment, was lost
  Time unreachable_at = never;  ///< when the search for the neighbour's address is given up
  Time keepalive_at = never;    ///< keepalive, or FIN-WAIT-2 of an orphan
  std::uint32_t ts_recent = 0;  ///< RFC 7323: whether timestamps are in use (1) or not (0)
  bool loopback = false;
  bool fast_path = false;     ///< header prediction is on (pred_flags)
  bool window_known = false;  ///< a segment after the handshake has told the peer's window in its own scale
};

/// A socket, a TIME-WAIT remnant, or a TCP child that nobody has accepted yet (struct sock and what surrounds
/// it).
struct Socket {
  SocketId id = no_socket;
  std::uint8_t host = 0;
  Transport transport = Transport::Tcp;
  bool v6 = false;  ///< AF_INET6
  bool exists = true;
  bool open = false;  ///< a descriptor refers to it
  bool nonblock = false;
  int process = -1;  ///< index of the owner; -1: none
  int fd = -1;       ///< its descriptor, while `open`
  std::uint32_t uid = 0;
  std::string variable;                     ///< the owner's name for it
  SocketState state = SocketState::Closed;  ///< TCP's; UDP: Closed or Established
  bool time_wait = false;                   ///< only an inet_timewait_sock is left; `state` is its sub-state
  CallState call = CallState::Unconnected;

  // Addresses. IPv4 ones of an AF_INET6 socket are kept mapped, as the kernel does.
  IpAddress receive;             ///< rcv_saddr: what look-ups compare
  IpAddress source;              ///< saddr: what it sends from
  IpAddress source_v4;           ///< AF_INET6 UDP: what its IPv4 half sends from (inet_saddr)
  std::uint16_t num = 0;         ///< the port it holds; 0: none
  std::uint16_t shown_port = 0;  ///< what getsockname says, which may outlive `num`
  SocketAddress peer;
  bool free_choice = false;       ///< the kernel chose `num` among several
  bool peer_free_choice = false;  ///< connect(2) named a port that the kernel once chose
  IpAddress peer_v6;              ///< AF_INET6 UDP: sk_v6_daddr, which outlives the connection that named it
  bool address_locked = false, port_locked = false, connect_bind = false;
  int device = 0;  ///< SO_BINDTODEVICE; 0: any
  bool receive_shut = false, send_shut = false;
  int error = 0;  ///< sk_err
  int soft_error = 0;
  bool error_queued = false;  ///< TCP: an ICMP error lies in the error queue, which nobody reads
  Options options;
  std::uint64_t group = 0;  ///< its SO_REUSEPORT group (sk_reuseport_cb); 0: in none
  std::uint64_t order = 0;  ///< when it entered its look-up list: later comes first
  bool at_tail = false;     ///< …or last (AF_INET6 with SO_REUSEPORT)
  std::string doubt;        ///< why the model cannot say more about it; empty: nothing is in doubt

  // A listener.
  int backlog = 0;
  std::vector<Request> requests;
  std::deque<SocketId> queue;     ///< established, waiting for accept
  SocketId listener = no_socket;  ///< of a child that waits
  int doubtful_connections = 0;   ///< may have come here or to another of its SO_REUSEPORT group

  // UDP.
  /// Its place in the table of connected sockets (udp_lrpa_node): the addresses of the time when it entered,
  /// and when that was. 0: it is not there.
  SocketAddress tuple_local, tuple_peer;
  std::uint64_t tuple_order = 0;
  std::deque<Datagram> datagrams;
  std::size_t receive_memory = 0;  ///< sk_rmem_alloc
  std::size_t read_ahead = 0;  ///< how many of them stand in the reader's own queue (udp_sock, reader_queue)
  std::size_t not_given_back = 0;  ///< memory of datagrams that were read (udp_sock, forward_deficit)
  int doubtful_datagrams = 0;
  std::string pending;  ///< MSG_MORE
  bool has_pending = false, pending_v6 = false;
  /// The route of the first of them (struct inet_cork, dst): a later destination or shutdown changes nothing.
  struct Cork {
    IpAddress destination;
    bool local = true, everybody = false;
    int to_host = -1, device = 0;
  } cork;
  CorkFlow flow;
  /// AF_INET6 TCP that once connected to a mapped address, or was accepted from one: it keeps IPv4's
  /// operations (icsk_af_ops), and sends whatever it sends to that address.
  bool spoke_v4 = false;
  IpAddress peer_v4;          ///< that address (inet_daddr)
  bool spoke = false;         ///< TCP: it has connected or was accepted
  bool route_cached = false;  ///< a connected socket remembers its route (sk_dst_cache)

  Tcp tcp;
  Time time_wait_until = never;
  Time time_wait_since{};
  std::uint32_t timer = 0;  ///< generation of its timers, so that stale ones are ignored
};

}  // namespace loopscope::model
