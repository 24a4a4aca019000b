#include <algorithm>

#include "app/views/stage_parts.hpp"
#include "sim/trace/decode.hpp"

namespace loopscope::app::stage {
namespace {

using trace::Packet;
using trace::Transport;

constexpr const char* inferred = ", inferred";  // behind a packet's name where nobody saw it

/// Between which sockets a packet goes. An ICMP error goes back along the packet that it quotes (RFC 792).
struct Ends {
  SocketAddress from, to;
  Transport transport = Transport::Tcp;
  bool refusal = false;  ///< RST or ICMP error: the sender may be no socket at all
};

Ends ends_of(const Packet& packet) {
  if (packet.transport == Transport::Icmp || packet.transport == Transport::Icmp6) {
    if (const auto quoted = trace::quoted_packet(packet)) {
      return {quoted->destination, quoted->source, quoted->transport, true};
    }
  }
  return {packet.source, packet.destination, packet.transport, packet.flags.rst};
}

class Network {
 public:
  Network(Model& model, const Facts& facts, const Input& input)
      : model_(model), facts_(facts), input_(input) {}

  void build() {
    doors_of_sockets();
    for (const Ends& ends : all_ends()) doors_of(ends);
    doors_of_connecting();
    std::stable_sort(model_.doors.begin(), model_.doors.end(), [](const Door& a, const Door& b) {
      return std::pair(a.port, a.column) < std::pair(b.port, b.column);
    });
    say_note();
    tell_cable();
    for (const HeldRecord& held : facts_.held_elsewhere) add_held_elsewhere(held);
    if (model_.doors.empty()) return;  // then nothing that moves has ports (ICMPv6 by itself)
    for (const HeldRecord& held : facts_.held) add_held(held);
    add_motion();
    add_passed();
    choose_way();
    colour_doors();
  }

 private:
  std::vector<Ends> all_ends() const {
    std::vector<Ends> all;
    for (const PassedPacket& one : facts_.packets) {
      if (all.size() > 64) break;  // a flood: the doors of its first packets are enough
      all.push_back(ends_of(one.seen->packet));
    }
    for (const HeldRecord& one : facts_.held) all.push_back(ends_of(one.held->packet));
    for (const GonePacket& one : facts_.gone) all.push_back(ends_of(one.held->packet));
    if (!facts_.stopped.empty() && stays_home(facts_.stopped.back().judged->packet))
      all.push_back(ends_of(facts_.stopped.back().judged->packet));
    return all;
  }

  /// Whether a socket bound to `local` gets what is sent to `to`: ip(7), ipv6(7) on IPV6_V6ONLY.
  static bool gets(const trace::SocketEntry& socket, const IpAddress& to) {
    const IpAddress& local = socket.local.ip;
    if (local.unmapped() == to.unmapped()) return true;
    if (!local.is_any()) return false;
    const bool to_v6 = to.unmapped().is_v6();
    return local.is_v6() ? to_v6 || !socket.v6only.value_or(false) : !to_v6;
  }

  /// How well a socket fits one end of a packet that the other end sends or gets: its own connection, the
  /// very address, any address. 0: not at all, though it may have the same port.
  static int fit(const SocketView& socket, const SocketAddress& at, const SocketAddress& other,
                 Transport transport) {
    const trace::SocketEntry& entry = socket.entry;
    if (entry.transport != transport || entry.local.port != at.port) return 0;
    if (!gets(entry, at.ip)) return 0;
    const bool connected = entry.peer.port != Port{0};
    const bool mine =
        connected && entry.peer.port == other.port && entry.peer.ip.unmapped() == other.ip.unmapped();
    return (mine ? 4 : 0) + (connected ? 0 : 1) + (entry.local.ip.unmapped() == at.ip.unmapped() ? 2 : 1);
  }

  Door* door_of(const SocketView& socket) {
    for (Door& door : model_.doors) {
      if (!door.nobody && door.port == socket.entry.local.port && door.column == socket.column &&
          door.transport == socket.entry.transport)
        return &door;
    }
    return nullptr;
  }

  /// The door at which a packet's end is: a socket's, else one that was made for that address.
  Door* find_door(const SocketAddress& at, const SocketAddress& other, Transport transport) {
    const SocketView* best = nullptr;
    for (const SocketView& socket : model_.sockets) {
      const int now = fit(socket, at, other, transport);
      if (now > 0 && (best == nullptr || now > fit(*best, at, other, transport))) best = &socket;
    }
    if (best != nullptr) return door_of(*best);
    for (Door& door : model_.doors) {
      if (door.called == at && door.transport == transport) return &door;
    }
    return nullptr;
  }
  std::size_t index_of(const SocketAddress& at, const SocketAddress& other, Transport transport) {
    const Door* door = find_door(at, other, transport);
    return door == nullptr ? 0 : static_cast<std::size_t>(door - model_.doors.data());
  }

  void doors_of_sockets() {
    for (const SocketView& socket : model_.sockets) {
      if (socket.entry.local.port == Port{0}) continue;
      const bool known = std::any_of(model_.doors.begin(), model_.doors.end(), [&](const Door& door) {
        return door.port == socket.entry.local.port && door.transport == socket.entry.transport &&
               door.column == socket.column;
      });
      if (known) continue;
      Door door;
      door.port = socket.entry.local.port;
      door.transport = socket.entry.transport;
      door.column = socket.column;
      door.masked = socket.door == "?";
      model_.doors.push_back(door);
    }
  }

  std::size_t column_of_nobody(Port port) {
    for (std::size_t i = 0; i < model_.columns.size(); ++i) {
      const Column& column = model_.columns[i];
      if (column.process && model_.processes[*column.process].serves && column.sockets.empty()) return i;
    }
    for (std::size_t i = 0; i < model_.columns.size(); ++i) {
      if (!model_.columns[i].process) return i;
    }
    (void)port;
    model_.columns.push_back({});
    return model_.columns.size() - 1;
  }

  void add_door_of_nobody(const SocketAddress& at, Transport transport) {
    Door door{at.port, transport, column_of_nobody(at.port)};
    door.nobody = true;
    door.called = at;
    model_.doors.push_back(door);
  }

  void doors_of(const Ends& ends) {
    if (ends.transport != Transport::Tcp && ends.transport != Transport::Udp) return;
    if (!ends.refusal && find_door(ends.to, ends.from, ends.transport) == nullptr)
      add_door_of_nobody(ends.to, ends.transport);
    const SocketAddress& asker = ends.refusal ? ends.to : ends.from;
    const SocketAddress& asked = ends.refusal ? ends.from : ends.to;
    if (find_door(asker, asked, ends.transport) == nullptr) {
      const std::string process = facts_.step.started != nullptr ? facts_.step.started->process : "";
      Door door{asker.port, ends.transport, column_of(model_, process).value_or(0)};
      door.dimmed = true;  // it was that socket's port; it holds it no more
      door.called = asker;
      model_.doors.push_back(door);
    }
    if (find_door(ends.from, ends.to, ends.transport) == nullptr)
      add_door_of_nobody(ends.from, ends.transport);
  }

  void doors_of_connecting() {
    for (std::size_t i = 0; i < model_.sockets.size(); ++i) {
      const trace::SocketEntry entry = model_.sockets[i].entry;
      if (entry.state != SocketState::SynSent ||
          find_door(entry.peer, entry.local, entry.transport) != nullptr)
        continue;
      add_door_of_nobody(entry.peer, entry.transport);
    }
  }

  bool serves(std::size_t door) const {
    const Door& one = model_.doors[door];
    if (one.nobody) return true;
    const Column& column = model_.columns[one.column];
    return std::any_of(column.sockets.begin(), column.sockets.end(),
                       [&](std::size_t i) {
                         return model_.sockets[i].listens() && model_.sockets[i].entry.local.port == one.port;
                       }) ||
           (column.process && model_.processes[*column.process].serves);
  }

  PacketView view_of(const Packet& packet, std::size_t index) {
    const Ends ends = ends_of(packet);
    PacketView view;
    view.name = trace::label(packet);
    view.selection = "packet:" + std::to_string(index);
    view.packet = &packet;
    view.from = index_of(ends.from, ends.to, ends.transport);
    view.to = index_of(ends.to, ends.from, ends.transport);
    view.reply = serves(view.from) && !serves(view.to);
    if (serves(view.from) == serves(view.to)) view.reply = view.from > view.to;
    view.mood = ends.refusal ? Mood::Bad : view.reply ? Mood::Good : Mood::Info;
    return view;
  }

  void add_held_elsewhere(const HeldRecord& held) {
    PacketView view;
    view.name = trace::label(held.held->packet);
    view.selection = "packet:" + std::to_string(held.index);
    view.packet = &held.held->packet;
    view.where = held.held->host == "wire" ? "on the cable" : "on lo of " + held.held->host;
    tell_how_held(view, held);
    model_.packets_elsewhere.push_back(std::move(view));
  }

  void tell_how_held(PacketView& view, const HeldRecord& held) {
    view.held = held.held->id;
    view.held_for = input_.moment - held.at;
    for (const Delay& delay : input_.delays)
      if (delay.packet == held.held->id) view.goes_in = std::max(Nanoseconds(0), delay.until - input_.moment);
    view.retransmissions = held.retransmissions;
  }

  void add_held(const HeldRecord& held) {
    PacketView view = view_of(held.held->packet, held.index);
    const bool output = held.held->hook == trace::Hook::Output;
    view.start = output ? Stop::Door : Stop::InputGate;
    view.end = output ? Stop::OutputGate : Stop::InputGate;
    const auto* last =
        facts_.last_visible == nullptr ? nullptr : std::get_if<trace::PacketHeld>(&facts_.last_visible->fact);
    view.share = last == held.held ? input_.progress : 1.0F;
    tell_how_held(view, held);
    for (PacketView& other : model_.packets) {
      if (other.held && other.end == view.end && other.from == view.from && other.name == view.name) {
        ++other.count;
        return;
      }
    }
    model_.packets.push_back(std::move(view));
  }

  /// The packet that passed last, on its way to the other door. Once it is there it is drawn no more, except
  /// at its very moment.
  void add_motion() {
    add_last_drop();
    if (add_stopped()) return;
    if (facts_.last_visible == nullptr || facts_.packets.empty()) return;
    if (!std::holds_alternative<trace::PacketSeen>(facts_.last_visible->fact)) return;
    const PassedPacket& passed = facts_.packets.back();
    if (input_.progress >= 1 && passed.at != input_.moment) return;
    PacketView view = view_of(passed.seen->packet, passed.index);
    if (passed.seen->derived) view.name += inferred;
    view.start = passed.seen->held ? Stop::OutputGate : Stop::Door;
    view.end = input_.progress >= 1 ? Stop::InputGate : Stop::FarDoor;
    view.share = input_.progress;
    model_.packets.push_back(std::move(view));
  }

  /// Whether a packet that the firewall judged goes by `lo`: the verdict does not tell the device.
  bool stays_home(const Packet& packet) const {
    if (packet.source.ip.is_loopback() || packet.source.ip == packet.destination.ip) return true;
    return std::any_of(facts_.packets.begin(), facts_.packets.end(), [&](const PassedPacket& one) {
      return one.seen->packet.source == packet.source && one.seen->packet.destination == packet.destination;
    });
  }

  /// What the firewall has stopped comes as far as its gate, and stays in sight until another packet comes.
  bool add_stopped() {
    if (facts_.stopped.empty() || !facts_.held.empty()) return false;
    const StoppedPacket& last = facts_.stopped.back();
    const bool input = last.judged->hook == trace::Hook::Input;
    if (!facts_.packets.empty() && facts_.packets.back().at > last.at) return false;
    if (!stays_home(last.judged->packet)) return false;
    PacketView view = view_of(last.judged->packet, last.index);
    view.start = Stop::Door;
    view.end = input ? Stop::InputGate : Stop::OutputGate;
    const bool moves = facts_.last_visible != nullptr &&
                       std::get_if<trace::FirewallJudged>(&facts_.last_visible->fact) == last.judged;
    view.share = moves ? input_.progress : 1.0F;
    view.dropped = view.share >= 1;
    view.rejected = last.judged->judgement == trace::Judgement::Rejected;
    view.mood = Mood::Bad;
    if (model_.firewall.stopped) view.count = model_.firewall.stopped->count;
    model_.packets.push_back(std::move(view));
    return true;
  }

  /// A drop stays in sight until another packet comes.
  void add_last_drop() {
    if (facts_.gone.empty() || !facts_.gone.back().dropped || !facts_.held.empty()) return;
    const GonePacket& gone = facts_.gone.back();
    if (!facts_.packets.empty() && facts_.packets.back().at > gone.at) return;
    PacketView view = view_of(gone.held->packet, gone.index);
    view.start = view.end = gone.held->hook == trace::Hook::Output ? Stop::OutputGate : Stop::InputGate;
    view.dropped = true;
    view.mood = Mood::Bad;
    model_.packets.push_back(std::move(view));
  }

  void add_passed() {
    for (const PassedPacket& one : facts_.packets) {
      PacketView view = view_of(one.seen->packet, one.index);
      if (one.seen->derived) view.name += inferred;
      (view.reply ? model_.back_lane_lit : model_.out_lane_lit) = true;
      (view.reply ? model_.back_mood : model_.out_mood) = view.mood;
      const bool same = !model_.passed.empty() && model_.passed.back().name == view.name &&
                        model_.passed.back().reply == view.reply;
      if (same) {
        ++model_.passed.back().count;
        model_.passed.back().at = one.at;
      } else {
        model_.passed.push_back({view.name, 1, one.at, view.mood, view.reply});
      }
    }
  }

  /// The two doors that the U joins now: of the packet to see, else of this step's packets, else of a
  /// connection.
  void choose_way() {
    const auto join = [&](std::size_t a, std::size_t b) {
      if (a != b) model_.way = {std::min(a, b), std::max(a, b)};
    };
    if (!model_.packets.empty()) return join(model_.packets.front().from, model_.packets.front().to);
    if (!facts_.packets.empty()) {
      const PacketView view = view_of(facts_.packets.back().seen->packet, 0);
      return join(view.from, view.to);
    }
    for (const SocketView& socket : model_.sockets) {
      const trace::SocketEntry& entry = socket.entry;
      if (entry.peer.port == Port{0} || entry.local.port == Port{0}) continue;
      if (find_door(entry.peer, entry.local, entry.transport) == nullptr) continue;
      return join(index_of(entry.local, entry.peer, entry.transport),
                  index_of(entry.peer, entry.local, entry.transport));
    }
  }

  void colour_doors() {
    for (Door& door : model_.doors) {
      if (door.nobody) door.mood = Mood::Bad;
    }
    if (!model_.way) return;
    for (const std::size_t i : {model_.way->first, model_.way->second}) {
      Door& door = model_.doors[i];
      if (door.nobody || door.dimmed || !touched(i)) continue;
      door.lit = true;
      door.mood = serves(i) ? Mood::Good : Mood::Info;
    }
  }

  /// Whether a packet of this step has left this door or come to it: one that is held has not come.
  bool touched(std::size_t door) {
    for (const PassedPacket& one : facts_.packets) {
      const PacketView view = view_of(one.seen->packet, 0);
      if (view.from == door || view.to == door) return true;
    }
    return std::any_of(model_.packets.begin(), model_.packets.end(),
                       [&](const PacketView& one) { return one.from == door; });
  }

  void say_note() {
    if (!facts_.packets.empty() || !facts_.held.empty() || !facts_.held_elsewhere.empty() ||
        !facts_.stopped.empty() || facts_.step.finished == nullptr)
      return;
    if (!facts_.last_returned || facts_.last_returned->returned_at < facts_.step.started_at) return;
    const std::string& name = facts_.last_returned->entered->name;
    const bool local = name == "socket" || name == "bind" || name == "listen" || name == "accept" ||
                       name == "setsockopt" || name == "getsockopt" || name == "getsockname" ||
                       name == "getpeername";
    model_.network_note = local ? name + "() sent no packet" : "no packet moved in this step";
  }

  /// Which machines are at the other end of eth0, and how much came or went there in this step.
  void tell_cable() {
    if (input_.experiment == nullptr) return;
    for (const experiment::Statement& statement : input_.experiment->statements) {
      const auto* host = std::get_if<experiment::HostDecl>(&statement.body);
      if (host == nullptr) continue;
      model_.neighbours += (model_.neighbours.empty() ? "" : ", ") + host->name;
    }
    model_.packets_by_cable = facts_.packets_by_cable;
    if (model_.packets_by_cable == 0 || !facts_.packets.empty()) return;
    const std::string many = std::to_string(model_.packets_by_cable);
    model_.network_note = (model_.packets_by_cable == 1 ? "1 packet" : many + " packets") + " by eth0";
  }

  Model& model_;
  const Facts& facts_;
  const Input& input_;
};

}  // namespace

void add_network(Model& model, const Facts& facts, const Input& input) {
  Network(model, facts, input).build();
}

}  // namespace loopscope::app::stage
