#pragma once

#include <string>
#include <vector>

#include "sim/sandbox/launcher.hpp"

namespace loopscope::lab {

enum class Ability : std::uint8_t { Yes, Limited, No };

/// One thing this machine allows, or not, found by trying it in a throwaway world.
struct Finding {
  std::string id;     ///< "lab", "hold-packets", "bound-sockets", "capture", "other-user", …
  std::string title;  ///< 'A private world'
  Ability ability{};
  std::string details;  ///< 'user, network, mount and PID namespaces; 2.1 ms'
  std::string remedy;   ///< how to allow it; empty where nothing is needed
};

[[nodiscard]] std::vector<Finding> examine(sandbox::Launcher& launcher);

}  // namespace loopscope::lab
