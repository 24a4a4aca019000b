#include "sim/tracer/descriptors.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sim/base/unique_fd.hpp"

namespace loopscope::tracer {
namespace {

constexpr int most_remembered = 65536;

}  // namespace

Descriptors::Kind Descriptors::kind(pid_t process, int fd) {
  if (fd < 0) return Kind::Other;
  if (fd >= most_remembered) return look(process, fd);
  std::vector<Kind>& kinds = known_[process];
  const auto index = static_cast<std::size_t>(fd);
  if (kinds.size() <= index) kinds.resize(index + 16, Kind::Unknown);
  if (kinds[index] == Kind::Unknown) kinds[index] = look(process, fd);
  return kinds[index];
}

void Descriptors::forget(pid_t process, int fd) {
  const auto found = known_.find(process);
  if (found == known_.end() || fd < 0 || static_cast<std::size_t>(fd) >= found->second.size()) return;
  found->second[static_cast<std::size_t>(fd)] = Kind::Unknown;
}

void Descriptors::forget_all(pid_t process) { known_.erase(process); }

/// By a copy of the descriptor (pidfd_getfd(2)), which is gone before the process runs on.
Descriptors::Kind Descriptors::look(pid_t process, int fd) const {
  const UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
  if (!handle.valid()) return Kind::Other;
  const UniqueFd copy(static_cast<int>(::syscall(SYS_pidfd_getfd, handle.get(), fd, 0)));
  if (!copy.valid()) return Kind::Other;
  int domain = 0;
  socklen_t length = sizeof domain;
  if (::getsockopt(copy.get(), SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0)
    return domain == AF_INET || domain == AF_INET6 ? Kind::Internet : Kind::Other;
  struct stat status {};
  if (output_inode_ != 0 && ::fstat(copy.get(), &status) == 0 && S_ISFIFO(status.st_mode) &&
      status.st_ino == output_inode_)
    return Kind::Output;
  return Kind::Other;
}

}  // namespace loopscope::tracer
