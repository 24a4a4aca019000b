#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/trace/event.hpp"

namespace loopscope::trace {

/// Writes the PacketSeen events as a pcap file (nanosecond magic, LINKTYPE_RAW) that Wireshark and tcpdump
/// open; as pcapng where they were seen on several devices. Returns nothing, or the error that names the
/// file. The wall clock comes from RunStarted.
[[nodiscard]] tl::expected<void, std::string> write_pcap(const std::string& path,
                                                         const std::vector<Event>& events);

}  // namespace loopscope::trace
