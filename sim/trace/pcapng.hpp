#pragma once

#include <cstdio>
#include <vector>

#include "sim/trace/event.hpp"

namespace loopscope::trace {

/// Whether packets were seen on more than one device, so that the classic format cannot tell where.
[[nodiscard]] bool has_several_devices(const std::vector<Event>& events);
/// Writes the PacketSeen events as pcapng (draft-ietf-opsawg-pcapng), an interface `HOST DEVICE` for each
/// place. False: errno.
[[nodiscard]] bool put_pcapng(std::FILE* file, const std::vector<Event>& events);

}  // namespace loopscope::trace
