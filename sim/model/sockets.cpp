#include <algorithm>

#include "sim/model/inside.hpp"

namespace loopscope::model {

Socket& make_socket(World& world, std::uint8_t host, Transport transport, bool v6) {
  const auto id = world.next_socket++;
  auto& socket = world.sockets.edit(id);
  socket.id = id;
  socket.host = host;
  socket.transport = transport;
  socket.v6 = v6;
  const auto& sysctls = world.hosts[host].sysctls;
  reset_source(socket);
  socket.peer.ip = socket.receive;
  socket.peer_v6 = IpAddress::any_v6();
  socket.options.v6only = v6 && sysctls.bind_v6only;
  const bool tcp = transport == Transport::Tcp;
  socket.options.receive_buffer = tcp ? sysctls.tcp_rmem[1] : sysctls.rmem_default;
  socket.options.send_buffer = tcp ? sysctls.tcp_wmem[1] : sysctls.wmem_default;
  return socket;
}

void remove_socket(World& world, SocketId id) { world.sockets.erase(id); }

void wake_at(World& world, const Socket& socket, Time at) {
  if (at == never) return;
  auto& heap = world.timers.edit();
  heap.push_back({at, ++world.order, socket.id, 0});
  std::push_heap(heap.begin(), heap.end(), [](const Timer& a, const Timer& b) {
    return std::pair(a.at, a.order) > std::pair(b.at, b.order);
  });
}

IpAddress in_family(const Socket& socket, const IpAddress& ip) {
  if (socket.v6) return as_v6(ip);
  return ip.unmapped();
}

namespace {

bool is_mapped(const Socket& socket) { return !socket.v6 || socket.receive.is_v4_mapped(); }

// ipv6_rcv_saddr_equal and ipv4_rcv_saddr_equal, net/ipv4/inet_connection_sock.c (6.18).
bool receive_equal(const Socket& one, const Socket& other, bool one_wild, bool other_wild) {
  if (is_mapped(one) && is_mapped(other)) {
    if (other.v6 && other.options.v6only) return false;
    const auto a = one.receive.unmapped(), b = other.receive.unmapped();
    return a == b || (one_wild && a.is_any()) || (other_wild && b.is_any());
  }
  if (!one.v6) {  // `one` is AF_INET, `other` AF_INET6 and not mapped: its IPv4 address is 0.0.0.0 only for
                  // ::
    if (other.options.v6only) return false;
    const bool one_any = one.receive.is_any(), other_any = other.receive.is_any();
    return (one_any && other_any) || (one_wild && one_any) || (other_wild && other_any);
  }
  const bool one_any = one.receive.is_any(), other_any = other.v6 && other.receive.is_any();
  if (one_any && other_any) return true;
  if (other_any && other_wild && !(other.options.v6only && is_mapped(one))) return true;
  if (one_any && one_wild && !(one.options.v6only && is_mapped(other))) return true;
  return other.v6 && one.receive == other.receive;
}

}  // namespace

bool overlaps(const Socket& one, const Socket& other) { return receive_equal(one, other, true, true); }
bool same_receive(const Socket& one, const Socket& other) { return receive_equal(one, other, false, false); }
bool covers(const Socket& one, const Socket& other) { return receive_equal(one, other, true, false); }

void reset_source(Socket& socket) {
  socket.receive = socket.source = socket.v6 ? IpAddress::any_v6() : IpAddress::any_v4();
  socket.source_v4 = IpAddress::any_v4();
}

}  // namespace loopscope::model
