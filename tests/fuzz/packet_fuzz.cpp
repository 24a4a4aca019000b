// libFuzzer: any bytes as a packet. ./dev fuzz packet [SECONDS]
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "sim/trace/decode.hpp"
#include "sim/trace/json.hpp"

using namespace loopscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  // The first two bytes: how long the packet was on the wire, beyond what was kept of it.
  const auto beyond = static_cast<std::uint32_t>(data[0] << 8 | data[1]);
  const std::span<const std::uint8_t> bytes(data + 2, size - 2);
  const auto packet =
      trace::decode(bytes, beyond == 0 ? 0 : static_cast<std::uint32_t>(bytes.size()) + beyond);
  if (!packet) return 0;
  if (packet->raw.size() > bytes.size() || packet->payload.size() > packet->payload_length) std::abort();
  (void)trace::label(*packet);
  (void)trace::tcpdump_line(*packet);
  (void)trace::quoted_packet(*packet);
  // What was decoded is kept in a trace and comes back as it was.
  const trace::Event event{Nanoseconds(1), trace::PacketSeen{"here", "lo", *packet, {}}};
  const auto back = trace::from_json(trace::to_json(event));
  if (!back || !(*back == event)) std::abort();
  return 0;
}
