#pragma once

/// What a shell of the lab, who waits for its end, and the program say to one another: lines that begin so.
namespace loopscope::lab::shell_line {

// ---- to the program
inline constexpr char terminal = 'T';  ///< its terminal comes with this byte (SCM_RIGHTS)
inline constexpr char asks = '?';
inline constexpr char ended = '=';  ///< with its exit status; 128 + N where signal N ended it
inline constexpr char trouble = '!';
// ---- to the shell
inline constexpr char words = ' ';
inline constexpr char answered = '.';  ///< with a status: nothing more comes

inline constexpr int descriptor = 9;  ///< where the shell has its end

}  // namespace loopscope::lab::shell_line
