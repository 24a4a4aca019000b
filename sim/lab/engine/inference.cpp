#include "sim/lab/engine/inference.hpp"

#include <algorithm>
#include <cerrno>
#include <set>

#include "sim/experiment/statement.hpp"

namespace loopscope::lab {
namespace {

using trace::TcpFlags;

constexpr TcpFlags syn{.syn = true};
constexpr TcpFlags syn_ack{.syn = true, .ack = true};
constexpr TcpFlags ack{.ack = true};
constexpr TcpFlags fin_ack{.fin = true, .ack = true};
constexpr TcpFlags rst_ack{.rst = true, .ack = true};
constexpr std::size_t most_payload = 256;  // as much as a packet keeps

}  // namespace

void Inference::say(trace::Packet packet, Nanoseconds at) {
  trace::PacketSeen seen{std::string(experiment::here), "lo", std::move(packet), std::nullopt};
  seen.derived = true;
  reporter_.say(at, std::move(seen));
}

void Inference::tell(const Way& way, bool Told::*which, TcpFlags flags, Nanoseconds at) {
  bool& already = told_[way].*which;
  if (already) return;
  already = true;
  trace::Packet packet;
  packet.transport = trace::Transport::Tcp;
  packet.source = way.first;
  packet.destination = way.second;
  packet.flags = flags;
  say(std::move(packet), at);
}

void Inference::handshake(const SocketAddress& client, const SocketAddress& server, Nanoseconds at) {
  tell({client, server}, &Told::syn, syn, at);
  tell({server, client}, &Told::syn_ack, syn_ack, at);
  tell({client, server}, &Told::ack, ack, at);
}

void Inference::connected(const SocketAddress& own, const SocketAddress& peer, int error, Nanoseconds at) {
  if (error != 0 && error != ECONNREFUSED && error != ETIMEDOUT) return;
  // A new connection, be it between the addresses of an old one.
  if (const auto old = told_.find({own, peer}); old != told_.end() && (old->second.fin || old->second.rst)) {
    told_.erase({own, peer});
    told_.erase({peer, own});
  }
  if (error == 0) return handshake(own, peer, at);
  tell({own, peer}, &Told::syn, syn, at);
  if (error == ECONNREFUSED) tell({peer, own}, &Told::rst, rst_ack, at);
}

void Inference::carried(trace::Transport transport, const SocketAddress& source,
                        const SocketAddress& destination, std::uint64_t count, std::string_view bytes,
                        Nanoseconds at) {
  trace::Packet packet;
  packet.transport = transport;
  packet.source = source;
  packet.destination = destination;
  if (transport == trace::Transport::Tcp) packet.flags = {.psh = true, .ack = true};
  packet.payload_length = static_cast<std::uint32_t>(count);
  packet.payload = bytes.substr(0, most_payload);
  say(std::move(packet), at);
}

void Inference::reset_by(const SocketAddress& peer, const SocketAddress& own, Nanoseconds at) {
  tell({peer, own}, &Told::rst, rst_ack, at);
}

void Inference::look_at(const std::vector<trace::SocketEntry>& entries, Nanoseconds at) {
  std::set<Port> listening;
  std::set<Way> present;
  for (const trace::SocketEntry& entry : entries) {
    if (entry.transport != trace::Transport::Tcp) continue;
    if (entry.state == SocketState::Listen) listening.insert(entry.local.port);
    present.insert({entry.local, entry.peer});
    present.insert({entry.peer, entry.local});
  }
  for (const trace::SocketEntry& entry : entries) {
    if (entry.transport != trace::Transport::Tcp || number(entry.peer.port) == 0) continue;
    look_at_state(entry, listening.contains(entry.local.port), listening.contains(entry.peer.port), at);
  }
  // Both ends have gone: the next connection between these addresses is another one.
  std::erase_if(told_, [&](const auto& one) {
    return !present.contains(one.first) && (one.second.fin || one.second.rst);
  });
}

void Inference::look_at_state(const trace::SocketEntry& entry, bool listens_here, bool listens_there,
                              Nanoseconds at) {
  const Way out{entry.local, entry.peer};
  const Way in{entry.peer, entry.local};
  switch (entry.state) {
    case SocketState::SynSent:
      return tell(out, &Told::syn, syn, at);
    case SocketState::SynReceived:
      tell(in, &Told::syn, syn, at);
      return tell(out, &Told::syn_ack, syn_ack, at);
    default:
      break;
  }
  if (listens_here) {
    handshake(entry.peer, entry.local, at);
  } else if (listens_there) {
    handshake(entry.local, entry.peer, at);
  }
  const bool sent_fin = entry.state == SocketState::FinWait1 || entry.state == SocketState::FinWait2 ||
                        entry.state == SocketState::Closing || entry.state == SocketState::LastAck ||
                        entry.state == SocketState::TimeWait;
  const bool got_fin = entry.state == SocketState::CloseWait || entry.state == SocketState::Closing ||
                       entry.state == SocketState::LastAck || entry.state == SocketState::TimeWait;
  // In CLOSE-WAIT and LAST-ACK the other side was first.
  if (got_fin && entry.state != SocketState::TimeWait) tell(in, &Told::fin, fin_ack, at);
  if (sent_fin) tell(out, &Told::fin, fin_ack, at);
  if (entry.state == SocketState::TimeWait) tell(in, &Told::fin, fin_ack, at);
}

}  // namespace loopscope::lab
