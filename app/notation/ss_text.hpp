#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "sim/trace/socket_entry.hpp"

/// A measured socket table in the words and columns of ss(8), iproute2 6.1.
namespace loopscope::app::notation {

/// What part of a table is shown, so that a line fits.
enum class SsColumns : std::uint8_t { All, NoProcess, LocalOnly };

struct SsTable {
  std::string command;  ///< 'ss -tanp'
  std::string header;
  std::vector<std::string> lines;          ///< one for each entry of `entries`
  std::vector<std::size_t> entries;        ///< index into the table given
  std::size_t unlisted = 0;                ///< bound and not listening: ss -a does not list them
  std::size_t columns = 0;                 ///< characters of the widest line
  [[nodiscard]] std::string text() const;  ///< '$ command', header and lines
};

/// 'ESTAB', 'SYN-RECV', 'UNCONN': ss's own names of the states.
[[nodiscard]] std::string ss_state(SocketState state);
[[nodiscard]] SsTable ss_table(std::span<const trace::SocketEntry> sockets,
                               SsColumns columns = SsColumns::All);
/// The most of the columns that fit into `characters`.
[[nodiscard]] SsTable ss_table_within(std::span<const trace::SocketEntry> sockets, std::size_t characters);
/// 'timer:(on,388ms,1)' as ss -o; empty where no timer runs.
[[nodiscard]] std::string ss_timer(const trace::SocketEntry& socket);
/// For learners: 'SYN again in 388 ms (2nd time)', 'gone in 57.2 s'; empty where no timer runs.
[[nodiscard]] std::string timer_words(const trace::SocketEntry& socket);

}  // namespace loopscope::app::notation
