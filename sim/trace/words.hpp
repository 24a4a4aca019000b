#pragma once

#include <string>

#include "sim/trace/event.hpp"

namespace loopscope::trace {

/// Where a packet comes from or goes to: '127.0.0.1:62893', and of ICMP, which has no ports, '127.0.0.1'.
[[nodiscard]] std::string packet_end(const SocketAddress& address);

/// 'input dropped SYN 127.0.0.1:41952 > 127.0.0.1:62893 by `tcp dport 62893 drop`'; '… as no rule matched'.
[[nodiscard]] std::string words_of(const FirewallJudged& judged);

/// 'recvfrom(3, buf, 64, 0, NULL, NULL) = 2 ("hi")', 'connect(3, {…}, 16) = -1 ECONNREFUSED (Connection
/// refused)'.
[[nodiscard]] std::string words_of(const CallEntered& entered, const CallReturned& returned);

}  // namespace loopscope::trace
