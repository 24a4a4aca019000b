#include "lessons/game/scenes.hpp"

namespace loopscope::game {

void scene_connect(Script& s) {
  const bool v6 = s.dice.one_in(3);
  s.open("server", "s", v6, true);
  if (v6 && s.dice.one_in(3)) s.set("server", "s", "IPV6_V6ONLY");
  s.bind("server", "s", s.at(s.own_ip(v6)));
  const bool listens = !s.dice.one_in(5);
  if (listens) s.listen("server", "s");
  if (s.dice.one_in(6)) s.say("kill server");
  const bool client_v6 = v6 ? s.dice.coin() : s.dice.one_in(5);
  s.open("client", "c", client_v6, true);
  if (client_v6 && s.dice.one_in(4)) s.set("client", "c", "IPV6_V6ONLY");
  const std::string there =
      client_v6 ? s.dice.one_of({"[::1]", "[::1]", "[::ffff:127.0.0.1]"})
                : s.dice.one_of({"127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.2", "0.0.0.0"});
  const int port = s.dice.one_in(6) ? (s.dice.one_in(3) ? 0 : s.port + 9) : s.port;
  s.call("client", "connect(c, " + s.at(there, port) + ")");
}

void scene_connect_odd(Script& s) {
  s.serve("server", "s", "127.0.0.1");
  if (s.dice.one_in(3)) {
    const int own = s.port + 11;
    s.open("client", "c", false, true);
    if (s.dice.coin()) {
      s.bind("client", "c", s.at("127.0.0.1", own));
      s.listen("client", "c");
    } else {
      s.call("client", "connect(c, " + s.at("127.0.0.1") + ")");
    }
    return s.call("client", "connect(c, " + s.at("127.0.0.1") + ")");
  }
  const bool v6 = s.dice.coin();
  s.open("client", "c", v6, true);
  if (v6) {
    s.set("client", "c", "IPV6_V6ONLY");
    return s.call("client", "connect(c, " + s.at("[::ffff:127.0.0.1]") + ")");
  }
  const std::string far = s.dice.one_of({"192.0.2.9", "10.1.2.3", "198.51.100.7"});
  s.call("client", "connect(c, " + s.at(s.dice.coin() ? far : "127.0.0.1") + ")");
}

void scene_nonblocking(Script& s) {
  if (s.dice.coin()) s.serve("server", "s", s.dice.one_of({"127.0.0.1", "0.0.0.0"}));
  s.open("client", "c", false, true, true);
  s.call("client", "connect(c, " + s.at("127.0.0.1") + ")");
}

void scene_exhausted(Script& s) {
  const int first = s.dice.between(61100, 64000);
  if (s.port >= first && s.port <= first + 1) s.port = first - 50;
  s.say("sysctl here net.ipv4.ip_local_port_range = " + std::to_string(first) + " " +
        std::to_string(first + 1));
  s.serve("server", "s", "0.0.0.0");
  const int taken = s.dice.between(1, 2);
  for (int i = 0; i < taken; ++i) {
    const std::string who = "client" + std::to_string(i + 1);
    s.open(who, "c", false, true);
    s.call(who, "connect(c, " + s.at("127.0.0.1") + ")");
  }
  s.open("late", "c", false, true);
  s.call("late", "connect(c, " + s.at(s.dice.one_in(3) ? "127.0.0.2" : "127.0.0.1") + ")");
}

void scene_accept(Script& s) {
  switch (s.dice.between(0, 3)) {
    case 0:
      s.open("server", "s", false, false);
      s.bind("server", "s", s.at("127.0.0.1"));
      break;
    case 1:
      s.open("server", "s", false, true);
      s.bind("server", "s", s.at("127.0.0.1"));
      break;
    case 2:
      s.open("server", "s", false, true, true);
      s.bind("server", "s", s.at("127.0.0.1"));
      s.listen("server", "s");
      break;
    default:
      s.open("server", "s", false, true, s.dice.coin());
      s.bind("server", "s", s.at("0.0.0.0"));
      s.listen("server", "s");
      s.open("client", "c", false, true);
      s.call("client", "connect(c, " + s.at("127.0.0.1") + ")");
      if (s.dice.one_in(3)) s.call("client", "close(c)");
      break;
  }
  s.call("server", "b = accept(s)");
}

}  // namespace loopscope::game
