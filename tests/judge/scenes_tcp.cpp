#include "tests/judge/scenes.hpp"

namespace loopscope::judge {

void scene_anything(Writer& w) {
  w.sysctls();
  const bool tcp = w.dice.chance(.7);
  const int steps = w.dice.between(8, 26);
  for (int i = 0; i < steps; ++i) {
    if (w.sockets.empty() || w.dice.chance(.22)) {
      w.open(w.process(), w.dice.chance(.45), w.dice.chance(tcp ? .9 : .1), w.dice.chance(.35));
    } else {
      w.any_step();
    }
  }
}

void scene_connection(Writer& w) {
  auto& dice = w.dice;
  w.sysctls();
  const bool v6 = dice.chance(.5), dual = v6 && dice.chance(.5);
  const std::string other = dice.chance(.4) ? "q" : "p";
  const Made listener = w.open("p", v6, true, false);
  if (dice.chance(.5)) w.on(listener, "setsockopt", ", SO_REUSEADDR, 1");
  if (dice.chance(.25)) w.set_option(listener);
  w.on(listener, "bind",
       std::string(", ") +
           (dual ? "[::]"
            : v6 ? "[::1]"
                 : dice.one_of({"127.0.0.1", "0.0.0.0"})) +
           ":5000");
  w.on(listener, "listen", std::string(", ") + dice.one_of({"0", "1", "5"}));
  const Made client = w.open(other, v6 && !dual, true, false);
  if (dice.chance(.15)) w.on(client, "setsockopt", ", SO_LINGER, {1, 0}");
  if (dice.chance(.25)) w.set_option(client);
  if (dice.chance(.2))
    w.on(client, "bind", std::string(", ") + (client.v6 ? "[::1]" : "127.0.0.1") + ":5002");
  w.on(client, "connect", std::string(", ") + (client.v6 ? "[::1]" : "127.0.0.1") + ":5000");
  if (dice.chance(.85)) (void)w.accept_from(listener);
  w.wind_down(dice.between(6, 18));
  if (dice.chance(.1)) w.end_process(other);
  if (dice.chance(.2)) w.claim();
  if (dice.chance(.35)) {  // what is left of it, and who may have the port now
    const Made heir = w.open("p", v6, true, true);
    if (dice.chance(.6)) w.on(heir, "setsockopt", ", SO_REUSEADDR, 1");
    w.on(heir, "bind", ", " + w.ip(v6) + (dice.chance(.8) ? ":5000" : ":5002"));
    w.on(heir, dice.chance(.5) ? "listen" : "connect",
         dice.chance(.5) ? ", 1" : std::string(", ") + (v6 ? "[::1]" : "127.0.0.1") + ":5000");
  }
}

void scene_binds(Writer& w) {
  auto& dice = w.dice;
  const bool tcp = dice.chance(.65);
  const int count = dice.between(2, 7);
  if (dice.chance(.2)) w.sysctls();
  for (int i = 0; i < count; ++i) {
    const Made s = w.open(w.process(), dice.chance(.5), tcp, true);
    const auto maybe = [&](const char* option, double share) {
      if (dice.chance(share)) w.on(s, "setsockopt", std::string(", ") + option);
    };
    maybe("SO_REUSEADDR, 1", .45);
    maybe("SO_REUSEPORT, 1", .35);
    maybe("IPV6_V6ONLY, 1", .2);
    maybe("IP_FREEBIND, 1", .05);
    maybe("SO_BINDTODEVICE, \"lo\"", .1);
    w.on(s, "bind", ", " + w.ip(s.v6) + ":5000");
    if (dice.chance(.4)) w.on(s, "listen", ", 1");
    if (dice.chance(.1)) maybe(dice.one_of({"SO_REUSEADDR, 0", "SO_REUSEPORT, 0", "SO_REUSEPORT, 1"}), 1);
    if (dice.chance(.3)) w.any_step();
  }
  for (int i = 0; i < 2; ++i) {
    const Made s = w.open("p", dice.chance(.4), tcp, true);
    w.on(s, "connect",
         std::string(", ") +
             (s.v6 ? dice.one_of({"[::1]", "[::ffff:127.0.0.1]"})
                   : dice.one_of({"127.0.0.1", "127.0.0.2", "0.0.0.0"})) +
             ":5000");
    w.on(s, "getsockname");
    if (!tcp) w.on(s, "send", ", \"m\"");
    for (int r = 0; r < 3; ++r) {
      const Made to = w.sockets[dice.below(w.sockets.size())];
      if (!tcp) w.on(to, "recv", ", 65536, MSG_DONTWAIT");
    }
  }
}

void scene_queue(Writer& w) {
  auto& dice = w.dice;
  if (dice.chance(.3)) w.say("sysctl here net.ipv4.tcp_abort_on_overflow = 1");
  if (dice.chance(.15)) w.say("sysctl here net.core.somaxconn = 1");
  if (dice.chance(.15))
    w.say(std::string("sysctl here net.ipv4.tcp_syncookies = ") + dice.one_of({"0", "2"}));
  const Made listener = w.open("p", false, true, true);
  if (dice.chance(.1)) w.on(listener, "setsockopt", ", TCP_DEFER_ACCEPT, 1");
  w.on(listener, "bind", ", 127.0.0.1:5000");
  w.on(listener, "listen", std::string(", ") + dice.one_of({"0", "1", "2"}));
  const int clients = dice.between(2, 5);
  for (int i = 0; i < clients; ++i) {
    const Made client = w.open("q", false, true, true);
    w.on(client, "connect", ", 127.0.0.1:5000");
    if (dice.chance(.3)) w.on(client, "poll", ", POLLOUT");
    if (dice.chance(.3)) w.on(client, "state");
  }
  for (int i = dice.between(3, 10); i > 0; --i) {
    if (dice.chance(.3)) {
      (void)w.accept_from(listener);
    } else if (dice.chance(.1)) {
      w.on(listener, "listen", std::string(", ") + dice.one_of({"0", "5"}));
    } else {
      w.one_end(Made(w.sockets[dice.below(w.sockets.size())]));
    }
  }
}

}  // namespace loopscope::judge
