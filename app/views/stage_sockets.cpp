#include <algorithm>

#include "app/views/stage_parts.hpp"

namespace loopscope::app::stage {
namespace {

using trace::SocketEntry;

std::string arrow_to(const SocketAddress& peer) { return "\xe2\x86\x92 " + to_string(peer); }

/// The states of a connection that no program has closed on this side. Behind a close nobody's socket is an
/// orphan that the kernel brings to its end, and waits for no accept.
bool is_open(SocketState state) {
  return state == SocketState::Established || state == SocketState::CloseWait ||
         state == SocketState::SynReceived;
}

/// Whether the entry is a connection that waits in this listener's queue: nobody's, open, at the listener's
/// port, with a peer.
bool waits_at(const SocketEntry& entry, const SocketEntry& listener) {
  return entry.inode == 0 && entry.process.empty() && entry.transport == listener.transport &&
         entry.local.port == listener.local.port && entry.peer.port != Port{0} && is_open(entry.state) &&
         addresses_meet(listener.local.ip, entry.local.ip);
}

void fill_queue(SocketView& view, const trace::SocketTable& table, const Mask& mask) {
  view.capacity = view.entry.send_queue;
  for (const SocketEntry& entry : table.sockets) {
    if (waits_at(entry, view.entry)) view.waiting.push_back({entry, mask.hides_peer(entry)});
  }
}

void write_address(SocketView& view, const Descriptor* descriptor, bool mask_local, bool mask_peer) {
  const SocketEntry& entry = view.entry;
  if (entry.local.port != Port{0}) view.door = mask_local ? "?" : to_string(entry.local.port);
  if (entry.peer.port != Port{0}) {
    view.address = mask_peer ? "\xe2\x86\x92 ?" : arrow_to(entry.peer);
  } else if (entry.local.port != Port{0}) {
    view.address = mask_local ? "?" : to_string(entry.local);
  } else {
    view.address = descriptor != nullptr && descriptor->connected_to ? "no address now" : "no address";
  }
}

/// The column of a socket that no process has a descriptor of: its last owner's, or the one that has its
/// address.
std::optional<std::size_t> column_of_orphan(const Model& model, const Facts& facts,
                                            const SocketEntry& entry) {
  if (const auto owner = facts.owners.find(entry.cookie); entry.cookie != 0 && owner != facts.owners.end()) {
    return column_of(model, owner->second);
  }
  for (const SocketView& other : model.sockets) {
    if (other.entry.local.port == entry.local.port && other.entry.transport == entry.transport)
      return other.column;
  }
  // the end of a connection whose other end is known: not that one's column
  for (std::size_t i = 0; i < model.columns.size(); ++i) {
    const bool holds_peer =
        std::any_of(model.sockets.begin(), model.sockets.end(), [&](const SocketView& other) {
          return other.column == i && other.entry.local.port == entry.peer.port;
        });
    if (!holds_peer && model.columns[i].process) return i;
  }
  return std::nullopt;
}

void push(Model& model, SocketView view) {
  model.columns[view.column].sockets.push_back(model.sockets.size());
  model.sockets.push_back(std::move(view));
}

void add_owned(Model& model, const Facts& facts, const Mask& mask) {
  if (facts.table == nullptr) return;
  for (const SocketEntry& entry : facts.table->sockets) {
    const auto column = entry.process.empty() ? std::nullopt : column_of(model, entry.process);
    if (!column) continue;
    SocketView view;
    view.entry = entry;
    view.column = *column;
    const Descriptor* descriptor = find_descriptor(facts, entry.process, entry.fd);
    const bool covered = mask.covers(entry);
    view.state = covered && mask.state ? "?" : std::string(to_string(entry.state));
    view.queues_masked = covered && (mask.bytes || mask.state);
    write_address(view, descriptor, mask.hides_local(entry), mask.hides_peer(entry));
    if (descriptor != nullptr && !descriptor->options.empty()) view.option = descriptor->options.back();
    if (view.listens()) fill_queue(view, *facts.table, mask);
    push(model, std::move(view));
  }
}

/// Sockets that the table does not show and that their process's calls tell of: fresh ones, and on older
/// kernels bound ones.
void add_derived(Model& model, const Facts& facts, const Mask& mask) {
  for (const Descriptor& descriptor : facts.descriptors) {
    const auto column = column_of(model, descriptor.process);
    const bool shown = std::any_of(model.sockets.begin(), model.sockets.end(), [&](const SocketView& one) {
      return one.entry.process == descriptor.process && one.entry.fd == descriptor.fd;
    });
    if (!column || shown) continue;
    SocketView view;
    view.known = Known::Derived;
    view.column = *column;
    view.entry.transport = descriptor.transport;
    view.entry.process = descriptor.process;
    view.entry.fd = descriptor.fd;
    if (descriptor.transport == trace::Transport::Udp) view.entry.state = SocketState::Unconnected;
    if (descriptor.bound && !descriptor.connected_to && descriptor.bound->port != Port{0}) {
      view.entry.local = *descriptor.bound;
      if (descriptor.transport == trace::Transport::Tcp) {
        view.entry.state = descriptor.listening ? SocketState::Listen : SocketState::Bound;
      }
    }
    const bool covered = mask.covers(view.entry);
    view.state = covered && mask.state ? "?" : std::string(to_string(view.entry.state));
    view.queues_masked = covered && (mask.bytes || mask.state);
    write_address(view, &descriptor, mask.hides_local(view.entry), mask.hides_peer(view.entry));
    if (!descriptor.options.empty()) view.option = descriptor.options.back();
    push(model, std::move(view));
  }
}

void add_orphans(Model& model, const Facts& facts, const Mask& mask) {
  if (facts.table == nullptr) return;
  for (const SocketEntry& entry : facts.table->sockets) {
    if (!entry.process.empty()) continue;
    const bool queued = std::any_of(
        facts.table->sockets.begin(), facts.table->sockets.end(),
        [&](const SocketEntry& one) { return one.state == SocketState::Listen && waits_at(entry, one); });
    if (queued) continue;
    const auto column = column_of_orphan(model, facts, entry);
    if (!column) continue;
    SocketView view;
    view.entry = entry;
    view.column = *column;
    view.owned = false;
    view.state = to_string(entry.state);
    write_address(view, nullptr, mask.hides_local(entry), mask.hides_peer(entry));
    push(model, std::move(view));
  }
}

}  // namespace

const Descriptor* find_descriptor(const Facts& facts, std::string_view process, int fd) {
  for (const Descriptor& one : facts.descriptors) {
    if (one.process == process && one.fd == fd) return &one;
  }
  return nullptr;
}

bool addresses_meet(const IpAddress& one, const IpAddress& other) {
  return one.unmapped() == other.unmapped() || one.is_any() || other.is_any();
}

void add_sockets(Model& model, const Facts& facts, const Mask& mask) {
  add_owned(model, facts, mask);
  add_derived(model, facts, mask);
  add_orphans(model, facts, mask);
  for (Column& column : model.columns) {
    std::stable_sort(column.sockets.begin(), column.sockets.end(), [&](std::size_t a, std::size_t b) {
      const SocketView& one = model.sockets[a];
      const SocketView& other = model.sockets[b];
      if (one.owned != other.owned) return one.owned;
      return one.entry.fd < other.entry.fd;
    });
  }
}

}  // namespace loopscope::app::stage
