#include "sim/experiment/constants.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>

namespace loopscope::experiment {
namespace {

constexpr std::array<Constant, 7> messages{{{"MSG_PEEK", MSG_PEEK},
                                            {"MSG_DONTWAIT", MSG_DONTWAIT},
                                            {"MSG_WAITALL", MSG_WAITALL},
                                            {"MSG_TRUNC", MSG_TRUNC},
                                            {"MSG_OOB", MSG_OOB},
                                            {"MSG_NOSIGNAL", MSG_NOSIGNAL},
                                            {"MSG_MORE", MSG_MORE}}};

// POLLRDHUP is a GNU extension of <poll.h>; its value is part of the kernel's interface (asm-generic/poll.h).
constexpr int poll_read_hang_up = 0x2000;
constexpr std::array<Constant, 7> polls{{{"POLLIN", POLLIN},
                                         {"POLLPRI", POLLPRI},
                                         {"POLLOUT", POLLOUT},
                                         {"POLLERR", POLLERR},
                                         {"POLLHUP", POLLHUP},
                                         {"POLLNVAL", POLLNVAL},
                                         {"POLLRDHUP", poll_read_hang_up}}};

constexpr std::array<Constant, 3> shutdowns{
    {{"SHUT_RD", SHUT_RD}, {"SHUT_WR", SHUT_WR}, {"SHUT_RDWR", SHUT_RDWR}}};

}  // namespace

std::span<const Constant> message_flags() { return messages; }
std::span<const Constant> poll_events() { return polls; }
std::span<const Constant> shutdown_hows() { return shutdowns; }

std::string join_constants(int mask, std::span<const Constant> table) {
  std::string text;
  for (const Constant& constant : table) {
    if ((mask & constant.value) == 0) continue;
    if (!text.empty()) text += '|';
    text += constant.name;
  }
  return text.empty() ? "0" : text;
}

}  // namespace loopscope::experiment
