#include <algorithm>

#include "sim/model/tcp_segments.hpp"

// Handshakes at a listener: tcp_conn_request, tcp_check_req, reqsk_timer_handler; net/ipv4/tcp_input.c,
// tcp_minisocks.c, inet_connection_sock.c, Linux 6.18.
namespace loopscope::model {
namespace {

bool room_in_queue(const Socket& listener) {
  return static_cast<std::int64_t>(listener.queue.size()) <= listener.backlog;
}

// tcp_v4_syn_recv_sock: the child of a finished handshake
SocketId make_child(World& world, Socket& listener, const Request& request) {
  auto& child = make_socket(world, listener.host, Transport::Tcp, listener.v6);
  child.options = listener.options;
  child.uid = listener.uid;
  child.spoke = true;
  child.device = request.bound;
  child.address_locked = listener.address_locked;
  child.receive = child.source = in_family(child, request.local.ip);
  child.peer = {in_family(child, request.peer.ip), request.peer.port};
  child.shown_port = listener.num;
  child.spoke_v4 = child.v6 && !request.peer.ip.is_v6();
  child.peer_v4 = request.peer.ip;
  child.state = SocketState::Established;
  child.call = CallState::Connected;
  child.listener = listener.id;
  child.doubt = listener.doubt;
  child.options.defer_accept = 0;              // it belongs to the queue, which a child does not have
  child.receive_shut = listener.receive_shut;  // a listener that was shut before it listened hands that on
  child.send_shut = listener.send_shut;
  if (!listener.options.send_buffer_set)
    child.options.send_buffer = world.hosts[child.host].sysctls.tcp_wmem[1];
  tcp_begin_sequence(child.tcp, request.isn);
  child.tcp.snd_una = child.tcp.snd_nxt = child.tcp.write_seq = request.isn + 1;
  child.tcp.rcv_nxt = child.tcp.copied = child.tcp.rcv_wup = request.peer_isn + 1;
  tcp_established_pair(child, world.hosts[child.host]);
  child.tcp.fast_path = child.tcp.window_known = true;  // a client has to hear of the window first
  inherit_port(world, listener, child);
  child.free_choice = listener.free_choice;
  add_connection(world, child);
  listener.queue.push_back(child.id);
  return child.id;
}

/// tcp_v4_send_synack. False: it could not go out.
bool answer_syn(World& world, const Socket& listener, const Request& request, bool again) {
  Packet reply;
  reply.kind = Packet::Kind::Tcp;
  reply.syn = reply.has_ack = true;
  reply.seq = request.isn;
  reply.ack = request.peer_isn + 1;
  reply.from = request.local;
  reply.to = request.peer;
  reply.retransmission = again;
  // tcp_openreq_init_rwin, tcp_select_initial_window: half of the buffer is for bytes
  reply.unscaled = listener.options.receive_buffer_set && listener.options.receive_buffer / 2 < 65536;
  reply.sent = world.now;
  reply.echo = request.peer_sent;
  const auto route = find_route(world, listener.host, request.peer.ip, request.local.ip, listener.device,
                                listener.options.transparent);
  if (route.error != 0) return false;
  if (route.to_host < 0) return true;
  reply.local = route.local;
  reply.to_host = static_cast<std::uint8_t>(route.to_host);
  reply.device = route.local ? route.device : owner_device(world.hosts[reply.to_host], reply.to.ip);
  return transmit(world, listener.host, std::move(reply));
}

// tcp_conn_request
void listener_input(World& world, Socket& listener, const Packet& packet) {
  if (packet.rst) return;
  if (packet.has_ack) return refuse(world, packet);
  if (!packet.syn || packet.fin) return;
  if (!room_in_queue(listener)) return;  // LINUX_MIB_LISTENOVERFLOWS
  const auto route = find_route(world, listener.host, packet.from.ip, packet.to.ip, listener.device, true);
  if (route.error != 0) return;
  Request request;
  request.local = packet.to;
  request.peer = packet.from;
  request.device = packet.device;
  request.bound = listener.device;
  request.isn = tcp_initial_sequence(world);
  request.peer_isn = packet.seq;
  request.peer_sent = packet.sent;
  const auto waiting = std::count_if(listener.requests.begin(), listener.requests.end(),
                                     [](const Request& one) { return !one.cookie; });
  const bool full = waiting > listener.backlog;  // inet_csk_reqsk_queue_is_full
  const int cookies = world.hosts[listener.host].sysctls.syncookies;
  request.cookie = cookies == 2 || (full && cookies != 0);
  if (full && cookies == 0) return;
  if (!request.cookie) {
    request.next_retransmit = world.now + Time{1'000'000};
    wake_at(world, listener, request.next_retransmit);
  }
  listener.requests.push_back(request);
  (void)answer_syn(world, listener, request, false);
}

void erase_request(Socket& listener, const Request& request) {
  listener.requests.erase(std::remove_if(listener.requests.begin(), listener.requests.end(),
                                         [&](const Request& one) {
                                           return one.peer == request.peer && one.local == request.local;
                                         }),
                          listener.requests.end());
}

// tcp_check_req
void request_input(World& world, Socket& listener, Request& request, const Packet& packet) {
  if (packet.rst) {
    if (packet.seq == request.peer_isn + 1 && !request.cookie) erase_request(listener, Request{request});
    return;
  }
  if (packet.syn && !packet.has_ack) {
    if (packet.seq == request.peer_isn && !request.cookie) (void)answer_syn(world, listener, request, true);
    if (request.cookie) {
      erase_request(listener, Request{request});
      listener_input(world, listener, packet);
    }
    return;
  }
  if (!packet.has_ack) return;
  if (packet.ack != request.isn + 1) return refuse(world, packet);
  if (!request.cookie && listener.options.defer_accept > request.retransmits && packet.bytes.empty() &&
      !packet.fin) {
    request.acked = true;
    return;
  }
  if (!room_in_queue(listener)) {
    if (world.hosts[listener.host].sysctls.abort_on_overflow) {
      erase_request(listener, Request{request});
      return refuse(world, packet);
    }
    request.acked = true;
    return;
  }
  const Request kept = request;
  erase_request(listener, kept);
  auto& child = edit(world, make_child(world, listener, kept));
  child.tcp.echo = packet.sent;
  note_round_trip(child.tcp, world.now - packet.echo);
  if (child.send_shut && tcp_close_state(child)) tcp_send_fin(world, child);
  connected_input(world, child, packet);
}

/// What a listener left behind that does not listen any more: tcp_v4_rcv drops it and looks on.
void drop_stale_requests(World& world, const PortSlot& slot, const Packet& packet) {
  std::vector<SocketId> stale;
  for (const auto& bucket : slot.addresses) {
    for (const auto id : bucket.owners) {
      const auto& socket = look(world, id);
      if (socket.state != SocketState::Listen && !socket.requests.empty()) stale.push_back(id);
    }
  }
  Request gone;
  gone.local = packet.to;
  gone.peer = packet.from;
  for (const auto id : stale) erase_request(edit(world, id), gone);
}

}  // namespace

void to_listener(World& world, const Packet& packet) {
  const auto found = find_listener(world, packet.to_host, packet.to, packet.device);
  // tcp_v4_send_reset answers for nobody only where the route by which it came is a local one
  if (found.socket == no_socket) return packet.assumed ? void() : refuse(world, packet);
  auto& listener = edit(world, found.socket);
  if (found.group.size() > 1 && packet.syn && !packet.has_ack) {
    for (const auto member : found.group) ++edit(world, member).doubtful_connections;
    const auto client = find_connection(world, packet.from_host, packet.from, packet.to, 0);
    if (client != no_socket)
      edit(world, client).doubt =
          "the kernel's hash chose which listener of an SO_REUSEPORT group has this connection";
  }
  listener_input(world, listener, packet);
}

bool to_request(World& world, const Packet& packet) {
  const auto* slot = world.hosts[packet.to_host].tcp_ports.find(number(packet.to.port));
  if (slot == nullptr) return false;
  drop_stale_requests(world, *slot, packet);
  for (const auto id : slot->listeners) {
    const auto& requests = look(world, id).requests;
    const auto at = std::find_if(requests.begin(), requests.end(), [&](const Request& r) {
      return r.peer == packet.from && r.local == packet.to;
    });
    if (at == requests.end()) continue;
    auto& listener = edit(world, id);
    request_input(world, listener, listener.requests[static_cast<std::size_t>(at - requests.begin())],
                  packet);
    return true;
  }
  return false;
}

// tcp_req_err: IPv4 gives a handshake up where the network or the host cannot be reached, IPv6 where the
// error is fatal.
void request_icmp(World& world, const Packet& packet) {
  if (packet.from.ip.is_v6() ? !packet.hard : packet.hard) return;
  const auto* slot = world.hosts[packet.to_host].tcp_ports.find(number(packet.from.port));
  if (slot == nullptr) return;
  for (const auto id : slot->listeners) {
    Request gone;
    gone.local = packet.from;
    gone.peer = packet.to;
    erase_request(edit(world, id), gone);
  }
}

void request_timers(World& world, Socket& listener) {
  const int most = world.hosts[listener.host].sysctls.synack_retries;
  for (std::size_t i = 0; i < listener.requests.size();) {
    auto& request = listener.requests[i];
    if (request.next_retransmit > world.now) {
      ++i;
      continue;
    }
    const int limit = std::max(most, listener.options.defer_accept);
    if (request.retransmits >= limit || listener.state != SocketState::Listen) {
      listener.requests.erase(listener.requests.begin() + static_cast<std::ptrdiff_t>(i));
      continue;
    }
    ++request.retransmits;
    request.next_retransmit = world.now + Time{1'000'000} * (1 << std::min(request.retransmits, 6));
    wake_at(world, listener, request.next_retransmit);
    const bool again = !request.acked || request.retransmits >= listener.options.defer_accept;
    if (again && !answer_syn(world, listener, Request{request}, true) && !request.acked) {
      listener.requests.erase(listener.requests.begin() + static_cast<std::ptrdiff_t>(i));
      continue;
    }
    ++i;
  }
}

}  // namespace loopscope::model
