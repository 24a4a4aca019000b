#include <netinet/in.h>

#include <algorithm>
#include <cerrno>

#include "sim/lab/engine/engine.hpp"

/// The engine on the machine itself, without a world (`--here`): it changes nothing of it, stays on the
/// loopback, and tells of the programs that join.
namespace loopscope::lab {
namespace {

using namespace experiment;

constexpr auto look_every = std::chrono::milliseconds(100);
constexpr int share_for_looking = 20;  // one part in so many of the time

bool concerns(const trace::Packet& packet, const std::set<Port>& ports) {
  if (ports.contains(packet.source.port) || ports.contains(packet.destination.port)) return true;
  if (packet.transport != trace::Transport::Icmp && packet.transport != trace::Transport::Icmp6) return false;
  // An error carries the headers of the packet that it is about (RFC 792, RFC 4443): IP header, 8 bytes, then
  // theirs.
  const auto& raw = packet.raw;
  const bool v6 = packet.transport == trace::Transport::Icmp6;
  const auto header_at = [&](std::size_t at) -> std::size_t {
    return v6 ? 40 : raw.size() > at ? std::size_t{raw[at] & 0xFU} * 4 : 0;
  };
  const std::size_t inner = header_at(0) + 8;
  const std::size_t ports_at = inner + header_at(inner);
  if (raw.size() < ports_at + 4) return false;
  const auto port = [&](std::size_t at) {
    return Port(static_cast<std::uint16_t>(raw[at] << 8 | raw[at + 1]));
  };
  return ports.contains(port(ports_at)) || ports.contains(port(ports_at + 2));
}

/// The same to a reader: clocks run on in both.
bool alike(const trace::SocketEntry& one, const trace::SocketEntry& other) {
  return one.cookie == other.cookie && one.state == other.state && one.local == other.local &&
         one.peer == other.peer && one.process == other.process && one.receive_queue == other.receive_queue;
}

std::optional<SocketAddress> address_of(const RawAddress& raw) {
  if (raw.length == 0) return std::nullopt;
  auto address = SocketAddress::from(raw.storage);
  // Whoever connects to 0.0.0.0 or :: comes to the loopback.
  if (address && address->ip.is_any())
    address->ip = address->ip.is_v6() ? IpAddress::loopback_v6() : IpAddress::loopback_v4();
  return address;
}

}  // namespace

void Engine::open_machine() {
  machine_ = std::make_unique<MachinePart>(
      reporter_, std::set<std::string>(setup_.processes.begin(), setup_.processes.end()));
  packets_.forbid_holding("this machine's own packets are not held: that needs a private world");
  packets_.watch(Packets::capture_on("lo"));
  packets_.keep_only(
      [this](const trace::Packet& packet) { return concerns(packet, machine_->outsiders.ports()); });
  machine_->infers = !packets_.why_no_capture().empty();
}

std::string Engine::why_no_capture() const {
  const std::string& why = packets_.why_no_capture();
  if (!machine_ || why.empty()) return why;
  return "this machine shows the packets of its loopback to root only (CAP_NET_RAW); they are inferred from "
         "what "
         "sockets and calls show (" +
         why + ")";
}

void Engine::watch_machine() {
  const Nanoseconds now = monotonic_now();
  if (!machine_ || now < machine_->next_look) return;
  machine_->next_look = now + look_every;
  if (actors_.empty()) return;
  const auto entries = hosts_.front()->sockets->look(actors_);
  const Nanoseconds cost = monotonic_now() - now;
  machine_->next_look = now + std::max<Nanoseconds>(look_every, cost * share_for_looking);
  const auto& last = machine_->last;
  if (!std::equal(entries.begin(), entries.end(), last.begin(), last.end(), alike)) look(true);
}

/// What a call that returned says of packets that nobody saw.
void Engine::infer_from(const Actor& process, const Underway& call, const Told& told) {
  if (!machine_ || !machine_->infers) return;
  const Report& report = told.report;
  const Nanoseconds at(report.at);
  const auto own = address_of(report.own);
  const auto named = call.order.op == Op::Recv ? address_of(report.address) : address_of(call.order.address);
  const bool udp = report.socket_type == SOCK_DGRAM;
  Inference& inference = machine_->inference;
  if (call.order.op == Op::Connect && !udp && own && named) {
    if (number(own->port) != 0) inference.connected(*own, *named, report.value < 0 ? report.error : 0, at);
    return;
  }
  const auto* entry = machine_->entry_of(process.pid(), call.order.fd);
  const auto peer = named ? named : entry != nullptr ? std::optional(entry->peer) : std::nullopt;
  const bool sends = call.order.op == Op::Send || call.order.op == Op::Write;
  const bool receives = call.order.op == Op::Recv || call.order.op == Op::Read;
  if (!own || !peer || number(peer->port) == 0 || (!sends && !receives)) return;
  if (report.value < 0) {
    if (report.error == ECONNRESET && !udp) inference.reset_by(*peer, *own, at);
    return;
  }
  const auto count = static_cast<std::uint64_t>(report.value);
  const auto transport = udp ? trace::Transport::Udp : trace::Transport::Tcp;
  if (sends && (count > 0 || udp)) return inference.carried(transport, *own, *peer, count, call.bytes, at);
  // What a process of the experiment sent has been told when it was sent; a peek takes nothing away.
  const bool peeks = (call.order.flags & MSG_PEEK) != 0;
  if (receives && count > 0 && !peeks && !is_ours(*peer))
    inference.carried(transport, *peer, *own, count, told.bytes, at);
}

/// Whether a process of the experiment has, or had, a socket with this address's port.
bool Engine::is_ours(const SocketAddress& address) const {
  return std::any_of(actors_.begin(), actors_.end(), [&](const auto& one) {
    const auto& variables = one.second->variables;
    return std::any_of(variables.begin(), variables.end(),
                       [&](const auto& variable) { return variable.second.port == number(address.port); });
  });
}

}  // namespace loopscope::lab
