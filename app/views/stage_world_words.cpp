#include <algorithm>

#include "app/views/stage_world_draw.hpp"

/// What is said below the boxes: in one model, so that one machine's words serve several.
namespace loopscope::app::stage {
namespace {

void add_held(Model& told, const World& world) {
  for (const Frame& frame : world.frames) {
    if (frame.held()) told.packets.push_back(frame.packet);
  }
  for (const Machine& machine : world.machines) {
    for (PacketView packet : machine.model.packets) {
      if (!packet.held) continue;
      packet.where =
          std::string("at ") + (packet.end == Stop::OutputGate ? "output" : "input") + " of " + machine.title;
      told.packets.push_back(std::move(packet));
    }
  }
  std::stable_sort(told.packets.begin(), told.packets.end(),
                   [](const PacketView& a, const PacketView& b) { return *a.held < *b.held; });
}

/// Of what went by a lo: the acting machine's first.
const Machine* by_lo(const World& world) {
  if (world.acting && !world.machines[*world.acting].model.passed.empty())
    return &world.machines[*world.acting];
  const auto found = std::find_if(world.machines.begin(), world.machines.end(),
                                  [](const Machine& one) { return !one.model.passed.empty(); });
  return found == world.machines.end() ? nullptr : &*found;
}

std::string note_of(const World& world, const Machine& machine) {
  std::size_t count = 0;
  for (const Passed& one : machine.model.passed) count += one.count;
  const std::string many = std::to_string(count) + (count == 1 ? " packet" : " packets");
  if (machine.own_address.empty()) return many + " by lo of " + machine.title;
  return machine.own_address + " is an address of " + machine.title + " itself: " + many + " by lo" +
         (world.passed.empty() ? ", none by the cable" : "");
}

}  // namespace

Model told_of(const World& world) {
  Model told;
  add_held(told, world);
  told.passed = world.passed;
  if (const Verdict* verdict = world.verdict()) told.verdict = *verdict;
  for (const Machine& machine : world.machines) {
    const auto& stopped = machine.model.firewall.stopped;
    if (stopped && (!told.firewall.stopped || told.firewall.stopped->at < stopped->at)) {
      told.firewall.stopped = stopped;
      told.firewall.stopped_by = machine.title;
    }
  }
  if (!told.passed.empty()) return told;
  if (const Machine* machine = by_lo(world)) {
    told.passed = machine->model.passed;
    told.network_note = note_of(world, *machine);
  } else {
    told.network_note = world.machines[world.acting.value_or(0)].model.network_note;
  }
  return told;
}

}  // namespace loopscope::app::stage
