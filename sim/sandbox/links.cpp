#include "sim/sandbox/links.hpp"

#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/ethtool.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>

#include "sim/base/system_error.hpp"
#include "sim/sandbox/settings.hpp"

namespace loopscope::sandbox {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto patience = std::chrono::seconds(2);
constexpr auto pause = std::chrono::microseconds(200);
constexpr std::uint8_t operational = 6;  // IF_OPER_UP, linux/if.h (which clashes with net/if.h)

/// One request of rtnetlink(7).
class Request {
 public:
  Request(std::uint16_t type, std::uint16_t flags) : header_(mnl_nlmsg_put_header(buffer_.data())) {
    header_->nlmsg_type = type;
    header_->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    header_->nlmsg_seq = 1;
  }
  template <typename Body>
  Body& body() {
    return *static_cast<Body*>(mnl_nlmsg_put_extra_header(header_, sizeof(Body)));
  }
  [[nodiscard]] nlmsghdr* header() const { return header_; }

 private:
  alignas(nlmsghdr) std::array<char, 1024> buffer_{};
  nlmsghdr* header_;
};

/// Sends and returns the kernel's answer in `answer`; throws SystemError(`what`) where it is an error.
const nlmsghdr* talk(int netlink, const Request& request, std::array<char, 16384>& answer,
                     const std::string& what) {
  check_long(what.c_str(), ::send(netlink, request.header(), request.header()->nlmsg_len, 0));
  const long got = check_long(what.c_str(), ::recv(netlink, answer.data(), answer.size(), 0));
  const auto* header = reinterpret_cast<const nlmsghdr*>(answer.data());
  if (!mnl_nlmsg_ok(header, static_cast<int>(got))) throw SystemError(what, EPROTO);
  if (header->nlmsg_type == NLMSG_ERROR) {
    const auto* error = static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(header));
    if (error->error != 0) throw SystemError(what, -error->error);
  }
  return header;
}

void tell(int netlink, const Request& request, const std::string& what) {
  alignas(nlmsghdr) std::array<char, 16384> answer;
  talk(netlink, request, answer, what);
}

unsigned index_of(const std::string& device, const std::string& what) {
  const unsigned index = ::if_nametoindex(device.c_str());
  if (index == 0) throw SystemError(what, errno);
  return index;
}

/// A device that comes up gets no address by itself (addr_gen_mode 1: ip-sysctl.rst).
void no_link_local(const std::string& device) {
  (void)write_setting("net.ipv6.conf." + device + ".addr_gen_mode", "1");
}

/// What is read from one veth and written to another is whole: its checksum there, and no larger than the MTU
/// (ethtool(8) -K; linux/ethtool.h).
void leave_nothing_to_hardware(const std::string& device) {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  for (const std::uint32_t feature : {ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO}) {
    ethtool_value off{feature, 0};
    ifreq request{};
    device.copy(request.ifr_name, sizeof request.ifr_name - 1);
    request.ifr_data = reinterpret_cast<char*>(&off);
    check("ethtool -K", ::ioctl(socket.get(), SIOCETHTOOL, &request));
  }
}

/// One end of a veth(4) pair here, the other in `hub`.
void request_pair(int netlink, const std::string& device, const std::string& other, int hub,
                  const std::string& what, const Mac* mac = nullptr) {
  Request request(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
  nlmsghdr* header = request.header();
  request.body<ifinfomsg>();
  mnl_attr_put_strz(header, IFLA_IFNAME, device.c_str());
  if (mac != nullptr) mnl_attr_put(header, IFLA_ADDRESS, mac->size(), mac->data());
  nlattr* info = mnl_attr_nest_start(header, IFLA_LINKINFO);
  mnl_attr_put_strz(header, IFLA_INFO_KIND, "veth");
  nlattr* data = mnl_attr_nest_start(header, IFLA_INFO_DATA);
  nlattr* peer = mnl_attr_nest_start(header, VETH_INFO_PEER);
  mnl_nlmsg_put_extra_header(header, sizeof(ifinfomsg));
  mnl_attr_put_strz(header, IFLA_IFNAME, other.c_str());
  mnl_attr_put_u32(header, IFLA_NET_NS_FD, static_cast<std::uint32_t>(hub));
  mnl_attr_nest_end(header, peer);
  mnl_attr_nest_end(header, data);
  mnl_attr_nest_end(header, info);
  tell(netlink, request, what);
}

}  // namespace

Visit::Visit(int network_namespace) : own_(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)) {
  check("open /proc/thread-self/ns/net", own_.get());
  check("setns", ::setns(network_namespace, CLONE_NEWNET));
}
Visit::~Visit() { (void)::setns(own_.get(), CLONE_NEWNET); }

Links::Links() : netlink_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {
  check("socket(AF_NETLINK)", netlink_.get());
}

void Links::set_up(const std::string& device) {
  const std::string what = device + " up";
  Request request(RTM_NEWLINK, NLM_F_ACK);
  auto& link = request.body<ifinfomsg>();
  link.ifi_index = static_cast<int>(index_of(device, what));
  link.ifi_flags = IFF_UP;
  link.ifi_change = IFF_UP;
  tell(netlink_.get(), request, what);
}

void Links::add_device(const std::string& device, int hub_namespace) {
  const std::string what = "add device " + device;
  request_pair(netlink_.get(), device, device, hub_namespace, what);
  {
    const Visit hub(
        hub_namespace);  // the other end cannot come up by the request above: veth(4) has no peer yet then
    Links().set_up(device);
  }
  no_link_local(device);
  set_up(device);
  wait_until_operational(device);
}

void Links::add_bridge(const std::string& bridge) {
  Request request(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
  nlmsghdr* header = request.header();
  request.body<ifinfomsg>();
  mnl_attr_put_strz(header, IFLA_IFNAME, bridge.c_str());
  nlattr* info = mnl_attr_nest_start(header, IFLA_LINKINFO);
  mnl_attr_put_strz(header, IFLA_INFO_KIND, "bridge");
  mnl_attr_nest_end(header, info);
  tell(netlink_.get(), request, "add bridge");
  set_up(bridge);
}

void Links::join(const std::string& device, const std::string& bridge) {
  const std::string what = device + " joins " + bridge;
  Request request(RTM_NEWLINK, NLM_F_ACK);
  request.body<ifinfomsg>().ifi_index = static_cast<int>(index_of(device, what));
  mnl_attr_put_u32(request.header(), IFLA_MASTER, index_of(bridge, what));
  tell(netlink_.get(), request, what);
}

void Links::add_port(const std::string& device, const Mac& mac, const std::string& port, int hub_namespace,
                     const std::string& bridge) {
  request_pair(netlink_.get(), device, port, hub_namespace, "add device " + device, &mac);
  {
    const Visit hub(hub_namespace);
    Links links;
    if (!bridge.empty()) links.join(port, bridge);
    links.set_up(port);
  }
  no_link_local(device);
  (void)write_setting("net.ipv6.conf." + device + ".router_solicitations", "0");
  leave_nothing_to_hardware(device);
  set_up(device);
}

void Links::wait_until_operational(const std::string& device) {
  wait_for("wait until " + device + " is up", device, [](const nlattr* link) {
    return mnl_attr_get_type(link) == IFLA_OPERSTATE && mnl_attr_get_u8(link) == operational;
  });
}

void Links::wait_for(const std::string& what, const std::string& device,
                     const std::function<bool(const nlattr*)>& holds) {
  const unsigned index = index_of(device, what);
  for (const auto start = Clock::now();; std::this_thread::sleep_for(pause)) {
    Request request(RTM_GETLINK, 0);
    request.body<ifinfomsg>().ifi_index = static_cast<int>(index);
    alignas(nlmsghdr) std::array<char, 16384> answer;
    const nlmsghdr* header = talk(netlink_.get(), request, answer, what);
    const auto* end = static_cast<const char*>(mnl_nlmsg_get_payload_tail(header));
    const auto* attribute =
        static_cast<const nlattr*>(mnl_nlmsg_get_payload_offset(header, sizeof(ifinfomsg)));
    for (; mnl_attr_ok(attribute, static_cast<int>(end - reinterpret_cast<const char*>(attribute)));
         attribute = mnl_attr_next(attribute)) {
      if (holds(attribute)) return;
    }
    if (Clock::now() - start > patience) throw SystemError(what, ETIMEDOUT);
  }
}

void Links::add_address(const std::string& device, const IpAddress& ip, int prefix_length) {
  const std::string what =
      "add address " + to_string(ip) + "/" + std::to_string(prefix_length) + " to " + device;
  Request request(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
  auto& address = request.body<ifaddrmsg>();
  address.ifa_family = static_cast<std::uint8_t>(ip.family());
  address.ifa_prefixlen = static_cast<std::uint8_t>(prefix_length);
  address.ifa_index = index_of(device, what);
  if (ip.is_v6()) address.ifa_flags = IFA_F_NODAD;
  const std::size_t size = ip.is_v6() ? 16 : 4;
  mnl_attr_put(request.header(), IFA_LOCAL, size, ip.bytes().data());
  mnl_attr_put(request.header(), IFA_ADDRESS, size, ip.bytes().data());
  tell(netlink_.get(), request, what);
  wait_until_usable(ip);
}

void Links::wait_until_usable(const IpAddress& ip) {
  const std::string what = "wait until " + to_string(ip) + " can be used";
  const UniqueFd probe(::socket(ip.family(), SOCK_DGRAM | SOCK_CLOEXEC, 0));
  check(what.c_str(), probe.get());
  sockaddr_storage target{};
  const socklen_t length = SocketAddress{ip, Port{9}}.store(target);
  for (const auto start = Clock::now();; std::this_thread::sleep_for(pause)) {
    // connect(2) on a datagram socket sends nothing: it looks up the route and takes the source address from
    // it.
    sockaddr_storage source{};
    socklen_t source_length = sizeof source;
    if (::connect(probe.get(), reinterpret_cast<sockaddr*>(&target), length) == 0 &&
        ::getsockname(probe.get(), reinterpret_cast<sockaddr*>(&source), &source_length) == 0) {
      const auto own = SocketAddress::from(source);
      if (own && own->ip == ip) return;
    }
    if (Clock::now() - start > patience) throw SystemError(what, ETIMEDOUT);
  }
}

/// The kernel joins the address's solicited-node group (RFC 4291, 2.7.1) from a worker, without which nobody
/// is told who has the address (addrconf_dad_begin(), net/ipv6/addrconf.c).
void Links::wait_until_asked_for(const std::string& device, const IpAddress& ip) {
  const auto& bytes = ip.bytes();
  std::array<char, 40> group{};
  (void)std::snprintf(group.data(), group.size(), "ff0200000000000000000001ff%02x%02x%02x", bytes[13],
                      bytes[14], bytes[15]);
  for (const auto start = Clock::now();; std::this_thread::sleep_for(pause)) {
    std::ifstream groups("/proc/thread-self/net/igmp6");
    for (std::string line; std::getline(groups, line);) {
      if (line.find(" " + device + " ") != std::string::npos && line.find(group.data()) != std::string::npos)
        return;
    }
    if (Clock::now() - start > patience)
      throw SystemError("wait until neighbours can ask for " + to_string(ip), ETIMEDOUT);
  }
}

void raise_loopback() {
  Links links;
  links.set_up("lo");
  links.wait_until_usable(IpAddress::loopback_v4());
  // A kernel that was started without IPv6 has none here either.
  const UniqueFd v6(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (v6.valid()) links.wait_until_usable(IpAddress::loopback_v6());
}

UniqueFd make_hub_namespace() {
  const UniqueFd own(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
  check("open /proc/self/ns/net", own.get());
  check("unshare(CLONE_NEWNET)", ::unshare(CLONE_NEWNET));
  UniqueFd hub(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  const int hub_error = hub.valid() ? 0 : errno;
  // Without IPv6 there is nothing that could answer: no address of either family.
  (void)write_setting("net.ipv6.conf.all.disable_ipv6", "1");
  (void)write_setting("net.ipv6.conf.default.disable_ipv6", "1");
  check("setns", ::setns(own.get(), CLONE_NEWNET));
  if (hub_error != 0) throw SystemError("open /proc/thread-self/ns/net", hub_error);
  return hub;
}

}  // namespace loopscope::sandbox
