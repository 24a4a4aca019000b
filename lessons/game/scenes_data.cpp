#include "lessons/game/scenes.hpp"

namespace loopscope::game {
namespace {

void connected(Script& s) {
  s.serve("server", "s", "127.0.0.1");
  s.open("client", "c", false, true);
  s.call("client", "connect(c, " + s.at("127.0.0.1") + ")");
  s.call("server", "a = accept(s)");
}

}  // namespace

void scene_send(Script& s) {
  switch (s.dice.between(0, 4)) {
    case 0:
      s.open("client", "c", false, true);
      if (s.dice.coin()) s.bind("client", "c", s.at("127.0.0.1"));
      break;
    case 1:
      connected(s);
      s.call("client", "shutdown(c, SHUT_WR)");
      break;
    case 2:  // the other side has closed: the first send is taken all the same
      connected(s);
      s.call("server", "close(a)");
      break;
    case 3:  // …and was answered with a reset
      connected(s);
      s.call("server", "close(a)");
      s.call("client", "send(c, \"one\")");
      break;
    default:
      connected(s);
      if (s.dice.coin()) s.say("kill server");
      break;
  }
  s.call("client", "send(c, \"" + s.dice.one_of({"hello", "GET /", "one more"}) + "\", MSG_NOSIGNAL)");
}

void scene_receive(Script& s) {
  if (s.dice.coin()) {
    s.open("client", "c", false, true);
    if (s.dice.coin()) s.bind("client", "c", s.at("127.0.0.1"));
  } else {
    connected(s);
  }
  s.call("client", "recv(c, 100, MSG_DONTWAIT)");
}

void scene_datagrams(Script& s) {
  if (s.dice.coin()) {
    s.open("server", "s", false, false);
    s.bind("server", "s", s.at(s.dice.one_of({"127.0.0.1", "0.0.0.0"})));
  }
  s.open("client", "c", false, false);
  switch (s.dice.between(0, 5)) {
    case 0:
      return s.call("client", "send(c, \"hello\")");
    case 1:
      return s.call("client", "sendto(c, \"hello\", " + s.at("127.0.0.1", 0) + ")");
    case 2:
      return s.call("client",
                    "sendto(c, \"hello\", " + s.at(s.dice.one_of({"127.255.255.255", "127.0.0.1"})) + ")");
    case 3:
      return s.call("client", "sendto(c, \"x\" * " + std::to_string(s.dice.coin() ? 65508 : 65507) + ", " +
                                  s.at("127.0.0.1") + ")");
    default:
      return s.call("client", "sendto(c, \"hello\", " + s.at("127.0.0.1") + ")");
  }
}

void scene_datagram_error(Script& s) {
  const bool somebody = s.dice.one_in(3);
  if (somebody) {
    s.open("server", "s", false, false);
    s.bind("server", "s", s.at("127.0.0.1"));
  }
  s.open("client", "c", false, false);
  s.call("client", "connect(c, " + s.at("127.0.0.1") + ")");
  s.call("client", "send(c, \"one\")");
  s.call("client", "send(c, \"two\")");
}

}  // namespace loopscope::game
