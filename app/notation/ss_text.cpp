#include "app/notation/ss_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/notation/times.hpp"

namespace loopscope::app::notation {
namespace {

struct Row {
  std::string netid, state, receive, send, local, local_port, peer, peer_port, process;
};

std::string ip_text(const IpAddress& ip, const std::string& device) {
  auto text = ip.is_v6() ? "[" + to_string(ip) + "]" : to_string(ip);
  return device.empty() ? text : text + "%" + device;
}
std::string port_text(Port port) { return number(port) == 0 ? "*" : to_string(port); }

Row row_of(const trace::SocketEntry& socket) {
  Row row;
  row.netid = socket.transport == trace::Transport::Udp ? "udp" : "tcp";
  row.state = ss_state(socket.state);
  row.receive = std::to_string(socket.receive_queue);
  row.send = std::to_string(socket.send_queue);
  row.local = ip_text(socket.local.ip, socket.device);
  row.local_port = port_text(socket.local.port);
  row.peer = ip_text(socket.peer.ip, "");
  row.peer_port = port_text(socket.peer.port);
  if (socket.local.ip.is_v6() && socket.local.ip.is_any() && socket.v6only == false) row.local = "*";
  if (row.local == "*" && socket.peer.ip.is_any()) row.peer = "*";
  if (!socket.process.empty())
    row.process = fmt::format("users:((\"{}\",pid={},fd={}))", socket.process, socket.pid, socket.fd);
  return row;
}

std::size_t widest(const std::vector<Row>& rows, std::string Row::*column, std::size_t least) {
  for (const auto& row : rows) least = std::max(least, (row.*column).size());
  return least;
}

void trim(std::string& line) { line.erase(line.find_last_not_of(' ') + 1); }

}  // namespace

std::string ss_state(SocketState state) {
  switch (state) {
    case SocketState::Established:
      return "ESTAB";
    case SocketState::SynReceived:
      return "SYN-RECV";
    case SocketState::Closed:
    case SocketState::Unconnected:
      return "UNCONN";
    default:
      return std::string(to_string(state));
  }
}

SsTable ss_table(std::span<const trace::SocketEntry> sockets, SsColumns columns) {
  SsTable table;
  std::vector<Row> rows;
  bool tcp = false;
  bool udp = false;
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    if (sockets[i].state == SocketState::Bound || sockets[i].state == SocketState::Closed) {
      ++table.unlisted;
      continue;
    }
    (sockets[i].transport == trace::Transport::Udp ? udp : tcp) = true;
    rows.push_back(row_of(sockets[i]));
    table.entries.push_back(i);
  }
  const bool both = tcp && udp;
  const bool peers = columns != SsColumns::LocalOnly;
  const bool processes = columns == SsColumns::All;
  table.command = fmt::format("ss -{}{}an{}", udp && !tcp ? "" : "t", udp ? "u" : "", processes ? "p" : "");
  const auto state = widest(rows, &Row::state, 5) + 1;
  const auto local = widest(rows, &Row::local, 13);
  const auto local_port = widest(rows, &Row::local_port, 4) + 1;
  const auto peer = widest(rows, &Row::peer, 12);
  const auto peer_port = widest(rows, &Row::peer_port, 4) + 1;
  const auto line = [&](const Row& row, const char* between) {
    std::string text = both ? fmt::format("{:<6}", row.netid) : "";
    text += fmt::format("{:<{}}{:<7}{:<7}{:>{}}{}{:<{}}", row.state, state, row.receive, row.send, row.local,
                        local, between, row.local_port, local_port);
    if (peers) text += fmt::format("{:>{}}{}{:<{}}", row.peer, peer, between, row.peer_port, peer_port);
    if (processes) text += row.process;
    trim(text);
    table.columns = std::max(table.columns, text.size());
    return text;
  };
  table.header =
      line({"Netid", "State", "Recv-Q", "Send-Q", "Local Address", "Port", "Peer Address", "Port", "Process"},
           ":");
  for (const auto& row : rows) table.lines.push_back(line(row, ":"));
  return table;
}

SsTable ss_table_within(std::span<const trace::SocketEntry> sockets, std::size_t characters) {
  for (const auto columns : {SsColumns::All, SsColumns::NoProcess}) {
    if (auto table = ss_table(sockets, columns); table.columns <= characters) return table;
  }
  return ss_table(sockets, SsColumns::LocalOnly);
}

std::string SsTable::text() const {
  std::string out = "$ " + command + "\n" + header + "\n";
  for (const auto& line : lines) out += line + "\n";
  return out;
}

std::string ss_timer(const trace::SocketEntry& socket) {
  constexpr std::array names{"", "on", "keepalive", "timewait", "persist"};
  if (socket.timer == trace::SocketTimer::None) return {};
  const auto left = socket.timer_left.count();
  const auto time =
      left < 1000 ? fmt::format("{}ms", left) : fmt::format("{}.{:03}sec", left / 1000, left % 1000);
  return fmt::format("timer:({},{},{})", names[static_cast<std::size_t>(socket.timer)], time,
                     socket.retransmits);
}

std::string timer_words(const trace::SocketEntry& socket) {
  const auto left = short_time(socket.timer_left);
  switch (socket.timer) {
    case trace::SocketTimer::None:
      return {};
    case trace::SocketTimer::Retransmit: {
      const char* what = socket.state == SocketState::SynSent       ? "SYN"
                         : socket.state == SocketState::SynReceived ? "SYN-ACK"
                         : socket.state == SocketState::FinWait1 || socket.state == SocketState::LastAck ||
                                 socket.state == SocketState::Closing
                             ? "FIN"
                             : "data";
      const auto times =
          socket.retransmits == 0 ? std::string() : fmt::format(", sent again {}×", socket.retransmits);
      return fmt::format("{} again in {}{}", what, left, times);
    }
    case trace::SocketTimer::Keepalive:
      return "keepalive probe in " + left;
    case trace::SocketTimer::TimeWait:
      return "gone in " + left;
    case trace::SocketTimer::Probe:
      return "asks the closed window in " + left;
  }
  return {};
}

}  // namespace loopscope::app::notation
