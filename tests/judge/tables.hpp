#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/experiment/statement.hpp"
#include "sim/model/world.hpp"
#include "sim/trace/socket_entry.hpp"

namespace loopscope::judge {

struct TableDifference {
  std::string words;
  std::optional<experiment::Statement> claim;  ///< what holds on the kernel, and not on the model
};

/// Whether the model is not sure of a row, so that nothing can be said about rows that it does not list.
[[nodiscard]] bool in_doubt(const model::World& world);

/// Which ports the kernel chose where the model put a number of its own in their place; none: not seen yet.
using ChosenPorts = std::map<std::uint16_t, std::set<std::uint16_t>>;

/// The model's socket table of `here` and the kernel's: the same sockets, with address, peer, state, owner,
/// device, and a listener's queue and backlog. With `doubt` the kernel may have more. A port that is the
/// kernel's free choice agrees with any when it is first seen; from there on, as a peer's port too, with the
/// same only (`ports` remembers).
[[nodiscard]] std::optional<TableDifference> compare(const model::World& world,
                                                     const std::vector<trace::SocketEntry>& kernel,
                                                     ChosenPorts& ports, bool doubt);

}  // namespace loopscope::judge
