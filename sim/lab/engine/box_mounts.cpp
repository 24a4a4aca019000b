#include "sim/lab/engine/box_mounts.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <vector>

#include "sim/base/system_error.hpp"
#include "sim/base/unique_fd.hpp"
#include "sim/sandbox/identity.hpp"
#include "sim/sandbox/prepare.hpp"

namespace loopscope::lab {
namespace {

// On the world's tmpfs; it holds the new /dev only until that is moved.
constexpr const char* devices_made_at = "/tmp/.devices";

bool is_folder(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

void cover(const std::string& folder) {
  if (!is_folder(folder)) return;
  check("hide a folder", ::mount("tmpfs", folder.c_str(), "tmpfs",
                                 MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, "size=4k,mode=0555"));
}

/// The folders that are the user's and the services', not the system's.
std::vector<std::string> private_folders() {
  std::vector<std::string> folders{"/home", "/root", "/run", "/mnt", "/media", "/srv"};
  const char* home = std::getenv("HOME");
  if (home != nullptr && home[0] == '/' && std::string(home) != "/" && std::string(home).find("/tmp/") != 0)
    folders.emplace_back(home);
  return folders;
}

void bind_device(const std::string& name) {
  const std::string target = std::string(devices_made_at) + "/" + name;
  const UniqueFd file(::open(target.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  check("make a device's place", file.get());
  const std::string source = "/dev/" + name;
  if (::access(source.c_str(), F_OK) != 0) return;
  check("mount a device", ::mount(source.c_str(), target.c_str(), nullptr, MS_BIND, nullptr));
}

void make_devices(bool has_terminal) {
  if (::mkdir(devices_made_at, 0755) != 0 && errno != EEXIST) throw SystemError("mkdir for /dev", errno);
  check("mount /dev",
        ::mount("tmpfs", devices_made_at, "tmpfs", MS_NOSUID | MS_NOEXEC, "size=64m,mode=0755"));
  for (const char* name : {"null", "zero", "full", "random", "urandom"}) bind_device(name);
  if (has_terminal) bind_device("tty");
  const std::string at = devices_made_at;
  check("mkdir shm", ::mkdir((at + "/shm").c_str(), 01777));
  check("chmod shm", ::chmod((at + "/shm").c_str(), 01777));
  check("symlink", ::symlink("/proc/self/fd", (at + "/fd").c_str()));
  check("symlink", ::symlink("/proc/self/fd/0", (at + "/stdin").c_str()));
  check("symlink", ::symlink("/proc/self/fd/1", (at + "/stdout").c_str()));
  check("symlink", ::symlink("/proc/self/fd/2", (at + "/stderr").c_str()));
  check("move /dev", ::mount(devices_made_at, "/dev", nullptr, MS_MOVE, nullptr));
}

/// Programs look up who they are; the machine's own list of users is none of a stranger's business.
void cover_users() {
  const auto cover_file = [](const char* name, const std::string& text) {
    const std::string path = std::string("/etc/") + name;
    const std::string ours = std::string("/tmp/.") + name;
    if (::access(path.c_str(), F_OK) != 0) return;
    const UniqueFd file(::open(ours.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    check("write a list of users", file.get());
    check_long("write a list of users", ::write(file.get(), text.data(), text.size()));
    check("hide the list of users", ::mount(ours.c_str(), path.c_str(), nullptr, MS_BIND, nullptr));
  };
  const bool second = sandbox::second_id().has_value();
  const std::string user = std::to_string(second ? sandbox::ordinary_id : ::geteuid());
  const std::string group = std::to_string(second ? sandbox::ordinary_id : ::getegid());
  const std::string home = sandbox::working_folder;
  cover_file("passwd", "root:x:0:0:root:" + home + ":/bin/sh\nlab:x:" + user + ":" + group + "::" + home +
                           ":/bin/sh\nnobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n");
  cover_file("group", "root:x:0:\nlab:x:" + group + ":\nnogroup:x:65534:\n");
}

/// Whom root runs, and is root to its program, owns what lies in /proc of the whole machine (sysctl(2) asks
/// for the owner, not for a capability: net/sysctl_net.c does, kernel/sysctl.c does not), /proc/sysrq-trigger
/// too. So all of it is read-only but the world's own network settings.
void close_kernel_files() {
  constexpr const char* network = "/proc/sys/net";
  check("mount /proc/sys/net", ::mount(network, network, nullptr, MS_BIND, nullptr));
  check("close /proc", ::mount(nullptr, "/proc", nullptr,
                               MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr));
}

}  // namespace

void prepare_mounts(bool stranger, bool has_terminal) {
  check("mount proc", ::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr));
  if (!stranger) return;
  close_kernel_files();
  make_devices(has_terminal);
  cover_users();
  for (const std::string& folder : private_folders()) cover(folder);
}

void furnish_house() {
  check("mkdir /dev/pts", ::mkdir("/dev/pts", 0755));
  check("mount devpts", ::mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
                                "newinstance,ptmxmode=0666,mode=0620"));
  check("symlink", ::symlink("pts/ptmx", "/dev/ptmx"));
  check("mount tmpfs",
        ::mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "size=64m,nr_inodes=4096,mode=0755"));
  check("mkdir", ::mkdir(sandbox::working_folder, 0777));
  check("chmod", ::chmod(sandbox::working_folder, 0777));
  check("chdir", ::chdir(sandbox::working_folder));
}

}  // namespace loopscope::lab
