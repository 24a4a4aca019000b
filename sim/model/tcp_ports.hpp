#pragma once

#include "sim/model/inside.hpp"

/// What bind_tcp.cpp (who may have a port) and open_ports.cpp (which one the kernel takes) share. Not for
/// others.
namespace loopscope::model {

/// inet_use_bhash2_on_bind
[[nodiscard]] inline bool has_address(const Socket& socket) { return !is_wildcard(socket.receive); }
/// inet_bhash2_addr_any_conflict; no_socket: nobody is in the way.
[[nodiscard]] SocketId any_conflict(const World& world, const Socket& socket, const PortSlot& slot,
                                    bool relax, bool reuse_port_ok);
/// inet_csk_bind_conflict
[[nodiscard]] SocketId conflict(const World& world, const Socket& socket, const PortSlot& slot, bool relax,
                                bool reuse_port_ok);
/// The slot's owners of that address; `made`: there were none.
Bind2& own_bucket(PortSlot& slot, const IpAddress& ip, bool& made);
/// After each change of a slot.
void brief(Host& host, std::uint16_t port);
/// inet_csk_find_open_port: odd offsets first, the lower half first with SO_REUSEADDR
[[nodiscard]] PortAnswer find_open_port(const World& world, const Socket& socket);

}  // namespace loopscope::model
