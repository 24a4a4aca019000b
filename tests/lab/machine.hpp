#pragma once

#include <sys/types.h>

#include <map>
#include <set>
#include <string>

/// What a machine looks like from inside: for tests that nothing is left of a lab.
namespace loopscope::test {

/// Everything of this process's machine (its mounts, PID and network namespace) that a lab might have left
/// something in: name -> what it holds.
[[nodiscard]] std::map<std::string, std::string> look_around();

/// What is new, changed or gone, one a line; empty where nothing is.
[[nodiscard]] std::string differences(const std::map<std::string, std::string>& before,
                                      const std::map<std::string, std::string>& now);

/// How many nftables rules there are by table in the networks, other than this process's own, of all that
/// descend from `program`. Table `loopscope_hold`: packets are held, in a queue that was bound before.
[[nodiscard]] std::map<std::string, int> rules_below(pid_t program);

/// How many processes that descend from `program` have one of these names (proc(5), comm).
[[nodiscard]] int programs_below(pid_t program, const std::set<std::string>& names);

}  // namespace loopscope::test
