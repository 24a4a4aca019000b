#include <algorithm>

#include "tests/judge/writer.hpp"

/// One step on a socket, whichever.
namespace loopscope::judge {

void Writer::any_step() {
  if (sockets.empty()) return;
  const std::size_t recent = sockets.size() > 5 && dice.chance(.7) ? 5 : sockets.size();
  any_step(Made(sockets[sockets.size() - 1 - dice.below(recent)]));
}

void Writer::any_step(const Made& s) {
  switch (dice.between(0, 25)) {
    case 0:
    case 1:
    case 2:
      return set_option(s);
    case 3:
    case 4:
    case 5:
      return on(s, "bind", ", " + address(s));
    case 6:
    case 7:
      return on(s, "listen", std::string(", ") + dice.one_of({"0", "1", "5", "-1"}));
    case 8:
    case 9:
    case 10:
      return on(s, "connect", dice.chance(.08) ? ", AF_UNSPEC" : ", " + address(s));
    case 11:
      (void)accept_from(s);
      return;
    case 12:
      return on(s, "sendto", ", \"hello\", " + address(s));
    case 13:
      return get_option(s);
    case 14:
      if (dice.chance(.3)) return claim();
      return on(s, "getsockname");
    case 15:
      if (dice.chance(.15)) return end_process(s.process);
      return on(s, "close");
    default:
      return one_end(s);
  }
}

void Writer::one_end(const Made& s) {
  switch (dice.between(0, 15)) {
    case 0:
    case 1:
    case 2:
      return on(s, "send",
                std::string(", ") + dice.one_of({"\"a\"", "\"a\"", "\"bc\"", "\"bc\"", "\"hello\"", "\"\"",
                                                 "\"hello\", MSG_MORE", "\"u\", MSG_OOB",
                                                 "\"n\", MSG_NOSIGNAL", "\"d\", MSG_DONTWAIT"}));
    case 3:
    case 4:
    case 5:
      return on(
          s, dice.one_of({"recv", "recvfrom"}),
          std::string(", ") + dice.one_of({"65536", "65536", "1", "2", "3", "0"}) + ", MSG_DONTWAIT" +
              dice.one_of({"", "", "", "|MSG_PEEK", "|MSG_PEEK", "|MSG_OOB", "|MSG_WAITALL", "|MSG_TRUNC"}));
    case 6:
    case 7:
      return on(s, "shutdown", std::string(", ") + dice.one_of({"SHUT_RD", "SHUT_WR", "SHUT_RDWR"}));
    case 8:
      return on(s, "close");
    case 9:
    case 10:
      return on(s, "poll",
                std::string(", ") + dice.one_of({"POLLIN|POLLOUT|POLLRDHUP", "POLLIN|POLLOUT|POLLRDHUP",
                                                 "POLLIN", "POLLRDHUP", "POLLPRI|POLLOUT", "0"}));
    case 11:
    case 12:
      return on(s, "state");
    case 13:
      return on(s, "getsockopt", ", SO_ERROR");
    case 14:
      return on(s, dice.one_of({"getsockname", "getpeername"}));
    default:
      return say(dice.chance(.5) ? "wait 60ms" : "wait 5ms");
  }
}

void Writer::wind_down(int steps) {
  for (int i = 0; i < steps && !sockets.empty(); ++i) {
    const Made s = sockets[dice.below(std::min<std::size_t>(sockets.size(), 3))];
    if (dice.chance(.92)) {
      one_end(s);
    } else {
      any_step();
    }
  }
}

}  // namespace loopscope::judge
