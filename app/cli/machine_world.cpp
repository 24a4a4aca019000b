#include "app/cli/machine_world.hpp"

#include <fmt/format.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <memory>

#include "sim/diag/owners.hpp"
#include "sim/diag/socket_table.hpp"
#include "sim/experiment/statement.hpp"
#include "sim/model/machine.hpp"

namespace loopscope::app::cli {
namespace {

std::string first_line(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

std::string user_name(std::uint32_t uid) {
  const passwd* entry = ::getpwuid(uid);
  return entry != nullptr ? entry->pw_name : std::to_string(uid);
}

int prefix_of(const sockaddr* mask, bool v6) {
  if (mask == nullptr) return v6 ? 128 : 32;
  const auto* bytes =
      v6 ? reinterpret_cast<const sockaddr_in6*>(mask)->sin6_addr.s6_addr
         : reinterpret_cast<const std::uint8_t*>(&reinterpret_cast<const sockaddr_in*>(mask)->sin_addr);
  int length = 0;
  for (int i = 0; i < (v6 ? 16 : 4); ++i) length += __builtin_popcount(bytes[i]);
  return length;
}

void add_addresses(model::World& world) {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, &::freeifaddrs);
  for (const ifaddrs* at = list; at != nullptr; at = at->ifa_next) {
    if (at->ifa_addr == nullptr) continue;
    sockaddr_storage storage{};
    const bool v6 = at->ifa_addr->sa_family == AF_INET6;
    if (!v6 && at->ifa_addr->sa_family != AF_INET) continue;
    std::copy_n(reinterpret_cast<const char*>(at->ifa_addr), v6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in),
                reinterpret_cast<char*>(&storage));
    if (const auto address = SocketAddress::from(storage))
      model::add_address(world, at->ifa_name, address->ip, prefix_of(at->ifa_netmask, v6));
  }
}

void set(model::World& world, const char* name) {
  std::string path = std::string("/proc/sys/") + name;
  std::replace(path.begin() + 10, path.end(), '.', '/');
  const auto value = first_line(path);
  if (value.empty()) return;
  experiment::Statement statement;
  statement.body = experiment::SysctlDecl{"", name, value};
  (void)model::apply(world, statement);
}

}  // namespace

Machine read_machine() {
  Machine machine;
  diag::SocketTable table;
  machine.sockets = table.dump();
  machine.shows_bound = table.shows_bound();
  diag::attribute(machine.sockets, diag::owners_of_all());
  return machine;
}

model::World world_of(const Machine& machine, bool shared) {
  model::World world;
  add_addresses(world);
  for (const char* name : {"net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports",
                           "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_nonlocal_bind",
                           "net.ipv6.ip_nonlocal_bind", "net.ipv6.bindv6only"}) {
    set(world, name);
  }
  for (const trace::SocketEntry& entry : machine.sockets) {
    model::Existing existing;
    existing.transport =
        entry.transport == trace::Transport::Udp ? model::Transport::Udp : model::Transport::Tcp;
    existing.state = entry.state;
    existing.local = entry.local;
    existing.peer = entry.peer;
    existing.uid = entry.uid;
    existing.v6only = entry.v6only.value_or(false);
    existing.device = entry.device;
    existing.no_owner = entry.inode == 0;
    existing.reuse_address = existing.reuse_port = shared;
    if (entry.timer == trace::SocketTimer::TimeWait)
      existing.time_wait_left = std::chrono::duration_cast<model::Time>(entry.timer_left);
    if (entry.pid != 0) {
      existing.process = owner_of(entry);
      existing.variable = "fd" + std::to_string(entry.fd);
    }
    (void)model::add_existing(world, existing);
  }
  return world;
}

std::string owner_of(const trace::SocketEntry& entry) {
  if (entry.pid != 0) return fmt::format("{} (pid {})", entry.process, entry.pid);
  if (entry.inode == 0) return "nobody";
  if (entry.uid != ::geteuid())
    return fmt::format("a process that belongs to another user ({})", user_name(entry.uid));
  return "a process that this user may not look at";
}

std::string command_of(int pid) {
  if (pid == 0) return {};
  auto line = first_line(fmt::format("/proc/{}/cmdline", pid));
  std::replace(line.begin(), line.end(), '\0', ' ');
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

}  // namespace loopscope::app::cli
