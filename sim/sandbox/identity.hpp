#pragma once

#include <sys/types.h>

#include <optional>

/// Who the processes of a world are: user_namespaces(7), capabilities(7).
namespace loopscope::sandbox {

inline constexpr uid_t ordinary_id = 1000;       ///< inside the world
inline constexpr uid_t machines_nobody = 65534;  ///< what it is outside: a user who owns nothing

/// In a fresh user namespace of one's own: maps this user and group to themselves, the only map that needs no
/// privilege. Throws SystemError whose call() names the step.
void map_self(uid_t user, gid_t group);

/// The second id of this user namespace, if it has one (the program was root): `ordinary_id`.
[[nodiscard]] std::optional<uid_t> second_id();

/// Makes the calling process an ordinary one for good: another user where there is a second id, and no
/// capability at all in any case. Throws SystemError.
void become_ordinary();
/// Makes the calling process, and the programs that it becomes, the lab's administrator for good: the same
/// user as an ordinary one, but with CAP_NET_ADMIN, CAP_NET_RAW, CAP_NET_BIND_SERVICE and CAP_KILL over the
/// world as ambient capabilities, which outlast execve(2). Throws SystemError.
void become_administrator();
/// Keeps what the world gives: all capabilities over it; only forbids more.
void stay_root();

}  // namespace loopscope::sandbox
