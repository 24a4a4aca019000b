#include "sim/experiment/options.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

#include "sim/model/inside.hpp"

// setsockopt: net/core/sock.c, net/ipv4/ip_sockglue.c, net/ipv6/ipv6_sockglue.c,
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

}  // namespace loopscope::model
