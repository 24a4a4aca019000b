#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/views/delay.hpp"
#include "app/views/explanation.hpp"
#include "app/views/stage_firewall.hpp"
#include "sim/experiment/statement.hpp"
#include "sim/lab/session.hpp"
#include "sim/trace/timeline.hpp"

/// What the stage shows at a moment: computed from a timeline, a moment and the experiment, and nothing else.
/// No drawing here.
namespace loopscope::app::stage {

/// How a datum is known.
enum class Known : std::uint8_t { Measured, Derived, Predicted };

/// The role of a colour.
enum class Mood : std::uint8_t { Neutral, Info, Good, Waiting, Bad, Call };

/// The colour of a socket's state: green where established, amber while it waits for the other side.
[[nodiscard]] Mood mood_of(SocketState state);

struct Input {
  const trace::Timeline* timeline = nullptr;  ///< must not be null
  std::string host = "here";                  ///< whose stage it is
  bool among_others = false;                  ///< other machines are shown beside it: see stage_world.hpp
  std::vector<IpAddress> addresses;           ///< the machine's own in the network; meaningful among others
  Nanoseconds moment{};
  float progress = 1.0F;  ///< 0…1: how far the last fact is drawn on its way
  const experiment::Experiment* experiment =
      nullptr;                        ///< may be null: then nothing is said of what comes next
  std::optional<std::size_t> asking;  ///< the statement whose result the learner is asked to predict now
  std::span<const lab::Prediction> predictions;
  std::string selected;                      ///< see action::Select
  std::span<const Delay> delays;             ///< see Snapshot::delays
  const Explanation* explanation = nullptr;  ///< the model's, of the step at the moment; may be null
  const Trial* trial = nullptr;              ///< what is shown is a remedy's run; may be null
};

enum class Doing : std::uint8_t {
  NotStarted,  ///< the experiment names it, and it has not been started yet
  Running,
  Returned,  ///< its call is the last one that returned, well
  Failed,    ///< its call is the last one that returned, with an errno
  Stopped,   ///< it waits before its next call
  Blocked,   ///< inside a call
  Idle,      ///< nothing more to do in this experiment
  Ended,
};

struct ProcessView {
  std::string name;
  int pid = 0;
  bool root = false;
  bool serves = false;    ///< it listens, or waits for datagrams: it stands on the right
  bool contends = false;  ///< it serves, and another server asked for the same port number before
  Doing doing = Doing::NotStarted;
  std::string words;                 ///< 'stopped before accept()'
  std::optional<Nanoseconds> since;  ///< how long it has been so: the elapsed time of a blocked call
  Known known = Known::Measured;
  bool lit = false;
  bool dimmed = false;
};

/// One place in a listener's queue: a connection whose handshake is done and that no process has accepted, or
/// (with SYN-RECEIVED) one whose handshake is not done.
struct Waiting {
  trace::SocketEntry entry;
  bool masked = false;  ///< its addresses would answer the pending question
};

struct SocketView {
  trace::SocketEntry entry;
  Known known = Known::Measured;  ///< Derived: the kernel's table does not show it, its process's calls do
  std::size_t column = 0;         ///< index in Model::columns
  bool owned = true;              ///< false: no process has a descriptor of it (TIME-WAIT, orphaned)
  std::string state;              ///< '?' while it would answer the question
  std::string address;            ///< '127.0.0.1:62893', '→ 127.0.0.1:62893', 'no address'
  std::string door;               ///< its port, '?' where masked, empty where it has none
  std::string option;             ///< 'SO_REUSEADDR = 1': shown where it matters
  bool queues_masked = false;
  std::vector<Waiting> waiting;  ///< a listener's; measured
  std::uint32_t capacity = 0;    ///< a listener's backlog
  bool lit = false, dimmed = false, opponent = false, selected = false;
  [[nodiscard]] bool listens() const { return entry.state == SocketState::Listen; }
};

/// A place above the wall: a process, or nobody where a packet knocks at a port that no socket holds.
struct Column {
  std::optional<std::size_t> process;  ///< nothing: nobody is at home here
  std::vector<std::size_t> sockets;    ///< indices in Model::sockets
};

struct Door {
  Port port{};
  trace::Transport transport = trace::Transport::Tcp;
  std::size_t column = 0;
  bool nobody = false;                  ///< no socket holds it at the address that was called
  std::optional<SocketAddress> called;  ///< nobody's: which address and port
  bool lit = false, dimmed = false, opponent = false, masked = false;
  Mood mood = Mood::Neutral;
};

/// The stops of a packet's way on the U, in its own direction.
enum class Stop : std::uint8_t { Door, OutputGate, InputGate, FarDoor };

struct PacketView {
  std::string name;       ///< 'SYN', 'DATA'
  std::string selection;  ///< for action::Select
  const trace::Packet* packet = nullptr;
  std::size_t from = 0, to = 0;  ///< indices in Model::doors
  bool reply = false;            ///< towards the one that began: the inner lane
  Stop start = Stop::Door, end = Stop::Door;
  float share = 1;  ///< 0…1: how far between them
  Mood mood = Mood::Info;
  std::size_t count = 1;  ///< so many like it are at the same place
  std::optional<trace::HeldId> held;
  Nanoseconds held_for{};
  std::optional<Nanoseconds> goes_in;  ///< it was delayed and goes by itself
  int retransmissions = 0;
  bool dropped = false;
  bool rejected = false;  ///< dropped by the firewall, which has answered its sender
  std::string where;      ///< held somewhere else than on this machine: 'on the cable'
};

/// A packet between this machine and another one, at this machine's end of the cable.
struct CableEnd {
  PacketView packet;
  std::size_t door = 0;
  bool outward = false;  ///< it leaves
  bool stopped = false;  ///< by this machine's firewall: it is at its gate
  bool moves = false;    ///< it is what moved last
  Nanoseconds at{};
};

/// Packets of the current step that have passed, one entry a kind ('DATA ×48').
struct Passed {
  std::string name;
  std::size_t count = 1;
  Nanoseconds at{};  ///< of the last of them
  Mood mood = Mood::Info;
  bool reply = false;
};

struct Knock {             ///< a call that was refused because of who holds the port
  std::size_t column = 0;  ///< of the process that asked
  std::size_t door = 0;
  std::string call;  ///< 'bind(127.0.0.1:62893)'
};

struct Reason {
  std::string label;  ///< 'Rule', 'Opponent', 'Source'
  std::string text;   ///< *bold* and `code` words
  Known known = Known::Derived;
};

struct Verdict {
  bool asked = false;     ///< it was a question
  std::string predicted;  ///< 'ok'; empty where the learner did not know
  std::string measured;   ///< 'EADDRINUSE'
  bool agrees = false;
  Mood mood = Mood::Neutral;
  std::string process, call;
  std::string before;      ///< of a remedy's run: what the original got; empty elsewhere
  std::string model;       ///< what the model said; empty where it was not asked
  bool modelled = true;    ///< false: the model has no answer
  bool disagrees = false;  ///< the kernel and the model answered differently
  std::vector<Reason> reasons;
};

struct Model {
  std::vector<ProcessView> processes;
  std::vector<SocketView> sockets;
  std::vector<Column> columns;                             ///< left to right
  std::vector<Door> doors;                                 ///< by rising port
  std::optional<std::pair<std::size_t, std::size_t>> way;  ///< doors that the U joins: left, right
  std::vector<PacketView> packets;                         ///< to draw now: held, in motion, dropped
  std::vector<PacketView> packets_elsewhere;               ///< held between the machines, or on another one
  std::vector<Passed> passed;  ///< of this step, in order of time; none while one is held
  bool out_lane_lit = false, back_lane_lit = false;    ///< a packet has gone that way in this step
  Mood out_mood = Mood::Info, back_mood = Mood::Good;  ///< of the last packet that went that way
  std::optional<Knock> knock;
  FirewallView firewall;
  std::optional<Verdict> verdict;
  bool folded = false;       ///< no packet is involved: the verdict takes the network's place
  std::string network_note;  ///< what the network says where nothing moves: 'bind() sends no packet'
  std::string neighbours;  ///< other machines at the end of eth0's cable, 'laptop, printer'; empty: no cable
  std::size_t packets_by_cable = 0;  ///< of this step
  std::vector<CableEnd> cable;       ///< of this step, in order of time; among others only
  std::string asking;                ///< the call asked about, empty where none
  bool empty = true;                 ///< nothing has happened yet
};

/// Pure. Pointers inside the answer are into the timeline: use it before the timeline grows.
[[nodiscard]] Model model_at(const Input& input);

}  // namespace loopscope::app::stage
