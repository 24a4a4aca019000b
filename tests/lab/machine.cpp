#include "tests/lab/machine.hpp"

#include <fcntl.h>
#include <ifaddrs.h>
#include <libmnl/libmnl.h>
#include <libnftnl/common.h>
#include <libnftnl/rule.h>
#include <libnftnl/table.h>
#include <linux/netfilter/nf_tables.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>
#include <vector>

#include "sim/base/unique_fd.hpp"

namespace loopscope::test {
namespace {

namespace fs = std::filesystem;

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> processes() {
  std::vector<std::string> found;
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator("/proc", gone)) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") == std::string::npos) found.push_back(name);
  }
  return found;
}

/// proc(5), the fourth field of stat; 0 where it is gone.
pid_t parent_of(pid_t process) {
  const std::string stat = text_of("/proc/" + std::to_string(process) + "/stat");
  const auto end_of_name = stat.rfind(')');
  if (end_of_name == std::string::npos || end_of_name + 4 > stat.size()) return 0;
  return static_cast<pid_t>(std::atoi(stat.c_str() + end_of_name + 4));
}

/// Asks nftables of this network for all things of one kind.
void dump(std::uint16_t kind, mnl_cb_t keep, void* found) {
  mnl_socket* socket = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
  if (socket == nullptr) return;
  std::array<char, 16384> buffer{};
  const nlmsghdr* request = nftnl_nlmsg_build_hdr(buffer.data(), kind, AF_UNSPEC, NLM_F_DUMP, 1);
  if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) == 0 &&
      mnl_socket_sendto(socket, request, request->nlmsg_len) > 0) {
    for (ssize_t got; (got = mnl_socket_recvfrom(socket, buffer.data(), buffer.size())) > 0;) {
      if (mnl_cb_run(buffer.data(), static_cast<std::size_t>(got), 1, mnl_socket_get_portid(socket), keep,
                     found) <= MNL_CB_STOP)
        break;
    }
  }
  mnl_socket_close(socket);
}

int keep_table(const nlmsghdr* header, void* found) {
  const std::unique_ptr<nftnl_table, void (*)(const nftnl_table*)> table(nftnl_table_alloc(),
                                                                         nftnl_table_free);
  if (table && nftnl_table_nlmsg_parse(header, table.get()) == 0) {
    const std::string name = nftnl_table_get_str(table.get(), NFTNL_TABLE_NAME);
    (*static_cast<std::map<std::string, std::string>*>(found))["nftables " + name] = "";
  }
  return MNL_CB_OK;
}

int count_rule(const nlmsghdr* header, void* found) {
  const std::unique_ptr<nftnl_rule, void (*)(const nftnl_rule*)> rule(nftnl_rule_alloc(), nftnl_rule_free);
  if (rule && nftnl_rule_nlmsg_parse(header, rule.get()) == 0)
    ++(*static_cast<std::map<std::string, int>*>(found))[nftnl_rule_get_str(rule.get(), NFTNL_RULE_TABLE)];
  return MNL_CB_OK;
}

bool descends(pid_t process, pid_t program) {
  while (process > 1 && process != program) process = parent_of(process);
  return process == program;
}

}  // namespace

std::map<std::string, int> rules_below(pid_t program) {
  std::map<std::string, int> rules;
  struct stat own {};
  const UniqueFd home(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
  if (::fstat(home.get(), &own) != 0) return rules;
  std::set<ino_t> visited{own.st_ino};
  for (const std::string& process : processes()) {
    if (!descends(static_cast<pid_t>(std::atoi(process.c_str())), program)) continue;
    const UniqueFd network(::open(("/proc/" + process + "/ns/net").c_str(), O_RDONLY | O_CLOEXEC));
    struct stat there {};
    if (::fstat(network.get(), &there) != 0 || !visited.insert(there.st_ino).second) continue;
    if (::setns(network.get(), CLONE_NEWNET) == 0) dump(NFT_MSG_GETRULE, count_rule, &rules);
  }
  (void)::setns(home.get(), CLONE_NEWNET);
  return rules;
}

int programs_below(pid_t program, const std::set<std::string>& names) {
  int count = 0;
  for (const std::string& process : processes()) {
    std::string name = text_of("/proc/" + process + "/comm");
    if (!name.empty()) name.pop_back();
    if (names.contains(name) && descends(static_cast<pid_t>(std::atoi(process.c_str())), program)) ++count;
  }
  return count;
}

std::map<std::string, std::string> look_around() {
  std::map<std::string, std::string> found;
  for (const std::string& process : processes()) found["process " + process] = "";
  const auto keep = [&](const std::string& path) { found[path] = text_of(path); };
  keep("/proc/self/mountinfo");
  for (const char* table : {"tcp", "tcp6", "udp", "udp6", "raw", "packet", "unix", "if_inet6", "fib_trie",
                            "route", "netfilter/nfnetlink_queue"}) {
    keep(std::string("/proc/net/") + table);
  }
  dump(NFT_MSG_GETTABLE, keep_table, &found);
  const auto options = fs::directory_options::skip_permission_denied;
  for (const auto& entry : fs::recursive_directory_iterator("/proc/sys/net", options)) {
    if (entry.is_regular_file() && ::access(entry.path().c_str(), R_OK) == 0) keep(entry.path());
  }
  for (const auto& entry : fs::recursive_directory_iterator("/tmp", options))
    found["file " + entry.path().string()] = "";
  ifaddrs* addresses = nullptr;
  if (::getifaddrs(&addresses) == 0) {
    for (const auto* one = addresses; one != nullptr; one = one->ifa_next)
      found[std::string("device ") + one->ifa_name] = "";
    ::freeifaddrs(addresses);
  }
  return found;
}

std::string differences(const std::map<std::string, std::string>& before,
                        const std::map<std::string, std::string>& now) {
  std::string text;
  for (const auto& [name, value] : now) {
    const auto known = before.find(name);
    if (known == before.end())
      text += "new: " + name + "\n";
    else if (known->second != value)
      text += "changed: " + name + "\n" + value;
  }
  for (const auto& [name, value] : before) {
    if (!now.contains(name)) text += "gone: " + name + "\n";
  }
  return text;
}

}  // namespace loopscope::test
