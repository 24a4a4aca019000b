#pragma once

#include <string>

/// The C names of numbers, as strace(1) writes them; a number without a name stays one.
namespace loopscope::tracer {

[[nodiscard]] std::string domain_name(int domain);             ///< AF_INET
[[nodiscard]] std::string socket_type_name(int type);          ///< SOCK_STREAM|SOCK_CLOEXEC
[[nodiscard]] std::string protocol_name(int protocol);         ///< IPPROTO_TCP
[[nodiscard]] std::string accept_flags(int flags);             ///< SOCK_NONBLOCK|SOCK_CLOEXEC
[[nodiscard]] std::string message_flags(int flags);            ///< MSG_PEEK|MSG_NOSIGNAL
[[nodiscard]] std::string file_flags(int flags);               ///< O_RDWR|O_NONBLOCK
[[nodiscard]] std::string how_name(int how);                   ///< SHUT_RD
[[nodiscard]] std::string level_name(int level);               ///< SOL_TCP
[[nodiscard]] std::string option_name(int level, int option);  ///< TCP_NODELAY

}  // namespace loopscope::tracer
