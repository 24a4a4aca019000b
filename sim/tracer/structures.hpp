#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/base/address.hpp"
#include "sim/tracer/memory.hpp"

/// Structures in a traced process's memory, as strace(1) writes them. What can't be read is its address.
namespace loopscope::tracer {

/// '{sa_family=AF_INET, sin_port=htons(62893), sin_addr=inet_addr("127.0.0.1")}', or 'NULL'.
[[nodiscard]] std::string address_text(const Memory& memory, std::uint64_t address, std::uint64_t length);
/// Nothing for what is no Internet address.
[[nodiscard]] std::optional<SocketAddress> socket_address(const Memory& memory, std::uint64_t address,
                                                          std::uint64_t length);
/// The bytes that an array of iovec points to: at most `most` of them.
[[nodiscard]] std::string gathered(const Memory& memory, std::uint64_t vector, std::uint64_t count,
                                   std::size_t most);
/// '[{iov_base="GET…", iov_len=26}]'. `received`: how many bytes of it were filled.
[[nodiscard]] std::string vector_text(const Memory& memory, std::uint64_t vector, std::uint64_t count,
                                      std::uint64_t received);
/// msghdr of sendmsg(2) and recvmsg(2).
[[nodiscard]] std::string message_text(const Memory& memory, std::uint64_t address, std::uint64_t received);
/// A value of setsockopt(2): '[1]', '{l_onoff=1, l_linger=0}', '"lo"'.
[[nodiscard]] std::string option_text(const Memory& memory, int level, int option, std::uint64_t address,
                                      std::uint64_t length);

}  // namespace loopscope::tracer
