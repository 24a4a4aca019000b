#include "tests/judge/scenes.hpp"

namespace loopscope::judge {
namespace {

void small_range(Writer& w) {
  auto& dice = w.dice;
  if (dice.chance(.75)) {
    w.say(std::string("sysctl here net.ipv4.ip_local_port_range = ") +
          dice.one_of({"40000 40000", "40000 40001", "40000 40002", "40001 40004"}));
  }
  if (dice.chance(.15)) w.say("sysctl here net.ipv4.ip_local_reserved_ports = 40000");
  if (dice.chance(.15)) w.say("sysctl here net.ipv4.ip_autobind_reuse = 1");
  if (dice.chance(.2)) w.say("sysctl here net.ipv4.tcp_tw_reuse = 1");
}

void options(Writer& w, const Made& s) {
  const auto maybe = [&](double share, const char* option) {
    if (w.dice.chance(share)) w.on(s, "setsockopt", std::string(", ") + option);
  };
  maybe(.3, "SO_REUSEADDR, 1");
  maybe(.1, "SO_REUSEPORT, 1");
  maybe(.25, "IP_BIND_ADDRESS_NO_PORT, 1");
  maybe(.15, w.dice.one_of({"IP_LOCAL_PORT_RANGE, 40000-40000", "IP_LOCAL_PORT_RANGE, 40000-40001",
                            "IP_LOCAL_PORT_RANGE, 39999-40001", "IP_LOCAL_PORT_RANGE, 50000-50001",
                            "IP_LOCAL_PORT_RANGE, 40000-0", "IP_LOCAL_PORT_RANGE, 0-40000"}));
  maybe(.1, "IPV6_V6ONLY, 1");
}

}  // namespace

void scene_ports(Writer& w) {
  auto& dice = w.dice;
  small_range(w);
  const bool tcp = dice.chance(.75);
  if (tcp && dice.chance(.8)) {
    const Made listener = w.open("p", dice.chance(.3), true, true);
    w.on(listener, "bind", std::string(", ") + (listener.v6 ? "[::]" : "0.0.0.0") + ":5000");
    w.on(listener, "listen", ", 9");
  }
  for (int i = dice.between(3, 9); i > 0; --i) {
    const Made s = w.open(w.process(), dice.chance(.25), tcp, true);
    options(w, s);
    const std::string own = s.v6 ? dice.one_of({"[::]", "[::1]", "[::ffff:127.0.0.1]"})
                                 : dice.one_of({"0.0.0.0", "127.0.0.1", "127.0.0.1", "127.0.0.2"});
    const std::string there = s.v6 ? dice.one_of({"[::1]", "[::ffff:127.0.0.1]"})
                                   : dice.one_of({"127.0.0.1", "127.0.0.1", "127.0.0.2"});
    if (dice.chance(.5)) w.on(s, "bind", ", " + own + (dice.chance(.7) ? ":0" : ":40000"));
    if (dice.chance(.2)) w.on(s, "getsockname");
    if (tcp && dice.chance(.2)) w.on(s, "listen", ", 1");
    if (dice.chance(.6)) w.on(s, "connect", ", " + there + (dice.chance(.85) ? ":5000" : ":5001"));
    if (dice.chance(.3)) w.on(s, "getsockname");
    if (dice.chance(.25)) w.on(s, "close");
    if (dice.chance(.1)) w.on(s, "connect", ", AF_UNSPEC");
    if (dice.chance(.2)) w.any_step();
  }
}

void scene_devices(Writer& w) {
  auto& dice = w.dice;
  const bool device = dice.chance(.6);
  if (device) {
    w.say("device eth1");
    if (dice.chance(.8)) {
      w.say("address eth1 10.9.0.1/24");
      w.addresses_v4.insert(w.addresses_v4.end(), {"10.9.0.1", "10.9.0.1", "10.9.0.2", "10.9.0.255"});
    }
  }
  if (dice.chance(.6)) {
    w.say("address lo 192.0.2.9/32");
    w.addresses_v4.push_back("192.0.2.9");
  }
  if (dice.chance(.3)) {
    w.say("address lo 10.8.0.1/24");
    w.addresses_v4.insert(w.addresses_v4.end(), {"10.8.0.1", "10.8.0.7", "10.8.0.255"});
  }
  if (dice.chance(.6)) {
    w.say("address lo 2001:db8::9/128");
    w.addresses_v6.push_back("2001:db8::9");
  }
  const bool tcp = dice.chance(.6);
  for (int i = dice.between(8, 22); i > 0; --i) {
    if (w.sockets.empty() || dice.chance(.3)) {
      const Made s = w.open(w.process(), dice.chance(.35), tcp, true);
      if (dice.chance(.3))
        w.on(s, "setsockopt",
             std::string(", SO_BINDTODEVICE, ") + (device && dice.chance(.6) ? "\"eth1\"" : "\"lo\""));
      if (dice.chance(.7)) w.on(s, "bind", ", " + w.address(s));
      if (tcp && dice.chance(.4)) w.on(s, "listen", ", 2");
    } else {
      w.any_step();
    }
  }
}

}  // namespace loopscope::judge
