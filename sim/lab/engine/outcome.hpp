#pragma once

#include <string>

#include "sim/experiment/statement.hpp"
#include "sim/lab/engine/order.hpp"

namespace loopscope::lab {

/// What a call that returned means in the language. `order` is what was made, `bytes` what it received.
[[nodiscard]] experiment::Result result_of(const experiment::Call& call, const Order& order,
                                           const Report& report, const std::string& bytes);

/// The call's name as strace(1) prints it: 'recvfrom' for recv(2), which the kernel has not.
[[nodiscard]] std::string kernel_name(const Order& order);
/// Its arguments as strace(1) prints them, with the real descriptor and address.
[[nodiscard]] std::string strace_arguments(const experiment::Call& call, const Order& order,
                                           const std::string& bytes);
/// What strace(1) would have filled in on return: the bytes, an address, a value. Empty where nothing is.
[[nodiscard]] std::string strace_details(const experiment::Call& call, const Order& order,
                                         const Report& report, const std::string& bytes);

}  // namespace loopscope::lab
