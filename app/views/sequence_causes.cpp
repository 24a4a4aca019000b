#include "app/views/sequence_causes.hpp"

#include <algorithm>
#include <functional>

#include "app/views/stage_facts.hpp"
#include "sim/trace/packet.hpp"

namespace loopscope::app::sequence {
namespace {

using trace::Event;
using trace::Packet;
using trace::SocketEntry;
using trace::TcpFlags;
using Wanted = bool (*)(const TcpFlags&);

bool is_syn(const TcpFlags& flags) { return flags.syn && !flags.ack; }
bool is_syn_ack(const TcpFlags& flags) { return flags.syn && flags.ack; }
bool is_fin(const TcpFlags& flags) { return flags.fin; }
bool is_ack(const TcpFlags& flags) { return flags.ack && !flags.syn && !flags.rst; }

bool same(const SocketAddress& one, const SocketAddress& other) {
  return one.port == other.port && one.ip.unmapped() == other.ip.unmapped();
}

class Search {
 public:
  Search(const SocketEntry& entry, std::string_view host, std::span<const Event> events, std::size_t first)
      : entry_(entry), host_(host), events_(events), first_(std::min(first, events.size())) {}

  std::optional<Beginning> run() {
    switch (entry_.state) {
      case SocketState::Bound:
        return returned("bind");
      case SocketState::Listen:
        return returned("listen");
      case SocketState::SynSent:
        return sent(is_syn);
      case SocketState::SynReceived:
        return came(is_syn);
      case SocketState::Established:
        if (const auto opened = came(is_syn_ack)) return opened;  // the one that connected
        return came(is_ack);
      case SocketState::FinWait1:
      case SocketState::LastAck:
        return sent(is_fin);
      case SocketState::FinWait2:
        return came(is_ack);
      case SocketState::CloseWait:
      case SocketState::TimeWait:
        return came(is_fin);
      default:
        return std::nullopt;
    }
  }

 private:
  using Look = std::function<std::optional<std::string>(const Event&)>;

  std::optional<Beginning> only_one(const Look& look) const {
    std::optional<Beginning> found;
    for (const Event& event : events_.subspan(first_)) {
      auto cause = look(event);
      if (!cause) continue;
      if (found) return std::nullopt;
      found = Beginning{event.at, std::move(*cause)};
    }
    return found;
  }

  std::optional<Beginning> returned(const std::string& name) const {
    return only_one([&](const Event& event) -> std::optional<std::string> {
      const auto* call = std::get_if<trace::CallReturned>(&event.fact);
      if (call == nullptr || call->name != name || call->error != 0 || call->process != entry_.process)
        return std::nullopt;
      const auto entered = std::find_if(events_.rbegin(), events_.rend(), [&](const Event& one) {
        const auto* begun = std::get_if<trace::CallEntered>(&one.fact);
        return begun != nullptr && begun->call == call->call;
      });
      if (entered == events_.rend() || std::get<trace::CallEntered>(entered->fact).fd != entry_.fd)
        return std::nullopt;
      return name + "() returned";
    });
  }

  /// It left the socket: it was held behind it, seen on lo without having been held, or seen as it left by
  /// eth0.
  std::optional<Beginning> sent(Wanted wanted) const {
    return only_one([&](const Event& event) -> std::optional<std::string> {
      const Packet* packet = nullptr;
      if (const auto* held = std::get_if<trace::PacketHeld>(&event.fact);
          held != nullptr && is_mine(held->host))
        packet = &held->packet;
      if (const auto* seen = std::get_if<trace::PacketSeen>(&event.fact);
          seen != nullptr && is_mine(seen->host)) {
        const bool by_lo = seen->device == "lo";
        if (by_lo ? !seen->held : seen->leaves) packet = &seen->packet;
      }
      if (packet == nullptr || !is_ours(*packet, packet->source, packet->destination, wanted))
        return std::nullopt;
      return trace::label(*packet) + " sent";
    });
  }

  /// It was seen on lo, or as it came in by eth0: the kernel hands it to the socket in the same breath.
  std::optional<Beginning> came(Wanted wanted) const {
    return only_one([&](const Event& event) -> std::optional<std::string> {
      const auto* seen = std::get_if<trace::PacketSeen>(&event.fact);
      if (seen == nullptr || !is_mine(seen->host) || (seen->device != "lo" && seen->leaves))
        return std::nullopt;
      if (!is_ours(seen->packet, seen->packet.destination, seen->packet.source, wanted)) return std::nullopt;
      return trace::label(seen->packet) + " arrived";
    });
  }

  bool is_ours(const Packet& packet, const SocketAddress& local, const SocketAddress& peer,
               Wanted wanted) const {
    return packet.transport == trace::Transport::Tcp && entry_.transport == trace::Transport::Tcp &&
           wanted(packet.flags) && same(local, entry_.local) && same(peer, entry_.peer);
  }

  bool is_mine(const std::string& host) const { return stage::machine_of(host) == stage::machine_of(host_); }

  const SocketEntry& entry_;
  std::string_view host_;
  std::span<const Event> events_;
  std::size_t first_;
};

}  // namespace

std::optional<Beginning> beginning_of(const SocketEntry& entry, std::span<const Event> events,
                                      std::size_t first, std::string_view host) {
  return Search(entry, host, events, first).run();
}

}  // namespace loopscope::app::sequence
