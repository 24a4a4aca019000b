#include "tests/judge/scenes.hpp"

namespace loopscope::judge {
namespace {

void connected_pair(Writer& w, const std::string& other, bool nonblock, const char* backlog) {
  const Made listener = w.open("p", false, true, nonblock);
  w.on(listener, "bind", ", 127.0.0.1:5000");
  w.on(listener, "listen", std::string(", ") + backlog);
  const Made client = w.open(other, false, true, nonblock);
  w.on(client, "connect", ", 127.0.0.1:5000");
}

}  // namespace

void scene_datagrams(Writer& w) {
  auto& dice = w.dice;
  if (dice.chance(.3)) w.sysctls();
  for (int i = dice.between(2, 4); i > 0; --i) {
    const Made s = w.open(w.process(), dice.chance(.4), false, true);
    if (dice.chance(.4)) w.set_option(s);
    if (dice.chance(.7)) w.on(s, "bind", ", " + w.address(s));
    if (dice.chance(.4)) w.on(s, "connect", ", " + w.address(s));
  }
  for (int i = dice.between(6, 18); i > 0; --i) {
    const Made s = w.sockets[dice.below(w.sockets.size())];
    switch (dice.between(0, 9)) {
      case 0:
      case 1:
        w.on(s, "sendto",
             std::string(", ") + dice.one_of({"\"hello\"", "\"\"", "\"m\""}) + ", " + w.address(s) +
                 dice.one_of({"", "", "", ", MSG_MORE", ", MSG_DONTWAIT"}));
        break;
      case 2:
      case 3:
        w.on(s, "send", dice.one_of({", \"hi\"", ", \"hi\"", ", \"more\", MSG_MORE", ", \"x\" * 70000"}));
        break;
      case 4:
      case 5:
        w.on(s, "recvfrom",
             std::string(", ") + dice.one_of({"65536", "2", "0"}) +
                 dice.one_of({"", ", MSG_PEEK", ", MSG_TRUNC"}));
        break;
      case 6:
        w.on(s, "connect", dice.chance(.3) ? ", AF_UNSPEC" : ", " + w.address(s));
        break;
      default:
        if (w.sockets.size() > 1 || dice.chance(.5)) w.any_step();
        break;
    }
    if (w.sockets.empty()) return;
  }
}

void scene_waiting(Writer& w) {
  auto& dice = w.dice;
  connected_pair(w, "q", false, dice.one_of({"0", "1", "5"}));
  const Made listener = w.sockets[0], client = w.sockets[1];
  const bool accepted = dice.chance(.7);
  Made end = accepted ? w.accept_from(listener) : listener;
  if (dice.chance(.3)) w.on(listener, "fcntl", ", F_SETFL, 0");
  if (dice.chance(.3))
    w.on(client, "setsockopt", dice.one_of({", SO_RCVTIMEO, {0, 50000}", ", SO_RCVTIMEO, {0, 600000}"}));
  const auto wait_for_it = [&](const std::string& process) {
    w.step(process, dice.chance(.5) ? "returns" : "returns within 2s");
  };
  for (int i = dice.between(2, 4); i > 0; --i) {
    switch (dice.between(0, 3)) {  // q waits for something
      case 0:
        w.on(client, "recv", dice.one_of({"", ", 3", ", 4, MSG_WAITALL", ", 2, MSG_PEEK"}));
        break;
      case 1:
        w.on(client, "poll", dice.one_of({", POLLIN", ", POLLRDHUP", ", POLLPRI"}));
        break;
      case 2:
        w.on(client, "read", ", 3");
        break;
      default: {
        const Made third = w.open("q", dice.chance(.2), dice.chance(.7), false);
        w.on(third, third.tcp ? "connect" : "recvfrom",
             third.tcp ? std::string(third.v6 ? ", [::ffff:127.0.0.1]:5000" : ", 127.0.0.1:5000") : "");
        break;
      }
    }
    switch (dice.between(0, 6)) {  // p does it, or something else
      case 0:
      case 1:
        w.on(end, "send", dice.one_of({", \"ab\"", ", \"hello\"", ", \"u\", MSG_OOB"}));
        break;
      case 2:
        w.on(end, "close");
        break;
      case 3:
        w.on(end, "shutdown", dice.one_of({", SHUT_WR", ", SHUT_RDWR"}));
        break;
      case 4:
        (void)w.accept_from(listener);
        break;
      case 5:
        if (dice.chance(.4)) {
          w.end_process("p");
          wait_for_it("q");
          return;
        }
        w.on(end, "getpeername");
        break;
      default:
        w.say("wait 60ms");
        break;
    }
    wait_for_it("q");
    if (dice.chance(.1)) {
      w.end_process("q");
      w.wind_down(4);
      return;
    }
  }
  w.wind_down(dice.between(0, 5));
}

void scene_packets(Writer& w) {
  auto& dice = w.dice;
  const bool at_once = dice.chance(.5);
  if (!at_once) connected_pair(w, "p", true, "5");
  w.say("packets hold");
  if (at_once) connected_pair(w, "p", true, "5");
  for (int i = dice.between(4, 10); i > 0; --i) {
    switch (dice.between(0, 6)) {
      case 0:
      case 1:
        w.say(std::string("packets ") + dice.one_of({"pass", "pass", "pass 2", "drop", "pass all"}));
        break;
      case 2:
        w.say("expect held " + std::to_string(dice.between(0, 2)) + dice.one_of({"", " SYN", " SYN-ACK"}));
        break;
      case 3:
        (void)w.accept_from(w.sockets[0]);
        break;
      default:
        w.one_end(Made(w.sockets[dice.below(w.sockets.size())]));
        break;
    }
  }
  w.say("packets flow");
  w.wind_down(4);
}

}  // namespace loopscope::judge
