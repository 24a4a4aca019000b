#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/trace/timeline.hpp"

/// Traces written by hand, of what Linux does (RFC 9293, tcp(7), sock_diag(7)): for tests of what is drawn.
namespace loopscope::tests {

/// Writes events one after the other, at times that the test chooses.
class TraceWriter {
 public:
  explicit TraceWriter(std::string experiment);

  Nanoseconds now() const { return now_; }
  TraceWriter& at(std::int64_t microseconds);
  TraceWriter& after(std::int64_t microseconds);

  TraceWriter& start(const std::string& process, int pid);
  TraceWriter& end_by_signal(const std::string& process, int signal);
  TraceWriter& step(int statement, const std::string& process,
                    const std::string& text);  ///< -1: an act of the learner
  TraceWriter& finish(const std::string& result);
  trace::CallId enter(const std::string& process, const std::string& name, const std::string& arguments,
                      int fd, const std::string& variable);
  TraceWriter& give(trace::CallId call, std::int64_t value, int error = 0, const std::string& result = "ok");
  /// A whole step with one call that takes `microseconds`, and the table after it.
  TraceWriter& call(int statement, const std::string& process, const std::string& text,
                    const std::string& name, const std::string& arguments, int fd,
                    const std::string& variable, std::int64_t value, int error = 0,
                    std::int64_t microseconds = 4);
  trace::HeldId hold(const trace::Packet& packet);
  TraceWriter& let_go(trace::HeldId id, trace::Verdict verdict = trace::Verdict::Passed);
  TraceWriter& seen(const trace::Packet& packet);
  /// A held packet goes on: let go, and seen on lo.
  TraceWriter& pass(trace::HeldId id, const trace::Packet& packet);
  TraceWriter& again(trace::HeldId of, const trace::Packet& packet);
  TraceWriter& table();

  /// What the next tables show.
  std::vector<trace::SocketEntry> sockets;
  /// The entry of this process's descriptor, made if it is not there.
  trace::SocketEntry& socket(const std::string& process, int fd);
  void drop_socket(const std::string& process, int fd);

  trace::Timeline timeline;

 private:
  void add(trace::Fact fact);

  Nanoseconds now_{};
  std::uint64_t steps_ = 0;
  trace::CallId calls_ = 0;
  trace::HeldId held_ = 0;
  std::uint64_t cookies_ = 0;
  std::map<trace::CallId, std::pair<std::string, std::string>> names_;  ///< process and call
};

trace::Packet tcp_packet(std::uint16_t from, std::uint16_t to, const std::string& flags,
                         const std::string& payload = "");
trace::Packet udp_packet(std::uint16_t from, std::uint16_t to, const std::string& payload);

/// The texts that the traces below are runs of.
extern const char* const journey_text;
extern const char* const conflict_text;

/// The journey of a request on 127.0.0.1:62893, packets held one by one; up to the end of the connection.
struct Journey {
  trace::Timeline timeline;
  Nanoseconds syn_held{};  ///< the SYN is held for 612 ms
  Nanoseconds syn_ack_held{};
  Nanoseconds connected{};  ///< connect has returned, the server has not called accept
  Nanoseconds accepted{};
  Nanoseconds request_held{};
  Nanoseconds request_waits{};  ///< in the receive queue of the server's socket
  Nanoseconds response_got{};
  Nanoseconds half_closed{};  ///< FIN-WAIT-2 without a process, and CLOSE-WAIT
  Nanoseconds closed{};       ///< TIME-WAIT and nothing else
};
Journey journey();

/// A rival asks for the server's port and gets EADDRINUSE; the server has SO_REUSEADDR off and listens.
struct Conflict {
  trace::Timeline timeline;
  Nanoseconds refused{};
};
Conflict conflict();

/// A client alone: SYN, then RST and ECONNREFUSED.
struct Refusal {
  trace::Timeline timeline;
  Nanoseconds syn_held{};
  Nanoseconds reset_held{};
  Nanoseconds refused{};
};
Refusal refusal();

}  // namespace loopscope::tests
