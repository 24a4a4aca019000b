#include "sim/experiment/options.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>

// Newer than the headers of some distributions we build on: IP_LOCAL_PORT_RANGE came with Linux 6.3
// (uapi/linux/in.h).
#ifndef IP_LOCAL_PORT_RANGE
#define IP_LOCAL_PORT_RANGE 51
#endif
#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND 78
#endif

namespace loopscope::experiment {
namespace {

using enum OptionShape;
constexpr std::array table{
    OptionInfo{"SO_REUSEADDR", SOL_SOCKET, SO_REUSEADDR, Number},
    OptionInfo{"SO_REUSEPORT", SOL_SOCKET, SO_REUSEPORT, Number},
    OptionInfo{"SO_BROADCAST", SOL_SOCKET, SO_BROADCAST, Number},
    OptionInfo{"SO_KEEPALIVE", SOL_SOCKET, SO_KEEPALIVE, Number},
    OptionInfo{"SO_ACCEPTCONN", SOL_SOCKET, SO_ACCEPTCONN, Number},
    OptionInfo{"SO_TYPE", SOL_SOCKET, SO_TYPE, Number},
    OptionInfo{"SO_ERROR", SOL_SOCKET, SO_ERROR, Error},
    OptionInfo{"SO_RCVBUF", SOL_SOCKET, SO_RCVBUF, Number},
    OptionInfo{"SO_SNDBUF", SOL_SOCKET, SO_SNDBUF, Number},
    OptionInfo{"SO_LINGER", SOL_SOCKET, SO_LINGER, OptionShape::Linger},
    OptionInfo{"SO_RCVTIMEO", SOL_SOCKET, SO_RCVTIMEO, OptionShape::Timeval},
    OptionInfo{"SO_SNDTIMEO", SOL_SOCKET, SO_SNDTIMEO, OptionShape::Timeval},
    OptionInfo{"SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE, Device},
    OptionInfo{"TCP_NODELAY", IPPROTO_TCP, TCP_NODELAY, Number},
    OptionInfo{"TCP_MAXSEG", IPPROTO_TCP, TCP_MAXSEG, Number},
    OptionInfo{"TCP_KEEPIDLE", IPPROTO_TCP, TCP_KEEPIDLE, Number},
    OptionInfo{"TCP_KEEPINTVL", IPPROTO_TCP, TCP_KEEPINTVL, Number},
    OptionInfo{"TCP_KEEPCNT", IPPROTO_TCP, TCP_KEEPCNT, Number},
    OptionInfo{"TCP_SYNCNT", IPPROTO_TCP, TCP_SYNCNT, Number},
    OptionInfo{"TCP_LINGER2", IPPROTO_TCP, TCP_LINGER2, Number},
    OptionInfo{"TCP_DEFER_ACCEPT", IPPROTO_TCP, TCP_DEFER_ACCEPT, Number},
    OptionInfo{"TCP_USER_TIMEOUT", IPPROTO_TCP, TCP_USER_TIMEOUT, Number},
    OptionInfo{"IP_TTL", IPPROTO_IP, IP_TTL, Number},
    OptionInfo{"IP_TOS", IPPROTO_IP, IP_TOS, Number},
    OptionInfo{"IP_FREEBIND", IPPROTO_IP, IP_FREEBIND, Number},
    OptionInfo{"IP_TRANSPARENT", IPPROTO_IP, IP_TRANSPARENT, Number},
    OptionInfo{"IP_BIND_ADDRESS_NO_PORT", IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, Number},
    OptionInfo{"IP_LOCAL_PORT_RANGE", IPPROTO_IP, IP_LOCAL_PORT_RANGE, OptionShape::PortRange},
    OptionInfo{"IPV6_V6ONLY", IPPROTO_IPV6, IPV6_V6ONLY, Number},
    OptionInfo{"IPV6_FREEBIND", IPPROTO_IPV6, IPV6_FREEBIND, Number},
    OptionInfo{"IPV6_UNICAST_HOPS", IPPROTO_IPV6, IPV6_UNICAST_HOPS, Number},
};

}  // namespace

std::span<const OptionInfo> options() { return table; }

const OptionInfo* find_option(std::string_view name) {
  for (const OptionInfo& option : table) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

}  // namespace loopscope::experiment
