#include "tests/judge/tables.hpp"

#include <algorithm>

namespace loopscope::judge {
namespace {

using model::Row;
using trace::SocketEntry;

struct Expected {
  Row row;
  const model::Socket* socket = nullptr;
  std::string device;
  bool any_peer_port = false;  ///< chosen by the kernel for a socket that is in doubt
};

/// Its own, or that of a handshake at it.
std::string device_of(const model::World& world, const model::Socket& socket, const Row& row) {
  int device = socket.device;
  if (row.state == SocketState::SynReceived) {
    for (const auto& request : socket.requests) {
      if (request.peer == SocketAddress{row.peer.ip.unmapped(), row.peer.port}) device = request.bound;
    }
  }
  if (device == 0) return {};
  return world.hosts[socket.host].devices[static_cast<std::size_t>(device) - 1].name;
}

std::vector<Expected> expected_of(const model::World& world) {
  std::vector<Expected> all;
  std::set<Port> doubtful;
  for (auto& row : model::socket_table(world, 0)) {
    const auto* socket = world.sockets.find(row.socket);
    if (!socket->doubt.empty()) {
      if (row.any_port) doubtful.insert(row.local.port);
      continue;
    }
    const auto device = device_of(world, *socket, row);
    all.push_back({std::move(row), socket, device, false});
  }
  for (auto& one : all) one.any_peer_port = doubtful.contains(one.row.peer.port);
  return all;
}

enum class Strictness : std::uint8_t { Known, New };

bool same_port(Port model, Port kernel, const ChosenPorts& ports) {
  const auto chosen = ports.find(number(model));
  if (chosen == ports.end()) return model == kernel;
  return chosen->second.empty() || chosen->second.contains(number(kernel));
}

bool fits(const Expected& expected, const SocketEntry& entry, const ChosenPorts& ports, Strictness how) {
  const Row& row = expected.row;
  const bool udp = entry.transport == trace::Transport::Udp;
  if (udp != (row.transport == model::Transport::Udp) || row.state != entry.state) return false;
  if (row.local.ip.unmapped() != entry.local.ip.unmapped()) return false;
  // A socket without a peer may show the address of an earlier attempt (sk_v6_daddr), and port 0.
  const bool has_peer = number(entry.peer.port) != 0 || entry.state == SocketState::Established;
  if (has_peer && row.peer.ip.unmapped() != entry.peer.ip.unmapped()) return false;
  const bool any = row.any_port && how == Strictness::New;
  if (!any && !same_port(row.local.port, entry.local.port, ports)) return false;
  if (!expected.any_peer_port && !same_port(row.peer.port, entry.peer.port, ports)) return false;
  if (row.process != entry.process || expected.device != entry.device) return false;
  if (row.state != SocketState::Listen) return true;
  return row.queue == entry.receive_queue &&
         static_cast<std::uint32_t>(expected.socket->backlog) == entry.send_queue;
}

/// Pairs rows so that as many as can be have a partner: where ports are free choices a row may fit several,
/// and the first that fits may be another's only one. (Augmenting paths, after H. W. Kuhn.)
class Pairing {
 public:
  explicit Pairing(std::vector<std::vector<std::size_t>> fitting, std::size_t partners)
      : fitting_(std::move(fitting)), taken_by_(partners, nobody) {
    for (std::size_t one = 0; one < fitting_.size(); ++one) {
      tried_.assign(partners, false);
      (void)find_partner(one);
    }
  }

  /// For each partner the row that has it, or `nobody`.
  [[nodiscard]] const std::vector<std::size_t>& taken_by() const { return taken_by_; }
  static constexpr std::size_t nobody = static_cast<std::size_t>(-1);

 private:
  bool find_partner(std::size_t one) {
    for (const std::size_t partner : fitting_[one]) {
      if (tried_[partner]) continue;
      tried_[partner] = true;
      if (taken_by_[partner] != nobody && !find_partner(taken_by_[partner])) continue;
      taken_by_[partner] = one;
      return true;
    }
    return false;
  }

  std::vector<std::vector<std::size_t>> fitting_;
  std::vector<std::size_t> taken_by_;
  std::vector<bool> tried_;
};

template <typename Element>
void keep(std::vector<Element>& all, const std::vector<bool>& gone) {
  std::size_t index = 0;
  std::erase_if(all, [&](const Element&) { return gone[index++]; });
}

/// Takes the rows that fit out of both lists. Each port that a choice may have come to is remembered for it.
void match(std::vector<Expected>& expected, std::vector<SocketEntry>& kernel, ChosenPorts& ports,
           Strictness how) {
  std::vector<std::vector<std::size_t>> fitting(expected.size());
  for (std::size_t one = 0; one < expected.size(); ++one) {
    for (std::size_t entry = 0; entry < kernel.size(); ++entry) {
      if (fits(expected[one], kernel[entry], ports, how)) fitting[one].push_back(entry);
    }
  }
  const auto candidates = fitting;
  const Pairing pairing(std::move(fitting), kernel.size());
  std::vector<bool> met(expected.size(), false), taken(kernel.size(), false);
  for (std::size_t entry = 0; entry < kernel.size(); ++entry) {
    const auto one = pairing.taken_by()[entry];
    if (one == Pairing::nobody) continue;
    met[one] = taken[entry] = true;
  }
  for (std::size_t one = 0; one < expected.size(); ++one) {
    const Row& row = expected[one].row;
    if (!row.any_port || !met[one] || how != Strictness::New) continue;
    for (const auto entry : candidates[one])
      ports[number(row.local.port)].insert(number(kernel[entry].local.port));
  }
  keep(expected, met);
  keep(kernel, taken);
}

/// A request outlives its listener until its own timer looks (reqsk_timer_handler), for a second at least;
/// nothing can come of it any more, and the model forgets it at once.
void forgive_orphaned_requests(const model::World& world, std::vector<SocketEntry>& kernel) {
  const auto rows = model::socket_table(world, 0);
  std::erase_if(kernel, [&](const SocketEntry& entry) {
    return entry.state == SocketState::SynReceived && entry.inode == 0 &&
           std::none_of(rows.begin(), rows.end(), [&](const Row& row) {
             return row.state == SocketState::Listen && row.local.port == entry.local.port;
           });
  });
}

std::string words(SocketState state, const SocketAddress& local, const SocketAddress& peer,
                  const std::string& process, const std::string& device) {
  std::string text = std::string(to_string(state)) + " " + to_string(local) + " " + to_string(peer);
  if (!device.empty()) text += " device " + device;
  return text + (process.empty() ? "" : " by " + process);
}

std::string words(const Expected& e) {
  auto text = words(e.row.state, e.row.local, e.row.peer, e.row.process, e.device);
  if (e.row.any_port) text += " (any port)";
  if (e.row.state == SocketState::Listen)
    text += " queue " + std::to_string(e.row.queue) + "/" + std::to_string(e.socket->backlog);
  return text;
}

std::string words(const SocketEntry& e) {
  auto text = words(e.state, e.local, e.peer, e.process, e.device);
  if (e.state == SocketState::Listen)
    text += " queue " + std::to_string(e.receive_queue) + "/" + std::to_string(e.send_queue);
  return text;
}

experiment::Statement claim_of(bool none, SocketState state, const SocketAddress& local, bool any_port) {
  experiment::SocketClaim claim;
  claim.none = none;
  claim.state = state;
  claim.local.ip = local.ip.unmapped();
  if (!any_port) claim.local.port = local.port;
  experiment::Statement statement;
  statement.body = claim;
  return statement;
}

}  // namespace

bool in_doubt(const model::World& world) {
  if (!world.beyond.empty()) return true;
  bool found = false;
  world.sockets.each([&](model::SocketId, const model::Socket& socket) {
    found = found || !socket.doubt.empty() || socket.doubtful_connections > 0;
  });
  return found;
}

std::optional<TableDifference> compare(const model::World& world, const std::vector<SocketEntry>& kernel,
                                       ChosenPorts& ports, bool doubt) {
  auto left = kernel;
  auto expected = expected_of(world);
  // Of a listener it is the queue that is in doubt.
  if (doubt)
    std::erase_if(expected, [](const Expected& one) { return one.row.state == SocketState::Listen; });
  for (const auto& process : world.processes) {
    process->variables.each([&](const model::Variable& variable) {
      if (variable.free_choice) ports.try_emplace(variable.last_port);
    });
  }
  auto seen = ports;
  match(expected, left, seen, Strictness::Known);
  match(expected, left, seen, Strictness::New);
  match(expected, left, seen, Strictness::Known);  // those whose peer has just been seen
  forgive_orphaned_requests(world, left);
  if (expected.empty() && (left.empty() || doubt)) {
    ports = std::move(seen);
    return std::nullopt;
  }
  TableDifference difference;
  for (const auto& one : expected)
    difference.words += (difference.words.empty() ? "model " : ", ") + words(one);
  if (!expected.empty()) {
    const Row& row = expected.front().row;
    difference.claim = claim_of(true, row.state, row.local, row.any_port);
  }
  if (!doubt && !left.empty())
    difference.claim = claim_of(false, left.front().state, left.front().local, false);
  std::string more;
  for (const auto& entry : left) more += (more.empty() ? "kernel " : ", ") + words(entry);
  if (!more.empty()) difference.words += (difference.words.empty() ? "" : "; ") + more;
  return difference;
}

}  // namespace loopscope::judge
