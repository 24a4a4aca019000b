#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sim/base/address.hpp"
#include "sim/base/unique_fd.hpp"

struct nlattr;

namespace loopscope::sandbox {

using Mac = std::array<std::uint8_t, 6>;

/// The calling thread is in another network namespace while this lives. Throws SystemError.
class Visit {
 public:
  explicit Visit(int network_namespace);
  ~Visit();
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

 private:
  UniqueFd own_;
};

/// The network devices and addresses of the network namespace that the calling thread is in when this is
/// made, through rtnetlink(7). All throw SystemError whose call() names what was tried: 'add address
/// 192.0.2.9/32 to lo'.
class Links {
 public:
  Links();

  void set_up(const std::string& device);
  /// One end of a veth(4) pair, up and without any address (no link-local one either). Its other end is up in
  /// `hub`, a network namespace where nothing answers. Returns once the kernel calls the device operational.
  void add_device(const std::string& device, int hub_namespace);
  /// The same, where the other end, `port`, is one of a network in `hub`: what the device sends is whole (no
  /// checksum or segment is left to hardware). `bridge`: one there that the port joins; empty: none. Does not
  /// wait.
  void add_port(const std::string& device, const Mac& mac, const std::string& port, int hub_namespace,
                const std::string& bridge = {});
  /// A bridge of the kernel, up, that forwards at once: without a spanning tree (ip-link(8)).
  void add_bridge(const std::string& bridge);
  /// At most two seconds.
  void wait_until_operational(const std::string& device);
  /// Without duplicate address detection. Returns once the address can be used.
  void add_address(const std::string& device, const IpAddress& ip, int prefix_length);
  /// Waits until neighbours that ask for this IPv6 address of the device are answered. At most two seconds.
  void wait_until_asked_for(const std::string& device, const IpAddress& ip);
  /// Waits until a datagram to this own address would be sent: its local route is there. At most two seconds.
  void wait_until_usable(const IpAddress& ip);

 private:
  void join(const std::string& device, const std::string& bridge);
  void wait_for(const std::string& what, const std::string& device,
                const std::function<bool(const nlattr*)>& holds);
  UniqueFd netlink_;
};

/// `lo` up, with its addresses in use. Throws SystemError.
void raise_loopback();

/// A network namespace in which nobody listens, answers or has an address. The caller's thread is back in its
/// own when this returns. Throws SystemError.
[[nodiscard]] UniqueFd make_hub_namespace();

}  // namespace loopscope::sandbox
