#pragma once

namespace loopscope::app::cli {

/// Opens /dev/null for each of standard input, output and error that the program was started without, so that
/// no socket or file of its own gets their numbers. Input is then empty, and output fails as it would
/// without.
void keep_standard_streams() noexcept;

}  // namespace loopscope::app::cli
