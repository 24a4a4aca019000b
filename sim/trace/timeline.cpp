#include "sim/trace/timeline.hpp"

#include <algorithm>

namespace loopscope::trace {
namespace {

template <class Key>
std::size_t position_of(const std::unordered_map<Key, std::size_t>& map, Key key, std::size_t none) {
  const auto found = map.find(key);
  return found == map.end() ? none : found->second;
}

}  // namespace

void Timeline::add(Event event) {
  ++revision_;
  std::size_t position = events_.size();
  // Events at the same moment stay in the order of their arrival.
  while (position > 0 && events_[position - 1].at > event.at) forget(--position);
  events_.insert(events_.begin() + static_cast<std::ptrdiff_t>(position), std::move(event));
  for (; position < events_.size(); ++position) index(position);
}

void Timeline::clear() {
  const auto revision = revision_ + 1;
  *this = Timeline();
  revision_ = revision;
}

Nanoseconds Timeline::end() const noexcept { return events_.empty() ? Nanoseconds(0) : events_.back().at; }

void Timeline::index(std::size_t position) {
  const Fact& fact = events_[position].fact;
  if (const auto* call = std::get_if<CallEntered>(&fact)) {
    call_by_id_[call->call] = calls_.size();
    calls_.push_back({position, none});
  } else if (const auto* back = std::get_if<CallReturned>(&fact)) {
    const auto at = position_of(call_by_id_, back->call, none);
    if (at != none) calls_[at].end = position;
  } else if (const auto* started = std::get_if<ProcessStarted>(&fact)) {
    life_by_process_[{started->process, started->pid}] = lives_.size();
    lives_.push_back({position, none});
  } else if (const auto* ended = std::get_if<ProcessEnded>(&fact)) {
    const auto found = life_by_process_.find({ended->process, ended->pid});
    if (found != life_by_process_.end()) lives_[found->second].end = position;
  } else if (const auto* held = std::get_if<PacketHeld>(&fact)) {
    hold_by_id_[held->id] = holds_.size();
    holds_.push_back({{position, none}, {}});
  } else if (const auto* gone = std::get_if<PacketLetGo>(&fact)) {
    const auto at = position_of(hold_by_id_, gone->id, none);
    if (at != none) holds_[at].span.end = position;
  } else if (const auto* again = std::get_if<Retransmission>(&fact)) {
    const auto at = position_of(hold_by_id_, again->of, none);
    if (at != none) holds_[at].repeats.push_back(position);
  } else if (const auto* table = std::get_if<SocketTable>(&fact)) {
    tables_[table->host].push_back(position);
  } else if (const auto* step = std::get_if<StepStarted>(&fact)) {
    if (step->statement) statement_of_step_[step->step] = *step->statement;
  } else if (const auto* finished = std::get_if<StepFinished>(&fact)) {
    const auto statement = statement_of_step_.find(finished->step);
    if (statement != statement_of_step_.end()) results_[statement->second].push_back(position);
  }
}

void Timeline::forget(std::size_t position) {
  const Fact& fact = events_[position].fact;
  if (const auto* call = std::get_if<CallEntered>(&fact)) {
    call_by_id_.erase(call->call);
    calls_.pop_back();
  } else if (const auto* back = std::get_if<CallReturned>(&fact)) {
    const auto at = position_of(call_by_id_, back->call, none);
    if (at != none) calls_[at].end = none;
  } else if (const auto* started = std::get_if<ProcessStarted>(&fact)) {
    life_by_process_.erase({started->process, started->pid});
    lives_.pop_back();
  } else if (const auto* ended = std::get_if<ProcessEnded>(&fact)) {
    const auto found = life_by_process_.find({ended->process, ended->pid});
    if (found != life_by_process_.end()) lives_[found->second].end = none;
  } else if (const auto* held = std::get_if<PacketHeld>(&fact)) {
    hold_by_id_.erase(held->id);
    holds_.pop_back();
  } else if (const auto* gone = std::get_if<PacketLetGo>(&fact)) {
    const auto at = position_of(hold_by_id_, gone->id, none);
    if (at != none) holds_[at].span.end = none;
  } else if (const auto* again = std::get_if<Retransmission>(&fact)) {
    const auto at = position_of(hold_by_id_, again->of, none);
    if (at != none) holds_[at].repeats.pop_back();
  } else if (const auto* table = std::get_if<SocketTable>(&fact)) {
    tables_[table->host].pop_back();
  } else if (const auto* finished = std::get_if<StepFinished>(&fact)) {
    const auto statement = statement_of_step_.find(finished->step);
    if (statement != statement_of_step_.end()) results_[statement->second].pop_back();
  }
}

std::size_t Timeline::count_until(Nanoseconds moment) const {
  const auto later = std::upper_bound(events_.begin(), events_.end(), moment,
                                      [](Nanoseconds time, const Event& event) { return time < event.at; });
  return static_cast<std::size_t>(later - events_.begin());
}

std::span<const Event> Timeline::until(Nanoseconds moment) const {
  return {events_.data(), count_until(moment)};
}

std::span<const SocketEntry> Timeline::sockets_at(std::string_view host, Nanoseconds moment) const {
  const auto found = tables_.find(host);
  if (found == tables_.end()) return {};
  const auto& positions = found->second;
  const auto later = std::lower_bound(positions.begin(), positions.end(), count_until(moment));
  if (later == positions.begin()) return {};
  return std::get<SocketTable>(events_[*std::prev(later)].fact).sockets;
}

std::vector<Timeline::HeldPacket> Timeline::held_at(Nanoseconds moment) const {
  const std::size_t count = count_until(moment);
  std::vector<HeldPacket> held;
  for (const Hold& hold : holds_) {
    if (hold.span.begin >= count) break;
    if (hold.span.end < count) continue;
    const Event& event = events_[hold.span.begin];
    const auto repeats =
        std::lower_bound(hold.repeats.begin(), hold.repeats.end(), count) - hold.repeats.begin();
    held.push_back({&event, moment - event.at, static_cast<int>(repeats)});
  }
  return held;
}

std::vector<Timeline::CallSpan> Timeline::calls_until(Nanoseconds moment) const {
  const std::size_t count = count_until(moment);
  std::vector<CallSpan> spans;
  for (const Pair& call : calls_) {
    if (call.begin >= count) break;
    spans.push_back({&events_[call.begin], call.end < count ? &events_[call.end] : nullptr});
  }
  return spans;
}

std::vector<Timeline::ProcessLife> Timeline::processes_until(Nanoseconds moment) const {
  const std::size_t count = count_until(moment);
  std::vector<ProcessLife> lives;
  for (const Pair& life : lives_) {
    if (life.begin >= count) break;
    lives.push_back({&events_[life.begin], life.end < count ? &events_[life.end] : nullptr});
  }
  return lives;
}

std::optional<std::string> Timeline::result_of_statement(std::uint64_t statement, Nanoseconds moment) const {
  const auto found = results_.find(statement);
  if (found == results_.end()) return std::nullopt;
  const auto& positions = found->second;
  const auto later = std::lower_bound(positions.begin(), positions.end(), count_until(moment));
  if (later == positions.begin()) return std::nullopt;
  return std::get<StepFinished>(events_[*std::prev(later)].fact).result;
}

}  // namespace loopscope::trace
