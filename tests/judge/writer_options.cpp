#include "tests/judge/writer.hpp"

/// Options of sockets and settings of the network.
namespace loopscope::judge {

void Writer::sysctls() {
  const auto maybe = [&](double share, const std::string& name, const char* value) {
    if (dice.chance(share)) say("sysctl here " + name + " = " + value);
  };
  maybe(.08, "net.ipv6.bindv6only", "1");
  maybe(.07, "net.ipv4.ip_local_port_range", dice.one_of({"40000 40003", "40000 40000", "5000 5001"}));
  maybe(.05, "net.ipv4.tcp_abort_on_overflow", "1");
  maybe(.03, "net.ipv4.ip_unprivileged_port_start", dice.one_of({"0", "80", "5001"}));
  maybe(.03, "net.ipv4.ip_nonlocal_bind", "1");
  maybe(.03, "net.ipv6.ip_nonlocal_bind", "1");
  maybe(.02, "net.ipv4.ip_autobind_reuse", "1");
  maybe(.02, "net.core.somaxconn", dice.one_of({"0", "1"}));
  maybe(.03, "net.ipv4.tcp_tw_reuse", dice.one_of({"0", "1"}));
  maybe(.02, "net.ipv4.tcp_timestamps", "0");
  maybe(.02, "net.ipv4.tcp_syncookies", dice.one_of({"0", "2"}));
  maybe(.02, "net.ipv4.tcp_max_tw_buckets", "0");
  maybe(.02, "net.ipv4.ip_local_reserved_ports", dice.one_of({"40000", "5000-5001"}));
  maybe(.01, "net.ipv6.conf.all.disable_ipv6", "1");
  maybe(.02, "net.ipv4.tcp_fin_timeout", "30");
  maybe(.02, "net.ipv4.ip_default_ttl", "17");
}

void Writer::set_option(const Made& socket) {
  if (dice.chance(.6)) {
    on(socket, "setsockopt",
       std::string(", ") +
           dice.one_of({"SO_REUSEADDR", "SO_REUSEADDR", "SO_REUSEPORT", "IPV6_V6ONLY",
                        "IP_BIND_ADDRESS_NO_PORT", "IP_FREEBIND", "SO_BROADCAST", "TCP_NODELAY"}) +
           (dice.chance(.85) ? ", 1" : ", 0"));
    return;
  }
  on(socket, "setsockopt",
     std::string(", ") + dice.one_of({"SO_LINGER, {1, 0}",
                                      "SO_LINGER, {0, 0}",
                                      "SO_KEEPALIVE, 1",
                                      "SO_RCVTIMEO, {0, 40000}",
                                      "SO_SNDTIMEO, {0, 40000}",
                                      "SO_RCVTIMEO, {0, 1000000}",
                                      "SO_BINDTODEVICE, \"lo\"",
                                      "SO_BINDTODEVICE, \"\"",
                                      "SO_BINDTODEVICE, \"eth9\"",
                                      "IP_LOCAL_PORT_RANGE, 41000-41001",
                                      "IP_LOCAL_PORT_RANGE, 0-5001",
                                      "IP_LOCAL_PORT_RANGE, 9-5",
                                      "IP_TRANSPARENT, 1",
                                      "IPV6_FREEBIND, 1",
                                      "TCP_DEFER_ACCEPT, 1",
                                      "TCP_LINGER2, -1",
                                      "TCP_LINGER2, 200",
                                      "TCP_MAXSEG, 200",
                                      "TCP_MAXSEG, 40000",
                                      "TCP_KEEPIDLE, 5",
                                      "TCP_KEEPIDLE, 0",
                                      "TCP_KEEPCNT, 200",
                                      "TCP_KEEPINTVL, 3",
                                      "TCP_SYNCNT, 3",
                                      "TCP_SYNCNT, 0",
                                      "TCP_USER_TIMEOUT, 1000",
                                      "TCP_USER_TIMEOUT, -1",
                                      "IP_TTL, 0",
                                      "IP_TTL, 9",
                                      "IP_TOS, 16",
                                      "IP_TOS, 255",
                                      "IPV6_UNICAST_HOPS, 256",
                                      "IPV6_UNICAST_HOPS, 7",
                                      "SO_RCVBUF, 1000",
                                      "SO_SNDBUF, 5000",
                                      "SO_TYPE, 1",
                                      "SO_ERROR, 0",
                                      "SO_ACCEPTCONN, 1",
                                      "SO_REUSEADDR, -1",
                                      "SO_REUSEPORT, 2"}));
}

void Writer::get_option(const Made& socket) {
  on(socket, "getsockopt",
     std::string(", ") + dice.one_of({"SO_ERROR",
                                      "SO_ERROR",
                                      "SO_ERROR",
                                      "SO_REUSEADDR",
                                      "SO_REUSEPORT",
                                      "SO_BROADCAST",
                                      "SO_KEEPALIVE",
                                      "SO_ACCEPTCONN",
                                      "SO_TYPE",
                                      "SO_LINGER",
                                      "SO_RCVTIMEO",
                                      "SO_SNDTIMEO",
                                      "SO_BINDTODEVICE",
                                      "TCP_NODELAY",
                                      "TCP_KEEPIDLE",
                                      "TCP_KEEPINTVL",
                                      "TCP_KEEPCNT",
                                      "TCP_SYNCNT",
                                      "TCP_LINGER2",
                                      "TCP_DEFER_ACCEPT",
                                      "TCP_USER_TIMEOUT",
                                      "IP_TTL",
                                      "IP_TOS",
                                      "IP_FREEBIND",
                                      "IP_TRANSPARENT",
                                      "IPV6_V6ONLY",
                                      "IP_LOCAL_PORT_RANGE",
                                      "IP_BIND_ADDRESS_NO_PORT",
                                      "IPV6_UNICAST_HOPS",
                                      "IPV6_FREEBIND"}));
}

}  // namespace loopscope::judge
