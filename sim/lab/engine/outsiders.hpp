#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/base/address.hpp"
#include "sim/diag/owners.hpp"
#include "sim/lab/engine/reporter.hpp"
#include "sim/trace/socket_entry.hpp"

namespace loopscope::lab {

/// Programs of this machine that the experiment did not start and that have to do with it: a client that
/// joins, or who holds the port that a process of the experiment asks for. Only on the machine itself
/// (`--here`). Who they are says /proc (proc(5)); of another user's process only the user is known
/// (sock_diag(7)).
class Outsiders {
 public:
  /// `reserved`: names that the experiment's own processes have or will have.
  Outsiders(Reporter& reporter, std::set<std::string> reserved)
      : reporter_(reporter), reserved_(std::move(reserved)) {}

  /// A port that the experiment asks for or connects to: whoever has it counts, too.
  void watch(Port port) {
    if (number(port) != 0) ports_.insert(port);
  }
  [[nodiscard]] const std::set<Port>& ports() const noexcept { return ports_; }

  /// Removes from a table of the whole machine what has nothing to do with the experiment: other ports than
  /// its own, and other addresses than the loopback's.
  void keep_what_concerns(std::vector<trace::SocketEntry>& entries) const;
  /// Puts the owner's real name, pid and descriptor where no process of the experiment owns an entry, and
  /// says who has come (ProcessStarted) and gone (ProcessEnded). Looks through /proc where an inode is new:
  /// up to 100 ms on a full machine.
  void name(std::vector<trace::SocketEntry>& entries);

 private:
  struct Person {
    std::string name;
    int pid = 0;
  };
  struct Known {
    diag::Owner owner;  ///< pid 0: it may not be looked at
    std::string name;
  };
  const Known& known(const trace::SocketEntry& entry, diag::Owners& owners, bool& looked);
  std::string introduce(const diag::Owner& owner, std::uint32_t uid);
  void tell_who_has_gone();

  Reporter& reporter_;
  std::set<std::string> reserved_;
  std::set<Port> ports_;
  std::map<std::uint64_t, Known> by_inode_;
  std::map<std::pair<int, std::uint32_t>, Person> people_;  ///< by pid, and uid where that is 0
};

/// The name that belongs to a uid (getpwuid(3)), or the number.
[[nodiscard]] std::string user_name(std::uint32_t uid);

}  // namespace loopscope::lab
