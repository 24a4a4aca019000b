#pragma once

#include <string>
#include <vector>

#include "sim/model/world.hpp"

/// A world read from a real machine's socket table: what `loopscope explain` asks its question of.
namespace loopscope::model {

/// One socket that exists already.
struct Existing {
  Transport transport = Transport::Tcp;
  SocketState state = SocketState::Closed;  ///< Bound: has a port and no state
  SocketAddress local, peer;
  std::uint32_t uid = 0;
  bool v6only = false;
  std::string device;             ///< SO_BINDTODEVICE; empty: none
  std::string process, variable;  ///< the owner's name and what to call the socket; empty: nobody's
  Time time_wait_left{};          ///< of TIME-WAIT and of FIN-WAIT-2 without an owner
  bool no_owner = false;          ///< no process has a descriptor
  bool reuse_address = false,
       reuse_port = false;  ///< which sock_diag(7) does not tell: an assumption of the caller's
};

/// Adds it as it is, without asking whether it could have come about.
SocketId add_existing(World& world, const Existing& existing);
/// Adds an address to a device of `here`, making the device where there is none of that name.
void add_address(World& world, const std::string& device, const IpAddress& ip, int prefix_length);

}  // namespace loopscope::model
