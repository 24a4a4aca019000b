#include "sim/lab/engine/outsiders.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "sim/experiment/statement.hpp"
#include "sim/lab/here_rules.hpp"

namespace loopscope::lab {
namespace {

using trace::SocketEntry;

bool is_local(const IpAddress& ip) { return ip.is_any() || is_on_loopback(ip); }

/// comm is what a program says of itself (prctl(2), PR_SET_NAME): any bytes.
std::string printable(const std::string& comm) {
  std::string name;
  for (const char byte : comm) name += byte > ' ' && byte < 0x7f ? byte : '?';
  return name.empty() ? "?" : name;
}

bool has_ended(int pid) { return ::kill(pid, 0) != 0 && errno == ESRCH; }

}  // namespace

std::string user_name(std::uint32_t uid) {
  const passwd* entry = ::getpwuid(uid);
  return entry != nullptr ? entry->pw_name : "uid " + std::to_string(uid);
}

void Outsiders::keep_what_concerns(std::vector<SocketEntry>& entries) const {
  std::erase_if(entries, [&](const SocketEntry& entry) {
    if (!entry.process.empty()) return false;
    const bool has_port = ports_.contains(entry.local.port) && is_local(entry.local.ip);
    const bool joins = ports_.contains(entry.peer.port) && is_on_loopback(entry.peer.ip);
    return !has_port && !joins;
  });
}

void Outsiders::name(std::vector<SocketEntry>& entries) {
  diag::Owners owners;
  bool looked = false;
  std::set<std::uint64_t> present;
  for (SocketEntry& entry : entries) {
    if (!entry.process.empty() || entry.inode == 0) continue;
    present.insert(entry.inode);
    const Known& found = known(entry, owners, looked);
    entry.process = found.name;
    entry.pid = found.owner.pid;
    entry.fd = found.owner.fd;
  }
  std::erase_if(by_inode_, [&](const auto& one) { return !present.contains(one.first); });
  tell_who_has_gone();
}

const Outsiders::Known& Outsiders::known(const SocketEntry& entry, diag::Owners& owners, bool& looked) {
  const auto before = by_inode_.find(entry.inode);
  if (before != by_inode_.end()) return before->second;
  if (!looked) owners = diag::owners_of_all();
  looked = true;
  const auto found = owners.find(entry.inode);
  Known fresh{found == owners.end() ? diag::Owner{} : found->second, {}};
  fresh.name = introduce(fresh.owner, entry.uid);
  return by_inode_.emplace(entry.inode, std::move(fresh)).first->second;
}

std::string Outsiders::introduce(const diag::Owner& owner, std::uint32_t uid) {
  const std::pair<int, std::uint32_t> key{owner.pid, owner.pid == 0 ? uid : 0};
  if (const auto met = people_.find(key); met != people_.end()) return met->second.name;
  const std::string user = user_name(uid);
  std::string name = printable(owner.comm);
  if (owner.pid == 0)
    name =
        uid == ::geteuid() ? "a process that may not be looked at" : "another user's process (" + user + ")";
  const auto has_name = [&](const auto& one) { return one.second.name == name; };
  if (reserved_.contains(name) || std::any_of(people_.begin(), people_.end(), has_name))
    name += " " + std::to_string(owner.pid);
  people_.emplace(key, Person{name, owner.pid});
  reporter_.say_now(
      trace::ProcessStarted{name, std::string(experiment::here), owner.pid, uid == 0, true, user});
  return name;
}

void Outsiders::tell_who_has_gone() {
  for (auto one = people_.begin(); one != people_.end();) {
    if (one->second.pid == 0 || !has_ended(one->second.pid)) {
      ++one;
      continue;
    }
    reporter_.say_now(trace::ProcessEnded{one->second.name, one->second.pid, std::nullopt, std::nullopt});
    std::erase_if(by_inode_, [&](const auto& known) { return known.second.owner.pid == one->second.pid; });
    one = people_.erase(one);
  }
}

}  // namespace loopscope::lab
