#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <cerrno>

#include "sim/experiment/options.hpp"
#include "sim/model/inside.hpp"

// getsockopt: net/core/sock.c, net/ipv4/ip_sockglue.c, net/ipv6/ipv6_sockglue.c, net/ipv4/tcp.c, Linux 6.18.
namespace loopscope::model {
namespace {

using experiment::OptionValue;

Outcome no_option() { return fail(ENOPROTOOPT, RuleId::option_unknown); }

std::int64_t retransmits_to_seconds(int count) {
  if (count == 0) return 0;
  std::int64_t period = 1, timeout = 1;
  while (--count > 0) {
    timeout = std::min<std::int64_t>(timeout * 2, 120);
    period += timeout;
  }
  return period;
}

OptionValue timeout_value(Time time) {
  if (time == never) return experiment::Timeval{0, 0};
  return experiment::Timeval{time.count() / 1'000'000, time.count() % 1'000'000};
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
