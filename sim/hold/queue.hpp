#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/hold/hold.hpp"
#include "sim/hold/netlink.hpp"

namespace loopscope::hold {

/// One packet in the kernel's queue.
struct Queued {
  std::uint32_t number = 0;  ///< the kernel's, for the verdict
  trace::Hook hook{};
  trace::Packet packet;
};

/// A queue of nfnetlink_queue (net/netfilter/nfnetlink_queue.c) whose only reader this is. When it closes,
/// the kernel drops what is in it.
class Queue {
 public:
  /// Error: what the kernel lacks.
  [[nodiscard]] static tl::expected<Queue, std::string> open(std::uint16_t number);

  [[nodiscard]] int fd() const noexcept { return mnl_socket_get_fd(socket_.get()); }
  /// What has come, oldest first. Never waits. Throws SystemError.
  [[nodiscard]] std::vector<Queued> take();
  /// Throws SystemError. A packet that is no longer in the queue (its device went) is passed over.
  void verdict(std::uint32_t packet_number, bool pass);
  [[nodiscard]] Losses losses() const;

 private:
  Queue(Netlink socket, std::uint16_t number) : socket_(std::move(socket)), number_(number) {}

  Netlink socket_;
  std::uint16_t number_;
};

}  // namespace loopscope::hold
