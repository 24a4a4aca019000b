#pragma once

#include <string>
#include <string_view>

namespace loopscope::sandbox {

/// What a user can do where this step of making a world failed so: a sentence with the command, or "". Looks
/// at the machine's settings (user.max_user_namespaces, kernel.unprivileged_userns_clone, AppArmor's).
[[nodiscard]] std::string remedy_for(std::string_view step, int error_number);

/// The same, the machine's settings being given; a setting that it does not have is "".
struct Machine {
  std::string max_user_namespaces;
  std::string max_net_namespaces;
  std::string unprivileged_userns_clone;  ///< Debian's, Arch's
  std::string apparmor_restrict;          ///< kernel.apparmor_restrict_unprivileged_userns, Ubuntu from 23.10
};
[[nodiscard]] std::string remedy_for(std::string_view step, int error_number, const Machine& machine);

}  // namespace loopscope::sandbox
