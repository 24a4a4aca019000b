#pragma once

#include "sim/base/unique_fd.hpp"

namespace loopscope::lab {

/// The whole life of one process of an experiment, in a process just forked: it waits for an Order, makes the
/// system call, reports before and after, until its `control` ends. Ordinary unless `as_root`. Its
/// descriptors count from 3.
[[noreturn]] void inhabit(UniqueFd control, bool as_root, bool in_world);

}  // namespace loopscope::lab
