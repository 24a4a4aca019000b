#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/views/stage_model.hpp"
#include "sim/experiment/statement.hpp"
#include "sim/trace/axis.hpp"
#include "sim/trace/timeline.hpp"

/// The lanes of the sequence diagram and what stands in them: computed from a timeline once, and then only
/// looked at.
namespace loopscope::app::sequence {

using stage::Mood;

/// A call of a process: a diamond, or a bar where it took long or has not returned.
struct CallMark {
  Nanoseconds from{};
  std::optional<Nanoseconds> to;  ///< nothing: under way
  std::string name;
  std::string result;  ///< 'EADDRINUSE', '= 18'; empty while under way
  bool failed = false;
  trace::CallId id = 0;
};

/// A state of a socket: from what brought it about, where that is known, else from the table that showed it
/// first.
struct StateBar {
  Nanoseconds from{};
  std::optional<Nanoseconds> to;  ///< nothing: it lasts
  std::string label;
  Mood mood = Mood::Neutral;
  std::uint64_t cookie = 0;
  std::string cause;  ///< 'SYN sent': its beginning is derived from that; empty: from a table
};

/// A packet held on `lo` or between machines.
struct HoldBar {
  Nanoseconds from{};
  std::optional<Nanoseconds> to;
  std::string label;
  bool dropped = false;
  bool again = false;                 ///< the kernel sent it again
  int swallowed = 0;                  ///< so often it was sent again while it was held
  std::size_t index = 0;              ///< of its event
  std::optional<std::size_t> sender;  ///< lane
};

struct PacketArrow {
  Nanoseconds at{};
  std::optional<std::size_t> from, to;  ///< lanes; nothing: no socket there
  std::size_t via = 0;                  ///< the lane of the lo or the network that it goes by
  std::string label;
  Mood mood = Mood::Info;
  bool was_held = false;               ///< it starts on lo
  bool by_cable = false;               ///< from machine to machine
  std::optional<Nanoseconds> arrives;  ///< by cable: when it came in; nothing: not seen there
  std::size_t index = 0;               ///< of its event
};

/// 'queue 1/16' on a listener's lane.
struct QueueMark {
  Nanoseconds at{};
  std::string label;
  bool filled = false;
};

enum class LaneKind : std::uint8_t { Process, Socket, Loopback, Network };
struct Lane {
  LaneKind kind{};
  std::string name;
  std::string process;
  std::string host;  ///< its machine, where there are several; empty for the network between them
  bool serves = false, contends = false;  ///< see stage::ProcessView
  std::optional<Nanoseconds> ended;
  std::vector<CallMark> calls;  ///< each list in the order of time; bars of one lane never overlap
  std::vector<StateBar> states;
  std::vector<HoldBar> holds;
  std::vector<QueueMark> queues;
  [[nodiscard]] bool carries() const { return kind == LaneKind::Loopback || kind == LaneKind::Network; }
};

struct Model {
  std::vector<Lane> lanes;
  std::vector<PacketArrow> arrows;
  std::size_t hidden_sockets = 0;  ///< that found no lane of their own
  std::size_t calls = 0;
  trace::Axis axis;   ///< of what happened: a table that shows nothing new is no event
  Nanoseconds end{};  ///< the last of it
};

/// Pure.
[[nodiscard]] Model model_of(const trace::Timeline& timeline, const experiment::Experiment* experiment);

}  // namespace loopscope::app::sequence
