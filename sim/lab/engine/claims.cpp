#include "sim/lab/engine/engine.hpp"
#include "sim/lab/engine/trouble.hpp"

/// Claims: on the socket table, on packets that went by, on packets that are held.
namespace loopscope::lab {

using namespace experiment;
using Held = tl::expected<bool, std::string>;

tl::expected<Pattern, std::string> Engine::pattern(const std::optional<AddressTerm>& term) const {
  Pattern pattern;
  if (!term || term->unspec) return pattern;
  if (const auto* ip = std::get_if<IpAddress>(&term->ip)) pattern.ip = *ip;
  if (const auto* port = std::get_if<Port>(&term->port)) pattern.port = *port;
  if (const auto* of = std::get_if<PortOf>(&term->port)) {
    const auto found = port_of(*of, "");
    if (!found) return trouble(found.error());
    pattern.port = Port{*found};
  }
  return pattern;
}

struct Engine::Claims {
  Engine& engine;

  Held operator()(const SocketClaim& claim) const {
    const auto part = engine.host(claim.host);
    if (!part) return trouble(part.error());
    const auto local = engine.pattern(claim.local);
    if (!local) return trouble(local.error());
    const auto peer = engine.pattern(claim.peer);
    if (!peer) return trouble(peer.error());
    const auto entries = (*part)->sockets->look(engine.actors_);
    return has_socket(entries, claim.state, *local, *peer, claim.by) != claim.none;
  }
  Held operator()(const PacketsClaim& claim) const {
    const auto part = engine.host(claim.host);
    if (!part) return trouble(part.error());
    const Packets& packets = (*part)->packets;
    if (!packets.why_no_capture().empty()) return trouble(packets.why_no_capture());
    const auto from = engine.pattern(claim.from);
    if (!from) return trouble(from.error());
    const auto to = engine.pattern(claim.to);
    if (!to) return trouble(to.error());
    return packets.count_seen(claim.kind, *from, *to) == claim.count;
  }
  Held operator()(const HeldClaim& claim) const {
    const auto place = engine.place(claim.where);
    if (!place) return trouble(place.error());
    return (*place)->count_held(claim.kind) == claim.count;
  }
  template <typename Other>
  Held operator()(const Other&) const {
    return trouble("this is no claim");
  }
};

tl::expected<bool, std::string> Engine::holds(const Body& claim) { return std::visit(Claims{*this}, claim); }

/// Once more; it fails for good when patience is at its end.
void Engine::try_claim(Job& job) {
  take_packets();
  const auto holds_now = holds(job.what.statement.body);
  if (!holds_now) return finish(job, "", holds_now.error());
  if (*holds_now || clock_.now() >= job.deadline) finish(job, to_string(Result{Claimed{*holds_now}}));
}

}  // namespace loopscope::lab
