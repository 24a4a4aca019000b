#pragma once

#include <vector>

#include "sim/base/unique_fd.hpp"
#include "sim/lab/engine/house.hpp"
#include "sim/lab/protocol.hpp"

namespace loopscope::lab {

/// Starts the shell in the house, on the host that the calling thread is on, and returns. `passed`: its link
/// (shell_line.hpp) and, where it has no terminal, its three streams. What goes wrong later is told on the
/// link. Throws SystemError.
void start_shell(const House& house, const OpenShell& wanted, std::vector<UniqueFd> passed,
                 std::vector<std::string> environment);

}  // namespace loopscope::lab
