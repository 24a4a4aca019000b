#include <algorithm>

#include "sim/lab/engine/engine.hpp"
#include "sim/lab/engine/trouble.hpp"

/// Where packets are held: on the wire between hosts, and on each host's `lo`.
namespace loopscope::lab {
namespace {

constexpr std::string_view wire = "wire";  // the language's word

}  // namespace

std::vector<Packets*> Engine::places() {
  std::vector<Packets*> all;
  if (wire_) all.push_back(&wire_->packets);
  for (const auto& part : hosts_) all.push_back(&part->packets);
  return all;
}

tl::expected<Packets*, std::string> Engine::place(const std::string& where) {
  if (where == wire) {
    if (bridge_.valid())
      return trouble(
          "there is no wire in this world: its hosts are joined by a bridge; run it without --bridge");
    if (!wire_) return trouble("there is no wire in this world: it has one host only");
    return &wire_->packets;
  }
  const auto part = host(where);
  if (!part) return trouble(part.error());
  Packets& packets = (*part)->packets;
  const auto visit = (*part)->visit();
  // Its chains come first: a hook that comes into the path of a held packet leads it astray.
  if (!setup_.here) (*part)->gate.open();
  if (!packets.can_hold()) return trouble("packets cannot be held here: " + packets.why_no_hold());
  return &packets;
}

/// True where one was held meanwhile.
bool Engine::take_packets() {
  bool held = false;
  for (Packets* place : places()) held = place->take() || held;
  return held;
}

/// What the wire loses unasked is no secret.
void Engine::tell_losses() {
  if (!wire_) return;
  const std::uint64_t lost = wire_->wire->lost();
  if (lost == wire_->lost_told) return;
  reporter_.say_now(trace::WorldChanged{
      std::string(wire),
      std::to_string(lost - wire_->lost_told) + " frames came faster than they were carried, and are lost"});
  wire_->lost_told = lost;
}

void Engine::hold_for_learner(bool on) {
  for (Packets* place : places()) place->hold_for_learner(on);
}

void Engine::release(const Release& release) {
  const auto all = places();
  for (Packets* place : all) place->take();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](Packets* place) { return place->holds(release.id); });
  if (found != all.end() && release.after)
    return (*found)->release_later(release.id, *release.after, release.verdict);
  if (found != all.end()) (*found)->release(release.id, release.verdict);
  absorb();
  look(true);
}

void Engine::release_due() {
  for (Packets* place : places()) place->release_due();
}

std::optional<Nanoseconds> Engine::next_due() const {
  std::optional<Nanoseconds> next = wire_ ? wire_->packets.next_due() : std::nullopt;
  for (const auto& part : hosts_) {
    const auto due = part->packets.next_due();
    if (due) next = next ? std::min(*next, *due) : due;
  }
  return next;
}

}  // namespace loopscope::lab
