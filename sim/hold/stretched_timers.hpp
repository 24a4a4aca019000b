#pragma once

#include <array>
#include <string_view>

namespace loopscope::hold {

struct Setting {
  std::string_view name;  ///< as in /proc/sys, with dots
  std::string_view value;
  bool everywhere = true;  ///< false: only newer kernels have it, and without it holding works too
};

/// Settings of a network in which packets are held for minutes: with them ten minutes of holding kill no
/// connection (HOLDING.md tells what each is for). ip-sysctl (Documentation/networking/ip-sysctl.rst).
inline constexpr std::array<Setting, 8> stretched_timers{{
    {"net.ipv4.tcp_syn_retries", "127"},
    {"net.ipv4.tcp_synack_retries", "255"},
    {"net.ipv4.tcp_retries1", "255"},
    {"net.ipv4.tcp_retries2", "255"},
    {"net.ipv4.tcp_orphan_retries", "255"},
    {"net.ipv4.tcp_fin_timeout", "1800"},
    // Without a bound the timeout doubles up to two minutes, and what a learner drops would be sent again
    // only then.
    {"net.ipv4.tcp_rto_max_ms", "5000", false},
    {"net.ipv4.tcp_syn_linear_timeouts", "0", false},
}};

}  // namespace loopscope::hold
