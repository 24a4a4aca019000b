#include "sim/lab/here_rules.hpp"

#include <fmt/format.h>

namespace loopscope::lab {
namespace {

using namespace experiment;

const char* const without_here = "leave `--here` away, and it gets a private world of its own";

/// An address that is no loopback; nothing where it is one, or none at all.
std::optional<IpAddress> beyond_loopback(const AddressTerm& term) {
  const auto* ip = std::get_if<IpAddress>(&term.ip);
  if (term.unspec || ip == nullptr || is_on_loopback(*ip)) return std::nullopt;
  return *ip;
}

std::string loopback_like(const IpAddress& ip) {
  return ip.is_v6() && !ip.is_v4_mapped() ? "[::1]" : "127.0.0.1";
}

std::string changes(const std::string& what) {
  return fmt::format("`{}` would change this machine; {}", what, without_here);
}

std::string other_host(const std::string& host) {
  return host.empty() || host == here ? "" : fmt::format("`{}` is another host; {}", host, without_here);
}

}  // namespace

struct LoopbackGuard::Rules {
  LoopbackGuard& guard;

  std::string operator()(const HostDecl&) const {
    return fmt::format("a further `host` needs a private world; {}", without_here);
  }
  std::string operator()(const ProcessDecl& process) const {
    if (process.as_root) {
      return fmt::format(
          "`as root`: on this machine itself all processes are yours; write `process {}`, or {}",
          process.name, without_here);
    }
    return other_host(process.host);
  }
  std::string operator()(const DeviceDecl&) const { return changes("device"); }
  std::string operator()(const AddressDecl&) const { return changes("address"); }
  std::string operator()(const SysctlDecl&) const { return changes("sysctl"); }
  std::string operator()(const FirewallDecl&) const { return changes("firewall"); }
  std::string operator()(const FileDecl&) const { return changes("file"); }
  std::string operator()(const PacketsDecl&) const { return holding(); }
  std::string operator()(const HeldClaim&) const { return holding(); }
  std::string operator()(const SocketClaim& claim) const { return other_host(claim.host); }
  std::string operator()(const PacketsClaim& claim) const { return other_host(claim.host); }
  std::string operator()(const RunStep& step) const { return program(step.words); }
  std::string operator()(const StartStep& step) const { return program(step.words); }
  std::string operator()(const CallStep& step) {
    Socket& socket = guard.sockets_[{step.process, descriptor_of(step.call).value_or(step.variable)}];
    return std::visit([&](const auto& call) { return call_refusal(call, socket); }, step.call);
  }
  template <typename Other>
  std::string operator()(const Other&) const {
    return "";
  }

  static std::string holding() {
    return fmt::format("packets of this machine's own loopback are not held; {}", without_here);
  }
  static std::string program(const std::vector<std::string>& words) {
    return fmt::format(
        "a program would run with all your rights here, without the lab's walls; start `{0}` yourself "
        "(`loopscope watch --here -- {0} …` shows its calls) and it "
        "joins the run under its own name, or {1}",
        words.empty() ? "it" : words.front(), without_here);
  }

  template <typename Call>
  std::string call_refusal(const Call&, Socket&) {
    return "";
  }
  std::string call_refusal(const SocketCall& call, Socket& socket) {
    socket = {call.type == SocketType::Datagram, false};
    return "";
  }
  std::string call_refusal(const BindCall& call, Socket& socket) {
    // AF_UNSPEC is 0.0.0.0 to bind (inet_bind() in net/ipv4/af_inet.c).
    const auto ip = call.address.unspec ? IpAddress::any_v4() : beyond_loopback(call.address);
    socket.has_address = !ip;
    if (!ip) return "";
    const std::string where = ip->is_any() ? "would be open to the network on every address of this machine"
                                           : "is no address of the loopback";
    return fmt::format("{} {}; `--here` listens on the loopback only: write {}", to_string(call.address),
                       where, loopback_like(*ip));
  }
  std::string call_refusal(const ListenCall& call, Socket& socket) {
    if (socket.has_address) return "";
    return fmt::format(
        "listen on a socket without an address would listen on every address of this machine; bind {} to "
        "127.0.0.1 first",
        call.fd);
  }
  std::string call_refusal(const ConnectCall& call, Socket& socket) {
    if (call.address.unspec) return socket.has_address = false, "";
    socket.has_address = true;
    return peer_refusal(call.address);
  }
  std::string call_refusal(const SendCall& call, Socket& socket) {
    if (!call.to) return "";
    if (std::string refused = peer_refusal(*call.to); !refused.empty()) return refused;
    if (socket.has_address || !socket.datagram) return "";
    return fmt::format(
        "sendto from a socket without an address would open a port on every address of this machine; bind {} "
        "to 127.0.0.1:0 first",
        call.fd);
  }
  std::string call_refusal(const SetsockoptCall& call, Socket&) {
    const auto* device = std::get_if<DeviceName>(&call.value);
    if (device == nullptr || device->name.empty() || device->name == "lo") return "";
    return fmt::format("`{}` leads out of the loopback; `--here` stays on \"lo\"", device->name);
  }

  /// To 0.0.0.0 and :: the kernel connects by the loopback (ip_route_connect() in include/net/route.h).
  static std::string peer_refusal(const AddressTerm& address) {
    const auto ip = beyond_loopback(address);
    if (!ip || ip->is_any()) return "";
    return fmt::format("{} is not on the loopback; `--here` stays on it: write {}", to_string(address),
                       loopback_like(*ip));
  }
};

std::string LoopbackGuard::refusal(const Statement& statement) {
  return std::visit(Rules{*this}, statement.body);
}

bool is_on_loopback(const IpAddress& ip) { return ip.unmapped().is_loopback(); }

std::vector<std::string> refused_on_this_machine(const Experiment& experiment) {
  LoopbackGuard guard;
  std::vector<std::string> problems;
  for (const Statement& statement : experiment.statements) {
    const std::string why = guard.refusal(statement);
    if (!why.empty())
      problems.push_back(fmt::format("{}:{}: {}", experiment.file, statement.place.line, why));
  }
  return problems;
}

}  // namespace loopscope::lab
