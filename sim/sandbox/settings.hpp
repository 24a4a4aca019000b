#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace loopscope::sandbox {

/// Sets what a new network namespace takes over from the machine (its congestion control, buffer sizes,
/// rp_filter and so on) to the kernel's own defaults, so that an experiment gives the same on every machine.
/// Settings that this kernel does not have are passed over.
void set_defaults();
/// Into one more network namespace, empty as this one, whose table of connections is small, so that looking
/// at it is quick. False where that can't be had (before Linux 6.1): then it stays here.
bool move_to_small_tables();
/// Timers so long that ten minutes of holding a packet end no connection: tcp(7), ip-sysctl.rst.
void stretch_timers();

/// Writes a network setting by its dotted name ('net.ipv4.ip_local_port_range'), as sysctl(8) would. Only
/// names below `net.` made of letters, digits, `_`, `-`, and parts that are neither empty nor `..` are taken;
/// `/` never. The error is a sentence.
[[nodiscard]] tl::expected<void, std::string> write_setting(std::string_view name, std::string_view value);

}  // namespace loopscope::sandbox
