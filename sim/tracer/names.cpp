#include "sim/tracer/names.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/tcp.h>
#include <sys/socket.h>

#include <span>

namespace loopscope::tracer {
namespace {

struct Name {
  const char* name;
  int value;
};
#define LOOPSCOPE_NAME(NAME) \
  { #NAME, NAME }

constexpr Name domains[] = {LOOPSCOPE_NAME(AF_UNSPEC), LOOPSCOPE_NAME(AF_UNIX), LOOPSCOPE_NAME(AF_INET),
                            LOOPSCOPE_NAME(AF_INET6), LOOPSCOPE_NAME(AF_NETLINK)};
constexpr Name types[] = {LOOPSCOPE_NAME(SOCK_STREAM), LOOPSCOPE_NAME(SOCK_DGRAM), LOOPSCOPE_NAME(SOCK_RAW),
                          LOOPSCOPE_NAME(SOCK_SEQPACKET)};
constexpr Name type_flags[] = {LOOPSCOPE_NAME(SOCK_CLOEXEC), LOOPSCOPE_NAME(SOCK_NONBLOCK)};
constexpr Name protocols[] = {{"IPPROTO_IP", 0},     {"IPPROTO_ICMP", 1},    {"IPPROTO_TCP", 6},
                              {"IPPROTO_UDP", 17},   {"IPPROTO_ICMPV6", 58}, {"IPPROTO_UDPLITE", 136},
                              {"IPPROTO_MPTCP", 262}};
constexpr Name levels[] = {{"SOL_IP", 0},   {"SOL_SOCKET", SOL_SOCKET}, {"SOL_TCP", 6},
                           {"SOL_UDP", 17}, {"SOL_IPV6", 41},           {"SOL_MPTCP", 284}};
constexpr Name hows[] = {LOOPSCOPE_NAME(SHUT_RD), LOOPSCOPE_NAME(SHUT_WR), LOOPSCOPE_NAME(SHUT_RDWR)};
constexpr Name messages[] = {
    LOOPSCOPE_NAME(MSG_OOB),      LOOPSCOPE_NAME(MSG_PEEK),        LOOPSCOPE_NAME(MSG_DONTROUTE),
    LOOPSCOPE_NAME(MSG_CTRUNC),   LOOPSCOPE_NAME(MSG_TRUNC),       LOOPSCOPE_NAME(MSG_DONTWAIT),
    LOOPSCOPE_NAME(MSG_EOR),      LOOPSCOPE_NAME(MSG_WAITALL),     LOOPSCOPE_NAME(MSG_ERRQUEUE),
    LOOPSCOPE_NAME(MSG_NOSIGNAL), LOOPSCOPE_NAME(MSG_MORE),        LOOPSCOPE_NAME(MSG_WAITFORONE),
    LOOPSCOPE_NAME(MSG_FASTOPEN), LOOPSCOPE_NAME(MSG_CMSG_CLOEXEC)};
constexpr Name file[] = {LOOPSCOPE_NAME(O_APPEND), LOOPSCOPE_NAME(O_NONBLOCK), LOOPSCOPE_NAME(O_ASYNC)};

constexpr Name socket_options[] = {
    LOOPSCOPE_NAME(SO_DEBUG),        LOOPSCOPE_NAME(SO_REUSEADDR),     LOOPSCOPE_NAME(SO_TYPE),
    LOOPSCOPE_NAME(SO_ERROR),        LOOPSCOPE_NAME(SO_DONTROUTE),     LOOPSCOPE_NAME(SO_BROADCAST),
    LOOPSCOPE_NAME(SO_SNDBUF),       LOOPSCOPE_NAME(SO_RCVBUF),        LOOPSCOPE_NAME(SO_KEEPALIVE),
    LOOPSCOPE_NAME(SO_OOBINLINE),    LOOPSCOPE_NAME(SO_PRIORITY),      LOOPSCOPE_NAME(SO_LINGER),
    LOOPSCOPE_NAME(SO_REUSEPORT),    LOOPSCOPE_NAME(SO_RCVLOWAT),      LOOPSCOPE_NAME(SO_SNDLOWAT),
    LOOPSCOPE_NAME(SO_RCVTIMEO),     LOOPSCOPE_NAME(SO_SNDTIMEO),      LOOPSCOPE_NAME(SO_BINDTODEVICE),
    LOOPSCOPE_NAME(SO_TIMESTAMP),    LOOPSCOPE_NAME(SO_ACCEPTCONN),    LOOPSCOPE_NAME(SO_SNDBUFFORCE),
    LOOPSCOPE_NAME(SO_RCVBUFFORCE),  LOOPSCOPE_NAME(SO_MARK),          LOOPSCOPE_NAME(SO_PROTOCOL),
    LOOPSCOPE_NAME(SO_DOMAIN),       LOOPSCOPE_NAME(SO_RXQ_OVFL),      LOOPSCOPE_NAME(SO_BUSY_POLL),
    LOOPSCOPE_NAME(SO_INCOMING_CPU), LOOPSCOPE_NAME(SO_ATTACH_FILTER), LOOPSCOPE_NAME(SO_PEERCRED),
    LOOPSCOPE_NAME(SO_ZEROCOPY),     LOOPSCOPE_NAME(SO_COOKIE)};
constexpr Name tcp_options[] = {LOOPSCOPE_NAME(TCP_NODELAY),
                                LOOPSCOPE_NAME(TCP_MAXSEG),
                                LOOPSCOPE_NAME(TCP_CORK),
                                LOOPSCOPE_NAME(TCP_KEEPIDLE),
                                LOOPSCOPE_NAME(TCP_KEEPINTVL),
                                LOOPSCOPE_NAME(TCP_KEEPCNT),
                                LOOPSCOPE_NAME(TCP_SYNCNT),
                                LOOPSCOPE_NAME(TCP_LINGER2),
                                LOOPSCOPE_NAME(TCP_DEFER_ACCEPT),
                                LOOPSCOPE_NAME(TCP_WINDOW_CLAMP),
                                LOOPSCOPE_NAME(TCP_INFO),
                                LOOPSCOPE_NAME(TCP_QUICKACK),
                                LOOPSCOPE_NAME(TCP_CONGESTION),
                                LOOPSCOPE_NAME(TCP_USER_TIMEOUT),
                                LOOPSCOPE_NAME(TCP_FASTOPEN),
                                LOOPSCOPE_NAME(TCP_FASTOPEN_CONNECT),
                                LOOPSCOPE_NAME(TCP_NOTSENT_LOWAT),
                                LOOPSCOPE_NAME(TCP_ULP),
                                LOOPSCOPE_NAME(TCP_INQ)};
constexpr Name ip_options[] = {LOOPSCOPE_NAME(IP_TOS),
                               LOOPSCOPE_NAME(IP_TTL),
                               LOOPSCOPE_NAME(IP_HDRINCL),
                               LOOPSCOPE_NAME(IP_OPTIONS),
                               LOOPSCOPE_NAME(IP_PKTINFO),
                               LOOPSCOPE_NAME(IP_MTU_DISCOVER),
                               LOOPSCOPE_NAME(IP_RECVERR),
                               LOOPSCOPE_NAME(IP_RECVTTL),
                               LOOPSCOPE_NAME(IP_RECVTOS),
                               LOOPSCOPE_NAME(IP_MTU),
                               LOOPSCOPE_NAME(IP_FREEBIND),
                               LOOPSCOPE_NAME(IP_TRANSPARENT),
                               LOOPSCOPE_NAME(IP_MINTTL),
                               LOOPSCOPE_NAME(IP_BIND_ADDRESS_NO_PORT),
                               LOOPSCOPE_NAME(IP_MULTICAST_IF),
                               LOOPSCOPE_NAME(IP_MULTICAST_TTL),
                               LOOPSCOPE_NAME(IP_MULTICAST_LOOP),
                               LOOPSCOPE_NAME(IP_ADD_MEMBERSHIP),
                               {"IP_LOCAL_PORT_RANGE", 51}};
constexpr Name ipv6_options[] = {LOOPSCOPE_NAME(IPV6_UNICAST_HOPS),  LOOPSCOPE_NAME(IPV6_V6ONLY),
                                 LOOPSCOPE_NAME(IPV6_RECVERR),       LOOPSCOPE_NAME(IPV6_RECVPKTINFO),
                                 LOOPSCOPE_NAME(IPV6_TCLASS),        LOOPSCOPE_NAME(IPV6_MTU_DISCOVER),
                                 LOOPSCOPE_NAME(IPV6_FREEBIND),      LOOPSCOPE_NAME(IPV6_MULTICAST_HOPS),
                                 LOOPSCOPE_NAME(IPV6_MULTICAST_LOOP)};
#undef LOOPSCOPE_NAME

const char* name_in(std::span<const Name> table, int value) {
  for (const Name& one : table) {
    if (one.value == value) return one.name;
  }
  return nullptr;
}

std::string name_or_number(std::span<const Name> table, int value) {
  const char* name = name_in(table, value);
  return name != nullptr ? name : std::to_string(value);
}

/// 'A|B|0x40'; '0' for none.
std::string joined(std::span<const Name> table, int bits, std::string text = {}) {
  for (const Name& one : table) {
    if ((bits & one.value) == 0) continue;
    text += (text.empty() ? "" : "|") + std::string(one.name);
    bits &= ~one.value;
  }
  if (bits != 0) text += fmt::format("{}{:#x}", text.empty() ? "" : "|", static_cast<unsigned>(bits));
  return text.empty() ? "0" : text;
}

}  // namespace

std::string domain_name(int domain) { return name_or_number(domains, domain); }

std::string socket_type_name(int type) {
  constexpr int flags = SOCK_CLOEXEC | SOCK_NONBLOCK;
  return (type & flags) == 0 ? name_or_number(types, type)
                             : joined(type_flags, type & flags, name_or_number(types, type & ~flags));
}

std::string protocol_name(int protocol) { return name_or_number(protocols, protocol); }
std::string accept_flags(int flags) { return joined(type_flags, flags); }
std::string message_flags(int flags) { return joined(messages, flags); }

std::string file_flags(int flags) {
  constexpr const char* modes[] = {"O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"};
  // A kernel for 64 bits has O_LARGEFILE set by itself (open(2)).
  constexpr int large_file = 0100000;
  return joined(file, flags & ~(O_ACCMODE | large_file), modes[flags & O_ACCMODE]);
}

std::string how_name(int how) { return name_or_number(hows, how); }
std::string level_name(int level) { return name_or_number(levels, level); }

std::string option_name(int level, int option) {
  switch (level) {
    case SOL_SOCKET:
      return name_or_number(socket_options, option);
    case 6:
      return name_or_number(tcp_options, option);
    case 0:
      return name_or_number(ip_options, option);
    case 41:
      return name_or_number(ipv6_options, option);
    default:
      return std::to_string(option);
  }
}

}  // namespace loopscope::tracer
