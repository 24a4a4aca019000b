#include "sim/sandbox/prepare.hpp"

#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "sim/base/system_error.hpp"
#include "sim/sandbox/links.hpp"
#include "sim/sandbox/settings.hpp"

namespace loopscope::sandbox {
namespace {

void mount_all() {
  // Nothing that happens here may spread to the machine (mount_namespaces(7), propagation).
  check("mount / private", ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr));
  mount_attr read_only{};
  read_only.attr_set = MOUNT_ATTR_RDONLY;
  check("mount_setattr(/, read-only)",
        ::mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &read_only, sizeof read_only));
  // The private proc shows this PID namespace, and this network's settings below /proc/sys/net.
  check("mount proc", ::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr));
  check("mount tmpfs",
        ::mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "size=64m,nr_inodes=4096,mode=0755"));
  check("mkdir", ::mkdir(working_folder, 0777));
  check("chmod", ::chmod(working_folder, 0777));
  check("chdir", ::chdir(working_folder));
}

}  // namespace

void prepare_world() {
  mount_all();
  (void)move_to_small_tables();
  set_defaults();
  raise_loopback();
}

}  // namespace loopscope::sandbox
