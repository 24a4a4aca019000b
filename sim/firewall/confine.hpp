#pragma once

namespace loopscope::firewall {

/// From here on the calling process can open no file, make no socket but a netlink one, start no program and
/// enter no namespace: the kernel answers EACCES (seccomp(2), SECCOMP_MODE_FILTER). For good. Throws
/// SystemError.
void confine();

}  // namespace loopscope::firewall
