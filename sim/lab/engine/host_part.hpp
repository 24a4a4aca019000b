#pragma once

#include <optional>
#include <string>

#include "sim/base/unique_fd.hpp"
#include "sim/hold/wire.hpp"
#include "sim/lab/engine/gate.hpp"
#include "sim/lab/engine/packets.hpp"
#include "sim/lab/engine/sockets.hpp"
#include "sim/sandbox/links.hpp"

namespace loopscope::lab {

/// What the engine has of one host: its packets, its firewall, its socket table.
struct HostPart {
  HostPart(std::string name_, Reporter& reporter, hold::Numbers numbers)
      : name(std::move(name_)), packets(reporter, name, std::move(numbers)), gate(reporter, packets, name) {}
  HostPart(const HostPart&) = delete;
  HostPart& operator=(const HostPart&) = delete;

  /// The calling thread is on this host while what is returned lives.
  [[nodiscard]] std::optional<sandbox::Visit> visit() const {
    return network.valid() ? std::optional<sandbox::Visit>(std::in_place, network.get()) : std::nullopt;
  }

  std::string name;
  UniqueFd network;  ///< its network namespace; none: the engine's own, which is `here`'s
  Packets packets;
  Gate gate;
  std::optional<Sockets> sockets;
  Nanoseconds last_table_at{};
  std::size_t last_table_size = 0;
};

/// … and of the network between hosts.
struct WirePart {
  hold::Wire* wire = nullptr;   ///< what `packets` holds at
  std::uint64_t lost_told = 0;  ///< of Wire::lost()
  WirePart(UniqueFd hub_, Reporter& reporter, hold::Numbers numbers)
      : hub(std::move(hub_)), packets(reporter, "wire", std::move(numbers)) {}
  UniqueFd hub;  ///< the namespace with its ports
  Packets packets;
};

}  // namespace loopscope::lab
