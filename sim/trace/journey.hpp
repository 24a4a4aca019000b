#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/trace/event.hpp"

namespace loopscope::trace {

/// The five steps of a request's journey.
enum class JourneyStep : std::uint8_t {
  Initialization,      ///< the server gets its port: socket, bind, listen
  RequestSending,      ///< the client's socket, the handshake, its send, and the packets with the request
  RequestProcessing,   ///< the server accepts, reads
  ResponseGeneration,  ///< the server writes its answer
  ResponseDelivery,    ///< the packets with the answer, the client's reading, and the end of the connection
};
inline constexpr std::size_t journey_steps = 5;
/// 'Application initialization'…
[[nodiscard]] std::string_view to_string(JourneyStep step);

/// Who plays which part, known by what a process did: who listens is a server; who connects (or sends first)
/// is a client.
enum class Role : std::uint8_t { Unknown, Server, Client };

/// Tells event by event which of the five steps it belongs to. Pure: feed it the events in order.
class Journey {
 public:
  /// Nothing where the event belongs to none (the run's start, a process's end).
  std::optional<JourneyStep> take(const Event& event);
  [[nodiscard]] Role role_of(std::string_view process) const;

 private:
  struct Player {
    Role role = Role::Unknown;
    bool has_request = false;  ///< a server: it has read since it last wrote
    std::optional<JourneyStep> last;
  };
  struct Flow {
    SocketAddress client, server;
    bool answered = false;  ///< the server has sent data since the client last did
  };
  std::optional<JourneyStep> call(const std::string& process, std::string_view name, bool returned,
                                  bool failed);
  JourneyStep step_of(Player& player, std::string_view name, bool returned, bool failed);
  std::optional<JourneyStep> packet(const Packet& packet);
  Flow& flow_of(const Packet& packet);

  std::map<std::string, Player, std::less<>> players_;
  std::vector<Flow> flows_;
  bool listening_ = false;
  std::map<CallId, JourneyStep> open_calls_;
};

/// For each event its step; as many as there are events.
[[nodiscard]] std::vector<std::optional<JourneyStep>> journey_of(std::span<const Event> events);

}  // namespace loopscope::trace
