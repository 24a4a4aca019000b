#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/views/snapshot.hpp"

/// What there is in the live world that something can be induced on. Pure: from the snapshot alone.
namespace loopscope::app {

/// Who serves: the listener that is selected, else the first; without one a UDP socket that waits.
struct Served {
  std::string process, host, variable;  ///< variable: what its process calls the socket
  SocketAddress at;
  bool udp = false;
  std::uint32_t backlog = 0, waiting = 0;  ///< of its accept queue
  bool reuse_port = false;                 ///< SO_REUSEPORT was set on it
  bool program = false;                    ///< a real program, which decides itself where it listens
  bool in_call = false;                    ///< it has not returned from its last call
  bool in_accept = false;                  ///< and that is accept
  bool stopped = false;                    ///< by SIGSTOP
};

/// An address that the experiment is going to bind.
struct Planned {
  std::string process, host;
  SocketAddress at;
  bool udp = false;
};

struct InduceWorld {
  std::string why_nothing;       ///< nothing can be done now, and why; empty: it can
  bool on_this_machine = false;  ///< on this machine's own loopback
  std::optional<Served> server;
  std::optional<Planned> planned;  ///< where nobody serves yet
  std::vector<std::string> hosts;  ///< beside `here`, in order
  std::string client_host;         ///< where who connects lives
  bool unplugged = false;          ///< `packets wire hold` …
  bool unplugged_by_hand = false;  ///< … by the learner
  std::set<std::string> names;     ///< of processes
  std::set<std::uint16_t> ports;   ///< that sockets have
  std::set<std::string> blocked;   ///< listeners that were made deaf by IP_MINTTL: PROCESS/VARIABLE

  [[nodiscard]] std::string fresh_name(const std::string& wish) const;
  /// A port above `from` that no socket has.
  [[nodiscard]] std::uint16_t free_port(std::uint16_t from, int in_a_row = 1) const;
  /// The address of `host` on the network between machines.
  [[nodiscard]] std::optional<IpAddress> on_the_network(const std::string& host) const;

  const experiment::Experiment* experiment = nullptr;
};

[[nodiscard]] InduceWorld induce_world_of(const Snapshot& now);

}  // namespace loopscope::app
