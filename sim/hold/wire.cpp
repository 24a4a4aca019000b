#include "sim/hold/wire.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <span>

#include "sim/base/system_error.hpp"
#include "sim/base/unique_fd.hpp"
#include "sim/hold/repeats.hpp"
#include "sim/trace/decode.hpp"

namespace loopscope::hold {
namespace {

using Mac = std::array<std::uint8_t, ETH_ALEN>;
using Frame = std::vector<std::uint8_t>;

constexpr int buffer_bytes = 4 << 20;
constexpr std::size_t longest_frame = 65536 + ETH_HLEN;
/// So that a host which floods the others does not keep the caller for ever.
constexpr std::size_t most_at_once = 4096;

Nanoseconds now() { return std::chrono::steady_clock::now().time_since_epoch(); }  // CLOCK_MONOTONIC on Linux

/// A socket that reads and writes whole frames of one device, and never its own. packet(7)
UniqueFd open_port(const std::string& device) {
  // Bound before it hears of any protocol: else it would hear all devices meanwhile.
  UniqueFd port(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  check("socket(AF_PACKET)", port.get());
  const int on = 1;
  check("setsockopt(PACKET_IGNORE_OUTGOING)",
        ::setsockopt(port.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on));
  (void)::setsockopt(port.get(), SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes);
  (void)::setsockopt(port.get(), SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
  sockaddr_ll place{};
  place.sll_family = AF_PACKET;
  place.sll_protocol = htons(ETH_P_ALL);
  place.sll_ifindex = static_cast<int>(::if_nametoindex(device.c_str()));
  check(("bind to " + device).c_str(),
        ::bind(port.get(), reinterpret_cast<const sockaddr*>(&place), sizeof place));
  return port;
}

Mac mac_at(const Frame& frame, std::ptrdiff_t offset) {
  Mac mac;
  std::copy_n(frame.begin() + offset, mac.size(), mac.begin());
  return mac;
}

/// The packet in it, where it is one that can be held.
std::optional<trace::Packet> packet_in(const Frame& frame) {
  const int type = frame[12] << 8 | frame[13];
  if (type != ETH_P_IP && type != ETH_P_IPV6) return std::nullopt;
  auto packet = trace::decode(std::span(frame).subspan(ETH_HLEN));
  if (packet && trace::is_link_talk(*packet)) return std::nullopt;
  return packet;
}

}  // namespace

struct Wire::Private {
  struct Stopped {
    std::size_t port = 0;  ///< where it came in
    Frame frame;
  };

  std::vector<UniqueFd> ports;
  UniqueFd poll;
  Numbers numbers;
  Repeats repeats;
  bool holds = false;
  std::map<Mac, std::size_t> homes;  ///< behind which port somebody lives, as his frames tell
  std::map<trace::HeldId, Stopped> held;
  mutable std::uint64_t lost = 0;

  void send_on(std::size_t from, const Frame& frame);
  std::optional<Arrival> arrive(std::size_t port, Frame frame);
  bool read_one(std::size_t port, Frame& frame) const;
  bool settle(trace::HeldId id, bool pass);
};

void Wire::Private::send_on(std::size_t from, const Frame& frame) {
  const auto home = homes.find(mac_at(frame, 0));
  for (std::size_t port = 0; port < ports.size(); ++port) {
    if (port == from || (home != homes.end() && home->second != port)) continue;
    // What the device does not take (it went, it is full) is lost, as on any wire.
    (void)!::send(ports[port].get(), frame.data(), frame.size(), MSG_NOSIGNAL);
  }
}

bool Wire::Private::read_one(std::size_t port, Frame& frame) const {
  thread_local std::array<std::uint8_t, longest_frame> space;
  ssize_t got;
  do got = ::recv(ports[port].get(), space.data(), space.size(), MSG_DONTWAIT);
  while (got < 0 && (errno == EINTR || errno == ENETDOWN));  // a device that went down is told once
  if (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK) throw SystemError("recv(AF_PACKET)", errno);
  if (got < 0) return false;
  frame.assign(space.begin(), space.begin() + got);
  return true;
}

std::optional<Arrival> Wire::Private::arrive(std::size_t port, Frame frame) {
  if (frame.size() < ETH_HLEN) return std::nullopt;
  homes[mac_at(frame, ETH_ALEN)] = port;
  auto packet = holds ? packet_in(frame) : std::nullopt;
  if (!packet) {
    send_on(port, frame);
    return std::nullopt;
  }
  Arrival arrival;
  arrival.hook = trace::Hook::Output;
  arrival.monotonic = now();
  arrival.packet = std::move(*packet);
  const auto answer = repeats.look_at(arrival.packet, arrival.monotonic);
  arrival.repeats = answer.of;
  if (answer.what == Repeats::What::Surplus) return arrival;
  arrival.id = ++*numbers;
  held.emplace(arrival.id, Stopped{port, std::move(frame)});
  repeats.held(arrival.id, arrival.packet);
  return arrival;
}

bool Wire::Private::settle(trace::HeldId id, bool pass) {
  const auto found = held.find(id);
  if (found == held.end()) return false;
  const Stopped stopped = std::move(found->second);
  held.erase(found);
  if (pass) {
    repeats.passed(id, now());
    send_on(stopped.port, stopped.frame);
  } else {
    repeats.dropped(id);
  }
  return true;
}

Wire::Wire(std::unique_ptr<Private> inside) : inside_(std::move(inside)) {}
Wire::~Wire() = default;
Wire::Wire(Wire&&) noexcept = default;
Wire& Wire::operator=(Wire&&) noexcept = default;

tl::expected<Wire, std::string> Wire::open(const std::vector<std::string>& ports, Numbers numbers) {
  try {
    auto inside = std::make_unique<Private>();
    inside->numbers = std::move(numbers);
    inside->poll.reset(check("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC)));
    for (const std::string& device : ports) {
      UniqueFd port = open_port(device);
      epoll_event event{};
      event.events = EPOLLIN;
      check("epoll_ctl", ::epoll_ctl(inside->poll.get(), EPOLL_CTL_ADD, port.get(), &event));
      inside->ports.push_back(std::move(port));
    }
    return Wire(std::move(inside));
  } catch (const SystemError& error) {
    return tl::unexpected("the network between hosts cannot be made: " + std::string(error.what()));
  }
}

int Wire::fd() const noexcept { return inside_->poll.get(); }
bool Wire::holding() const noexcept { return inside_->holds; }

void Wire::hold(bool on) {
  inside_->holds = on;
  while (!on && !inside_->held.empty()) inside_->settle(inside_->held.begin()->first, true);
}

std::vector<Arrival> Wire::take() {
  std::vector<Arrival> arrivals;
  Frame frame;
  // What is sent on is answered, as a rule, before send(2) returns: the kernel of the host runs within it.
  std::size_t count = 0;
  for (bool more = true; more && count < most_at_once;) {
    more = false;
    for (std::size_t port = 0; port < inside_->ports.size(); ++port) {
      for (; count < most_at_once && inside_->read_one(port, frame); ++count) {
        more = true;
        if (auto arrival = inside_->arrive(port, std::move(frame))) arrivals.push_back(std::move(*arrival));
      }
    }
  }
  return arrivals;
}

bool Wire::pass(trace::HeldId id) { return inside_->settle(id, true); }
bool Wire::drop(trace::HeldId id) { return inside_->settle(id, false); }

std::uint64_t Wire::lost() const {
  for (const UniqueFd& port : inside_->ports) {
    tpacket_stats told{};
    socklen_t size = sizeof told;
    // Reading it sets the kernel's count to zero.
    if (::getsockopt(port.get(), SOL_PACKET, PACKET_STATISTICS, &told, &size) == 0)
      inside_->lost += told.tp_drops;
  }
  return inside_->lost;
}

}  // namespace loopscope::hold
