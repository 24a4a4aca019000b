#include "app/views/stage_world.hpp"

#include <algorithm>
#include <set>

#include "app/views/stage_facts.hpp"
#include "app/views/stage_parts.hpp"
#include "sim/trace/visible.hpp"

namespace loopscope::app::stage {
namespace {

using trace::Packet;

constexpr std::string_view wire = "wire";

/// The addresses that the language gives a host where it states none: the next of the documentation ranges
/// (RFC 5737, RFC 3849).
std::vector<IpAddress> usual_addresses(std::size_t number) {
  auto v6 = IpAddress::parse("2001:db8::")->bytes();
  v6[15] = static_cast<std::uint8_t>(number);
  return {IpAddress::v4(192, 0, 2, static_cast<std::uint8_t>(number)), IpAddress::v6(v6.data())};
}

void add_address(Machine& machine, const IpAddress& ip) {
  const bool known = std::any_of(machine.addresses.begin(), machine.addresses.end(),
                                 [&](const IpAddress& one) { return one.unmapped() == ip.unmapped(); });
  if (!known) machine.addresses.push_back(ip.unmapped());
}

Machine& machine_named(std::vector<Machine>& machines, std::string_view host) {
  for (Machine& one : machines) {
    if (one.host == host) return one;
  }
  machines.push_back({});
  machines.back().host = machines.back().title = std::string(host);
  return machines.back();
}

void read_experiment(std::vector<Machine>& machines, const experiment::Experiment& experiment) {
  for (const experiment::Statement& statement : experiment.statements) {
    if (const auto* host = std::get_if<experiment::HostDecl>(&statement.body)) {
      Machine& machine = machine_named(machines, host->name);
      machine.addresses = host->addresses.empty() ? usual_addresses(machines.size()) : host->addresses;
    } else if (const auto* more = std::get_if<experiment::AddressDecl>(&statement.body)) {
      if (more->device != "lo") add_address(machine_named(machines, machine_of(more->host)), more->ip);
    }
  }
}

/// What the machines' own packets tell: who sends by eth0 has the address, who gets something there as well.
void read_trace(std::vector<Machine>& machines, std::span<const trace::Event> events) {
  std::set<std::pair<std::string_view, IpAddress>> known;
  for (const trace::Event& event : events) {
    if (const auto* table = std::get_if<trace::SocketTable>(&event.fact)) {
      machine_named(machines, machine_of(table->host));
    } else if (const auto* seen = std::get_if<trace::PacketSeen>(&event.fact)) {
      if (seen->device == "lo") continue;
      const IpAddress& ip = seen->leaves ? seen->packet.source.ip : seen->packet.destination.ip;
      if (!ip.is_loopback() && !ip.is_any() && !ip.is_multicast() && known.emplace(seen->host, ip).second)
        add_address(machine_named(machines, machine_of(seen->host)), ip);
    }
  }
}

/// Puts together what the machines' ends of the cable tell.
class Assembler {
 public:
  Assembler(World& world, const Input& input, const Facts& here)
      : world_(world), input_(input), here_(here) {}

  void build() {
    add_held();
    add_passed();
    light_ways();
    if (world_.frames.empty()) {
      add_lost();
      add_stopped();
    }
    add_moving();
    add_under_way();
  }

 private:
  std::optional<std::size_t> machine_with(const IpAddress& ip) const {
    for (std::size_t i = 0; i < world_.machines.size(); ++i) {
      const auto& own = world_.machines[i].addresses;
      if (std::any_of(own.begin(), own.end(),
                      [&](const IpAddress& one) { return one.unmapped() == ip.unmapped(); }))
        return i;
    }
    return std::nullopt;
  }

  const CableEnd* end_of(std::optional<std::size_t> machine, const Packet& packet, bool outward) const {
    if (!machine) return nullptr;
    for (const CableEnd& end : world_.machines[*machine].model.cable) {
      if (end.outward == outward && !end.stopped && *end.packet.packet == packet) return &end;
    }
    return nullptr;
  }

  Frame frame_of(const PacketView& packet, std::optional<std::size_t> from, std::optional<std::size_t> to) {
    Frame frame;
    frame.packet = packet;
    frame.from = from;
    frame.to = to;
    if (const CableEnd* end = end_of(from, *packet.packet, true)) {
      frame.from_door = end->door;
      frame.packet.reply = end->packet.reply;
      frame.packet.mood = end->packet.mood;
    }
    if (const CableEnd* end = end_of(to, *packet.packet, false)) frame.to_door = end->door;
    frame.packet.where = "on the cable";
    return frame;
  }
  Frame frame_of(const Packet& packet, std::size_t index) {
    PacketView view;
    view.name = trace::label(packet);
    view.selection = "packet:" + std::to_string(index);
    view.packet = &packet;
    return frame_of(view, machine_with(packet.source.ip), machine_with(packet.destination.ip));
  }

  void add_held() {
    for (const HeldRecord& held : here_.held_elsewhere) {
      if (held.held->host != wire) continue;
      Frame frame = frame_of(held.held->packet, held.index);
      frame.packet.held = held.held->id;
      frame.packet.held_for = input_.moment - held.at;
      for (const Delay& delay : input_.delays) {
        if (delay.packet == held.held->id)
          frame.packet.goes_in = std::max(Nanoseconds(0), delay.until - input_.moment);
      }
      frame.packet.retransmissions = held.retransmissions;
      const auto like = std::find_if(world_.frames.begin(), world_.frames.end(), [&](const Frame& one) {
        return one.from == frame.from && one.to == frame.to && one.packet.name == frame.packet.name;
      });
      if (like == world_.frames.end())
        world_.frames.push_back(std::move(frame));
      else
        ++like->packet.count;
    }
  }

  /// A frame lost on the cable stays in sight until another one moves.
  void add_lost() {
    if (here_.gone_from_wire.empty() || !here_.gone_from_wire.back().dropped) return;
    const GonePacket& gone = here_.gone_from_wire.back();
    if (last_moved() > gone.at) return;
    Frame frame = frame_of(gone.held->packet, gone.index);
    frame.packet.dropped = true;
    frame.packet.mood = Mood::Bad;
    world_.frames.push_back(std::move(frame));
  }

  Nanoseconds last_moved() const {
    Nanoseconds last{-1};
    for (const Machine& machine : world_.machines) {
      for (const CableEnd& end : machine.model.cable) last = std::max(last, end.at);
    }
    return last;
  }

  /// What a firewall has stopped comes as far as its gate, and stays in sight until another frame comes.
  void add_stopped() {
    const CableEnd* last = nullptr;
    std::size_t where = 0;
    for (std::size_t i = 0; i < world_.machines.size(); ++i) {
      for (const CableEnd& end : world_.machines[i].model.cable) {
        if (last != nullptr && end.at < last->at) continue;
        last = &end;
        where = i;
      }
    }
    if (last == nullptr || !last->stopped) return;
    const Packet& packet = *last->packet.packet;
    Frame frame;
    frame.packet = last->packet;
    frame.leg = last->outward ? Leg::OutGate : Leg::InGate;
    frame.from = last->outward ? std::optional(where) : machine_with(packet.source.ip);
    frame.to = last->outward ? machine_with(packet.destination.ip) : std::optional(where);
    (last->outward ? frame.from_door : frame.to_door) = last->door;
    frame.packet.share = last->moves ? input_.progress : 1.0F;
    frame.packet.dropped = frame.packet.share >= 1;
    if (const auto& stopped = world_.machines[where].model.firewall.stopped)
      frame.packet.count = stopped->count;
    world_.frames.push_back(std::move(frame));
  }

  /// What moved last, while it moves; at its end it is drawn at its very moment only.
  void add_moving() {
    for (std::size_t i = 0; i < world_.machines.size(); ++i) {
      for (const CableEnd& end : world_.machines[i].model.cable) {
        if (!end.moves || end.stopped) continue;
        if (end.outward && is_held(*end.packet.packet)) continue;
        if (!end.outward && input_.progress >= 1 && end.at != input_.moment) continue;
        const Packet& packet = *end.packet.packet;
        Frame frame = end.outward ? frame_of(end.packet, i, machine_with(packet.destination.ip))
                                  : frame_of(end.packet, machine_with(packet.source.ip), i);
        const Leg inwards = input_.progress >= 1 ? Leg::InGate : Leg::Arriving;
        frame.leg = end.outward ? Leg::Leaving : inwards;
        frame.packet.share = input_.progress;
        world_.frames.push_back(std::move(frame));
        return;
      }
    }
  }

  /// Frames that have left in this step, and are neither held nor there yet.
  void add_under_way() {
    for (std::size_t i = 0; i < world_.machines.size(); ++i) {
      for (const CableEnd& end : world_.machines[i].model.cable) {
        const Packet& packet = *end.packet.packet;
        if (!end.outward || end.stopped || end.moves || is_held(packet) || was_lost(packet)) continue;
        const auto to = machine_with(packet.destination.ip);
        if (!to || was_swallowed(packet) || end_of(to, packet, false) != nullptr) continue;
        world_.frames.push_back(frame_of(end.packet, i, to));
      }
    }
  }

  bool is_held(const Packet& packet) const {
    return std::any_of(here_.held_elsewhere.begin(), here_.held_elsewhere.end(), [&](const HeldRecord& one) {
      return one.held->host == wire && one.held->packet == packet;
    });
  }
  /// A copy of what is held goes no further than to the cable.
  bool was_swallowed(const Packet& packet) const {
    return std::any_of(here_.repeated.begin(), here_.repeated.end(),
                       [&](const Packet* one) { return *one == packet; });
  }
  bool was_lost(const Packet& packet) const {
    return std::any_of(here_.gone_from_wire.begin(), here_.gone_from_wire.end(),
                       [&](const GonePacket& one) { return one.dropped && one.held->packet == packet; });
  }

  void add_passed() {
    std::vector<std::pair<const CableEnd*, std::size_t>> all;
    for (std::size_t i = 0; i < world_.machines.size(); ++i) {
      for (const CableEnd& end : world_.machines[i].model.cable) {
        const Packet& packet = *end.packet.packet;
        const auto receiver = end.outward ? machine_with(packet.destination.ip) : std::optional(i);
        if (receiver && is_stopped(world_.machines[*receiver], packet)) continue;
        if (end.stopped || is_held(packet) || (end.outward && was_swallowed(packet))) continue;
        // each once: as it leaves, or as it comes in where it left before this step
        if (!end.outward && end_of(machine_with(packet.source.ip), packet, true) != nullptr) continue;
        all.emplace_back(&end, i);
      }
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.first->at < b.first->at; });
    world_.in_all = all.size();
    std::size_t before = 0;
    for (const auto& [end, machine] : all) {
      Passed* last = world_.passed.empty() ? nullptr : &world_.passed.back();
      const std::size_t sender = end->outward ? machine : world_.machines.size() + machine;
      if (last != nullptr && last->name == end->packet.name && before == sender) {
        ++last->count;
        last->at = end->at;
      } else {
        world_.passed.push_back({end->packet.name, 1, end->at, end->packet.mood, end->packet.reply});
      }
      before = sender;
    }
  }

  bool is_stopped(const Machine& machine, const Packet& packet) const {
    const auto& ends = machine.model.cable;
    return std::any_of(ends.begin(), ends.end(), [&](const CableEnd& end) {
      const Packet& judged = *end.packet.packet;
      return end.stopped && !end.outward && judged.source == packet.source &&
             judged.destination == packet.destination && judged.flags == packet.flags &&
             judged.sequence == packet.sequence;
    });
  }

  /// What is moving lights its way only as far as it is.
  void light_ways() {
    for (std::size_t i = 0; i < world_.machines.size(); ++i) {
      const Machine& machine = world_.machines[i];
      for (const CableEnd& end : machine.model.cable) {
        const Packet& packet = *end.packet.packet;
        if (end.stopped || (end.moves && input_.progress < 1)) continue;
        if (!end.outward && is_held(packet)) continue;
        const Frame way = end.outward ? frame_of(end.packet, i, machine_with(packet.destination.ip))
                                      : frame_of(end.packet, machine_with(packet.source.ip), i);
        auto known = std::find_if(world_.lit.begin(), world_.lit.end(), [&](const LitWay& one) {
          return one.way.from == way.from && one.way.to == way.to && one.way.from_door == way.from_door &&
                 one.way.to_door == way.to_door;
        });
        if (known == world_.lit.end()) known = world_.lit.insert(known, LitWay{way});
        known->way.packet.mood = way.packet.mood;
        (end.outward ? known->left : known->arrived) = true;
        if (!end.outward) known->stopped = is_stopped(machine, packet);
      }
    }
  }

  World& world_;
  const Input& input_;
  const Facts& here_;
};

/// A machine that calls its own address in the network does so by its lo (ip-route(8), the local table).
std::string own_address_called(const Machine& machine, const Facts& facts) {
  for (const PassedPacket& one : facts.packets) {
    const IpAddress& ip = one.seen->packet.destination.ip;
    if (ip.is_loopback()) continue;
    const auto& own = machine.addresses;
    if (std::find(own.begin(), own.end(), ip.unmapped()) != own.end()) return to_string(ip);
  }
  return {};
}

bool nothing_moved(const World& world) {
  return world.frames.empty() &&
         std::all_of(world.machines.begin(), world.machines.end(), [](const Machine& one) {
           return one.model.cable.empty() && one.model.packets.empty() && one.model.passed.empty();
         });
}

}  // namespace

const Verdict* World::verdict() const {
  for (const Machine& one : machines) {
    if (one.model.verdict) return &*one.model.verdict;
  }
  return nullptr;
}

bool has_neighbours(const Input& input) {
  if (input.experiment != nullptr) {
    for (const experiment::Statement& statement : input.experiment->statements) {
      if (std::holds_alternative<experiment::HostDecl>(statement.body)) return true;
    }
    return false;
  }
  for (const trace::Event& event : input.timeline->events()) {
    const auto* table = std::get_if<trace::SocketTable>(&event.fact);
    if (table != nullptr && machine_of(table->host) != experiment::here) return true;
  }
  return false;
}

World world_at(const Input& input) {
  World world;
  Machine& here = machine_named(world.machines, experiment::here);
  here.title = "this machine";
  here.addresses = usual_addresses(1);
  if (input.experiment != nullptr) read_experiment(world.machines, *input.experiment);
  read_trace(world.machines, input.timeline->until(input.moment));
  std::optional<Facts> facts_here;
  for (std::size_t i = 0; i < world.machines.size(); ++i) {
    Machine& machine = world.machines[i];
    Input own = input;
    own.host = machine.host;
    own.among_others = true;
    own.addresses = machine.addresses;
    Facts facts = gather(*input.timeline, input.moment, {own.host, true});
    machine.model = model_of(facts, own);
    machine.last_active = facts.last_active;
    machine.lo_used = !facts.packets.empty() || !machine.model.packets.empty();
    machine.eth0_used = !facts.by_cable.empty();
    machine.own_address = own_address_called(machine, facts);
    const trace::StepStarted* step = facts.step.started;
    if (step != nullptr) world.step = step->step;
    if (step != nullptr && find_process(machine.model, step->process)) world.acting = i;
    if (i == 0) facts_here = std::move(facts);
  }
  Assembler(world, input, *facts_here).build();
  world.folded = world.verdict() != nullptr && nothing_moved(world);
  for (Machine& machine : world.machines) machine.model.folded = world.folded;
  return world;
}

std::pair<std::size_t, std::size_t> two_in_full(const World& world, std::string_view opened) {
  const auto weight = [&](std::size_t i) {
    const Machine& one = world.machines[i];
    return std::pair(one.host == opened, one.last_active);
  };
  std::vector<std::size_t> others;
  for (std::size_t i = 1; i < world.machines.size(); ++i) others.push_back(i);
  std::stable_sort(others.begin(), others.end(),
                   [&](std::size_t a, std::size_t b) { return weight(a) > weight(b); });
  if (others.empty()) return {0, 0};
  // This machine gives way to two others that use the network, or have processes, where it does not.
  const auto gives_way = [&](auto has) {
    return !has(world.machines[0]) && has(world.machines[others[0]]) && has(world.machines[others[1]]);
  };
  const bool may = others.size() > 1 && world.acting != std::optional<std::size_t>(0);
  if (may && (gives_way([](const Machine& one) { return one.eth0_used; }) ||
              gives_way([](const Machine& one) { return !one.model.columns.empty(); })))
    return {std::min(others[0], others[1]), std::max(others[0], others[1])};
  return {others.front(), 0};
}

}  // namespace loopscope::app::stage
