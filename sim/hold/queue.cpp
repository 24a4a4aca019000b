#include "sim/hold/queue.hpp"

#include <arpa/inet.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

#include "sim/base/errno_name.hpp"
#include "sim/trace/decode.hpp"

namespace loopscope::hold {
namespace {

constexpr int kept_bytes = 2048;  // of each packet, as many as the capture keeps
constexpr int socket_buffer = 64 << 20;

/// Sends a configuration message and waits for its answer: 0 or an errno. Only before any rule points here.
int configure(mnl_socket* socket, nlmsghdr* header) {
  header->nlmsg_flags |= NLM_F_ACK;
  header->nlmsg_seq = 1;
  if (mnl_socket_sendto(socket, header, header->nlmsg_len) < 0) return errno;
  std::array<char, 4096> buffer;
  ssize_t size = -1;
  do {
    size = ::recv(mnl_socket_get_fd(socket), buffer.data(), buffer.size(), 0);
  } while (size < 0 && errno == EINTR);
  if (size < 0) return errno;
  const int answer = mnl_cb_run(buffer.data(), static_cast<std::size_t>(size), 1,
                                mnl_socket_get_portid(socket), nullptr, nullptr);
  return answer < 0 ? errno : 0;
}

int bind_queue(mnl_socket* socket, std::uint16_t number) {
  std::array<char, 512> buffer{};
  nlmsghdr* header = nfq_nlmsg_put(buffer.data(), NFQNL_MSG_CONFIG, number);
  nfq_nlmsg_cfg_put_cmd(header, AF_UNSPEC, NFQNL_CFG_CMD_BIND);
  return configure(socket, header);
}

int set_up_queue(mnl_socket* socket, std::uint16_t number) {
  std::array<char, 512> buffer{};
  nlmsghdr* header = nfq_nlmsg_put(buffer.data(), NFQNL_MSG_CONFIG, number);
  nfq_nlmsg_cfg_put_params(header, NFQNL_COPY_PACKET, kept_bytes);
  nfq_nlmsg_cfg_put_qmaxlen(header, max_held);
  // GSO: a segment that is to be cut later comes whole, as the capture sees it. Not FAIL_OPEN: nothing slips
  // by.
  mnl_attr_put_u32(header, NFQA_CFG_FLAGS, htonl(NFQA_CFG_F_GSO));
  mnl_attr_put_u32(header, NFQA_CFG_MASK, htonl(NFQA_CFG_F_GSO | NFQA_CFG_F_FAIL_OPEN));
  return configure(socket, header);
}

std::optional<Queued> read_packet(const nlmsghdr* header) {
  std::array<nlattr*, NFQA_MAX + 1> attributes{};
  if (nfq_nlmsg_parse(header, attributes.data()) < 0) return std::nullopt;
  const nlattr* told = attributes[NFQA_PACKET_HDR];
  if (told == nullptr || mnl_attr_get_payload_len(told) < sizeof(nfqnl_msg_packet_hdr)) return std::nullopt;
  nfqnl_msg_packet_hdr about{};
  std::memcpy(&about, mnl_attr_get_payload(told), sizeof about);
  Queued queued;
  queued.number = ntohl(about.packet_id);
  queued.hook = about.hook == NF_INET_LOCAL_IN ? trace::Hook::Input : trace::Hook::Output;
  if (const nlattr* payload = attributes[NFQA_PAYLOAD]) {
    const nlattr* whole = attributes[NFQA_CAP_LEN];
    const auto* bytes = static_cast<const std::uint8_t*>(mnl_attr_get_payload(payload));
    auto packet = trace::decode({bytes, mnl_attr_get_payload_len(payload)},
                                whole != nullptr ? ntohl(mnl_attr_get_u32(whole)) : 0);
    if (packet) queued.packet = std::move(*packet);
  }
  return queued;
}

}  // namespace

tl::expected<Queue, std::string> Queue::open(std::uint16_t number) {
  Netlink socket = open_netfilter(SOCK_CLOEXEC);
  if (const int error = bind_queue(socket.get(), number); error != 0) {
    const std::string because = " (" + errno_name(error) + ": " + errno_words(error) + ")";
    if (error == EPERM) {  // nfqnl_recv_config() answers the same for both
      return tl::unexpected("another program reads packet queue " + std::to_string(number) +
                            ", or there is no right to do so here" + because);
    }
    return tl::unexpected("this kernel has no packet queue (CONFIG_NETFILTER_NETLINK_QUEUE)" + because);
  }
  if (const int error = set_up_queue(socket.get(), number); error != 0)
    return tl::unexpected("the packet queue cannot be set up (" + errno_name(error) + ")");
  const int fd = mnl_socket_get_fd(socket.get());
  // The privilege is that of the namespace's owner; where it is refused, the ordinary limit must do.
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &socket_buffer, sizeof socket_buffer) != 0)
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &socket_buffer, sizeof socket_buffer);
  return Queue(std::move(socket), number);
}

std::vector<Queued> Queue::take() {
  std::vector<Queued> taken;
  std::array<char, 1 << 16> buffer;
  for (;;) {
    const auto size = ::recv(fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return taken;
    // ENOBUFS: some were lost; losses() counts them, what is left can be read.
    if (size < 0 && (errno == EINTR || errno == ENOBUFS)) continue;
    check_long("recv(packet queue)", size);
    int left = static_cast<int>(size);
    for (auto* header = reinterpret_cast<nlmsghdr*>(buffer.data()); mnl_nlmsg_ok(header, left);
         header = mnl_nlmsg_next(header, &left)) {
      if (header->nlmsg_type != (NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_PACKET)) continue;
      if (auto queued = read_packet(header)) taken.push_back(std::move(*queued));
    }
  }
}

void Queue::verdict(std::uint32_t packet_number, bool pass) {
  std::array<char, 256> buffer{};
  nlmsghdr* header = nfq_nlmsg_put(buffer.data(), NFQNL_MSG_VERDICT, number_);
  nfq_nlmsg_verdict_put(header, static_cast<int>(packet_number), pass ? NF_ACCEPT : NF_DROP);
  check_long("sendto(packet queue verdict)", mnl_socket_sendto(socket_.get(), header, header->nlmsg_len));
}

Losses Queue::losses() const {
  // proc_pid_net has no manual page for it; seq_show() of nfnetlink_queue.c: queue number, port id, length,
  // copy mode, copy range, dropped because full, dropped because nobody could be told, last id, 1.
  std::ifstream file("/proc/thread-self/net/netfilter/nfnetlink_queue");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::uint64_t number = 0, port_id = 0, length = 0, mode = 0, range = 0;
    Losses losses;
    if (words >> number >> port_id >> length >> mode >> range >> losses.queue_full >> losses.unread &&
        number == number_)
      return losses;
  }
  return {};
}

}  // namespace loopscope::hold
