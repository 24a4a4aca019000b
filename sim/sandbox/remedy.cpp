#include "sim/sandbox/remedy.hpp"

#include <cerrno>
#include <fstream>

namespace loopscope::sandbox {
namespace {

constexpr std::string_view in_a_container =
    "It looks like a container or sandbox that forbids namespaces: run the program outside it, or start the "
    "container "
    "with more rights (docker: --security-opt seccomp=unconfined --security-opt apparmor=unconfined)";
constexpr std::string_view masked_proc =
    "Part of /proc is covered here, as containers do: run the program outside, or start the container with "
    "--security-opt systempaths=unconfined (docker) or --security-opt unmask=ALL (podman)";
constexpr std::string_view apparmor =
    "AppArmor restricts user namespaces here: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or "
    "give the "
    "program a profile with a `userns,` rule in /etc/apparmor.d";
constexpr std::string_view userns_clone =
    "User namespaces are turned off for ordinary users here: sudo sysctl kernel.unprivileged_userns_clone=1";

std::string setting(const char* path) {
  std::ifstream file(path);
  std::string value;
  std::getline(file, value);
  return value;
}

std::string for_unshare(int error_number, const Machine& machine) {
  if (error_number == ENOSPC || error_number == EUSERS) {
    if (machine.max_user_namespaces == "0") {
      return "User namespaces are turned off here: sudo sysctl user.max_user_namespaces=15000";
    }
    if (machine.max_net_namespaces == "0") {
      return "Network namespaces are turned off here: sudo sysctl user.max_net_namespaces=15000";
    }
    return "There are too many namespaces, or they are nested too deeply (33): raise "
           "user.max_user_namespaces, or run "
           "the program outside the container";
  }
  if (error_number == EPERM || error_number == EACCES) {
    if (machine.unprivileged_userns_clone == "0") return std::string(userns_clone);
    if (machine.apparmor_restrict == "1") return std::string(apparmor);
    return std::string(in_a_container);
  }
  if (error_number == EINVAL || error_number == ENOSYS) {
    return "This kernel has no user namespaces (CONFIG_USER_NS) or no network namespaces (CONFIG_NET_NS)";
  }
  return {};
}

}  // namespace

std::string remedy_for(std::string_view step, int error_number, const Machine& machine) {
  if (step.starts_with("unshare")) return for_unshare(error_number, machine);
  if (error_number == ENOMEM || error_number == EAGAIN) {
    return "The machine is short of memory or of processes (ulimit -u): end some and try again";
  }
  if (error_number != EPERM && error_number != EACCES) return {};
  // From here on: the namespace was made and is then refused its rights. AppArmor does it that way.
  if (machine.apparmor_restrict == "1") return std::string(apparmor);
  if (step == "mount proc") return std::string(masked_proc);
  return std::string(in_a_container);
}

std::string remedy_for(std::string_view step, int error_number) {
  return remedy_for(
      step, error_number,
      {setting("/proc/sys/user/max_user_namespaces"), setting("/proc/sys/user/max_net_namespaces"),
       setting("/proc/sys/kernel/unprivileged_userns_clone"),
       setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")});
}

}  // namespace loopscope::sandbox
