#include "sim/experiment/options.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

#include "sim/model/inside.hpp"

// setsockopt and getsockopt: net/core/sock.c, net/ipv4/ip_sockglue.c, net/ipv6/ipv6_sockglue.c,
// net/ipv4/tcp.c, Linux 6.18.
namespace loopscope::model {
namespace {

using experiment::OptionValue;

constexpr int smallest_receive_buffer = 2304, smallest_send_buffer = 4608;
constexpr std::int64_t jiffy_us = 4000;  // CONFIG_HZ=250

Outcome bad() { return fail(EINVAL, RuleId::option_range); }
Outcome set() { return succeed(RuleId::option_set); }
Outcome no_option() { return fail(ENOPROTOOPT, RuleId::option_unknown); }

int buffer(std::int64_t wanted, int most, int least) {
  const auto bounded =
      std::min<std::uint32_t>(static_cast<std::uint32_t>(wanted), static_cast<std::uint32_t>(most));
  return std::max(std::min(static_cast<int>(bounded), std::numeric_limits<int>::max() / 2) * 2, least);
}

// sock_set_timeout: a negative second means 'do not wait'
std::optional<Outcome> set_timeout(Time& slot, const experiment::Timeval& value) {
  if (value.microseconds < 0 || value.microseconds >= 1'000'000) return fail(EDOM, RuleId::option_timeout);
  if (value.seconds < 0) {
    slot = Time{};
  } else if (value.seconds == 0 && value.microseconds == 0) {
    slot = never;
  } else if (value.seconds >= 4'000'000'000'000) {
    slot = never;
  } else {
    const auto jiffies = (value.microseconds + jiffy_us - 1) / jiffy_us;
    slot = Time{value.seconds * 1'000'000 + jiffies * jiffy_us};
  }
  return std::nullopt;
}

OptionValue timeout_value(Time time) {
  if (time == never) return experiment::Timeval{0, 0};
  return experiment::Timeval{time.count() / 1'000'000, time.count() % 1'000'000};
}

std::uint8_t seconds_to_retransmits(std::int64_t seconds) {
  int count = 0;
  if (seconds > 0) {
    count = 1;
    for (std::int64_t period = 1, timeout = 1; seconds > period && count < 255; period += timeout) {
      ++count;
      timeout = std::min<std::int64_t>(timeout * 2, 120);
    }
  }
  return static_cast<std::uint8_t>(count);
}

std::int64_t retransmits_to_seconds(int count) {
  if (count == 0) return 0;
  std::int64_t period = 1, timeout = 1;
  while (--count > 0) {
    timeout = std::min<std::int64_t>(timeout * 2, 120);
    period += timeout;
  }
  return period;
}

Outcome set_device(World& world, Socket& socket, const Process& process, const std::string& name) {
  int index = 0;
  if (!name.empty()) {
    const auto& devices = world.hosts[socket.host].devices;
    const auto at =
        std::find_if(devices.begin(), devices.end(), [&](const Device& d) { return d.name == name; });
    if (at == devices.end()) return fail(ENODEV, RuleId::option_no_device);
    index = static_cast<int>(at - devices.begin()) + 1;
  }
  if (socket.device != 0 && !process.root) return fail(EPERM, RuleId::option_device_again);
  socket.device = index;
  socket.route_cached = false;
  return set();
}

std::optional<Outcome> set_socket_level(World& world, Socket& socket, const Process& process, int name,
                                        const OptionValue& value, std::int32_t number) {
  auto& options = socket.options;
  const auto& sysctls = world.hosts[socket.host].sysctls;
  switch (name) {
    case SO_REUSEADDR:
      options.reuse_address = number != 0;
      return set();
    case SO_REUSEPORT:
      options.reuse_port = number != 0;
      return set();
    case SO_BROADCAST:
      options.broadcast = number != 0;
      return set();
    case SO_KEEPALIVE:
      options.keepalive = number != 0;
      world.keepalives = world.keepalives || options.keepalive;
      return set();
    case SO_ACCEPTCONN:
    case SO_TYPE:
    case SO_ERROR:
      return fail(ENOPROTOOPT, RuleId::option_read_only);
    case SO_SNDBUF:
      options.send_buffer = buffer(number, sysctls.wmem_max, smallest_send_buffer);
      options.send_buffer_set = true;
      return succeed(RuleId::option_buffer);
    case SO_RCVBUF:
      options.receive_buffer = buffer(number, sysctls.rmem_max, smallest_receive_buffer);
      options.receive_buffer_set = true;
      return succeed(RuleId::option_buffer);
    case SO_LINGER: {
      const auto* linger = std::get_if<experiment::Linger>(&value);
      if (linger == nullptr) return bad();
      options.linger = linger->on != 0;
      if (options.linger)
        options.linger_seconds =
            linger->seconds < 0 ? std::numeric_limits<std::int64_t>::max() / 250 : linger->seconds;
      return set();
    }
    case SO_RCVTIMEO:
    case SO_SNDTIMEO: {
      const auto* time = std::get_if<experiment::Timeval>(&value);
      if (time == nullptr) return bad();
      if (auto wrong =
              set_timeout(name == SO_RCVTIMEO ? options.receive_timeout : options.send_timeout, *time))
        return wrong;
      return set();
    }
    case SO_BINDTODEVICE: {
      const auto* device = std::get_if<experiment::DeviceName>(&value);
      return device == nullptr ? bad() : set_device(world, socket, process, device->name);
    }
    default:
      return std::nullopt;
  }
}

std::optional<Outcome> set_ip(Socket& socket, const Process& process, int name, const OptionValue& value,
                              std::int32_t number) {
  auto& options = socket.options;
  switch (name) {
    case IP_TTL:
      if (number != -1 && (number < 1 || number > 255)) return bad();
      options.ttl = number;
      return set();
    case IP_TOS:
      if (socket.transport == Transport::Tcp) number = (number & ~3) | (options.tos & 3);
      if (options.tos != (number & 0xff)) socket.route_cached = false;  // __ip_sock_set_tos
      options.tos = number & 0xff;
      return set();
    case IP_FREEBIND:
      options.freebind = number != 0;
      return set();
    case IP_TRANSPARENT:
      if (number != 0 && !process.root) return fail(EPERM, RuleId::option_transparent);
      options.transparent = number != 0;
      return set();
    case 24:
      options.bind_no_port = number != 0;
      return set();  // IP_BIND_ADDRESS_NO_PORT
    case 51: {       // IP_LOCAL_PORT_RANGE
      std::uint16_t low = 0, high = 0;
      if (const auto* range = std::get_if<experiment::PortRange>(&value)) {
        low = loopscope::number(range->low);
        high = loopscope::number(range->high);
      } else {
        low = static_cast<std::uint16_t>(number);
        high = static_cast<std::uint16_t>(static_cast<std::uint32_t>(number) >> 16);
      }
      if (low != 0 && high != 0 && low > high) return bad();
      options.range_low = low;
      options.range_high = high;
      return set();
    }
    default:
      return std::nullopt;
  }
}

std::optional<Outcome> set_ipv6(Socket& socket, int name, std::int32_t number) {
  switch (name) {
    case IPV6_V6ONLY:
      if (socket.num != 0) return fail(EINVAL, RuleId::option_v6only_late);
      socket.options.v6only = number != 0;
      return set();
    case IPV6_UNICAST_HOPS:
      if (number < -1 || number > 255) return bad();
      socket.options.hops = number;
      return set();
    case 78:
      socket.options.freebind = number != 0;
      return set();  // IPV6_FREEBIND
    default:
      return std::nullopt;
  }
}

std::optional<Outcome> set_tcp(World& world, Socket& socket, int name, std::int32_t number) {
  auto& options = socket.options;
  const auto within = [&](int low, int high, int& slot) {
    if (number < low || number > high) return bad();
    slot = number;
    return set();
  };
  switch (name) {
    case TCP_NODELAY:
      options.no_delay = number != 0;
      if (options.no_delay) tcp_push(world, socket, true);
      return set();
    case TCP_MAXSEG:
      if (number != 0 && (number < 88 || number > 32767)) return bad();
      options.max_segment = number;
      return set();
    case TCP_KEEPIDLE:
      return within(1, 32767, options.keep_idle);
    case TCP_KEEPINTVL:
      return within(1, 32767, options.keep_interval);
    case TCP_KEEPCNT:
      return within(1, 127, options.keep_count);
    case TCP_SYNCNT:
      return within(1, 127, options.syn_count);
    case TCP_LINGER2:
      options.linger2_seconds = number < 0 ? -1 : std::min(number, 120);
      return set();
    case TCP_DEFER_ACCEPT:
      options.defer_accept = seconds_to_retransmits(number);
      return set();
    case TCP_USER_TIMEOUT:
      if (number < 0) return bad();
      options.user_timeout_ms = static_cast<std::uint32_t>(number);
      return set();
    default:
      return std::nullopt;
  }
}

Outcome give(std::int64_t number) { return answer(OptionValue{number}, RuleId::option_value); }

std::optional<Outcome> get_socket_level(const World& world, Socket& socket, int name) {
  const auto& options = socket.options;
  switch (name) {
    case SO_REUSEADDR:
      return give(options.reuse_address);
    case SO_REUSEPORT:
      return give(options.reuse_port);
    case SO_BROADCAST:
      return give(options.broadcast);
    case SO_KEEPALIVE:
      return give(options.keepalive);
    case SO_ACCEPTCONN:
      return give(socket.state == SocketState::Listen);
    case SO_TYPE:
      return give(socket.transport == Transport::Tcp ? SOCK_STREAM : SOCK_DGRAM);
    case SO_ERROR: {
      int error = take_error(socket);
      if (error == 0) error = std::exchange(socket.soft_error, 0);  // sk_getsockopt()
      if (error == 0) return answer(OptionValue{std::int64_t{0}}, RuleId::option_error);
      return answer(experiment::Errno{error}, RuleId::option_error);
    }
    case SO_SNDBUF:
      return give(options.send_buffer);
    case SO_RCVBUF:
      return give(options.receive_buffer);
    case SO_LINGER:
      return answer(
          OptionValue{experiment::Linger{options.linger ? 1 : 0, static_cast<int>(options.linger_seconds)}},
          RuleId::option_value);
    case SO_RCVTIMEO:
      return answer(timeout_value(options.receive_timeout), RuleId::option_value);
    case SO_SNDTIMEO:
      return answer(timeout_value(options.send_timeout), RuleId::option_value);
    case SO_BINDTODEVICE: {
      const auto& devices = world.hosts[socket.host].devices;
      return answer(OptionValue{experiment::DeviceName{
                        socket.device == 0 ? "" : devices[static_cast<std::size_t>(socket.device) - 1].name}},
                    RuleId::option_value);
    }
    default:
      return std::nullopt;
  }
}

std::optional<Outcome> get_ip(const World& world, const Socket& socket, int name) {
  const auto& options = socket.options;
  switch (name) {
    case IP_TTL:
      return give(options.ttl < 0 ? world.hosts[socket.host].sysctls.ttl : options.ttl);
    case IP_TOS:
      return give(options.tos);
    case IP_FREEBIND:
      return give(options.freebind);
    case IP_TRANSPARENT:
      return give(options.transparent);
    case 24:
      return give(options.bind_no_port);
    case 51:
      return answer(OptionValue{experiment::PortRange{Port{options.range_low}, Port{options.range_high}}},
                    RuleId::option_value);
    default:
      return std::nullopt;
  }
}

/// ip6_dst_hoplimit: that of the device where a route is known, and that of the host until then
int hop_limit(const World& world, const Socket& socket) {
  if (socket.options.hops >= 0) return socket.options.hops;
  const auto& host = world.hosts[socket.host];
  const bool tcp = socket.transport == Transport::Tcp;
  const bool routed = tcp ? socket.state != SocketState::Closed && socket.state != SocketState::Listen
                          : socket.state == SocketState::Established;
  if (!routed) return host.sysctls.hops;
  const bool local = owner_device(host, socket.peer.ip.unmapped()) != 0;
  return local ? host.sysctls.hops_of_lo : host.sysctls.hops_of_devices;
}

std::optional<Outcome> get_ipv6(const World& world, const Socket& socket, int name) {
  switch (name) {
    case IPV6_V6ONLY:
      return give(socket.options.v6only);
    case IPV6_UNICAST_HOPS:
      return give(hop_limit(world, socket));
    case 78:
      return give(socket.options.freebind);
    default:
      return std::nullopt;
  }
}

std::optional<Outcome> get_tcp(const World& world, const Socket& socket, int name) {
  const auto& options = socket.options;
  const auto& sysctls = world.hosts[socket.host].sysctls;
  const auto or_default = [](int value, int usual) { return give(value != 0 ? value : usual); };
  switch (name) {
    case TCP_NODELAY:
      return give(options.no_delay);
    case TCP_MAXSEG: {
      const bool idle = socket.state == SocketState::Closed || socket.state == SocketState::Listen;
      if (idle && options.max_segment != 0) return give(options.max_segment);
      if (socket.spoke)
        return not_modelled("the segment size of a connection follows the window that its peer offers");
      return give(socket.tcp.segment_size);
    }
    case TCP_KEEPIDLE:
      return or_default(options.keep_idle, sysctls.keep_time_s);
    case TCP_KEEPINTVL:
      return or_default(options.keep_interval, sysctls.keep_interval_s);
    case TCP_KEEPCNT:
      return or_default(options.keep_count, sysctls.keep_probes);
    case TCP_SYNCNT:
      return or_default(options.syn_count, sysctls.syn_retries);
    case TCP_LINGER2:
      return options.linger2_seconds < 0 ? give(-1)
                                         : or_default(options.linger2_seconds, sysctls.fin_timeout_s);
    case TCP_DEFER_ACCEPT:
      return give(retransmits_to_seconds(options.defer_accept));
    case TCP_USER_TIMEOUT:
      return give(options.user_timeout_ms);
    default:
      return std::nullopt;
  }
}

}  // namespace

Outcome call_setsockopt(World& world, Socket& socket, const Process& process,
                        const experiment::SetsockoptCall& call) {
  const auto* info = experiment::find_option(call.option.name);
  if (info == nullptr) return not_modelled("the option " + call.option.name + " is not covered");
  const auto* whole = std::get_if<std::int64_t>(&call.value);
  const auto number = static_cast<std::int32_t>(whole != nullptr ? *whole : 0);
  std::optional<Outcome> outcome;
  if (info->level == SOL_SOCKET)
    outcome = set_socket_level(world, socket, process, info->number, call.value, number);
  if (info->level == IPPROTO_IP) outcome = set_ip(socket, process, info->number, call.value, number);
  if (info->level == IPPROTO_IPV6) outcome = socket.v6 ? set_ipv6(socket, info->number, number) : no_option();
  if (info->level == IPPROTO_TCP)
    outcome = socket.transport == Transport::Tcp ? set_tcp(world, socket, info->number, number) : no_option();
  return outcome ? *outcome : not_modelled("the option " + call.option.name + " is not covered");
}

Outcome call_getsockopt(World& world, Socket& socket, const experiment::GetsockoptCall& call) {
  const auto* info = experiment::find_option(call.option.name);
  if (info == nullptr) return not_modelled("the option " + call.option.name + " is not covered");
  std::optional<Outcome> outcome;
  const auto other_level = [&] { return socket.v6 ? no_option() : fail(EOPNOTSUPP, RuleId::option_unknown); };
  if (info->level == SOL_SOCKET) outcome = get_socket_level(world, socket, info->number);
  if (info->level == IPPROTO_IP) outcome = get_ip(world, socket, info->number);
  if (info->level == IPPROTO_IPV6)
    outcome = socket.v6 ? get_ipv6(world, socket, info->number) : other_level();
  if (info->level == IPPROTO_TCP)
    outcome = socket.transport == Transport::Tcp ? get_tcp(world, socket, info->number) : other_level();
  return outcome ? *outcome : not_modelled("the option " + call.option.name + " is not covered");
}

}  // namespace loopscope::model
