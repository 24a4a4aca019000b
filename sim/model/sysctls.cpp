#include <charconv>
#include <functional>
#include <map>
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

const std::map<std::string, Set, std::less<>>& setters() {
  static const std::map<std::string, Set, std::less<>> table = {
      {"net.ipv4.ip_local_port_range",
       [](Sysctls& s, const Words& w) {
         if (w.size() != 2) return false;
         s.range_low = static_cast<int>(w[0]);
         s.range_high = static_cast<int>(w[1]);
         return true;
       }},
      {"net.ipv4.ip_unprivileged_port_start", one(&Sysctls::unprivileged_start)},
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
      {"net.ipv6.conf.default.hop_limit", one(&Sysctls::hops)},
      {"net.core.rmem_default", one(&Sysctls::rmem_default)},
      {"net.core.wmem_default", one(&Sysctls::wmem_default)},
      {"net.core.rmem_max", one(&Sysctls::rmem_max)},
      {"net.core.wmem_max", one(&Sysctls::wmem_max)},
      {"net.ipv4.tcp_rmem", three(&Sysctls::tcp_rmem)},
      {"net.ipv4.tcp_wmem", three(&Sysctls::tcp_wmem)},
  };
  return table;
}

}  // namespace

bool set_sysctl(World&, Host& host, const std::string& name, const std::string& value) {
  std::string dotted = name;
  for (auto& c : dotted) {
    if (c == '/') c = '.';
  }
  if (dotted == "net.ipv4.ip_local_reserved_ports") return read_ports(value, host.sysctls.reserved);
  const auto at = setters().find(dotted);
  return at != setters().end() && at->second(host.sysctls, numbers_in(value));
}

}  // namespace loopscope::model
