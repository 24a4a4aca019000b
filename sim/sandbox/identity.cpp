#include "sim/sandbox/identity.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <string>
#include <string_view>

#include "sim/base/system_error.hpp"
#include "sim/base/unique_fd.hpp"
#include "sim/sandbox/world.hpp"

namespace loopscope::sandbox {
namespace {

/// One write, as these files want it. Throws SystemError with `step` as its call.
void write_whole(const std::string& path, std::string_view text, const char* step) {
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  check(step, file.get());
  check_long(step, ::write(file.get(), text.data(), text.size()));
}

std::string one_line(unsigned inner, unsigned outer) {
  return std::to_string(inner) + " " + std::to_string(outer) + " 1\n";
}

void drop_all_capabilities() {
  check("prctl(PR_CAP_AMBIENT)", ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
  for (int capability = 0; ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability) {
    (void)::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  }
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> none{};
  check_long("capset", ::syscall(SYS_capset, &header, none.data()));  // glibc has no wrapper
}

}  // namespace

void map_self(uid_t user, gid_t group) {
  write_whole("/proc/self/setgroups", "deny", "write /proc/self/setgroups");
  write_whole("/proc/self/uid_map", one_line(user, user), "write uid_map");
  write_whole("/proc/self/gid_map", one_line(group, group), "write gid_map");
}

int map_ids_of(pid_t keeper) {
  const std::string process = "/proc/" + std::to_string(keeper);
  const std::string map = one_line(0, 0) + one_line(ordinary_id, machines_nobody);
  try {
    write_whole(process + "/setgroups", "deny", "write setgroups");
    // The groups first: where they are refused nothing is done yet, and the keeper can map itself.
    write_whole(process + "/gid_map", map, "write gid_map");
    write_whole(process + "/uid_map", map, "write uid_map");
  } catch (const SystemError& error) {
    return error.error_number();
  }
  return 0;
}

std::optional<uid_t> second_id() {
  std::ifstream map("/proc/self/uid_map");
  unsigned long inner = 0, outer = 0, count = 0;
  while (map >> inner >> outer >> count) {
    if (inner <= ordinary_id && ordinary_id < inner + count && ::geteuid() == 0) return ordinary_id;
  }
  return std::nullopt;
}

void become_ordinary() {
  if (const auto id = second_id()) {
    check("setresgid", ::setresgid(*id, *id, *id));
    check("setresuid", ::setresuid(*id, *id, *id));
  }
  drop_all_capabilities();
  stay_root();
  // The lab reads /proc/PID/fd of its processes; a change of user had made that the real root's alone
  // (proc(5)).
  check("prctl(PR_SET_DUMPABLE)", ::prctl(PR_SET_DUMPABLE, 1));
}

void become_administrator() {
  constexpr std::array kept{CAP_NET_ADMIN, CAP_NET_RAW, CAP_NET_BIND_SERVICE, CAP_KILL};
  std::uint32_t bits = 0;
  for (const int capability : kept) bits |= 1U << static_cast<unsigned>(capability);
  for (int capability = 0; ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability) {
    if (capability > 31 || (bits & 1U << static_cast<unsigned>(capability)) == 0)
      (void)::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  }
  if (const auto id = second_id()) {
    check("prctl(PR_SET_KEEPCAPS)", ::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
    check("setresgid", ::setresgid(*id, *id, *id));
    check("setresuid", ::setresuid(*id, *id, *id));
  }
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> own{};
  own[0] = {bits, bits, bits};
  check_long("capset", ::syscall(SYS_capset, &header, own.data()));
  for (const int capability : kept)
    check("prctl(PR_CAP_AMBIENT_RAISE)", ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0));
  stay_root();
  check("prctl(PR_SET_DUMPABLE)", ::prctl(PR_SET_DUMPABLE, 1));
}

void stay_root() { check("prctl(PR_SET_NO_NEW_PRIVS)", ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)); }

}  // namespace loopscope::sandbox
