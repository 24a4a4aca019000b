#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/model/world.hpp"

/// What the files of this room share. Not for other rooms.
namespace loopscope::model {

// ---- answers (answers.cpp)
// ----------------------------------------------------------------------------------------
/// What a call came to: an answer, or a wait until `until` at most.
struct Outcome {
  std::optional<Prediction> done;
  Time until = never;
};
[[nodiscard]] Outcome answer(experiment::Result result, RuleId rule);
[[nodiscard]] Outcome succeed(RuleId rule);
[[nodiscard]] Outcome fail(int error, RuleId rule);
[[nodiscard]] Outcome not_modelled(std::string reason);
[[nodiscard]] Outcome wait_until(Time until);
[[nodiscard]] Opponent opponent_of(const World& world, SocketId id, std::string relation = {});
[[nodiscard]] experiment::AddressTerm term_of(const World& world, const Socket& socket,
                                              const SocketAddress& address, bool any_port);

// ---- sockets (sockets.cpp)
// ----------------------------------------------------------------------------------------
[[nodiscard]] inline Socket& edit(World& world, SocketId id) { return world.sockets.edit(id); }
[[nodiscard]] inline const Socket& look(const World& world, SocketId id) { return *world.sockets.find(id); }
Socket& make_socket(World& world, std::uint8_t host, Transport transport, bool v6);
void remove_socket(World& world, SocketId id);
/// Wakes at `at`; a later call for the same socket replaces nothing, it adds: every deadline is looked at
/// when one comes.
void wake_at(World& world, const Socket& socket, Time at);
/// IPv4 addresses in their mapped form, for one kind of comparison.
[[nodiscard]] inline IpAddress as_v6(const IpAddress& ip) { return ip.is_v6() ? ip : ip.mapped(); }
/// The address as the socket's own family writes it.
[[nodiscard]] IpAddress in_family(const Socket& socket, const IpAddress& ip);
/// 0.0.0.0 of an AF_INET socket, :: or ::ffff:0.0.0.0 of an AF_INET6 one.
[[nodiscard]] inline bool is_wildcard(const IpAddress& ip) {
  return ip.is_any() || (ip.is_v4_mapped() && ip.unmapped().is_any());
}
/// inet_rcv_saddr_equal (net/ipv4/inet_connection_sock.c), with match_wildcard.
[[nodiscard]] bool overlaps(const Socket& one, const Socket& other);
[[nodiscard]] bool same_receive(const Socket& one, const Socket& other);  ///< …without it
[[nodiscard]] bool covers(const Socket& one, const Socket& other);  ///< …where only `one` may be a wildcard
void reset_source(Socket& socket);                                  ///< inet_reset_saddr

// ---- routes and addresses (routes.cpp)
// ----------------------------------------------------------------------------
enum class AddressKind : std::uint8_t { Local, Broadcast, Multicast, Unicast };
[[nodiscard]] AddressKind kind_of(const Host& host, const IpAddress& ip);  ///< inet_addr_type
[[nodiscard]] int owner_device(const Host& host, const IpAddress& ip);     ///< 0: nobody's
[[nodiscard]] int wire_device(const Host& host);  ///< the one to the other hosts; 0: none
/// IN_DEV_ROUTE_LOCALNET of the wire's device: a loopback address means something on it.
[[nodiscard]] inline bool routes_localnet(const Host& host) {
  return host.sysctls.localnet_all || host.sysctls.localnet_wire;
}
/// ip_route_input_slow: what comes in by the wire from, or for, an address that cannot be there is dropped.
[[nodiscard]] bool is_martian(const Host& host, const IpAddress& from, const IpAddress& to);
[[nodiscard]] bool is_local_v6(const Host& host, const IpAddress& ip, int device);
struct Route {
  int error = 0;  ///< errno; 0: there is one
  RuleId rule = RuleId::none;
  IpAddress source, destination;  ///< unmapped
  bool local = false, broadcast = false, multicast = false;
  int to_host = -1;          ///< -1: nobody answers there
  int device = 0;            ///< local: the device that owns the address
  bool assumed = false;      ///< local, though lo does not have the address: a device was named
  bool unreachable = false;  ///< nobody on the link has the address: EHOSTUNREACH after a while
};
/// ip_route_output_key / ip6_route_output: for a destination, a source (any: to be chosen) and a device (0:
/// any).
[[nodiscard]] Route find_route(const World& world, std::uint8_t host, const IpAddress& destination,
                               const IpAddress& source, int device, bool transparent);
[[nodiscard]] Route find_connect_route(const World& world, std::uint8_t host, const IpAddress& destination,
                                       const IpAddress& source, int device, bool transparent);

// ---- ports (ports.cpp, bind_tcp.cpp, bind_udp.cpp)
// -----------------------------------------------------------------
struct PortAnswer {
  std::uint16_t port = 0;  ///< 0: none
  bool free_choice = false;
  std::optional<PortChoice> choice;
  RuleId rule = RuleId::none;
  std::vector<SocketId> opponents;
};
/// Remembers on the socket that the kernel chose its port, and on the host out of which small range.
void note_choice(World& world, Socket& socket, const PortAnswer& port);
[[nodiscard]] bool is_reserved(const Sysctls& sysctls, int port);
/// Whether World::chosen_port is one of first, first + step, … (`steps` of them) and not reserved.
[[nodiscard]] bool is_chosen(const World& world, int first, int step, int steps);
[[nodiscard]] std::pair<int, int> local_range(const Sysctls& sysctls, const Options& options);
[[nodiscard]] PortAnswer tcp_get_port(World& world, Socket& socket,
                                      std::uint16_t port);  ///< inet_csk_get_port
[[nodiscard]] PortAnswer udp_get_port(World& world, Socket& socket,
                                      std::uint16_t port);            ///< udp_lib_get_port
[[nodiscard]] PortAnswer connect_port(World& world, Socket& socket);  ///< __inet_hash_connect
void tcp_put_port(World& world, Socket& socket);                      ///< inet_put_port
void tcp_move_bind2(World& world, Socket& socket, const IpAddress& receive,
                    bool reset);                                         ///< inet_bhash2_update_saddr
void inherit_port(World& world, const Socket& listener, Socket& child);  ///< __inet_inherit_port
void add_owner(World& world, Socket& socket, std::uint16_t port);
void udp_unhash(World& world, Socket& socket);
void udp_rehash(World& world, Socket& socket);       ///< udp_lib_rehash: the receive address has changed
void udp_enter_tuple(World& world, Socket& socket);  ///< udp4_hash4, udp6_hash4
/// reuseport_add_sock, reuseport_alloc: joins the group of its like among `others`, or founds one.
void join_reuse_group(World& world, const std::vector<SocketId>& others, Socket& socket);
void note_group_connection(World& world, const Socket& socket);  ///< reuseport_has_conns_set
[[nodiscard]] bool group_has_connection(const World& world, const Socket& socket);
/// The other socket with this four-tuple; one with a device counts only for a socket with the same.
[[nodiscard]] SocketId same_connection(const World& world, const Socket& socket, std::uint16_t port);
/// __inet_check_established: who has this four-tuple already; a TIME-WAIT that may be recycled does not
/// count.
[[nodiscard]] SocketId connection_conflict(const World& world, const Socket& socket, std::uint16_t port,
                                           bool explicit_port);

// ---- calls
// ---------------------------------------------------------------------------------------------------------
struct Target {
  SocketAddress address;
  bool unspec = false;
  bool literal = false;  ///< the port is a number in the text
  bool chosen = false;   ///< the kernel chose that port once, so its number is not known
  std::string doubt;     ///< why it cannot be said which port that is
};
[[nodiscard]] Target resolve(const World& world, const Process& process, const experiment::AddressTerm& term);
[[nodiscard]] Outcome call_bind(World& world, Socket& socket, const Process& process, const Target& target);
[[nodiscard]] Outcome call_listen(World& world, Socket& socket, std::int64_t backlog);
[[nodiscard]] Outcome call_setsockopt(World& world, Socket& socket, const Process& process,
                                      const experiment::SetsockoptCall& call);
[[nodiscard]] Outcome call_getsockopt(World& world, Socket& socket, const experiment::GetsockoptCall& call);
[[nodiscard]] Outcome call_getsockname(const World& world, const Socket& socket);
[[nodiscard]] Outcome call_getpeername(const World& world, const Socket& socket);
[[nodiscard]] Outcome call_shutdown(World& world, Socket& socket, int how);
[[nodiscard]] Outcome call_poll(const World& world, const Socket& socket, short events);
[[nodiscard]] int take_error(Socket& socket);  ///< sock_error
[[nodiscard]] Outcome udp_connect(World& world, Socket& socket, const Target& target);
[[nodiscard]] Outcome udp_send(World& world, Socket& socket, const std::string& bytes, const Target* to,
                               int flags);
[[nodiscard]] Outcome udp_receive(World& world, Socket& socket, std::uint64_t count, int flags,
                                  bool with_sender, Time since);
[[nodiscard]] Outcome tcp_connect(World& world, Socket& socket, const Target& target, Blocked& way);
[[nodiscard]] Outcome tcp_accept(World& world, Socket& socket, Process& process, const std::string& variable,
                                 Time since);
[[nodiscard]] Outcome tcp_send(World& world, Socket& socket, const std::string& bytes, int flags, Time since);
[[nodiscard]] Outcome tcp_receive(World& world, Socket& socket, std::uint64_t count, int flags, Blocked& way);
[[nodiscard]] Outcome tcp_close(World& world, Socket& socket, bool exiting, bool& started, Time since);
void udp_close(World& world, Socket& socket);

// ---- TCP's insides
// -------------------------------------------------------------------------------------------------
void tcp_set_closed(World& world, Socket& socket);  ///< tcp_set_state(TCP_CLOSE)
void tcp_disconnect(World& world, Socket& socket);
void tcp_done(World& world, Socket& socket, int error);
void tcp_reset_received(World& world, Socket& socket);  ///< tcp_reset
void tcp_send_reset(World& world, Socket& socket);      ///< tcp_send_active_reset
void tcp_push(World& world, Socket& socket, bool nagle_off = false);
void tcp_send_fin(World& world, Socket& socket);
void tcp_send_ack(World& world, Socket& socket);
void tcp_ack_check(World& world, Socket& socket);                           ///< __tcp_ack_snd_check
void tcp_ack_after_read(World& world, Socket& socket, std::size_t copied);  ///< tcp_cleanup_rbuf
void tcp_transmit(World& world, Socket& socket, const Unacked& piece, bool again);
void tcp_arm(World& world, Socket& socket);
/// Where a socket with Socket::spoke_v4 sends though it connected to an IPv6 address.
[[nodiscard]] Route route_of_v4(const World& world, const Socket& socket);
/// secure_tcp_seq: far from that of any other connection
[[nodiscard]] std::uint32_t tcp_initial_sequence(World& world);
void tcp_begin_sequence(Tcp& tcp, std::uint32_t isn);
void tcp_become_time_wait(World& world, Socket& socket, SocketState sub, Time length);
inline constexpr Time time_wait_length{60'000'000};  ///< TCP_TIMEWAIT_LEN
/// What an orphan in FIN-WAIT-2 does until its peer's FIN comes: it keeps its socket for what is longer than
/// TIME-WAIT, or where that FIN has just come. True: only a remnant is left.
bool tcp_wait_for_fin(World& world, Socket& socket, bool has_come);
[[nodiscard]] Time tcp_fin_time(const World& world, const Socket& socket);
void tcp_timers(World& world, Socket& socket);
void tcp_input(World& world, const Packet& packet);
void tcp_established_pair(Socket& socket,
                          const Host& host);  ///< what a connection's two ends get at the handshake
void tcp_icmp(World& world, const Packet& packet);
bool tcp_close_state(Socket& socket);  ///< whether a FIN is due
void add_connection(World& world, const Socket& socket);
void drop_connection(World& world, const Socket& socket);
[[nodiscard]] SocketId find_connection(const World& world, std::uint8_t host, const SocketAddress& local,
                                       const SocketAddress& peer, int device);
struct Found {
  SocketId socket = no_socket;
  std::vector<SocketId> group;  ///< more than one: the kernel's hash decides among them
};
[[nodiscard]] Found find_listener(const World& world, std::uint8_t host, const SocketAddress& local,
                                  int device);
void stop_listening(World& world, Socket& socket);  ///< inet_csk_listen_stop and the end of its look-up
void request_icmp(World& world, const Packet& packet);
void request_timers(World& world, Socket& listener);

// ---- UDP's insides
// -------------------------------------------------------------------------------------------------
void udp_input(World& world, const Packet& packet);
void udp_icmp(World& world, const Packet& packet);

// ---- the network (packets.cpp, firewall.cpp)
// -----------------------------------------------------------------------
/// Whether an answer to a packet that came by lo would be routed back. Not so where its source is nobody's
/// (ip_nonlocal_bind, IP_FREEBIND).
[[nodiscard]] bool has_way_back(const World& world, const Packet& packet);
/// icmp_send, icmp_route_lookup: none about what was for everybody, nor, by lo, from an IPv4 address that is
/// nobody's. `at`: whose error it would be.
[[nodiscard]] bool may_send_error(const World& world, std::uint8_t at, const Packet& packet);
/// Sends a packet from a host. False: the output chain refused it.
bool transmit(World& world, std::uint8_t host, Packet packet);
/// A broadcast on the wire: for all other hosts, and for the host itself.
bool send_to_everybody(World& world, std::uint8_t host, Packet packet);
/// Delivers everything that is on its way, and what that sends in turn.
void deliver_all(World& world);
struct Judged {
  Verdict verdict = Verdict::Accept;
  const FirewallRule* rule = nullptr;
};
[[nodiscard]] Judged judge_packet(const Host& host, const std::vector<FirewallRule>& chain,
                                  const Packet& packet, bool input);
/// Whether a rule asks for `ct state`: the kernel tracks connections only then (nf_ct_netns_get).
[[nodiscard]] bool tracks(const Host& host);
/// nf_conntrack_in: says what the packet is, and notes what it does to a connection that is known.
void track_packet(Host& host, Packet& packet);
/// nf_conntrack_confirm: a new connection is known from where its first packet has passed the chain.
void confirm_flow(Host& host, const Packet& packet);
/// The rule, or why the model does not know it.
[[nodiscard]] std::optional<FirewallRule> read_firewall_rule(const std::string& text, std::string& trouble);
[[nodiscard]] bool set_sysctl(World& world, Host& host, const std::string& name, const std::string& value);

// ---- time (blocking.cpp, timers.cpp)
// -------------------------------------------------------------------------------
[[nodiscard]] Time next_event(const World& world);
void fire_due(World& world);
/// Completes every blocked call that can go on.
void wake_blocked(World& world);

/// Calls, and the claims.
[[nodiscard]] Outcome perform(World& world, std::size_t process, const experiment::Call& call,
                              const std::string& variable, Blocked& under_way);
Prediction apply_claim(World& world, const experiment::SocketClaim& claim);
Prediction apply_claim(World& world, const experiment::PacketsClaim& claim);
Prediction apply_claim(World& world, const experiment::HeldClaim& claim);
/// The lowest that is free, as the kernel gives it.
[[nodiscard]] int take_descriptor(Process& process);
void end_process(World& world, std::size_t process);
/// The same for its sockets that have to do with one port only: who asks about that port need not wait for
/// the rest.
void end_process_at(World& world, std::size_t process, std::uint16_t port);

}  // namespace loopscope::model
