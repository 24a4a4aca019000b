#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <tl/expected.hpp>

#include "sim/experiment/statement.hpp"
#include "sim/lab/engine/order.hpp"

namespace loopscope::lab {

/// What names stand for at this moment. Errors are sentences for the learner.
struct Names {
  std::function<tl::expected<int, std::string>(const std::string& variable)> descriptor;
  std::function<tl::expected<std::uint16_t, std::string>(const experiment::PortOf&)> port;
};

struct Prepared {
  Order order;
  std::string bytes;  ///< what a send sends, once
};

/// The system call behind a call of the language. `patience` is how long a poll waits.
[[nodiscard]] tl::expected<Prepared, std::string> prepare_call(const experiment::Call& call,
                                                               const Names& names,
                                                               std::chrono::milliseconds patience);

/// An ADDRESS with everything in it known; Any is an error here.
[[nodiscard]] tl::expected<RawAddress, std::string> resolve(const experiment::AddressTerm& term,
                                                            const Names& names);

}  // namespace loopscope::lab
