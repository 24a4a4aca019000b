#include "sim/diag/owners.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <string_view>

namespace loopscope::diag {
namespace {

struct DirCloser {
  void operator()(DIR* directory) const { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, DirCloser>;

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The inode of 'socket:[12345]' (proc(5)), nothing for another kind of file.
std::optional<std::uint64_t> socket_inode(std::string_view target) {
  constexpr std::string_view prefix = "socket:[";
  if (!target.starts_with(prefix) || !target.ends_with(']')) return std::nullopt;
  target.remove_prefix(prefix.size());
  target.remove_suffix(1);
  return whole_number<std::uint64_t>(target);
}

std::string comm_of(const std::string& folder) {
  const int file = ::open((folder + "/comm").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::array<char, 64> text{};
  const auto size = ::read(file, text.data(), text.size());
  ::close(file);
  std::string comm(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  while (!comm.empty() && comm.back() == '\n') comm.pop_back();
  return comm;
}

void look_at(pid_t pid, Owners& owners) {
  const std::string folder = "/proc/" + std::to_string(pid);
  const Directory directory(::opendir((folder + "/fd").c_str()));
  if (!directory) return;  // gone, or another user's
  std::optional<std::string> comm;
  std::array<char, 64> target{};
  while (const dirent* entry = ::readdir(directory.get())) {
    const auto fd = whole_number<int>(entry->d_name);
    if (!fd) continue;
    const auto size = ::readlinkat(::dirfd(directory.get()), entry->d_name, target.data(), target.size());
    if (size <= 0) continue;
    const auto inode = socket_inode({target.data(), static_cast<std::size_t>(size)});
    if (!inode) continue;
    if (!comm) comm = comm_of(folder);
    const auto [known, fresh] = owners.try_emplace(*inode, Owner{pid, *fd, *comm});
    Owner& owner = known->second;
    if (!fresh && (pid < owner.pid || (pid == owner.pid && *fd < owner.fd))) owner = {pid, *fd, *comm};
  }
}

}  // namespace

Owners owners_among(std::span<const pid_t> pids) {
  Owners owners;
  for (const pid_t pid : pids) look_at(pid, owners);
  return owners;
}

Owners owners_of_all() {
  std::vector<pid_t> pids;
  if (const Directory directory(::opendir("/proc")); directory) {
    while (const dirent* entry = ::readdir(directory.get())) {
      if (const auto pid = whole_number<pid_t>(entry->d_name)) pids.push_back(*pid);
    }
  }
  return owners_among(pids);
}

void attribute(std::vector<trace::SocketEntry>& entries, const Owners& owners) {
  for (trace::SocketEntry& entry : entries) {
    const auto found = entry.inode == 0 ? owners.end() : owners.find(entry.inode);
    if (found == owners.end()) continue;
    entry.pid = found->second.pid;
    entry.fd = found->second.fd;
    entry.process = found->second.comm;
  }
}

}  // namespace loopscope::diag
