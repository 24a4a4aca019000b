#include "sim/firewall/watch.hpp"

#include <libmnl/libmnl.h>
#include <libnftnl/common.h>
#include <libnftnl/trace.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <optional>

#include "sim/base/errno_name.hpp"
#include "sim/base/system_error.hpp"
#include "sim/trace/decode.hpp"

namespace loopscope::firewall {
namespace {

constexpr int socket_buffer = 64 << 20;
constexpr std::size_t most_under_way = 1024;  // where an end was lost, its packet is forgotten in time

struct TraceFreer {
  void operator()(const nftnl_trace* trace) const { nftnl_trace_free(trace); }
};
using TracePtr = std::unique_ptr<nftnl_trace, TraceFreer>;

void append(std::vector<std::uint8_t>& bytes, const nftnl_trace* trace, std::uint16_t part) {
  std::uint32_t size = 0;
  if (!nftnl_trace_is_set(trace, part)) return;
  const auto* data = static_cast<const std::uint8_t*>(nftnl_trace_get_data(trace, part, &size));
  bytes.insert(bytes.end(), data, data + size);
}

/// The IP header and the first 20 bytes behind it.
std::optional<trace::Packet> packet_of(const nftnl_trace* trace) {
  std::vector<std::uint8_t> bytes;
  append(bytes, trace, NFTNL_TRACE_NETWORK_HEADER);
  if (bytes.empty()) return std::nullopt;
  append(bytes, trace, NFTNL_TRACE_TRANSPORT_HEADER);
  return trace::decode(bytes);
}

std::string text_of(const nftnl_trace* trace, std::uint16_t field) {
  return nftnl_trace_is_set(trace, field) ? nftnl_trace_get_str(trace, field) : "";
}

}  // namespace

void Watch::Closer::operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
Watch::Watch(std::unique_ptr<mnl_socket, Closer> socket, std::string table)
    : socket_(std::move(socket)), table_(std::move(table)) {}
Watch::Watch(Watch&&) noexcept = default;
Watch& Watch::operator=(Watch&&) noexcept = default;
Watch::~Watch() = default;

tl::expected<Watch, std::string> Watch::open(std::string table) {
  const auto failed = [](const char* what) {
    return tl::unexpected(std::string(what) + ": " + errno_name(errno) + " (" + errno_words(errno) + ")");
  };
  std::unique_ptr<mnl_socket, Closer> socket(mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC));
  if (!socket) return failed("socket(NETLINK_NETFILTER)");
  if (mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) != 0) return failed("bind(NETLINK_NETFILTER)");
  int group = NFNLGRP_NFTRACE;
  if (mnl_socket_setsockopt(socket.get(), NETLINK_ADD_MEMBERSHIP, &group, sizeof group) != 0)
    return failed("join NFNLGRP_NFTRACE");
  const int fd = mnl_socket_get_fd(socket.get());
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &socket_buffer, sizeof socket_buffer) != 0)
    (void)::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &socket_buffer, sizeof socket_buffer);
  return Watch(std::move(socket), std::move(table));
}

int Watch::fd() const noexcept { return mnl_socket_get_fd(socket_.get()); }

bool Watch::lost() { return std::exchange(lost_, false); }

std::vector<Decision> Watch::take() {
  std::vector<Decision> decisions;
  std::array<char, 1 << 16> buffer;
  for (;;) {
    const ssize_t size = ::recv(fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return decisions;
    if (size < 0 && errno == ENOBUFS) lost_ = true;  // netlink(7): what is left can be read
    if (size < 0 && (errno == EINTR || errno == ENOBUFS)) continue;
    check_long("recv(nftables trace)", size);
    int left = static_cast<int>(size);
    for (auto* header = reinterpret_cast<nlmsghdr*>(buffer.data()); mnl_nlmsg_ok(header, left);
         header = mnl_nlmsg_next(header, &left)) {
      if (header->nlmsg_type == (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_TRACE)) read(header, decisions);
    }
  }
}

void Watch::read(const nlmsghdr* header, std::vector<Decision>& decisions) {
  const TracePtr trace(nftnl_trace_alloc());
  if (!trace || nftnl_trace_nlmsg_parse(header, trace.get()) < 0) return;
  if (text_of(trace.get(), NFTNL_TRACE_TABLE) != table_) return;
  const std::uint32_t id = nftnl_trace_get_u32(trace.get(), NFTNL_TRACE_ID);
  if (auto packet = packet_of(trace.get())) {
    if (under_way_.size() >= most_under_way) under_way_.clear();
    under_way_[id] = std::move(*packet);
  }
  Decision decision;
  decision.chain = text_of(trace.get(), NFTNL_TRACE_CHAIN);
  std::uint32_t verdict = NF_ACCEPT;
  switch (nftnl_trace_get_u32(trace.get(), NFTNL_TRACE_TYPE)) {
    case NFT_TRACETYPE_RULE:
      verdict = nftnl_trace_get_u32(trace.get(), NFTNL_TRACE_VERDICT);
      if (nftnl_trace_is_set(trace.get(), NFTNL_TRACE_RULE_HANDLE))
        decision.rule = nftnl_trace_get_u64(trace.get(), NFTNL_TRACE_RULE_HANDLE);
      break;
    case NFT_TRACETYPE_POLICY:
      verdict = nftnl_trace_get_u32(trace.get(), NFTNL_TRACE_POLICY);
      break;
    default:
      return;
  }
  // A rule that matched and decided nothing (`counter`) has one of the negative verdicts.
  if (static_cast<std::int32_t>(verdict) < 0) return;
  const auto packet = under_way_.extract(id);
  if (packet.empty()) return;
  decision.dropped = (verdict & NF_VERDICT_MASK) == NF_DROP;
  decision.packet = std::move(packet.mapped());
  decisions.push_back(std::move(decision));
}

}  // namespace loopscope::firewall
