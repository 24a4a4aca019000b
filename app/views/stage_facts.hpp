#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/trace/timeline.hpp"

/// What the events up to a moment say of one machine, gathered in one pass and without interpretation. Pure.
namespace loopscope::app::stage {

/// A descriptor of a process as its own calls made it: what socket, bind, listen, setsockopt and close
/// returned.
struct Descriptor {
  std::string process;
  int fd = -1;
  std::string variable;  ///< the language's name of it, empty where unknown
  trace::Transport transport = trace::Transport::Tcp;
  bool accepted = false;  ///< it came from accept
  bool listening = false;
  std::optional<SocketAddress> bound;         ///< what a successful bind asked for; its port may be 0
  std::optional<SocketAddress> connected_to;  ///< what connect was last asked for
  std::vector<std::string> options;           ///< 'SO_REUSEADDR = 1', in the order of their calls
};

struct CallRecord {
  const trace::CallEntered* entered = nullptr;
  Nanoseconds entered_at{};
  const trace::CallReturned* returned = nullptr;  ///< null while under way
  Nanoseconds returned_at{};
};

struct ProcessRecord {
  std::string name;
  int pid = 0;
  bool root = false;
  bool outside = false;  ///< a program of this machine that joined the run, `user`'s
  std::string user;
  Nanoseconds started{};
  const trace::ProcessEnded* ended = nullptr;
  Nanoseconds ended_at{};
  std::optional<CallRecord> last_call;
  bool listens = false;   ///< it has called listen
  bool connects = false;  ///< it has called connect or sendto
  bool frozen = false;    ///< by SIGSTOP
};

struct PassedPacket {
  const trace::PacketSeen* seen = nullptr;
  Nanoseconds at{};
  std::size_t index = 0;  ///< of its event in the timeline
};

struct HeldRecord {
  const trace::PacketHeld* held = nullptr;
  Nanoseconds at{};
  std::size_t index = 0;  ///< of its event in the timeline
  int retransmissions = 0;
};

/// A held packet that was let go or dropped at `at`.
struct GonePacket {
  const trace::PacketHeld* held = nullptr;
  Nanoseconds at{};
  std::size_t index = 0;  ///< of the PacketHeld in the timeline
  bool dropped = false;
};

/// A packet that the firewall stopped.
struct StoppedPacket {
  const trace::FirewallJudged* judged = nullptr;
  Nanoseconds at{};
  std::size_t index = 0;  ///< of its event in the timeline
};

/// The statement that was taken up last, and what has passed since then.
struct StepRecord {
  const trace::StepStarted* started = nullptr;
  Nanoseconds started_at{};
  const trace::StepFinished* finished = nullptr;
  Nanoseconds finished_at{};
};

struct Facts {
  std::vector<ProcessRecord> processes;  ///< in the order of their start
  std::vector<Descriptor> descriptors;   ///< open ones
  StepRecord step;
  std::optional<std::size_t> last_statement;  ///< the highest index of the experiment's statements taken up
  std::optional<CallRecord> last_returned;    ///< the call that returned last, of whomever
  std::string last_returned_by;
  std::vector<PassedPacket> packets;           ///< on `lo`, since the last step began
  std::vector<PassedPacket> by_cable;          ///< on other devices, since the last step began
  std::vector<GonePacket> gone;                ///< held packets let go or dropped since the last step began
  std::vector<GonePacket> gone_from_wire;      ///< likewise, on the way between machines
  std::vector<StoppedPacket> stopped;          ///< by the firewall, since the last step began
  std::vector<const trace::Packet*> repeated;  ///< on the way between machines, since the last step began
  std::size_t packets_in_all = 0;
  std::vector<HeldRecord> held;               ///< oldest first
  std::vector<HeldRecord> held_elsewhere;     ///< between the machines, or on another one
  const trace::SocketTable* table = nullptr;  ///< the last one
  Nanoseconds table_at{};
  std::map<std::uint64_t, std::string>
      owners;  ///< socket cookie -> the process that had a descriptor of it last
  const trace::Event* last_visible = nullptr;  ///< last call, packet or process event: what moves
  Nanoseconds last_active{-1};                 ///< of its last call or packet; negative: none
  bool run_ended = false;
};

/// Whose facts are asked for.
struct Whose {
  std::string_view host = "here";
  bool among_others = false;  ///< other machines are shown beside it: what moves there is what moved last
};
/// Pointers in the answer are into the timeline's events: use it before the timeline grows.
[[nodiscard]] Facts gather(const trace::Timeline& timeline, Nanoseconds moment, Whose whose = {});
/// The machine that an event's host means: "" reads as `here`.
[[nodiscard]] std::string_view machine_of(std::string_view host);

/// The address inside a call's arguments as strace(1) writes them: '3, {sa_family=AF_INET,
/// sin_port=htons(62893), …}, 16'. Nothing where there is none.
[[nodiscard]] std::optional<SocketAddress> address_in(std::string_view arguments);
/// 'SO_REUSEADDR = 1' of '3, SOL_SOCKET, SO_REUSEADDR, [1], 4'. Empty where the arguments are no option.
[[nodiscard]] std::string option_in(std::string_view arguments);

}  // namespace loopscope::app::stage
