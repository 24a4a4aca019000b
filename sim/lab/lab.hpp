#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/experiment/statement.hpp"
#include "sim/lab/refused_rule.hpp"
#include "sim/lab/shell.hpp"
#include "sim/sandbox/launcher.hpp"
#include "sim/trace/event.hpp"

namespace loopscope::lab {

/// One private world with its processes, seen from the program. Everything that happens comes back as trace
/// events. Nothing here blocks: give work with perform() and the packet calls, wait for fd() to become
/// readable, then pump(). Threading: one thread. Ending: the destructor ends the world with everything in it
/// (so does the program's death).
class Lab {
 public:
  struct Options {
    /// Live stepping: packets are held one by one from the start (see hold()), kernel timers are stretched so
    /// that ten minutes of holding kill no connection, and time during which something is held does not count
    /// as patience.
    bool stepping = false;
    /// On this machine's own loopback, without a world. An experiment that would change the machine or leave
    /// the loopback is refused before anything is run (here_rules.hpp), as an act would be. The socket table
    /// shows what has to do with the experiment, other programs that join under their own names. Packets are
    /// not held; they are seen where the machine allows it, and told from their effects (PacketSeen::derived)
    /// where not: see Found::why_no_capture.
    bool here = false;
    /// `run` and `start` may start real programs: the user has been asked, or the experiment is the product's
    /// own. Not on this machine itself.
    bool programs = false;
    /// A house: its programs live together, in a place where a shell can join them (open_shell()). Not on
    /// this machine itself.
    bool house = false;
    /// Hosts are joined by the kernel's bridge instead of the wire: frames cost it microseconds, and can be
    /// neither held nor lost between hosts (`packets wire …` is refused).
    bool bridge = false;
    std::string file;  ///< for RunStarted
    /// Its text, for RunStarted. Before anything is done nftables is asked about its firewall rules.
    std::string experiment;
  };
  [[nodiscard]] static tl::expected<std::unique_ptr<Lab>, sandbox::Refusal> open(sandbox::Launcher& launcher,
                                                                                 Options options);
  /// open() in two parts, for who must not wait while the world wakes up (some 50 ms).
  class Opening {
   public:
    /// Makes the world. Blocks for some milliseconds (see Launcher::make_world).
    Opening(sandbox::Launcher& launcher, Options options);
    ~Opening();
    Opening(const Opening&) = delete;
    Opening& operator=(const Opening&) = delete;
    /// Readable when take() has something to do; -1 where it failed already.
    [[nodiscard]] int fd() const noexcept;
    /// The lab, or why there is none, once; nothing while the world is not ready. Never waits.
    [[nodiscard]] std::optional<tl::expected<std::unique_ptr<Lab>, sandbox::Refusal>> take();

   private:
    struct Part;
    std::unique_ptr<Part> part_;
  };
  ~Lab();
  Lab(const Lab&) = delete;
  Lab& operator=(const Lab&) = delete;

  /// Readable (poll(2)) when pump() has something.
  [[nodiscard]] int fd() const noexcept;
  /// The events that have come since the last call, in the order of their arrival. Never waits. After the
  /// world's end the last is RunEnded.
  [[nodiscard]] std::vector<trace::Event> pump();
  /// CLOCK_MONOTONIC at the trace's moment 0.
  [[nodiscard]] Nanoseconds origin() const noexcept;
  /// False once the world has ended, for whatever reason.
  [[nodiscard]] bool alive() const noexcept;

  /// Takes up a statement; StepStarted, its facts and StepFinished (with the step number returned here)
  /// follow as events. Statements are taken one after the other; a second perform() while one is under way
  /// waits its turn, except that statements of learners' acts (`index` empty) on another process are taken at
  /// once.
  std::uint64_t perform(const experiment::Statement& statement, std::optional<std::uint64_t> index);
  /// The same in a world with a house, from outside it: files and programs of the statement have nothing to
  /// do with those of the house. What such a program wrote is told as a WorldChanged 'PROCESS wrote: …'
  /// before its StepFinished.
  std::uint64_t perform_outside(const experiment::Statement& statement, std::uint64_t index);
  /// A shell in the house. It ends with the world at the latest. What hinders it from starting it says
  /// itself. The streams of the wish stay the caller's.
  [[nodiscard]] std::unique_ptr<Shell> open_shell(const ShellWish& wish);

  /// Whether packets on `lo` can be held here (KERNEL.md: NFQUEUE); where not, why.
  [[nodiscard]] bool can_hold() const noexcept;
  [[nodiscard]] const std::string& why_no_hold() const noexcept;
  /// What else was found where the lab woke up.
  struct Found {
    std::string why_no_capture;   ///< empty: packets are seen
    std::string why_no_firewall;  ///< empty: it has one; known where Options::stepping is set
    bool shows_bound = false;     ///< the kernel shows sockets that are bound only (TCP_BOUND_INACTIVE)
    bool second_user = false;     ///< an ordinary process is another user than root's
    bool ipv6 = false;
  };
  [[nodiscard]] const Found& found() const noexcept;
  /// The firewall rules of Options::experiment that nftables does not take, counted from 0.
  [[nodiscard]] const std::vector<RuleRefused>& refused_rules() const noexcept;
  void hold(bool on);  ///< off: lets all go
  void let_go(trace::HeldId id);
  void drop(trace::HeldId id);
  void delay(trace::HeldId id, Milliseconds time);  ///< lets it go after that time
  /// Has a listening TCP socket of the experiment drop all that comes, without privileges and without a
  /// firewall: IP_MINTTL (ip(7)) is a filter of that one socket by the packets' TTL, so that whoever connects
  /// to it gets no answer and times out. `on` false: it hears again, and a connect that waits goes on when
  /// its SYN is sent again. A step of its own, like an act: StepFinished::trouble says why it could not be
  /// done, WorldChanged what it is.
  std::uint64_t block_listener(const std::string& process, const std::string& variable, bool on);
  /// Each network call of a real program waits, once it is told (CallEntered), until let_call_go() with its
  /// pid. Off: all go.
  void hold_calls(bool on);
  void let_call_go(int thread);
  /// Asks for a fresh SocketTable event of each host.
  void look();

 private:
  struct Private;
  explicit Lab(std::unique_ptr<Private> inside);
  std::unique_ptr<Private> inside_;
};

/// The launcher whose worlds speak Lab's protocol. First thing in main, before any thread.
[[nodiscard]] sandbox::Launcher make_launcher();

}  // namespace loopscope::lab
