#include "tests/judge/writer.hpp"

#include <algorithm>

namespace loopscope::judge {

std::string Writer::ip(bool v6) {
  const auto& more = v6 ? addresses_v6 : addresses_v4;
  if (!more.empty() && dice.chance(.5)) {
    const auto& one = more[dice.below(more.size())];
    return v6 ? "[" + one + "]" : one;
  }
  if (v6) {
    return std::string("[") +
           dice.one_of({"::1", "::1", "::1", "::1", "::", "::", "::ffff:127.0.0.1", "::ffff:127.0.0.1",
                        "::ffff:0.0.0.0", "::ffff:127.0.0.2", "2001:db8::9", "ff02::1", "::ffff:192.0.2.9"}) +
           "]";
  }
  if (dice.chance(.03)) return dice.one_of({"224.0.0.1", "255.255.255.255", "0.0.0.9", "239.1.2.3"});
  return dice.one_of({"127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1", "0.0.0.0", "0.0.0.0", "127.0.0.2",
                      "127.255.255.255", "192.0.2.9"});
}

std::string Writer::port() {
  if (dice.chance(.55)) return dice.chance(.75) ? "5000" : "5001";
  if (dice.chance(.35)) return "0";
  if (dice.chance(.03)) return dice.one_of({"80", "1023", "1024", "40000", "65535"});
  if (sockets.empty()) return "5000";
  const auto& other = sockets[dice.below(sockets.size())];
  return "port(" + other.process + "." + other.name + ")";
}

std::string Writer::address(const Made& socket) {
  return ip(dice.chance(.04) ? !socket.v6 : socket.v6) + ":" + port();
}

std::string Writer::process() {
  if (dice.chance(.8)) return "p";
  if (!language_.root || dice.chance(.6)) return "q";
  if (!root_declared_) say("process r as root");
  root_declared_ = true;
  return "r";
}

Made Writer::open(const std::string& process, bool v6, bool tcp, bool nonblock) {
  sockets.push_back({"a" + std::to_string(made_++), process, v6, tcp});
  const auto made = sockets.back();
  step(process, made.name + " = socket(" + (v6 ? "AF_INET6" : "AF_INET") + ", " +
                    (tcp ? "SOCK_STREAM" : "SOCK_DGRAM") + (nonblock ? "|SOCK_NONBLOCK" : "") + ")");
  return made;
}

Made Writer::accept_from(const Made& listener) {
  on(listener, "fcntl", ", F_SETFL, O_NONBLOCK");
  Made child{"a" + std::to_string(made_++), listener.process, listener.v6, true};
  step(listener.process, child.name + " = accept(" + listener.name + ")");
  sockets.push_back(child);
  return child;
}

void Writer::claim() {
  const bool v6 = dice.chance(.4);
  const std::string state = dice.one_of({"LISTEN", "LISTEN", "ESTABLISHED", "ESTABLISHED", "TIME-WAIT",
                                         "BOUND", "CLOSE-WAIT", "FIN-WAIT-2", "UNCONNECTED"});
  std::string line = std::string("expect ") + (dice.chance(.3) ? "no " : "") + state + " ";
  line += dice.chance(.4) ? "*:5000" : ip(v6) + ":" + (dice.chance(.7) ? "5000" : "*");
  if (dice.chance(.2)) line += " *:5000";
  if (dice.chance(.2)) line += dice.chance(.5) ? " by p" : " by q";
  if (dice.chance(.2))
    line = "expect packets " + std::to_string(dice.between(0, 2)) + " " +
           dice.one_of({"SYN", "SYN-ACK", "RST", "FIN"}) + (dice.chance(.3) ? " to *:5000" : "");
  say(line);
}

void Writer::end_process(const std::string& process) {
  const bool lives =
      std::any_of(sockets.begin(), sockets.end(), [&](const Made& each) { return each.process == process; });
  if (!lives) return;
  say((dice.chance(.6) ? "kill " : "exit ") + process);
  std::erase_if(sockets, [&](const Made& each) { return each.process == process; });
}

}  // namespace loopscope::judge
