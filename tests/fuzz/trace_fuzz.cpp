// libFuzzer: any bytes as a trace file. ./dev fuzz trace [SECONDS]
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>

#include "sim/trace/json.hpp"

using namespace loopscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream in("{\"format\":\"loopscope-trace\",\"version\":1}\n" +
                        std::string(reinterpret_cast<const char*>(data), size));
  const auto events = trace::read_trace(in, "fuzz.jsonl");
  if (!events) {
    (void)to_string(events.error());
    return 0;
  }
  std::stringstream again;
  trace::write_trace(again, *events);
  const auto back = trace::read_trace(again, "fuzz.jsonl");
  if (!back || *back != *events) std::abort();
  return 0;
}
