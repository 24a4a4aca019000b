#include <charconv>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "sim/model/inside.hpp"

// The settings that the rules read: Documentation/networking/ip-sysctl.rst, Linux 6.18.
namespace loopscope::model {
namespace {

using Words = std::vector<long>;

Words numbers_in(const std::string& value) {
  std::istringstream in(value);
  Words words;
  for (long word = 0; in >> word;) words.push_back(word);
  return words;
}

bool read_ports(const std::string& value, std::vector<std::pair<int, int>>& ports) {
  ports.clear();
  std::istringstream in(value);
  for (std::string part; std::getline(in, part, ',');) {
    int low = 0, high = 0;
    char dash = 0;
    std::istringstream range(part);
    if (!(range >> low)) continue;
    high = low;
    if (range >> dash >> high; dash != 0 && dash != '-') return false;
    ports.emplace_back(low, high);
  }
  return true;
}

using Set = std::function<bool(Sysctls&, const Words&)>;

template <typename Field>
Set one(Field field) {
  return [field](Sysctls& s, const Words& w) {
    if (w.size() != 1) return false;
    s.*field = static_cast<std::remove_reference_t<decltype(s.*field)>>(w[0]);
    return true;
  };
}

Set three(int (Sysctls::*field)[3]) {
  return [field](Sysctls& s, const Words& w) {
    if (w.size() != 3) return false;
    for (std::size_t i = 0; i < 3; ++i) (s.*field)[i] = static_cast<int>(w[i]);
    return true;
  };
}

// ipv4_local_port_range and ipv4_privileged_ports (net/ipv4/sysctl_net_ipv4.c): what is no range, or would
// overlap with the privileged ports, the kernel refuses, and what was stays. One number is the lower end.
bool set_port_range(Sysctls& s, const Words& w) {
  if (w.empty() || w.size() > 2) return false;
  const long low = w[0], high = w.size() > 1 ? w[1] : s.range_high;
  if (low < 1 || high > 65535 || high < low || low < s.unprivileged_start) return true;
  s.range_low = static_cast<int>(low);
  s.range_high = static_cast<int>(high);
  return true;
}

bool set_unprivileged_start(Sysctls& s, const Words& w) {
  if (w.size() != 1) return false;
  if (w[0] >= 0 && w[0] <= 65535 && w[0] <= s.range_low) s.unprivileged_start = static_cast<int>(w[0]);
  return true;
}

const std::map<std::string, Set, std::less<>>& setters() {
  static const std::map<std::string, Set, std::less<>> table = {
      {"net.ipv4.ip_local_port_range", set_port_range},
      {"net.ipv4.ip_unprivileged_port_start", set_unprivileged_start},
      {"net.ipv4.ip_nonlocal_bind", one(&Sysctls::nonlocal_v4)},
      {"net.ipv6.ip_nonlocal_bind", one(&Sysctls::nonlocal_v6)},
      {"net.ipv6.bindv6only", one(&Sysctls::bind_v6only)},
      {"net.ipv6.conf.all.disable_ipv6", one(&Sysctls::disable_v6)},
      {"net.ipv6.conf.lo.disable_ipv6", one(&Sysctls::disable_v6)},
      {"net.ipv4.conf.all.route_localnet", one(&Sysctls::localnet_all)},
      {"net.ipv4.conf.eth0.route_localnet", one(&Sysctls::localnet_wire)},
      {"net.ipv4.conf.all.accept_local", one(&Sysctls::accept_local_all)},
      {"net.ipv4.conf.eth0.accept_local", one(&Sysctls::accept_local_wire)},
      {"net.ipv4.ip_autobind_reuse", one(&Sysctls::autobind_reuse)},
      {"net.core.somaxconn", one(&Sysctls::somaxconn)},
      {"net.ipv4.tcp_tw_reuse", one(&Sysctls::tw_reuse)},
      {"net.ipv4.tcp_tw_reuse_delay", one(&Sysctls::tw_reuse_delay_ms)},
      {"net.ipv4.tcp_fin_timeout", one(&Sysctls::fin_timeout_s)},
      {"net.ipv4.tcp_syn_retries", one(&Sysctls::syn_retries)},
      {"net.ipv4.tcp_synack_retries", one(&Sysctls::synack_retries)},
      {"net.ipv4.tcp_retries2", one(&Sysctls::retries2)},
      {"net.ipv4.tcp_syn_linear_timeouts", one(&Sysctls::syn_linear)},
      {"net.ipv4.tcp_syncookies", one(&Sysctls::syncookies)},
      {"net.ipv4.tcp_abort_on_overflow", one(&Sysctls::abort_on_overflow)},
      {"net.ipv4.tcp_rfc1337", one(&Sysctls::rfc1337)},
      {"net.ipv4.tcp_timestamps", one(&Sysctls::timestamps)},
      {"net.ipv4.tcp_max_tw_buckets", one(&Sysctls::max_tw_buckets)},
      {"net.ipv4.tcp_keepalive_time", one(&Sysctls::keep_time_s)},
      {"net.ipv4.tcp_keepalive_intvl", one(&Sysctls::keep_interval_s)},
      {"net.ipv4.tcp_keepalive_probes", one(&Sysctls::keep_probes)},
      {"net.ipv4.ip_default_ttl", one(&Sysctls::ttl)},
      {"net.ipv6.conf.all.hop_limit", one(&Sysctls::hops)},
      {"net.ipv6.conf.default.hop_limit", one(&Sysctls::hops_of_devices)},
      {"net.ipv6.conf.lo.hop_limit", one(&Sysctls::hops_of_lo)},
      {"net.ipv4.tcp_rmem", three(&Sysctls::tcp_rmem)},
      {"net.ipv4.tcp_wmem", three(&Sysctls::tcp_wmem)},
  };
  return table;
}

/// Settings that have no bearing on what a call answers in the worlds that an experiment can build: they tune
/// how TCP recovers from loss, shares memory or is routed. Put to the kernel with TCP and UDP stories.
bool has_no_bearing(const std::string& name) {
  static const std::set<std::string, std::less<>> names = {
      "net.core.optmem_max",
      "net.core.txrehash",
      "net.ipv4.fwmark_reflect",
      "net.ipv4.icmp_echo_ignore_all",
      "net.ipv4.ip_dynaddr",
      "net.ipv4.ip_early_demux",
      "net.ipv4.ip_no_pmtu_disc",
      "net.ipv4.ping_group_range",
      "net.ipv4.tcp_adv_win_scale",
      "net.ipv4.tcp_app_win",
      "net.ipv4.tcp_autocorking",
      "net.ipv4.tcp_backlog_ack_defer",
      "net.ipv4.tcp_base_mss",
      "net.ipv4.tcp_challenge_ack_limit",
      "net.ipv4.tcp_child_ehash_entries",
      "net.ipv4.tcp_comp_sack_nr",
      "net.ipv4.tcp_congestion_control",
      "net.ipv4.tcp_dsack",
      "net.ipv4.tcp_early_demux",
      "net.ipv4.tcp_early_retrans",
      "net.ipv4.tcp_ecn",
      "net.ipv4.tcp_ecn_fallback",
      "net.ipv4.tcp_fack",
      "net.ipv4.tcp_fastopen",
      "net.ipv4.tcp_frto",
      "net.ipv4.tcp_fwmark_accept",
      "net.ipv4.tcp_invalid_ratelimit",
      "net.ipv4.tcp_l3mdev_accept",
      "net.ipv4.tcp_limit_output_bytes",
      "net.ipv4.tcp_max_reordering",
      "net.ipv4.tcp_max_syn_backlog",
      "net.ipv4.tcp_migrate_req",
      "net.ipv4.tcp_min_snd_mss",
      "net.ipv4.tcp_min_tso_segs",
      "net.ipv4.tcp_moderate_rcvbuf",
      "net.ipv4.tcp_mtu_probing",
      "net.ipv4.tcp_no_metrics_save",
      "net.ipv4.tcp_notsent_lowat",
      "net.ipv4.tcp_pingpong_thresh",
      "net.ipv4.tcp_plb_enabled",
      "net.ipv4.tcp_recovery",
      "net.ipv4.tcp_reordering",
      "net.ipv4.tcp_retrans_collapse",
      "net.ipv4.tcp_retries1",
      "net.ipv4.tcp_sack",
      "net.ipv4.tcp_shrink_window",
      "net.ipv4.tcp_slow_start_after_idle",
      "net.ipv4.tcp_tso_win_divisor",
      "net.ipv4.tcp_window_scaling",
      "net.ipv4.tcp_workaround_signed_windows",
      "net.ipv4.udp_early_demux",
      "net.ipv4.udp_l3mdev_accept",
      "net.ipv4.udp_rmem_min",
      "net.ipv4.udp_wmem_min",
      "net.ipv6.anycast_src_echo_reply",
      "net.ipv6.auto_flowlabels",
      "net.ipv6.conf.default.disable_ipv6",
      "net.ipv6.conf.all.use_tempaddr",
      "net.ipv6.conf.lo.accept_dad",
      "net.ipv6.flowlabel_consistency",
      "net.ipv6.flowlabel_state_ranges",
      "net.ipv6.fwmark_reflect",
      "net.ipv4.tcp_mem",
      "net.ipv4.udp_mem",
  };
  return names.count(name) > 0;
}

/// …nor have these while there is one host only, whose packets all go by lo.
bool has_no_bearing_on_lo(const std::string& name) {
  static const std::set<std::string, std::less<>> names = {
      "net.ipv4.conf.all.accept_local",
      "net.ipv4.conf.all.route_localnet",
      "net.ipv4.icmp_ratelimit",
      "net.ipv4.icmp_ratemask",
      "net.ipv4.ip_forward",
      "net.ipv4.conf.all.rp_filter",
      "net.ipv4.conf.lo.rp_filter",
      "net.ipv6.conf.all.forwarding",
      "net.ipv6.icmp.ratelimit",
  };
  return names.count(name) > 0;
}

/// A network namespace of its own may read these, and not set them (net/core/sysctl_net_core.c).
bool is_read_only(const std::string& name) {
  return name == "net.core.rmem_default" || name == "net.core.wmem_default" || name == "net.core.rmem_max" ||
         name == "net.core.wmem_max";
}

}  // namespace

bool set_sysctl(World& world, Host& host, const std::string& name, const std::string& value) {
  std::string dotted = name;
  for (auto& c : dotted) {
    if (c == '/') c = '.';
  }
  if (dotted == "net.ipv4.ip_local_reserved_ports") return read_ports(value, host.sysctls.reserved);
  if (has_no_bearing(dotted) || is_read_only(dotted)) return true;
  if (world.hosts.size() == 1 && has_no_bearing_on_lo(dotted)) return true;
  const auto at = setters().find(dotted);
  return at != setters().end() && at->second(host.sysctls, numbers_in(value));
}

}  // namespace loopscope::model
