#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// The rules as records: what learners read, where the rule comes from, and the cases that prove it.
namespace loopscope::model {

enum class RuleId : std::uint8_t {
  none,
  accept_done,
  accept_not_listening,
  accept_not_stream,
  accept_would_block,
  address_family,
  address_scope,
  bind_any_port,
  bind_connected,
  bind_exhausted,
  bind_free,
  bind_listener,
  bind_mapped_v6only,
  bind_multicast_stream,
  bind_no_port,
  bind_not_local,
  bind_other_address,
  bind_privileged,
  bind_reuse_address,
  bind_reuse_address_one,
  bind_reuse_listener,
  bind_reuse_port,
  bind_reuse_port_one,
  bind_reuse_port_owner,
  bind_taken,
  bind_time_wait,
  bind_twice,
  bind_udp_reuse_address,
  bind_udp_taken,
  call_blocks,
  claim_held,
  claim_packets,
  claim_socket,
  close_done,
  connect_already,
  connect_any_port,
  connect_disconnecting,
  connect_dissolve,
  connect_done,
  connect_everybody,
  connect_exhausted,
  connect_failed,
  connect_nonblocking,
  connect_pending,
  connect_refused,
  connect_same_tuple,
  connect_send_timeout,
  connect_timeout,
  descriptor_closed,
  firewall_output,
  listen_again,
  listen_connected,
  listen_done,
  listen_not_stream,
  listen_taken,
  name_local,
  name_no_peer,
  name_peer,
  nonblock_set,
  not_modelled,
  option_buffer,
  option_device_again,
  option_error,
  option_no_device,
  option_range,
  option_read_only,
  option_set,
  option_timeout,
  option_transparent,
  option_unknown,
  option_v6only_late,
  option_value,
  pending_error,
  poll_nothing,
  poll_ready,
  read_nothing,
  receive_data,
  receive_end,
  receive_no_urgent,
  receive_not_connected,
  receive_shut,
  receive_timeout,
  receive_urgent,
  receive_would_block,
  route_device,
  route_loopback_source,
  route_mixed_family,
  route_multicast,
  route_none,
  route_source,
  route_v6_disabled,
  send_done,
  send_handshake,
  send_not_connected,
  send_shut,
  shutdown_done,
  shutdown_listener,
  shutdown_listener_write,
  shutdown_not_connected,
  socket_made,
  state_told,
  udp_broadcast,
  udp_connected,
  udp_corked,
  udp_dissolve,
  udp_exhausted,
  udp_no_peer,
  udp_no_urgent,
  udp_port_zero,
  udp_received,
  udp_sent,
  udp_too_long,
  v6only_mapped,
};

struct Rule {
  RuleId id{};
  std::string_view name;          ///< 'bind.listener'
  std::string_view sentence;      ///< for learners
  std::string_view source;        ///< manual page, RFC, or kernel file and function (Linux 6.18)
  std::string_view cases;         ///< cases of tests/conformance that show it, separated by spaces
  std::string_view without_case;  ///< why no case shows it; empty where there are cases
};

/// Every rule, in the order of their names within each area.
[[nodiscard]] std::vector<Rule> all_rules();
/// Null for RuleId::none.
[[nodiscard]] const Rule* find_rule(RuleId id);
/// By its name; null where there is none.
[[nodiscard]] const Rule* find_rule(std::string_view name);

/// The tables, one for each area.
[[nodiscard]] std::span<const Rule> rules_of_bind();
[[nodiscard]] std::span<const Rule> rules_of_connect();
[[nodiscard]] std::span<const Rule> rules_of_data();
[[nodiscard]] std::span<const Rule> rules_of_options();
[[nodiscard]] std::span<const Rule> rules_of_other();

}  // namespace loopscope::model
