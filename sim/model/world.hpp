#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/experiment/statement.hpp"
#include "sim/model/network.hpp"
#include "sim/model/prediction.hpp"
#include "sim/model/shared.hpp"
#include "sim/model/socket.hpp"

/// The model: pure rules that say what Linux does with an experiment's next statement. Values in, values out;
/// no system call, no clock, no thread, no file. A World may be copied at any time at the cost of a few
/// pointers.
namespace loopscope::model {

/// A name of a process for a socket.
struct Variable {
  SocketId socket = no_socket;  ///< no_socket: closed, or never opened
  std::uint16_t last_port = 0;  ///< port(VAR): the last it was bound or connected with
  bool free_choice = false;
  bool opened = false;  ///< it once stood for a descriptor
};

/// A call that has not returned.
struct Blocked {
  experiment::Call call;
  std::string variable;  ///< what it will assign
  SocketId socket = no_socket;
  Time since{};
  Time until = never;     ///< its own timeout
  int pending_error = 0;  ///< connect: what it answers if it stops waiting
  bool started = false;   ///< connect: the SYN has gone; close: the socket is being torn down
  std::string taken;      ///< recv with MSG_WAITALL: what came so far
  std::optional<Prediction> outcome;
};

struct Process {
  std::string name;
  std::uint8_t host = 0;
  bool root = false;
  bool alive = true;
  bool stopped = false;  ///< by SIGSTOP: it makes no call, its kernel goes on for it
  bool asked = false;    ///< a call was given to it meanwhile
  std::uint32_t uid = 1000;
  SharedNames<Variable> variables;
  std::optional<Blocked> blocked;
  int next_fd = 3;
  std::vector<int> free_fds;  ///< closed ones below next_fd
};

struct Timer {
  Time at{};
  std::uint64_t order = 0;
  SocketId socket = no_socket;
  std::uint32_t generation = 0;
};

struct World {
  World();

  Time now{};
  Time patience{300'000};
  std::vector<Host> hosts;  ///< the first is `here`
  std::vector<Cow<Process>> processes;
  SharedArray<Socket> sockets;
  SocketId next_socket = 0;
  std::uint64_t order = 0;
  /// Where the kernel's free choice in the next statement is known: the port that it took. The model follows
  /// where that is one of those it may take. 0: not known.
  std::uint16_t chosen_port = 0;
  Held wire;
  Cow<std::vector<Timer>> timers;  ///< a heap, the earliest first
  std::deque<Packet> flying;       ///< on their way at this moment; empty between statements
  bool keepalives = false;         ///< some socket has had SO_KEEPALIVE
  bool owners_known = false;       ///< users are those of a real machine, not 'root' and 'ordinary'
  std::string packets_doubt;       ///< why it is not known which packets go by; empty: it is
  std::string beyond;              ///< why nothing more can be said; empty while the model covers the world
};

/// Takes the statement: changes the world as Linux would, and says what it answers.
Prediction apply(World& world, const experiment::Statement& statement);

/// A stated result with `port(…)` replaced by what those sockets have in this world (`*` where the kernel
/// chose), so that it can be held against a predicted or measured one. `process`: whose step states it.
[[nodiscard]] experiment::Result stated_in(const World& world, const std::string& process,
                                           experiment::Result stated);

/// A row of a host's socket table, as sock_diag(7) would list it.
struct Row {
  SocketId socket = no_socket;
  Transport transport = Transport::Tcp;
  SocketState state = SocketState::Closed;
  SocketAddress local, peer;
  bool any_port = false, any_peer_port = false;  ///< the kernel's free choice
  std::string process;                           ///< empty: nobody's
  std::size_t queue = 0;                         ///< of a listener: connections that wait
};
[[nodiscard]] std::vector<Row> socket_table(const World& world, std::size_t host);
/// Index of the host of that name ("" is `here`); nothing where there is none.
[[nodiscard]] std::optional<std::size_t> find_host(const World& world, const std::string& name);

/// Before the first statement: all hosts are there, wherever in the file they are declared.
[[nodiscard]] World world_of(const experiment::Experiment& experiment);
/// A whole experiment, statement by statement.
[[nodiscard]] std::vector<Prediction> predict(const experiment::Experiment& experiment);

}  // namespace loopscope::model
