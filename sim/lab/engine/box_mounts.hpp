#pragma once

namespace loopscope::lab {

/// In a mount and a PID namespace of one's own, of which this is the first process: a proc(5) that shows
/// nobody else. For a stranger's program also: home folders, runtime folders (with the sockets of the
/// machine's services, which are reached by their files) and devices are out of sight; what is left of /dev
/// is null, zero, full, random, urandom and a private shm, with `has_terminal` also tty; and of /proc only
/// the world's own network settings can be written. Throws SystemError.
void prepare_mounts(bool stranger, bool has_terminal = false);

/// After prepare_mounts(true): what a house has besides (house.hpp): terminals of its own below /dev/pts, and
/// a /tmp of its own with the working folder. Throws SystemError.
void furnish_house();

}  // namespace loopscope::lab
