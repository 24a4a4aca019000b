#pragma once

#include <string>
#include <vector>

#include "tests/judge/dice.hpp"
#include "tests/judge/generator.hpp"

namespace loopscope::judge {

/// A variable that some line has made.
struct Made {
  std::string name, process;
  bool v6 = false, tcp = true;
};

/// Writes an experiment, line by line, with the words that all scenes share.
class Writer {
 public:
  Writer(std::uint64_t seed, const Language& language) : dice(seed), language_(language) {}

  Dice dice;
  std::vector<Made> sockets;
  std::vector<std::string> addresses_v4, addresses_v6;  ///< further ones, where a scene has them

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const Language& language() const { return language_; }

  void say(const std::string& line) { text_ += line + "\n"; }
  void step(const std::string& process, const std::string& call) { say(process + ": " + call); }
  void on(const Made& socket, const std::string& call, const std::string& rest = "") {
    step(socket.process, call + "(" + socket.name + rest + ")");
  }

  // ---- words
  std::string ip(bool v6);
  std::string port();
  std::string address(const Made& socket);  ///< mostly of its own family
  std::string process();                    ///< p, mostly; q; or r, who is root

  // ---- lines
  Made open(const std::string& process, bool v6, bool tcp, bool nonblock);
  Made accept_from(const Made& listener);  ///< never waits
  void sysctls();                          ///< a few settings, or none
  void set_option(const Made& socket);
  void get_option(const Made& socket);
  void claim();
  void end_process(const std::string& process);  ///< kill or exit; its variables are gone
  void any_step(const Made& socket);
  void any_step();                   ///< on one of the latest sockets
  void wind_down(int steps);         ///< sends, reads, shuts, closes, looks: what ends a connection
  void one_end(const Made& socket);  ///< one such step

 private:
  Language language_;
  std::string text_;
  bool root_declared_ = false;
  int made_ = 0;
};

}  // namespace loopscope::judge
