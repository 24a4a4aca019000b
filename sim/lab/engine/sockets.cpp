#include "sim/lab/engine/sockets.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "sim/diag/owners.hpp"
#include "sim/lab/engine/program.hpp"

namespace loopscope::lab {
namespace {

using trace::SocketEntry;

struct Holder {
  const Actor* actor;
  int fd;
};

std::map<std::uint64_t, Holder> holders_of(const Actors& actors) {
  std::map<std::uint64_t, Holder> holders;
  for (const auto& [name, actor] : actors) {
    if (!actor->alive()) continue;
    for (const auto& [fd, inode] : actor->open) holders.emplace(inode, Holder{actor.get(), fd});
  }
  return holders;
}

/// The ports of the experiment's own sockets.
void watch_ports_of(const Actors& actors, Outsiders& outsiders) {
  for (const auto& [name, actor] : actors) {
    for (const auto& [variable, value] : actor->variables) outsiders.watch(Port{value.port});
  }
}

/// A socket that its process has closed and whose FIN is acknowledged is FIN-WAIT-2, and the kernel keeps it
/// as a TIME-WAIT one from there on (tcp_time_wait() in net/ipv4/tcp_minisocks.c; `ss -o` shows
/// timer:(timewait)).
bool is_in_state(const SocketEntry& entry, SocketState state) {
  if (entry.state == state) return true;
  return state == SocketState::TimeWait && entry.state == SocketState::FinWait2 &&
         entry.timer == trace::SocketTimer::TimeWait;
}

}  // namespace

std::vector<SocketEntry> Sockets::look(const Actors& actors) {
  std::vector<SocketEntry> entries = table_.dump();
  const auto holders = holders_of(actors);
  for (SocketEntry& entry : entries) {
    const auto holder = holders.find(entry.inode);
    if (entry.inode == 0 || holder == holders.end()) continue;
    entry.process = holder->second.actor->name();
    entry.pid = holder->second.actor->pid();
    entry.fd = holder->second.fd;
  }
  name_programs(entries);
  if (outsiders_ != nullptr) {
    watch_ports_of(actors, *outsiders_);
    outsiders_->keep_what_concerns(entries);
    outsiders_->name(entries);
  }
  if (!shows_bound()) add_bound(actors, entries);
  return entries;
}

void Sockets::name_programs(std::vector<SocketEntry>& entries) const {
  if (programs_ == nullptr) return;
  for (const auto& program : *programs_) {
    if (program->pids().empty()) continue;
    const std::vector<pid_t> pids(program->pids().begin(), program->pids().end());
    const diag::Owners owners = diag::owners_among(pids);
    for (SocketEntry& entry : entries) {
      const auto owner = owners.find(entry.inode);
      if (entry.inode == 0 || owner == owners.end() || !entry.process.empty()) continue;
      entry.process = program->process();
      entry.pid = owner->second.pid;
      entry.fd = owner->second.fd;
    }
  }
}

/// Before Linux 6.8 a TCP socket that is bound and nothing more is in no dump: its owner knows.
void Sockets::add_bound(const Actors& actors, std::vector<SocketEntry>& entries) const {
  std::set<std::uint64_t> shown;
  for (const SocketEntry& entry : entries) shown.insert(entry.inode);
  for (const auto& [inode, holder] : holders_of(actors)) {
    if (shown.contains(inode) || holder.actor->host() != host_) continue;
    const auto peeked = peek(holder.actor->pid(), holder.fd);
    if (!peeked || peeked->type != SOCK_STREAM || peeked->tcp_state != TCP_CLOSE ||
        number(peeked->own.port) == 0) {
      continue;
    }
    SocketEntry entry;
    entry.state = SocketState::Bound;
    entry.local = peeked->own;
    entry.peer.ip = peeked->own.ip.is_v6() ? IpAddress::any_v6() : IpAddress::any_v4();
    entry.inode = inode;
    entry.process = holder.actor->name();
    entry.pid = holder.actor->pid();
    entry.fd = holder.fd;
    entries.push_back(std::move(entry));
  }
}

UniqueFd borrow(pid_t pid, int fd) {
  const UniqueFd process(
      static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));  // glibc 2.36 has a wrapper, no header
  if (!process.valid()) return {};
  return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_getfd, process.get(), fd, 0)));
}

std::optional<Peeked> peek(pid_t pid, int fd) {
  const UniqueFd socket = borrow(pid, fd);
  if (!socket.valid()) return std::nullopt;
  sockaddr_storage own{};
  socklen_t length = sizeof own;
  Peeked peeked;
  socklen_t type_length = sizeof peeked.type;
  if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&own), &length) != 0 ||
      ::getsockopt(socket.get(), SOL_SOCKET, SO_TYPE, &peeked.type, &type_length) != 0) {
    return std::nullopt;
  }
  const auto address = SocketAddress::from(own);
  if (!address) return std::nullopt;
  peeked.own = *address;
  tcp_info info{};
  socklen_t info_length = sizeof info;
  if (::getsockopt(socket.get(), IPPROTO_TCP, TCP_INFO, &info, &info_length) == 0)
    peeked.tcp_state = info.tcpi_state;
  return peeked;
}

bool has_socket(const std::vector<SocketEntry>& entries, SocketState state, const Pattern& local,
                const Pattern& peer, const std::string& by) {
  return std::any_of(entries.begin(), entries.end(), [&](const SocketEntry& entry) {
    return is_in_state(entry, state) && local.matches(entry.local) && peer.matches(entry.peer) &&
           (by.empty() || by == entry.process);
  });
}

}  // namespace loopscope::lab
