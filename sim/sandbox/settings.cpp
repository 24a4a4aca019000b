#include "sim/sandbox/settings.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sim/base/errno_name.hpp"
#include "sim/base/unique_fd.hpp"

namespace loopscope::sandbox {
namespace {

struct Setting {
  const char* path;  ///< below /proc/sys/net
  const char* value;
};

/// Linux Documentation/networking/ip-sysctl.rst gives these defaults; the comment says why each is here.
constexpr Setting defaults[] = {
    // Copied from the machine when a namespace is made (tcp_sk_init, devinet_init_net).
    {"ipv4/tcp_congestion_control", "reno"},  // every kernel has it; the next stays where this one has not
    {"ipv4/tcp_congestion_control", "cubic"},
    {"ipv4/tcp_rmem", "4096 131072 6291456"},
    {"ipv4/tcp_wmem", "4096 16384 4194304"},
    {"ipv4/conf/all/rp_filter", "0"},
    {"ipv4/conf/default/rp_filter", "0"},
    {"ipv4/conf/lo/rp_filter", "0"},
    {"ipv4/conf/all/accept_local", "0"},
    {"ipv4/conf/default/accept_local", "0"},
    {"ipv4/conf/all/route_localnet", "0"},
    {"ipv4/conf/default/route_localnet", "0"},
    {"ipv4/conf/all/arp_ignore", "0"},
    {"ipv4/conf/default/arp_ignore", "0"},
    {"ipv4/ip_forward", "0"},
    {"ipv6/conf/all/disable_ipv6", "0"},
    {"ipv6/conf/default/disable_ipv6", "0"},
    {"ipv6/conf/lo/disable_ipv6", "0"},
    // A namespace's own from the start; said here because experiments rely on them, and a distribution may
    // differ.
    {"ipv4/ip_local_port_range", "32768 60999"},
    {"ipv4/ip_local_reserved_ports", ""},
    {"ipv4/ip_unprivileged_port_start", "1024"},
    {"ipv4/ip_nonlocal_bind", "0"},
    {"ipv4/ip_autobind_reuse", "0"},
    {"ipv6/bindv6only", "0"},
    {"ipv4/tcp_tw_reuse", "2"},
    {"ipv4/tcp_fin_timeout", "60"},
    {"ipv4/tcp_syncookies", "1"},
    {"ipv4/tcp_abort_on_overflow", "0"},
    {"ipv4/tcp_syn_retries", "6"},
    {"ipv4/tcp_synack_retries", "5"},
    {"core/somaxconn", "4096"},
};

constexpr Setting stretched[] = {
    {"ipv4/tcp_syn_retries", "127"},     // MAX_TCP_SYNCNT
    {"ipv4/tcp_synack_retries", "255"},  // these are u8
    {"ipv4/tcp_retries1", "255"},
    {"ipv4/tcp_retries2", "255"},
    {"ipv4/tcp_orphan_retries", "255"},
    {"ipv4/tcp_fin_timeout", "1200"},
    // From Linux 6.15; without it what is dropped after a long hold is sent again up to two minutes later.
    // 127 SYNs, one in 5 s, are ten and a half minutes.
    {"ipv4/tcp_rto_max_ms", "5000"},
};

/// 0 or an errno.
int write_text(const std::string& path, std::string_view value) {
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.valid()) return errno;
  std::string line(value);
  line += '\n';
  return ::write(file.get(), line.data(), line.size()) < 0 ? errno : 0;
}

void write_all(const Setting* first, const Setting* last) {
  for (; first != last; ++first) (void)write_text(std::string("/proc/sys/net/") + first->path, first->value);
}

std::string read_text(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char text[128];
  const ssize_t size = file.valid() ? ::read(file.get(), text, sizeof text) : -1;
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

bool is_name(std::string_view name) {
  constexpr std::string_view others = "._-";
  const bool clean = std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
  // Every dot becomes a slash, so that `..` can not stay in the path; an empty part would name nothing.
  return clean && name.size() < 200 && name.find("..") == std::string_view::npos && !name.ends_with('.');
}

}  // namespace

void set_defaults() { write_all(std::begin(defaults), std::end(defaults)); }

bool move_to_small_tables() {
  // The machine's table may have a quarter of a million buckets, and each look at the sockets walks them all.
  constexpr const char* buckets = "16384";
  const std::string ipv4 = "/proc/sys/net/ipv4/";
  if (write_text(ipv4 + "tcp_child_ehash_entries", buckets) != 0) return false;
  // What the kernel derives from the size of the table (tcp_set_hashinfo) stays as it was.
  const std::string time_waits = read_text(ipv4 + "tcp_max_tw_buckets");
  const std::string syn_backlog = read_text(ipv4 + "tcp_max_syn_backlog");
  if (::unshare(CLONE_NEWNET) != 0) return false;
  (void)write_text(ipv4 + "tcp_max_tw_buckets", time_waits);
  (void)write_text(ipv4 + "tcp_max_syn_backlog", syn_backlog);
  return true;
}

void stretch_timers() { write_all(std::begin(stretched), std::end(stretched)); }

tl::expected<void, std::string> write_setting(std::string_view name, std::string_view value) {
  const std::string shown(name);
  if (!name.starts_with("net.") || !is_name(name)) {
    return tl::unexpected("'" + shown +
                          "' is not a network setting: names are like net.ipv4.ip_local_port_range");
  }
  std::string path = "/proc/sys/" + shown;
  std::replace(path.begin(), path.end(), '.', '/');
  if (const int error = write_text(path, value)) {
    if (error == ENOENT) return tl::unexpected("this kernel has no network setting '" + shown + "'");
    return tl::unexpected("the kernel does not take '" + std::string(value) + "' for " + shown + ": " +
                          errno_name(error) + " (" + errno_words(error) + ")");
  }
  return {};
}

}  // namespace loopscope::sandbox
