#include "tests/judge/scenes.hpp"

namespace loopscope::judge {
namespace {

std::string rule(Writer& w, bool tcp) {
  auto& dice = w.dice;
  const std::string protocol = dice.chance(.85) == tcp ? "tcp" : "udp";
  std::string words;
  switch (dice.between(0, 5)) {
    case 0:
    case 1:
      words = protocol + " dport 5000";
      break;
    case 2:
      words = protocol + " sport 5000";
      break;
    case 3:
      words =
          dice.one_of({"ip saddr 127.0.0.1", "ip daddr 127.0.0.0/8", "ip6 daddr ::1", "ip daddr 127.0.0.2"});
      words += " " + protocol + " dport { 5000, 5001 }";
      break;
    case 4:
      words = dice.one_of({"ct state new", "ct state established", "ct state established,related"});
      words += " meta l4proto " + protocol;
      break;
    default:
      words = std::string(dice.one_of({"iifname \"lo\"", "oifname \"lo\""})) + " " + protocol + " dport 5000";
      break;
  }
  return words + " " +
         (tcp ? dice.one_of({"drop", "drop", "accept", "reject", "reject with tcp reset"})
              : dice.one_of({"drop", "accept", "reject", "reject with icmpx host-unreachable",
                             "reject with icmpx admin-prohibited"}));
}

}  // namespace

void scene_firewall(Writer& w) {
  auto& dice = w.dice;
  const bool tcp = dice.chance(.6), v6 = dice.chance(.35);
  const std::string here = v6 ? "[::1]:5000" : "127.0.0.1:5000";
  const auto add = [&] {
    w.say(std::string("firewall ") + (dice.chance(.6) ? "input " : "output ") + rule(w, tcp));
  };
  for (int i = dice.between(0, 2); i > 0; --i) add();
  const Made server = w.open("p", v6, tcp, true);
  w.on(server, "bind", ", " + here);
  if (tcp) w.on(server, "listen", ", 5");
  const Made client = w.open(w.process(), v6, tcp, true);
  if (dice.chance(.5)) add();
  w.on(client, "connect", ", " + here);
  if (tcp && dice.chance(.8)) (void)w.accept_from(server);
  for (int i = dice.between(6, 16); i > 0; --i) {
    if (dice.chance(.12)) {
      add();
    } else if (dice.chance(.08)) {
      w.say("firewall clear");
    } else if (dice.chance(.8)) {
      w.wind_down(1);
    } else {
      w.any_step();
    }
  }
}

}  // namespace loopscope::judge
