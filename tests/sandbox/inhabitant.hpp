#pragma once

#include <string>

#include "sim/sandbox/launcher.hpp"

/// A world for tests: its process answers questions about itself.
namespace loopscope::test {

/// The launcher of this test program, made at the first call.
[[nodiscard]] sandbox::Launcher& launcher();
/// Asks a world's process; see the table in inhabitant.cpp. The answer has no newline. Fails the test where
/// the world is gone.
[[nodiscard]] std::string ask(const sandbox::Launcher::World& world, const std::string& question);
/// A fresh world; fails the test where none can be made.
[[nodiscard]] sandbox::Launcher::World fresh_world();
/// Waits for the end of a process that need not be a child. False after `timeout_ms`.
[[nodiscard]] bool ends(int pidfd, int timeout_ms);
[[nodiscard]] int open_pidfd(pid_t pid);

}  // namespace loopscope::test
