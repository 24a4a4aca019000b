#pragma once

#include <sys/types.h>

#include <cstddef>
#include <vector>

#include "sim/base/unique_fd.hpp"

/// Descriptors over a stream socket (unix(7), SCM_RIGHTS).
namespace loopscope::lab {

inline constexpr std::size_t most_passed = 4;

/// Sends the bytes, the descriptors with the first of them; blocks until all are taken. False where the other
/// end is gone.
bool send_with_descriptors(int socket, const void* bytes, std::size_t size, const std::vector<int>& passed);
/// As recv(2) with MSG_DONTWAIT; what came with the bytes is added to `passed`.
ssize_t receive_with_descriptors(int socket, void* bytes, std::size_t size, std::vector<UniqueFd>& passed);

}  // namespace loopscope::lab
