#include "sim/trace/journey.hpp"

#include <algorithm>
#include <array>

namespace loopscope::trace {
namespace {

constexpr std::array<std::string_view, journey_steps> names{"Application initialization", "Request sending",
                                                            "Request processing", "Response generation",
                                                            "Response delivery"};

template <std::size_t count>
bool is_one_of(std::string_view name, const std::array<std::string_view, count>& all) {
  return std::find(all.begin(), all.end(), name) != all.end();
}
bool reads(std::string_view name) {
  return is_one_of(name, std::array<std::string_view, 5>{"recv", "recvfrom", "read", "poll", "recvmsg"});
}
bool writes(std::string_view name) {
  return is_one_of(name, std::array<std::string_view, 4>{"send", "sendto", "write", "sendmsg"});
}
/// Calls that only ask or set something: they belong where their process is just then.
bool is_aside(std::string_view name) {
  return is_one_of(name, std::array<std::string_view, 6>{"getsockopt", "setsockopt", "getsockname",
                                                         "getpeername", "fcntl", "state"});
}
/// What a program writes to its standard output or error reaches no socket.
bool is_output(const CallEntered& call) { return call.name == "write" && (call.fd == 1 || call.fd == 2); }
bool ends(std::string_view name) { return name == "close" || name == "shutdown"; }

/// 'recv' of 'server: d = recv(a)'; empty where the text is no call.
std::string_view call_name(std::string_view text) {
  const auto bracket = text.find('(');
  if (bracket == std::string_view::npos) return {};
  text = text.substr(0, bracket);
  const auto begin = text.find_last_of(" :=");
  return begin == std::string_view::npos ? text : text.substr(begin + 1);
}

}  // namespace

std::string_view to_string(JourneyStep step) { return names.at(static_cast<std::size_t>(step)); }

Role Journey::role_of(std::string_view process) const {
  const auto found = players_.find(process);
  return found == players_.end() ? Role::Unknown : found->second.role;
}

std::optional<JourneyStep> Journey::call(const std::string& process, std::string_view name, bool returned,
                                         bool failed) {
  Player& player = players_[process];
  if (is_aside(name) && player.last) return player.last;
  player.last = step_of(player, name, returned, failed);
  return player.last;
}

JourneyStep Journey::step_of(Player& player, std::string_view name, bool returned, bool failed) {
  if (player.role == Role::Unknown) {
    if (name == "listen" || name == "accept") player.role = Role::Server;
    if (name == "connect" || (writes(name) && !player.has_request)) player.role = Role::Client;
    // Without a connection, who waits for a datagram first is the one that is asked.
    if (reads(name)) player.role = Role::Server;
  }
  if (name == "listen" && returned && !failed) listening_ = true;

  if (player.role == Role::Client) {
    if (reads(name) || ends(name)) return JourneyStep::ResponseDelivery;
    return JourneyStep::RequestSending;
  }
  if (player.role == Role::Unknown)  // before it has shown what it is
    return name == "socket" && listening_ ? JourneyStep::RequestSending : JourneyStep::Initialization;
  if (name == "accept") return JourneyStep::RequestProcessing;
  if (reads(name)) {
    player.has_request = true;
    return JourneyStep::RequestProcessing;
  }
  if (writes(name)) {
    if (returned) player.has_request = false;
    return JourneyStep::ResponseGeneration;
  }
  if (ends(name)) return JourneyStep::ResponseDelivery;
  return JourneyStep::Initialization;
}

Journey::Flow& Journey::flow_of(const Packet& packet) {
  const auto found = std::find_if(flows_.rbegin(), flows_.rend(), [&](const Flow& flow) {
    return (flow.client == packet.source && flow.server == packet.destination) ||
           (flow.server == packet.source && flow.client == packet.destination);
  });
  const bool opens = packet.flags.syn && !packet.flags.ack;
  if (found != flows_.rend() && !(opens && found->answered)) return *found;
  // A SYN comes from the client, a SYN-ACK from the server; of a datagram the first comes from the client.
  const bool from_server = packet.flags.syn && packet.flags.ack;
  flows_.push_back(from_server ? Flow{packet.destination, packet.source, false}
                               : Flow{packet.source, packet.destination, false});
  return flows_.back();
}

std::optional<JourneyStep> Journey::packet(const Packet& packet) {
  if (packet.transport != Transport::Tcp && packet.transport != Transport::Udp)
    return JourneyStep::RequestSending;
  Flow& flow = flow_of(packet);
  if (packet.payload_length > 0) flow.answered = packet.source == flow.server;
  const bool ending = packet.flags.fin && packet.source == flow.server;
  if (ending) flow.answered = true;
  return flow.answered ? JourneyStep::ResponseDelivery : JourneyStep::RequestSending;
}

std::optional<JourneyStep> Journey::take(const Event& event) {
  if (const auto* entered = std::get_if<CallEntered>(&event.fact)) {
    if (is_output(*entered)) return players_[entered->process].last;
    const auto step = call(entered->process, entered->name, false, false);
    if (step) open_calls_[entered->call] = *step;
    return step;
  }
  if (const auto* returned = std::get_if<CallReturned>(&event.fact)) {
    const auto open = open_calls_.find(returned->call);
    if (open == open_calls_.end()) return std::nullopt;
    call(returned->process, returned->name, true, returned->value < 0);
    const JourneyStep step = open->second;
    open_calls_.erase(open);
    return step;
  }
  if (const auto* begun = std::get_if<StepStarted>(&event.fact)) {
    const auto name = call_name(begun->text);
    if (begun->process.empty() || name.empty()) return std::nullopt;
    Journey ahead = *this;  // only looks: the call itself will be taken when it is entered
    return ahead.call(begun->process, name, false, false);
  }
  if (const auto* seen = std::get_if<PacketSeen>(&event.fact)) return packet(seen->packet);
  if (const auto* held = std::get_if<PacketHeld>(&event.fact)) return packet(held->packet);
  if (const auto* again = std::get_if<Retransmission>(&event.fact)) return packet(again->packet);
  return std::nullopt;
}

std::vector<std::optional<JourneyStep>> journey_of(std::span<const Event> events) {
  Journey journey;
  std::vector<std::optional<JourneyStep>> steps;
  steps.reserve(events.size());
  for (const Event& event : events) steps.push_back(journey.take(event));
  return steps;
}

}  // namespace loopscope::trace
