#pragma once

#include <cstdint>
#include <string>

#include "lessons/game/dice.hpp"

/// The little worlds that questions come from. Each scene writes an experiment whose last line is the call
/// that is asked about; chance decides on addresses, options, holders and states, aimed at conflicts. Which
/// rule decides says the model afterwards.
namespace loopscope::game {

/// An experiment in the making.
class Script {
 public:
  /// `level`: 0…3, how much stands in the world that has nothing to do with the question.
  Script(std::uint64_t seed, int level);

  Dice dice;
  /// The question's port: never one that the kernel may hand out itself (32768–60999), so that no free choice
  /// of a port hits upon it.
  int port;
  [[nodiscard]] std::string at(const std::string& ip) const { return ip + ":" + std::to_string(port); }
  [[nodiscard]] std::string at(const std::string& ip, int other) const {
    return ip + ":" + std::to_string(other);
  }

  void say(const std::string& line) { text_ += line + "\n"; }
  /// `who: variable = socket(…)`
  void open(const std::string& who, const std::string& variable, bool v6, bool tcp, bool nonblock = false);
  void set(const std::string& who, const std::string& variable, const std::string& option);
  void bind(const std::string& who, const std::string& variable, const std::string& address);
  void listen(const std::string& who, const std::string& variable);
  /// A listening socket with its port.
  void serve(const std::string& who, const std::string& variable, const std::string& ip, bool reuse = false);
  void call(const std::string& who, const std::string& call) { say(who + ": " + call); }

  /// An address to bind to or to reach, of that family; those of this machine mostly.
  std::string own_ip(bool v6);
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void bystanders(int level);
  std::string text_;
};

using Scene = void (*)(Script&);

// ---- bind and listen
void scene_two_binds(Script& s);   ///< a holder of the port and one who asks for it
void scene_reuse(Script& s);       ///< the same, with the options that share
void scene_time_wait(Script& s);   ///< a service is started again after a connection was closed
void scene_connection(Script& s);  ///< a connection outlives its listener
void scene_addresses(Script& s);   ///< addresses that are or are not this machine's
void scene_privileged(Script& s);  ///< ports below 1024
void scene_twice(Script& s);       ///< the socket has a port already
void scene_families(Script& s);    ///< an address that the socket does not take
void scene_udp_binds(Script& s);   ///< UDP's own space of ports
void scene_listen(Script& s);      ///< listen on sockets of all kinds
void scene_any_port(Script& s);    ///< port 0, and a range that runs out

// ---- connect and accept
void scene_connect(Script& s);      ///< somebody listens, or somewhere else, or not at all
void scene_connect_odd(Script& s);  ///< sockets that cannot connect (any more)
void scene_nonblocking(Script& s);  ///< connect that does not wait
void scene_exhausted(Script& s);    ///< no local port is left
void scene_accept(Script& s);

// ---- data
void scene_send(Script& s);
void scene_receive(Script& s);
void scene_datagrams(Script& s);
void scene_datagram_error(Script& s);  ///< an error that arrived earlier

}  // namespace loopscope::game
