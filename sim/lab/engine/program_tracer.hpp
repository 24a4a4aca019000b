#pragma once

#include "sim/base/unique_fd.hpp"
#include "sim/lab/engine/box.hpp"

namespace loopscope::lab {

/// What the engine says to the process that traces a program, one byte each (Go is followed by a thread's
/// number in an int).
enum class TracerOrder : char {
  Terminate = 't',
  Kill = 'k',
  Stop = 's',
  Continue = 'c',
  Hold = 'h',
  Flow = 'f',
  Go = 'g'
};

/// What it answers: lines. A line that begins with '{' is an event of a trace, whose call numbers count the
/// program's own calls; at is CLOCK_MONOTONIC since boot.
namespace tracer_line {
inline constexpr char born = '+';     ///< a process of the program; the first is the program itself
inline constexpr char gone = '-';     ///< that process has ended
inline constexpr char running = '.';  ///< the program has been started
inline constexpr char ended = '=';    ///< the program's own wait(2) status
inline constexpr char trouble = '!';  ///< words: it was not started, or it was ended because of this
}  // namespace tracer_line

struct TracedProgram {
  std::string process;  ///< of the experiment
  std::string host;
  ProgramOrder order;
  std::uint64_t output_inode = 0;
  bool hold = false;  ///< each call waits for Go
};

/// The whole life of the process that starts a program and traces it, in a process just forked: until the
/// program and all that it started have ended, or `control` has.
[[noreturn]] void trace_program(UniqueFd control, const TracedProgram& program);

}  // namespace loopscope::lab
