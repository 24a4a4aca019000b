#include "tests/judge/generator.hpp"

#include <algorithm>
#include <random>
#include <vector>

namespace loopscope::judge {
namespace {

struct Made {
  std::string name, process;
  bool v6 = false, tcp = true;
};

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : engine_(seed * 2654435761U + 17), seed_(seed) {}

  std::string make() {
    say("title random " + std::to_string(seed_));
    say("patience 150ms");
    switch (seed_ % 3) {
      case 0:
        anything();
        break;
      case 1:
        connection();
        break;
      default:
        binds();
        break;
    }
    return text_;
  }

 private:
  bool chance(double share) { return std::uniform_real_distribution<>(0, 1)(engine_) < share; }
  std::size_t below(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(engine_);
  }
  int between(int low, int high) { return std::uniform_int_distribution<int>(low, high)(engine_); }
  const char* one_of(std::initializer_list<const char*> list) {
    return *(list.begin() + static_cast<std::ptrdiff_t>(below(list.size())));
  }
  void say(const std::string& line) { text_ += line + "\n"; }
  void step(const std::string& process, const std::string& call) { say(process + ": " + call); }

  std::string ip(bool v6) {
    if (v6)
      return std::string("[") +
             one_of({"::1", "::1", "::1", "::", "::", "::ffff:127.0.0.1", "::ffff:127.0.0.1",
                     "::ffff:0.0.0.0", "::ffff:127.0.0.2", "2001:db8::9"}) +
             "]";
    return one_of({"127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1", "0.0.0.0", "0.0.0.0", "127.0.0.2",
                   "127.255.255.255", "192.0.2.9"});
  }
  std::string port() {
    if (chance(.55)) return chance(.75) ? "5000" : "5001";
    if (chance(.35)) return "0";
    const auto& other = sockets_[below(sockets_.size())];
    return "port(" + other.process + "." + other.name + ")";
  }
  std::string address(const Made& socket) { return ip(chance(.04) ? !socket.v6 : socket.v6) + ":" + port(); }

  Made& open(const std::string& process, bool v6, bool tcp, bool nonblock) {
    sockets_.push_back({"a" + std::to_string(sockets_.size()), process, v6, tcp});
    auto& made = sockets_.back();
    step(process, made.name + " = socket(" + (v6 ? "AF_INET6" : "AF_INET") + ", " +
                      (tcp ? "SOCK_STREAM" : "SOCK_DGRAM") + (nonblock ? "|SOCK_NONBLOCK" : "") + ")");
    return made;
  }

  void setting() {
    if (chance(.1)) say("sysctl here net.ipv6.bindv6only = 1");
    if (chance(.1)) say("sysctl here net.ipv4.ip_local_port_range = 40000 40003");
    if (chance(.05)) say("sysctl here net.ipv4.tcp_abort_on_overflow = 1");
  }

  void accept_from(const Made& listener) {
    step(listener.process, "fcntl(" + listener.name + ", F_SETFL, O_NONBLOCK)");
    Made child{"a" + std::to_string(sockets_.size()), listener.process, listener.v6, true};
    step(listener.process, child.name + " = accept(" + listener.name + ")");
    sockets_.push_back(child);
  }

  void any_step() {
    const Made s =
        sockets_[sockets_.size() > 5 && chance(.7) ? sockets_.size() - 1 - below(5) : below(sockets_.size())];
    const auto on = [&](const std::string& call, const std::string& rest = "") {
      step(s.process, call + "(" + s.name + rest + ")");
    };
    switch (between(0, 22)) {
      case 0:
      case 1:
      case 2:
        on("setsockopt",
           std::string(", ") +
               one_of({"SO_REUSEADDR", "SO_REUSEADDR", "SO_REUSEPORT", "IPV6_V6ONLY",
                       "IP_BIND_ADDRESS_NO_PORT", "IP_FREEBIND", "SO_BROADCAST", "TCP_NODELAY"}) +
               (chance(.85) ? ", 1" : ", 0"));
        break;
      case 3:
      case 4:
      case 5:
        on("bind", ", " + address(s));
        break;
      case 6:
      case 7:
        on("listen", std::string(", ") + one_of({"0", "1", "5", "-1"}));
        break;
      case 8:
      case 9:
        on("connect", chance(.08) ? ", AF_UNSPEC" : ", " + address(s));
        break;
      case 10:
        accept_from(s);
        break;
      case 11:
        on("send",
           std::string(", ") + one_of({"\"a\"", "\"bc\"", "\"\"", "\"hello\", MSG_MORE", "\"u\", MSG_OOB"}));
        break;
      case 12:
        on("sendto", ", \"hello\", " + address(s));
        break;
      case 13:
      case 14:
        on(one_of({"recv", "recvfrom"}), std::string(", ") + one_of({"65536", "1", "2", "0"}) +
                                             ", MSG_DONTWAIT" + one_of({"", "", "|MSG_PEEK"}));
        break;
      case 15:
        on("shutdown", std::string(", ") + one_of({"SHUT_RD", "SHUT_WR", "SHUT_RDWR"}));
        break;
      case 16:
        on("close");
        break;
      case 17:
        on(one_of({"getsockname", "getpeername"}));
        break;
      case 18:
        on("poll", ", POLLIN|POLLOUT|POLLRDHUP");
        break;
      case 19:
        on("state");
        break;
      case 20:
        on("getsockopt", ", SO_ERROR");
        break;
      case 21:
        on("setsockopt", ", SO_LINGER, {1, 0}");
        break;
      default:
        say(chance(.5) ? "wait 60ms" : "wait 5ms");
        break;
    }
  }

  void anything() {
    setting();
    const bool tcp = chance(.7);
    const int steps = between(8, 26);
    for (int i = 0; i < steps; ++i) {
      if (sockets_.empty() || chance(.22)) {
        open(chance(.8) ? "p" : "q", chance(.45), chance(tcp ? .9 : .1), chance(.35));
      } else {
        any_step();
      }
    }
  }

  void connection() {
    setting();
    const bool v6 = chance(.5), dual = v6 && chance(.5), two = chance(.4);
    const std::string other = two ? "q" : "p";
    const Made listener = open("p", v6, true, false);
    if (chance(.5)) step("p", "setsockopt(a0, SO_REUSEADDR, 1)");
    step("p", std::string("bind(a0, ") +
                  (dual ? "[::]"
                   : v6 ? "[::1]"
                        : one_of({"127.0.0.1", "0.0.0.0"})) +
                  ":5000)");
    step("p", std::string("listen(a0, ") + one_of({"0", "1", "5"}) + ")");
    open(other, v6 && !dual, true, false);
    if (chance(.15)) step(other, "setsockopt(a1, SO_LINGER, {1, 0})");
    step(other, std::string("connect(a1, ") + (v6 && !dual ? "[::1]" : "127.0.0.1") + ":5000)");
    if (chance(.85)) accept_from(listener);
    const int steps = between(6, 18);
    for (int i = 0; i < steps; ++i) {
      const Made s = sockets_[below(std::min<std::size_t>(sockets_.size(), 3))];
      const auto on = [&](const std::string& call, const std::string& rest = "") {
        step(s.process, call + "(" + s.name + rest + ")");
      };
      switch (between(0, 11)) {
        case 0:
        case 1:
        case 2:
          on("send", std::string(", ") + one_of({"\"a\"", "\"bc\"", "\"hello\""}));
          break;
        case 3:
        case 4:
          on("recv", std::string(", ") + one_of({"65536", "1", "3"}) + ", MSG_DONTWAIT" +
                         one_of({"", "", "|MSG_PEEK"}));
          break;
        case 5:
          on("shutdown", std::string(", ") + one_of({"SHUT_RD", "SHUT_WR", "SHUT_RDWR"}));
          break;
        case 6:
          on("close");
          break;
        case 7:
          on("poll", ", POLLIN|POLLOUT|POLLRDHUP");
          break;
        case 8:
          on("state");
          break;
        case 9:
          on("getsockopt", ", SO_ERROR");
          break;
        case 10:
          say("wait 60ms");
          break;
        default:
          any_step();
          break;
      }
    }
  }

  void binds() {
    const bool tcp = chance(.65);
    const int count = between(2, 7);
    for (int i = 0; i < count; ++i) {
      const Made s = open(chance(.85) ? "p" : "q", chance(.5), tcp, true);
      for (const auto& [name, share] : {std::pair{"SO_REUSEADDR", .45},
                                        {"SO_REUSEPORT", .35},
                                        {"IPV6_V6ONLY", .2},
                                        {"IP_FREEBIND", .05}}) {
        if (chance(share)) step(s.process, "setsockopt(" + s.name + ", " + name + ", 1)");
      }
      step(s.process, "bind(" + s.name + ", " + ip(s.v6) + ":5000)");
      if (chance(.4)) step(s.process, "listen(" + s.name + ", 1)");
      if (chance(.3)) any_step();
    }
    for (int i = 0; i < 2; ++i) {
      const Made s = open("p", chance(.4), tcp, true);
      step("p", "connect(" + s.name + ", " +
                    (s.v6 ? one_of({"[::1]", "[::ffff:127.0.0.1]"})
                          : one_of({"127.0.0.1", "127.0.0.2", "0.0.0.0"})) +
                    ":5000)");
      step("p", "getsockname(" + s.name + ")");
      if (!tcp) step("p", "send(" + s.name + ", \"m\")");
      for (int r = 0; r < 3; ++r) {
        const Made& to = sockets_[below(static_cast<std::size_t>(count))];
        if (!tcp) step(to.process, "recv(" + to.name + ", 65536, MSG_DONTWAIT)");
      }
    }
  }

  std::mt19937_64 engine_;
  std::uint64_t seed_;
  std::string text_;
  std::vector<Made> sockets_;
};

}  // namespace

std::string random_experiment(std::uint64_t seed, const Language&) { return Generator(seed).make(); }

}  // namespace loopscope::judge
