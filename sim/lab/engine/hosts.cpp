#include <functional>
#include <future>
#include <stdexcept>

#include "sim/lab/engine/engine.hpp"
#include "sim/lab/engine/trouble.hpp"
#include "sim/sandbox/network.hpp"

/// The hosts of a world.
namespace loopscope::lab {
namespace {

using Addresses = std::vector<std::pair<IpAddress, int>>;

/// The next of the documentation ranges (RFC 5737, RFC 3849), or those that the experiment gives.
Addresses addresses_of(std::size_t number, const std::vector<std::string>& given) {
  Addresses addresses;
  for (const std::string& text : given) {
    if (const auto ip = IpAddress::parse(text)) addresses.emplace_back(*ip, ip->is_v6() ? 64 : 24);
  }
  if (!given.empty()) return addresses;
  auto v6 = IpAddress::parse("2001:db8::")->bytes();
  v6[15] = static_cast<std::uint8_t>(number);
  return {{IpAddress::v4(192, 0, 2, static_cast<std::uint8_t>(number)), 24}, {IpAddress::v6(v6.data()), 64}};
}

}  // namespace

void Engine::make_hosts() {
  if (setup_.hosts.empty()) return;
  std::vector<sandbox::Joined> joined{{-1, addresses_of(1, {})}};
  for (const HostToMake& wanted : setup_.hosts) {
    auto part = std::make_unique<HostPart>(wanted.name, reporter_, held_numbers_);
    part->network = sandbox::make_host_network();
    joined.push_back({part->network.get(), addresses_of(hosts_.size() + 1, wanted.addresses)});
    const sandbox::Visit visit(part->network.get());
    part->sockets.emplace(part->name);
    hosts_.push_back(std::move(part));
  }
  join(joined);
}

/// The kernel waits for an RCU grace period (packet_set_ring(), net/packet/af_packet.c), ten milliseconds and
/// more, for each capture that is opened. So all are opened at the same time, by threads that have ended when
/// this returns: before any process of the experiment is forked.
void Engine::watch_all() {
  const auto open_on = [](const HostPart& part, const char* device) {
    const auto visit = part.visit();
    return Packets::capture_on(device);
  };
  if (hosts_.size() == 1) return packets_.watch(open_on(*hosts_.front(), "lo"));
  std::vector<std::pair<Packets*, std::future<Packets::Opened>>> opening;
  for (const auto& part : hosts_) {
    for (const char* device : {"lo", "eth0"})
      opening.emplace_back(&part->packets, std::async(std::launch::async, open_on, std::cref(*part), device));
  }
  for (auto& [packets, opened] : opening) packets->watch(opened.get());
}

void Engine::join(const std::vector<sandbox::Joined>& hosts) {
  using sandbox::Carrier;
  auto network = sandbox::join_hosts(hosts, setup_.bridge ? Carrier::Bridge : Carrier::Nobody);
  if (setup_.bridge) {
    bridge_ = std::move(network.hub);
    return;
  }
  const sandbox::Visit hub(network.hub.get());
  auto opened = hold::Wire::open(network.ports, held_numbers_);
  if (!opened) throw std::runtime_error(opened.error());
  wire_.emplace(std::move(network.hub), reporter_, held_numbers_);
  auto wire = std::make_unique<hold::Wire>(std::move(*opened));
  wire_->wire = wire.get();
  wire_->packets.hold_at(std::move(wire));
  for (const auto& part : hosts_) part->packets.follow(wire_->packets);
}

HostPart* Engine::host_named(const std::string& name) {
  if (name.empty()) return hosts_.front().get();
  for (const auto& part : hosts_) {
    if (part->name == name) return part.get();
  }
  return nullptr;
}

tl::expected<HostPart*, std::string> Engine::host(const std::string& name) {
  if (HostPart* part = host_named(name)) return part;
  // One that a learner names by hand, say: the hosts are made when the world is.
  return trouble("this world has no host " + name);
}

}  // namespace loopscope::lab
