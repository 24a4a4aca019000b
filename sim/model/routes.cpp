#include <algorithm>
#include <cerrno>

#include "sim/model/inside.hpp"

// Which addresses are whose, and where a packet for one goes: ip_route_output_key_hash_rcu
// (net/ipv4/route.c), fib_table_lookup (net/ipv4/fib_trie.c), ip6_route_output_flags (net/ipv6/route.c),
// Linux 6.18.
namespace loopscope::model {
namespace {

// ipv4_is_zeronet: since Linux 5.3 the rest of 0.0.0.0/8 is unicast like any other
bool is_zero_net(const IpAddress& ip) { return !ip.is_v6() && ip.v4_bits() == 0; }
/// The source that the route to a local IPv4 address names (fib_add_ifaddr): the address itself, or the first
/// one of its subnet on that device.
IpAddress preferred_source(const Host& host, const IpAddress& ip, int device) {
  const auto& addresses = host.devices[static_cast<std::size_t>(device) - 1].addresses;
  for (const auto& address : addresses) {
    if (!address.ip.is_v6() && ip.within(address.ip, address.length)) return address.ip;
  }
  return ip;
}

/// inet_select_addr for RT_SCOPE_LINK: an address of the device, or of another one, that means something
/// beyond the machine
IpAddress select_source(const Host& host, int device) {
  const auto pick = [](const Device& one) {
    for (const auto& address : one.addresses) {
      if (!address.ip.is_v6() && !address.ip.is_loopback()) return address.ip;
    }
    return IpAddress::any_v4();
  };
  auto found = pick(host.devices[static_cast<std::size_t>(device) - 1]);
  for (std::size_t i = 0; i < host.devices.size() && found.is_any(); ++i) found = pick(host.devices[i]);
  return found;
}

bool is_limited_broadcast(const IpAddress& ip) { return !ip.is_v6() && ip.v4_bits() == 0xffffffffU; }
bool is_link_local(const IpAddress& ip) {
  return ip.is_v6() && ip.bytes()[0] == 0xfe && (ip.bytes()[1] & 0xc0) == 0x80;
}

int subnet_broadcast_device(const Host& host, const IpAddress& ip) {
  for (std::size_t i = 0; i < host.devices.size(); ++i) {
    for (const auto& address : host.devices[i].addresses) {
      if (address.ip.is_v6() || address.length >= 31) continue;
      const std::uint32_t mask = address.length == 0 ? 0 : ~0U << (32 - address.length);
      if ((address.ip.v4_bits() | ~mask) == ip.v4_bits()) return static_cast<int>(i) + 1;
    }
  }
  return 0;
}

/// The device whose subnet has the address, and the source it gives; 0: none.
int on_link(const Host& host, const IpAddress& ip, IpAddress& source) {
  int best = 0, best_length = -1;
  for (std::size_t i = 0; i < host.devices.size(); ++i) {
    for (const auto& address : host.devices[i].addresses) {
      if (address.length <= best_length || !ip.within(address.ip, address.length)) continue;
      best = static_cast<int>(i) + 1;
      best_length = address.length;
      source = address.ip;
    }
  }
  return best;
}

IpAddress first_address(const Device& device, bool v6) {
  for (const auto& address : device.addresses) {
    if (address.ip.is_v6() == v6 && !(v6 && is_link_local(address.ip))) return address.ip;
  }
  return v6 ? IpAddress::any_v6() : IpAddress::any_v4();
}

/// Who answers the question for it on the wire. Of IPv4 that is whoever has the address at all (arp_ignore is
/// 0), of IPv6 whoever has it on that device.
int host_with(const World& world, std::uint8_t except, const IpAddress& ip) {
  for (std::size_t i = 0; i < world.hosts.size(); ++i) {
    if (i == except || wire_device(world.hosts[i]) == 0) continue;
    if (!ip.is_v6()) {  // arp_process
      if (ip.is_loopback() && !routes_localnet(world.hosts[i])) continue;
      if (owner_device(world.hosts[i], ip) != 0) return static_cast<int>(i);
      continue;
    }
    if (world.hosts[i].sysctls.disable_v6) continue;
    for (const auto& device : world.hosts[i].devices) {
      if (!device.wire) continue;
      for (const auto& address : device.addresses) {
        if (address.ip == ip) return static_cast<int>(i);
      }
    }
  }
  return -1;
}

Route refuse(int error, RuleId rule) {
  Route route;
  route.error = error;
  route.rule = rule;
  return route;
}

Route to_link(const World& world, std::uint8_t host, const IpAddress& destination, const IpAddress& source,
              int device) {
  Route route;
  route.destination = destination;
  route.source = source;
  route.device = device;
  const auto& out = world.hosts[host].devices[static_cast<std::size_t>(device) - 1];
  route.to_host = out.wire ? host_with(world, host, destination) : -1;
  // What leaves by lo comes in again: IPv4 takes it for its own whoever has the address (RTCF_LOCAL in
  // __mkroute_output), IPv6 routes it anew.
  const bool own =
      !destination.is_v6() ? !destination.is_multicast() : owner_device(world.hosts[host], destination) != 0;
  if (device == 1 && own) {
    route.local = route.assumed = true;
    route.to_host = host;
  }
  route.unreachable = route.to_host < 0;
  return route;
}

IpAddress source_for_local_v6(const Host& host, const IpAddress& destination) {
  // RFC 6724, rule 1: the destination itself is the best source
  return owner_device(host, destination) != 0 ? destination : IpAddress::loopback_v6();
}

Route route_v6(const World& world, std::uint8_t host_index, const IpAddress& destination,
               const IpAddress& source, int device) {
  const auto& host = world.hosts[host_index];
  if (host.sysctls.disable_v6)
    // ip6_dst_lookup_tail looks for a source before it looks at the route
    return refuse(source.is_any() ? EADDRNOTAVAIL : ENETUNREACH, RuleId::route_v6_disabled);
  if (destination.is_multicast()) {
    // lo has no route for groups (addrconf_add_mroute is for other devices); the link-local address that
    // another device would send from may still be tentative
    if (device == 0 && host.devices.size() > 1) return refuse(EADDRNOTAVAIL, RuleId::not_modelled);
    if (device <= 1) return refuse(ENETUNREACH, RuleId::route_multicast);
    const auto own = first_address(host.devices[static_cast<std::size_t>(device) - 1], true);
    const auto from = source.is_any() ? own : source;
    if (from.is_any()) return refuse(EADDRNOTAVAIL, RuleId::route_multicast);
    auto route = to_link(world, host_index, destination, from, device);
    route.multicast = true;
    route.unreachable = false;
    return route;
  }
  Route route;
  route.destination = destination;
  if (const int owner = owner_device(host, destination); owner != 0) {
    if (device != 0 && device != owner) return refuse(ENETUNREACH, RuleId::route_device);
    route.local = true;
    route.to_host = host_index;
    route.device = owner;
    route.source = source.is_any() ? source_for_local_v6(host, destination) : source;
    return route;
  }
  // A lab's devices get no link-local address by themselves, and so no route to such.
  IpAddress chosen;
  const int out = on_link(host, destination, chosen);
  if (out == 0 || (device != 0 && device != out))
    return refuse(ENETUNREACH, device != 0 ? RuleId::route_device : RuleId::route_none);
  return to_link(world, host_index, destination, source.is_any() ? chosen : source, out);
}

/// __mkroute_output: a loopback source leaves by no other device than lo, unless that one has route_localnet.
bool is_stray_loopback(const Host& host, const IpAddress& source, int device) {
  if (!source.is_loopback() || device == 1) return false;
  return device == wire_device(host) ? !routes_localnet(host) : !host.sysctls.localnet_all;
}

Route broadcast_route(const World& world, std::uint8_t host, const IpAddress& destination,
                      const IpAddress& source, int device) {
  if (is_stray_loopback(world.hosts[host], source, device))
    return refuse(EINVAL, RuleId::route_loopback_source);
  Route route = to_link(world, host, destination, source, device);
  const auto& out = world.hosts[host].devices[static_cast<std::size_t>(device) - 1];
  if (source.is_any()) route.source = first_address(out, false);
  route.broadcast = true;
  route.unreachable = false;
  if (device == 1) {
    route.local = true;
    route.to_host = host;
  }
  return route;
}

Route route_v4(const World& world, std::uint8_t host_index, IpAddress destination, IpAddress source,
               int device, bool transparent) {
  const auto& host = world.hosts[host_index];
  const bool everywhere = destination.is_multicast() || is_limited_broadcast(destination);
  if (!source.is_any()) {
    if (source.is_multicast() || is_limited_broadcast(source) || is_zero_net(source))
      return refuse(EINVAL, RuleId::route_source);
    const int owner = owner_device(host, source);
    if (device == 0 && everywhere) {
      if (owner == 0) return refuse(ENETUNREACH, RuleId::route_source);
      device = owner;
    } else if (!transparent && owner == 0) {
      return refuse(ENETUNREACH, RuleId::route_source);
    }
  }
  if (destination.is_any()) {
    destination = source.is_any() ? IpAddress::loopback_v4() : source;
    if (source.is_any() && device > 1) {
      const auto own = first_address(host.devices[static_cast<std::size_t>(device) - 1], false);
      if (!own.is_any()) destination = own;
    }
    if (source.is_any()) source = destination;
    Route route;
    route.local = true;
    route.destination = destination;
    route.source = source;
    route.to_host = host_index;
    route.device = device != 0 ? device : 1;  // it seems to arrive on the device that was asked for
    return route;
  }
  if (everywhere && device == 0)
    return refuse(ENETUNREACH, destination.is_multicast() ? RuleId::route_multicast : RuleId::route_none);
  if (destination.is_multicast()) {
    if (is_stray_loopback(host, source, device)) return refuse(EINVAL, RuleId::route_loopback_source);
    // 127.0.0.1 has the scope of the host, so it is no source for a group
    const auto from = source.is_any() ? select_source(host, device) : source;
    Route route = to_link(world, host_index, destination, from, device);
    route.multicast = true;
    route.unreachable = false;
    if (device == 1 &&
        destination == IpAddress::v4(224, 0, 0, 1)) {  // every device is in that group (ip_mc_up)
      route.local = true;
      route.to_host = host_index;
    }
    return route;
  }
  if (is_limited_broadcast(destination))
    return broadcast_route(world, host_index, destination, source, device);
  if (is_zero_net(destination)) return refuse(device != 0 ? EINVAL : ENETUNREACH, RuleId::route_none);
  if (const int out = subnet_broadcast_device(host, destination);
      out != 0 && (device == 0 || device == out)) {
    return broadcast_route(world, host_index, destination, source, out);
  }
  if (const int owner = owner_device(host, destination); owner != 0 && (device == 0 || device == owner)) {
    Route route;
    route.local = true;
    route.destination = destination;
    route.source = source.is_any() ? preferred_source(host, destination, owner) : source;
    route.to_host = host_index;
    route.device = owner;
    return route;
  }
  IpAddress chosen;
  int out = on_link(host, destination, chosen);
  if (device != 0) {
    if (out != device) chosen = select_source(host, device);
    out = device;  // with a device, everything is taken to be on its link
  }
  if (out == 0) return refuse(ENETUNREACH, RuleId::route_none);
  if (source.is_any()) source = chosen;
  if (is_stray_loopback(host, source, out)) return refuse(EINVAL, RuleId::route_loopback_source);
  return to_link(world, host_index, destination, source, out);
}

}  // namespace

int owner_device(const Host& host, const IpAddress& ip) {
  if (ip.is_v6() && host.sysctls.disable_v6) return 0;
  for (std::size_t i = 0; i < host.devices.size(); ++i) {
    for (const auto& address : host.devices[i].addresses) {
      if (ip == address.ip) return static_cast<int>(i) + 1;
    }
  }
  if (ip.is_v6() || subnet_broadcast_device(host, ip) != 0) return 0;
  // On lo the whole prefix of an IPv4 address is local (fib_add_ifaddr), but for its broadcast address.
  for (const auto& address : host.devices.front().addresses) {
    if (!address.ip.is_v6() && ip.within(address.ip, address.length)) return 1;
  }
  return 0;
}

int wire_device(const Host& host) {
  for (std::size_t i = 0; i < host.devices.size(); ++i) {
    if (host.devices[i].wire) return static_cast<int>(i) + 1;
  }
  return 0;
}

bool is_martian(const Host& host, const IpAddress& from, const IpAddress& to) {
  if (from.is_v6()) return from.is_loopback() || to.is_loopback();
  if ((from.is_loopback() || to.is_loopback()) && !routes_localnet(host)) return true;
  const bool accepts = host.sysctls.accept_local_all || host.sysctls.accept_local_wire;
  return owner_device(host, from) != 0 && !accepts;
}

AddressKind kind_of(const Host& host, const IpAddress& ip) {
  if (ip.is_any() || is_limited_broadcast(ip)) return AddressKind::Broadcast;
  if (ip.is_multicast()) return AddressKind::Multicast;
  if (subnet_broadcast_device(host, ip) != 0) return AddressKind::Broadcast;
  return owner_device(host, ip) != 0 ? AddressKind::Local : AddressKind::Unicast;
}

// ipv6_chk_addr: an address of the machine's own or of a link counts only on its device
bool is_local_v6(const Host& host, const IpAddress& ip, int device) {
  const int owner = owner_device(host, ip);
  if (owner == 0) return false;
  const bool narrow = ip == IpAddress::loopback_v6() || is_link_local(ip);
  return device == 0 || device == owner || !narrow;
}

Route find_route(const World& world, std::uint8_t host, const IpAddress& destination, const IpAddress& source,
                 int device, bool transparent) {
  if (destination.is_v6()) {
    auto route = route_v6(world, host, destination, source, device);
    if (route.error == 0 && source.is_v4_mapped()) return refuse(EAFNOSUPPORT, RuleId::route_mixed_family);
    return route;
  }
  return route_v4(world, host, destination, source, device, transparent);
}

// ip_route_connect asks twice where an address was left open: then with what came of it, and the device
// again.
Route find_connect_route(const World& world, std::uint8_t host, const IpAddress& destination,
                         const IpAddress& source, int device, bool transparent) {
  const auto route = find_route(world, host, destination, source, device, transparent);
  if (device == 0 || route.error != 0 || !destination.is_any()) return route;
  return find_route(world, host, route.destination, route.source, device, transparent);
}

}  // namespace loopscope::model
