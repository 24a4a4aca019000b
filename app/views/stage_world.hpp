#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/views/stage_model.hpp"

/// Several machines and the cable between them at a moment: a stage model of each, and what is on its way
/// from one to another. Computed from the trace, a moment and the experiment, like the stage of one machine.
namespace loopscope::app::stage {

struct Machine {
  std::string host;                  ///< the language's name, 'here' for this machine
  std::string title;                 ///< 'this machine', 'laptop'
  std::vector<IpAddress> addresses;  ///< in the network
  Model model;
  Nanoseconds last_active{-1};  ///< of its last call or packet; negative: none
  bool lo_used = false;         ///< a packet has gone by its lo in this step
  bool eth0_used = false;       ///< … by its eth0
  std::string own_address;      ///< it has called itself by it in this step: '192.0.2.1'
};

/// Where a frame is on its way from machine to machine.
enum class Leg : std::uint8_t {
  Leaving,   ///< from the sender's door to the middle of the cable
  Between,   ///< on the cable: held there, or not yet seen at the other end
  Arriving,  ///< from the middle of the cable to the receiver's door
  OutGate,   ///< stopped by the sender's firewall: it never was on the cable
  InGate,    ///< stopped by the receiver's firewall
};

struct Frame {
  PacketView packet;  ///< its `share` tells how far it is on its leg
  Leg leg = Leg::Between;
  std::optional<std::size_t> from, to;  ///< indices in World::machines; nothing: no machine has the address
  std::size_t from_door = 0, to_door = 0;  ///< indices in their models' doors
  [[nodiscard]] bool held() const { return packet.held.has_value(); }
};

/// A way between two doors on which something has gone in this step.
struct LitWay {
  Frame way;
  bool left = false, arrived = false;  ///< its first half, its second half
  bool stopped = false;                ///< the second half ends at the receiver's gate
};

struct World {
  std::vector<Machine> machines;  ///< `here` first, the others in the order of their making
  std::vector<Frame> frames;      ///< to draw now: held ones first, oldest first
  std::vector<LitWay> lit;
  std::vector<Passed> passed;         ///< of this step, between machines, in order of time
  std::size_t in_all = 0;             ///< frames of this step
  std::uint64_t step = 0;             ///< the number of the step, 0 before the first
  std::optional<std::size_t> acting;  ///< the machine whose process the step is about
  bool folded = false;                ///< no packet is involved: the verdict takes the network's place
  [[nodiscard]] const Verdict* verdict() const;
};

/// Whether there are further machines, in the experiment or in the trace.
[[nodiscard]] bool has_neighbours(const Input& input);

/// Pure. `input.host`, `among_others` and `addresses` do not matter.
[[nodiscard]] World world_at(const Input& input);

/// What is said of the world in one place: held packets of everywhere, the oldest first; those that have
/// passed, the verdict, and what a firewall stopped.
[[nodiscard]] Model told_of(const World& world);

/// The two machines to draw in full: on the left another one, on the right this machine, unless two others
/// are at work with each other. `opened`: one that the learner wants to see, else empty.
[[nodiscard]] std::pair<std::size_t, std::size_t> two_in_full(const World& world, std::string_view opened);

}  // namespace loopscope::app::stage
