#include "lessons/game/scenes.hpp"

namespace loopscope::game {

Script::Script(std::uint64_t seed, int level) : dice(seed), port(0) {
  port = dice.one_in(4) ? 62893 : dice.coin() ? dice.between(1024, 32000) : dice.between(61000, 65000);
  say("title You are the kernel");
  bystanders(level);
}

void Script::open(const std::string& who, const std::string& variable, bool v6, bool tcp, bool nonblock) {
  call(who, variable + " = socket(" + (v6 ? "AF_INET6" : "AF_INET") + ", " +
                (tcp ? "SOCK_STREAM" : "SOCK_DGRAM") + (nonblock ? "|SOCK_NONBLOCK" : "") + ")");
}

void Script::set(const std::string& who, const std::string& variable, const std::string& option) {
  call(who, "setsockopt(" + variable + ", " + option + ", 1)");
}

void Script::bind(const std::string& who, const std::string& variable, const std::string& address) {
  call(who, "bind(" + variable + ", " + address + ")");
}

void Script::listen(const std::string& who, const std::string& variable) {
  call(who, "listen(" + variable + ", 16)");
}

void Script::serve(const std::string& who, const std::string& variable, const std::string& ip, bool reuse) {
  open(who, variable, ip.front() == '[', true);
  if (reuse) set(who, variable, "SO_REUSEADDR");
  bind(who, variable, at(ip));
  listen(who, variable);
}

std::string Script::own_ip(bool v6) {
  return v6 ? dice.one_of({"[::1]", "[::1]", "[::]", "[::]", "[::ffff:127.0.0.1]"})
            : dice.one_of({"127.0.0.1", "127.0.0.1", "127.0.0.1", "0.0.0.0", "0.0.0.0", "127.0.0.2"});
}

/// What has nothing to do with the question: neighbours of its port, and the other protocol's.
void Script::bystanders(int level) {
  for (int i = 0; i < level; ++i) {
    const std::string who = std::string("other") + std::to_string(i + 1);
    const bool tcp = !dice.one_in(3);
    const int its = port + (i + 1) * (dice.coin() ? 1 : -1);
    open(who, "o", false, tcp);
    if (dice.coin()) set(who, "o", "SO_REUSEADDR");
    bind(who, "o", at(dice.one_of({"127.0.0.1", "0.0.0.0"}), its));
    if (tcp && dice.coin()) listen(who, "o");
  }
}

void scene_two_binds(Script& s) {
  const bool v6 = s.dice.one_in(4);
  s.open("server", "s", v6, true);
  if (v6 && s.dice.one_in(3)) s.set("server", "s", "IPV6_V6ONLY");
  s.bind("server", "s", s.at(s.own_ip(v6)));
  if (!s.dice.one_in(3)) s.listen("server", "s");
  const bool rival_v6 = s.dice.one_in(4);
  const bool tcp = !s.dice.one_in(6);
  s.open("rival", "r", rival_v6, tcp);
  s.bind("rival", "r", s.at(s.own_ip(rival_v6), s.dice.one_in(6) ? s.port + 7 : s.port));
}

void scene_reuse(Script& s) {
  const std::string option = s.dice.coin() ? "SO_REUSEADDR" : "SO_REUSEPORT";
  const int who_has = s.dice.between(0, 3);  // 0, 1: both; 2: the server; 3: the rival
  const bool v6 = s.dice.one_in(5);
  s.open("server", "s", v6, true);
  if (who_has != 3) s.set("server", "s", option);
  s.bind("server", "s", s.at(s.own_ip(v6)));
  if (s.dice.coin()) s.listen("server", "s");
  s.open("rival", "r", v6, true);
  if (who_has != 2) s.set("rival", "r", option);
  s.bind("rival", "r", s.at(s.own_ip(v6)));
}

void scene_time_wait(Script& s) {
  const bool reuse = s.dice.coin();
  const bool server_first = !s.dice.one_in(4);  // whoever closes first keeps TIME-WAIT
  s.serve("server", "s", "127.0.0.1", reuse);
  s.open("client", "c", false, true);
  s.call("client", "connect(c, " + s.at("127.0.0.1") + ")");
  s.call("server", "a = accept(s)");
  s.call(server_first ? "server" : "client", server_first ? "close(a)" : "close(c)");
  s.call(server_first ? "client" : "server", server_first ? "close(c)" : "close(a)");
  s.call("server", "close(s)");
  s.open("restarted", "r", false, true);
  if (s.dice.coin() || (reuse && s.dice.coin())) s.set("restarted", "r", "SO_REUSEADDR");
  s.bind("restarted", "r", s.at(s.dice.one_of({"127.0.0.1", "127.0.0.1", "0.0.0.0", "127.0.0.2"})));
}

void scene_connection(Script& s) {
  const bool reuse = s.dice.coin();
  s.serve("server", "s", s.dice.one_of({"127.0.0.1", "0.0.0.0"}), reuse);
  s.open("client", "c", false, true);
  s.call("client", "connect(c, " + s.at("127.0.0.1") + ")");
  s.call("server", "a = accept(s)");
  s.call("server", "close(s)");
  s.open("rival", "r", false, true);
  if (s.dice.coin()) s.set("rival", "r", "SO_REUSEADDR");
  s.bind("rival", "r", s.at(s.dice.one_of({"127.0.0.1", "127.0.0.1", "0.0.0.0", "127.0.0.2"})));
}

void scene_addresses(Script& s) {
  const bool v6 = s.dice.one_in(4);
  const bool tcp = !s.dice.one_in(4);
  s.open("server", "s", v6, tcp);
  const std::string strange =
      v6 ? s.dice.one_of({"[2001:db8::9]", "[::2]"}) : s.dice.one_of({"192.0.2.9", "10.0.0.5", "8.8.8.8"});
  const std::string odd = "127." + std::to_string(s.dice.between(0, 255)) + "." +
                          std::to_string(s.dice.between(0, 255)) + "." +
                          std::to_string(s.dice.between(1, 254));
  s.bind("server", "s", s.at(s.dice.coin() ? strange : v6 ? "[::1]" : odd));
}

void scene_privileged(Script& s) {
  const bool root = s.dice.one_in(3);
  if (root) s.say("process server as root");
  s.open("server", "s", false, !s.dice.one_in(4));
  const int low = s.dice.coin() ? 80 : s.dice.between(1, 1023);
  s.bind("server", "s", s.at(s.dice.one_of({"127.0.0.1", "0.0.0.0"}), s.dice.one_in(5) ? 1024 : low));
}

void scene_twice(Script& s) {
  const bool tcp = !s.dice.one_in(4);
  s.open("server", "s", false, tcp);
  if (s.dice.coin()) s.set("server", "s", "SO_REUSEADDR");
  s.bind("server", "s", s.at("127.0.0.1"));
  if (tcp && s.dice.coin()) s.listen("server", "s");
  s.bind("server", "s", s.at("127.0.0.1", s.dice.coin() ? s.port : s.port + 1));
}

void scene_families(Script& s) {
  const bool v6 = s.dice.coin();
  s.open("server", "s", v6, !s.dice.one_in(4));
  if (v6 && s.dice.coin()) {
    s.set("server", "s", "IPV6_V6ONLY");
    s.bind("server", "s", s.at("[::ffff:127.0.0.1]"));
  } else {
    s.bind("server", "s", s.at(v6 ? "127.0.0.1" : "[::1]"));
  }
}

void scene_udp_binds(Script& s) {
  const std::string option = s.dice.coin() ? "SO_REUSEADDR" : "SO_REUSEPORT";
  const int who_has = s.dice.between(0, 4);  // 0, 1: both; 2: the server; 3: the rival; 4: nobody
  const bool other_is_tcp = s.dice.one_in(5);
  s.open("server", "s", false, other_is_tcp);
  if (who_has < 3) s.set("server", "s", option);
  s.bind("server", "s", s.at(s.own_ip(false)));
  if (other_is_tcp) s.listen("server", "s");
  s.open("rival", "r", false, false);
  if (who_has < 2 || who_has == 3) s.set("rival", "r", option);
  s.bind("rival", "r", s.at(s.own_ip(false)));
}

void scene_listen(Script& s) {
  switch (s.dice.between(0, 4)) {
    case 0:  // both may bind, one may listen
      for (const std::string who : {"server", "rival"}) {
        s.open(who, "s", false, true);
        s.set(who, "s", "SO_REUSEADDR");
        s.bind(who, "s", s.at(s.own_ip(false)));
      }
      if (!s.dice.one_in(3)) s.listen("server", "s");
      return s.listen("rival", "s");
    case 1:
      s.open("server", "s", false, false);
      if (s.dice.coin()) s.bind("server", "s", s.at("127.0.0.1"));
      return s.listen("server", "s");
    case 2:
      s.serve("server", "s", "127.0.0.1");
      s.open("client", "c", false, true);
      s.call("client", "connect(c, " + s.at("127.0.0.1") + ")");
      return s.listen("client", "c");
    case 3:
      s.serve("server", "s", s.own_ip(false));
      return s.call("server", "listen(s, " + std::to_string(s.dice.between(1, 128)) + ")");
    default:
      s.open("server", "s", false, true);
      if (s.dice.coin()) s.bind("server", "s", s.at(s.own_ip(false)));
      return s.listen("server", "s");
  }
}

void scene_any_port(Script& s) {
  if (s.dice.coin()) {
    const int first = s.dice.between(61100, 64000);
    s.say("sysctl here net.ipv4.ip_local_port_range = " + std::to_string(first) + " " +
          std::to_string(first));
    s.open("first", "f", false, true);
    s.bind("first", "f", "127.0.0.1:0");
  }
  s.open("server", "s", false, true);
  s.bind("server", "s", "127.0.0.1:0");
}

}  // namespace loopscope::game
