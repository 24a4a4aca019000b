#pragma once

#include <sys/types.h>

#include <array>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/base/unique_fd.hpp"

/// Real programs, and the box that they run in.
namespace loopscope::lab {

/// A program to start.
struct ProgramOrder {
  std::vector<std::string> words;        ///< an argument vector; words[0] is what find_program() found
  std::vector<std::string> environment;  ///< NAME=VALUE
  std::string path;                      ///< of its file
  std::string folder;                    ///< where it works; where that can't be entered, the working folder
  std::array<int, 3> streams{};          ///< its standard input, output and error
  bool in_world = false;                 ///< else on this machine itself, without any box
  bool as_root = false;                  ///< keeps the capabilities that the world gives
  /// It comes from a file: it sees no home folders, runtime folders and devices, and its processes, memory,
  /// time and files are limited.
  bool stranger = false;
  /// The namespaces of a House that it is born into, instead of a box of its own: its processes (PID) and
  /// mounts. -1: none.
  int house_processes = -1, house_mounts = -1;
  [[nodiscard]] bool in_house() const noexcept { return house_processes >= 0; }
  [[nodiscard]] bool has_box() const noexcept { return in_world && !in_house(); }
};

/// What a stranger's program may use.
struct ProgramLimits {
  static constexpr unsigned processes = 64;
  static constexpr std::uint64_t memory_bytes = std::uint64_t{2} << 30;  ///< each process's address space
  static constexpr unsigned cpu_seconds = 60;                            ///< each process
  static constexpr std::uint64_t file_bytes = 64 << 20;                  ///< each file
  static constexpr std::uint64_t output_bytes = 1 << 20;                 ///< standard output and error
};

/// The file that a word means, by the folders of `search` (a PATH) where it holds no `/`. The error is a
/// sentence: it is not installed, and how to install it.
[[nodiscard]] tl::expected<std::string, std::string> find_program(const std::string& word,
                                                                  const std::string& search);
inline constexpr const char* usual_search = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Processes that have been forked and wait until they are released.
struct Boxed {
  /// To be traced. With a box: the first process of a PID namespace, whose first child is the program; all
  /// others there end with it. Else the program itself.
  pid_t root = -1;
  UniqueFd release;  ///< a byte written here lets them go on
  UniqueFd trouble;  ///< says why the program could not be started; closed where it was
};
/// Sets what a stranger's processes may use for the calling one. `cpu_seconds`: each. Throws SystemError.
void limit_stranger(unsigned cpu_seconds = ProgramLimits::cpu_seconds);
/// The arguments of execve(2), which point into `words`.
[[nodiscard]] std::vector<char*> pointers_to(const std::vector<std::string>& words);
/// Closes what is open beyond standard error but these: the engine's sockets would live on in a program.
void close_all_but(std::vector<int> kept);
/// As a program expects it that a shell starts: our own handlings of signals are not its business.
void reset_signals();

/// Forks; the caller must be single-threaded. Throws SystemError.
[[nodiscard]] Boxed fork_boxed(const ProgramOrder& order);
/// Why it could not be started; nothing where it was, or has not said so yet. Never waits.
[[nodiscard]] std::optional<std::string> trouble_of(const Boxed& boxed);

}  // namespace loopscope::lab
