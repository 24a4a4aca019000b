#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/diag/socket_table.hpp"
#include "sim/lab/engine/actor.hpp"
#include "sim/lab/engine/outsiders.hpp"
#include "sim/lab/engine/packets.hpp"
#include "sim/trace/socket_entry.hpp"

namespace loopscope::lab {

class Program;
using Actors = std::map<std::string, std::unique_ptr<Actor>>;
using Programs = std::vector<std::unique_ptr<Program>>;

/// The socket table of a host, with the names of the experiment's processes in it.
class Sockets {
 public:
  /// Throws SystemError where the kernel has no sock_diag(7).
  /// Of the network namespace that the calling thread is in.
  /// `outsiders`: on this machine itself (no world), whoever else has to do with the experiment; must outlive
  /// this.
  explicit Sockets(std::string host, Outsiders* outsiders = nullptr)
      : outsiders_(outsiders), host_(std::move(host)) {}

  /// What there is now. On this machine only what belongs to the experiment's processes or to a port of
  /// theirs, with other programs under their own names.
  [[nodiscard]] std::vector<trace::SocketEntry> look(const Actors& actors);
  [[nodiscard]] bool shows_bound() const noexcept { return table_.shows_bound(); }
  /// Whose sockets are named as well; they must outlive this.
  void know(const Programs& programs) { programs_ = &programs; }

 private:
  void name_programs(std::vector<trace::SocketEntry>& entries) const;
  void add_bound(const Actors& actors, std::vector<trace::SocketEntry>& entries) const;
  diag::SocketTable table_;
  Outsiders* outsiders_;
  std::string host_;
  const Programs* programs_ = nullptr;
};

/// The address that a socket of another process has: its descriptor is looked at by pidfd_getfd(2). Nothing
/// where it is no socket or may not be looked at.
struct Peeked {
  SocketAddress own;
  int type = 0;       ///< SOCK_STREAM…
  int tcp_state = 0;  ///< include/net/tcp_states.h; 0 where it is not TCP
};
/// A descriptor of the same socket, by pidfd_getfd(2); invalid where that is not allowed.
[[nodiscard]] UniqueFd borrow(pid_t pid, int fd);
[[nodiscard]] std::optional<Peeked> peek(pid_t pid, int fd);

/// Whether one of the entries is what the claim says (`none` is the caller's). `by` "" is any process.
[[nodiscard]] bool has_socket(const std::vector<trace::SocketEntry>& entries, SocketState state,
                              const Pattern& local, const Pattern& peer, const std::string& by);

}  // namespace loopscope::lab
