#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "sim/experiment/call.hpp"
#include "sim/experiment/statement.hpp"

/// Pieces of the canonical printer that several of its files need.
namespace loopscope::experiment {

/// `250ms`, `1s`, `10us`: the largest unit that divides it.
[[nodiscard]] std::string print_duration(std::chrono::microseconds time);
[[nodiscard]] std::string print_option_value(const OptionValue& value);
/// Exactly as it parses back; to_string(Result) instead shortens long repetitions for readers.
[[nodiscard]] std::string print_result(const Result& result);
/// A word of an argument vector: bare where that reads back as the same word, otherwise a C string.
[[nodiscard]] std::string print_word(std::string_view word);
[[nodiscard]] std::string_view print_packet_kind(PacketKind kind);

}  // namespace loopscope::experiment
