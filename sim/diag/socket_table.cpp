#include "sim/diag/socket_table.hpp"

#include <libmnl/libmnl.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <tuple>

#include "sim/base/system_error.hpp"
#include "sim/base/unique_fd.hpp"
#include "sim/diag/socket_message.hpp"

namespace loopscope::diag {
namespace {

constexpr std::uint32_t bound_inactive =
    1U << 13;  // TCP_BOUND_INACTIVE, include/net/tcp_states.h; ignored before 6.8
constexpr std::uint32_t all_states = 0x1FFE | bound_inactive;

struct SocketCloser {
  void operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
};
using Netlink = std::unique_ptr<mnl_socket, SocketCloser>;

Netlink open_netlink() {
  Netlink socket(mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC));
  if (!socket) throw SystemError("socket(NETLINK_SOCK_DIAG)", errno);
  check("bind(NETLINK_SOCK_DIAG)", mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID));
  return socket;
}

struct Question {
  int family;
  int protocol;
  std::uint32_t states;
};

using Rows = std::vector<Row>;

struct Collecting {
  Rows* rows;
  trace::Transport transport;
};

int collect(const nlmsghdr* message, void* data) {
  auto* into = static_cast<Collecting*>(data);
  if (auto row = read_row(message, into->transport)) into->rows->push_back(std::move(*row));
  return MNL_CB_OK;
}

void ask(mnl_socket* socket, const Question& question, std::uint32_t sequence, Rows& rows) {
  std::array<char, 256> buffer{};
  nlmsghdr* header = mnl_nlmsg_put_header(buffer.data());
  header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
  header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  header->nlmsg_seq = sequence;
  auto* request =
      static_cast<inet_diag_req_v2*>(mnl_nlmsg_put_extra_header(header, sizeof(inet_diag_req_v2)));
  request->sdiag_family = static_cast<__u8>(question.family);
  request->sdiag_protocol = static_cast<__u8>(question.protocol);
  request->idiag_states = question.states;
  check_long("sendto(SOCK_DIAG_BY_FAMILY)", mnl_socket_sendto(socket, header, header->nlmsg_len));

  Collecting into{&rows, question.protocol == IPPROTO_UDP ? trace::Transport::Udp : trace::Transport::Tcp};
  std::array<char, 1 << 15> answer;  // what the kernel fills at most in one datagram of a dump
  int more = MNL_CB_OK;
  while (more > MNL_CB_STOP) {
    const auto size = mnl_socket_recvfrom(socket, answer.data(), answer.size());
    if (size < 0 && errno == EINTR) continue;
    check_long("recvmsg(SOCK_DIAG_BY_FAMILY)", size);
    more = mnl_cb_run(answer.data(), static_cast<std::size_t>(size), sequence, mnl_socket_get_portid(socket),
                      collect, &into);
    // A table that changed during the dump is no error here: the rows that came are what there was.
    if (more < 0 && errno != EINTR) throw SystemError("SOCK_DIAG_BY_FAMILY", errno);
    if (more < 0) more = MNL_CB_OK;
  }
}

std::string device_name(mnl_socket* socket, unsigned index) {
  ifreq request{};
  request.ifr_ifindex = static_cast<int>(index);
  // On the netlink socket, so that the name is one of its namespace and not of the thread's.
  if (::ioctl(mnl_socket_get_fd(socket), SIOCGIFNAME, &request) != 0) return std::to_string(index);
  return request.ifr_name;
}

auto order(const trace::SocketEntry& entry) {
  return std::tie(entry.transport, entry.local, entry.state, entry.peer, entry.cookie);
}

/// Binds a socket that never listens and looks whether the kernel shows it.
bool probe_bound(mnl_socket* socket, std::uint32_t sequence) {
  const UniqueFd probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!probe.valid()) return false;
  sockaddr_storage storage{};
  const socklen_t size = SocketAddress{IpAddress::loopback_v4(), Port{}}.store(storage);
  if (::bind(probe.get(), reinterpret_cast<const sockaddr*>(&storage), size) != 0) return false;
  socklen_t length = sizeof storage;
  if (::getsockname(probe.get(), reinterpret_cast<sockaddr*>(&storage), &length) != 0) return false;
  const auto mine = SocketAddress::from(storage);
  Rows rows;
  ask(socket, {AF_INET, IPPROTO_TCP, bound_inactive}, sequence, rows);
  return std::any_of(rows.begin(), rows.end(), [&](const Row& row) { return row.entry.local == mine; });
}

}  // namespace

struct SocketTable::Private {
  Netlink socket = open_netlink();
  std::uint32_t sequence = 0;
  bool bound = probe_bound(socket.get(), ++sequence);
};

SocketTable::SocketTable() : inside_(std::make_unique<Private>()) {}
SocketTable::~SocketTable() = default;
SocketTable::SocketTable(SocketTable&&) noexcept = default;
SocketTable& SocketTable::operator=(SocketTable&&) noexcept = default;

bool SocketTable::shows_bound() const noexcept { return inside_->bound; }

std::vector<trace::SocketEntry> SocketTable::dump() {
  mnl_socket* socket = inside_->socket.get();
  Rows rows;
  for (const int protocol : {IPPROTO_TCP, IPPROTO_UDP}) {
    for (const int family : {AF_INET, AF_INET6})
      ask(socket, {family, protocol, all_states}, ++inside_->sequence, rows);
  }
  std::map<unsigned, std::string> names;
  std::vector<trace::SocketEntry> entries;
  entries.reserve(rows.size());
  for (Row& row : rows) {
    if (row.device_index != 0) {
      auto [name, fresh] = names.try_emplace(row.device_index);
      if (fresh) name->second = device_name(socket, row.device_index);
      row.entry.device = name->second;
    }
    entries.push_back(std::move(row.entry));
  }
  std::sort(entries.begin(), entries.end(),
            [](const auto& one, const auto& other) { return order(one) < order(other); });
  return entries;
}

}  // namespace loopscope::diag
