#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/address.hpp"
#include "sim/model/shared.hpp"
#include "sim/model/socket.hpp"

namespace loopscope::model {

struct DeviceAddress {
  IpAddress ip;
  int length = 32;
};
/// A network device; its number is its place in Host::devices plus 1 (lo is 1).
struct Device {
  std::string name;
  bool wire = false;  ///< joined to the other hosts
  std::vector<DeviceAddress> addresses;
};

/// The settings that the model's rules read (Documentation/networking/ip-sysctl.rst), with Linux 6.18's
/// defaults.
struct Sysctls {
  int range_low = 32768, range_high = 60999;
  std::vector<std::pair<int, int>> reserved;
  int unprivileged_start = 1024;
  bool nonlocal_v4 = false, nonlocal_v6 = false;
  bool bind_v6only = false, disable_v6 = false;
  bool localnet_all = false, localnet_wire = false;          ///< route_localnet, of `all` and of eth0
  bool accept_local_all = false, accept_local_wire = false;  ///< accept_local
  bool autobind_reuse = false;
  int somaxconn = 4096;
  int tw_reuse = 2;
  int tw_reuse_delay_ms = 1000;
  int fin_timeout_s = 60;
  int syn_retries = 6, synack_retries = 5, retries2 = 15, syn_linear = 4;
  int syncookies = 1;
  bool abort_on_overflow = false, migrate = false, timestamps = true, rfc1337 = false;
  int max_tw_buckets = 131072;
  int keep_time_s = 7200, keep_interval_s = 75, keep_probes = 9;
  int ttl = 64, hops = 64;
  int hops_of_lo = 64, hops_of_devices = 64;
  int rmem_default = 212992, wmem_default = 212992, rmem_max = 4194304, wmem_max = 4194304;
  int tcp_rmem[3] = {4096, 131072, 33554432};
  int tcp_wmem[3] = {4096, 16384, 4194304};
};

/// A TCP segment, a UDP datagram, or the ICMP error about one, on its way.
struct Packet {
  enum class Kind : std::uint8_t { Tcp, Udp, IcmpError };
  Kind kind = Kind::Tcp;
  std::uint8_t from_host = 0, to_host = 0;
  bool wire = false;       ///< crosses the network between hosts
  bool local = true;       ///< goes by lo
  bool everybody = false;  ///< to all other hosts
  int device = 0;          ///< the device it seems to arrive on at `to_host`
  SocketAddress from, to;  ///< IPv4 ones unmapped
  std::uint32_t seq = 0, ack = 0;
  bool syn = false, fin = false, rst = false, has_ack = false, psh = false, urg = false;
  std::string bytes;
  Time sent{}, echo{};    ///< TCP's time stamps: when it was sent, and of the other side's what it answers
  bool unscaled = false;  ///< SYN-ACK: the windows of the other side's segments need no scale
  bool retransmission = false;
  bool asked_again = false;  ///< while it is held, the kernel wanted to send it again
  /// What connection tracking says of it; a packet that goes by lo keeps that from one chain to the other.
  enum class Track : std::uint8_t { Unknown, New, Established, Related, Invalid } track = Track::Unknown;
  bool assumed =
      false;  ///< went out by lo because its sender is bound there, to an address of another device
  bool to_group = false;  ///< UDP by lo, which keeps the sender's route: that is one of broadcasts or groups
  bool any_source = false;  ///< UDP: the kernel chose the sender's port
  /// Sent by connect(2), which has its socket locked until the packet has gone all its way (lo and veth
  /// deliver it within the call); of an IcmpError: the packet in question was.
  bool within_connect = false;
  int error = 0;      ///< IcmpError: the errno it stands for
  bool hard = false;  ///< …and whether it is fatal
  Transport about =
      Transport::Tcp;  ///< IcmpError: of the packet in question (`from`, `to` are that packet's)
};

struct Match {
  enum class What : std::uint8_t {
    Protocol,
    SourcePort,
    DestinationPort,
    Source,
    Destination,
    InDevice,
    OutDevice,
    State,
    Family,
    Flags
  };
  What what{};
  bool negated = false;
  std::vector<std::pair<int, int>> numbers;  ///< ports, or protocol numbers
  std::vector<std::pair<IpAddress, int>> addresses;
  std::vector<std::string> words;
};
enum class Verdict : std::uint8_t { None, Accept, Drop, Reject };
struct FirewallRule {
  std::string text;
  std::vector<Match> matches;
  Verdict verdict = Verdict::None;
  bool reset = false;  ///< reject with tcp reset
  int error = 0;       ///< reject: what the ICMP message means to a socket,
  int error_v6 = 0;    ///< … and what the ICMPv6 message does
  bool hard = true;
};

/// One address of a port's owners (struct inet_bind2_bucket).
struct Bind2 {
  IpAddress ip;  ///< IPv4 ones mapped
  signed char fast_reuse = 0, fast_reuse_port = 0;
  std::vector<SocketId> owners;
};
/// Everything that holds one port of one transport (struct inet_bind_bucket; UDP's hash slot).
struct PortSlot {
  signed char fast_reuse = 0, fast_reuse_port = 0;
  std::uint32_t fast_uid = 0;
  IpAddress fast_receive;
  bool fast_v6only = false, fast_v6 = false;
  std::vector<Bind2> addresses;                 ///< TCP
  std::vector<SocketId> datagram;               ///< UDP, newest first
  std::vector<std::uint64_t> connected_groups;  ///< UDP: SO_REUSEPORT groups a member of which has connected
  std::vector<SocketId> listeners;              ///< TCP, in the order of the look-up
};

/// A TCP port at a glance, 32 of them in a row, so that the search for a free one need not open each slot.
struct PortBrief {
  SocketId first = no_socket;  ///< an owner; no_socket: nobody has the port
  bool bound = false;          ///< by bind, so connect does not share it
  IpAddress ip;                ///< of that owner; IPv4 ones mapped
};
using PortBriefs = std::array<PortBrief, 32>;

/// Packets that wait to be let go. What the kernel sends again of one that is held, or that was let go and is
/// acknowledged by one that is held, is not held a second time.
struct Held {
  std::deque<Packet> packets;
  bool on = false;
  struct LetGo {
    SocketAddress from, to;
    std::uint32_t seq = 0;
    Time at{};
  };
  std::deque<LetGo> let_go;  ///< data, SYN and FIN, the latest last
};

struct Counted {
  SocketAddress from, to;
  bool syn = false, ack = false, fin = false, rst = false;
};

struct Flow {
  SocketAddress from, to;
  bool udp = false;
  bool replied = false;
  bool closed_from = false, closed_to = false;  ///< a FIN went that way, or a RST either way
};

struct Host {
  std::string name;
  std::vector<Device> devices;
  Sysctls sysctls;
  SharedArray<PortSlot> tcp_ports, udp_ports;
  SharedArray<PortBriefs> tcp_briefs;              ///< of tcp_ports, by number / 32
  SharedArray<std::vector<SocketId>> connections;  ///< by hash of the four-tuple
  std::vector<FirewallRule> input, output;
  std::vector<Flow> flows;  ///< what `ct state` knows; noted only while a rule asks for it
  Held held;
  Cow<std::vector<Counted>> counted;
  int doubt_low = 65536, doubt_high = -1;  ///< ports of small ranges out of which the kernel chose
};

}  // namespace loopscope::model
