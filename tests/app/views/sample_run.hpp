#pragma once

#include <string>

#include "app/views/actions.hpp"
#include "app/views/snapshot.hpp"

/// A recorded run of the journey for tests and pictures of views: the shape of what the lab reports, with
/// times and numbers made up for the test.
namespace loopscope::app::test {

class SampleRun {
 public:
  /// `lesson`: the folder's name under lessons/content.
  explicit SampleRun(const std::string& lesson = "03-journey");

  // ---- moments of the journey
  void listening();      ///< the server listens, the client has called nothing
  void syn_held();       ///< the client's SYN is held in flight
  void before_accept();  ///< the handshake is done, nobody has accepted
  void refused();        ///< a rival's bind was refused
  /// `calls` calls and as many packets: a long run.
  void many(std::size_t calls);

  /// Waits for a prediction at the first `?=` at or after this call of the experiment.
  void ask(const std::string& call);
  void predicted(std::optional<experiment::Result> guess, experiment::Result outcome);

  [[nodiscard]] Snapshot& now() {
    snapshot_.timeline = &timeline_;
    return snapshot_;
  }
  Settings settings;
  lessons::Progress progress;
  lessons::Lesson lesson;

 private:
  void at(double microseconds, trace::Fact fact);
  void call(double from, double to, const std::string& process, const std::string& name,
            const std::string& arguments, std::int64_t value, int error = 0);
  void packet(double time, bool from_client, const std::string& flags, std::uint32_t payload = 0);
  void sockets(double time, std::vector<trace::SocketEntry> entries);
  void advance_to(const std::string& call);

  trace::Timeline timeline_;
  Snapshot snapshot_;
  trace::CallId calls_ = 0;
};

}  // namespace loopscope::app::test
