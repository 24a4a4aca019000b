#include "app/notation/ss_text.hpp"

#include "app/notation/times.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::app::notation;
using namespace std::chrono_literals;

namespace {
trace::SocketEntry entry(SocketState state, const char* local, const char* peer, std::string process = "",
                         int pid = 0, int fd = -1) {
  trace::SocketEntry socket;
  socket.state = state;
  socket.local = SocketAddress::parse(local).value();
  socket.peer = SocketAddress::parse(peer).value();
  socket.process = std::move(process);
  socket.pid = pid;
  socket.fd = fd;
  return socket;
}
std::vector<trace::SocketEntry> table() {
  auto listener = entry(SocketState::Listen, "127.0.0.1:62893", "0.0.0.0:0", "python3", 10646, 3);
  listener.receive_queue = 1;
  listener.send_queue = 16;
  auto six = entry(SocketState::Listen, "[::1]:62893", "[::]:0", "python3", 10646, 5);
  six.send_queue = 5;
  return {listener,
          entry(SocketState::Established, "127.0.0.1:47118", "127.0.0.1:62893", "python3", 10646, 4),
          entry(SocketState::Established, "127.0.0.1:62893", "127.0.0.1:47118"), six};
}
}  // namespace

// The four rows are what ss of iproute2 6.1 printed for such sockets.
TEST_CASE("a socket table reads as ss prints it") {
  CHECK(ss_table(table()).text() ==
        "$ ss -tanp\n"
        "State  Recv-Q Send-Q Local Address:Port  Peer Address:Port  Process\n"
        "LISTEN 1      16         127.0.0.1:62893      0.0.0.0:*     users:((\"python3\",pid=10646,fd=3))\n"
        "ESTAB  0      0          127.0.0.1:47118    127.0.0.1:62893 users:((\"python3\",pid=10646,fd=4))\n"
        "ESTAB  0      0          127.0.0.1:62893    127.0.0.1:47118\n"
        "LISTEN 0      5              [::1]:62893         [::]:*     users:((\"python3\",pid=10646,fd=5))\n");
}

TEST_CASE("a narrow table leaves out processes first, then peers") {
  CHECK(ss_table_within(table(), 100).command == "ss -tanp");
  CHECK(ss_table_within(table(), 60).command == "ss -tan");
  CHECK(ss_table_within(table(), 60).columns <= 60);
  const auto narrow = ss_table_within(table(), 40);
  CHECK(narrow.columns <= 40);
  CHECK(narrow.lines[1] == "ESTAB  0      0          127.0.0.1:47118");
}

TEST_CASE("ss lists neither bound nor closed sockets and the table says how many") {
  auto sockets = table();
  sockets.push_back(entry(SocketState::Bound, "127.0.0.1:62894", "0.0.0.0:0", "rival", 7, 3));
  const auto listed = ss_table(sockets);
  CHECK(listed.lines.size() == 4);
  CHECK(listed.unlisted == 1);
}

TEST_CASE("UDP beside TCP brings the Netid column") {
  auto sockets = table();
  auto udp = entry(SocketState::Unconnected, "127.0.0.1:62893", "0.0.0.0:0");
  udp.transport = trace::Transport::Udp;
  sockets.push_back(udp);
  const auto both = ss_table(sockets, SsColumns::NoProcess);
  CHECK(both.command == "ss -tuan");
  CHECK(both.lines.back() == "udp   UNCONN 0      0          127.0.0.1:62893      0.0.0.0:*");
  CHECK(ss_table(std::vector{udp}).command == "ss -uanp");
}

TEST_CASE("timers are said in ss's words and in a learner's") {
  auto socket = entry(SocketState::SynSent, "127.0.0.1:41952", "127.0.0.1:62893");
  CHECK(timer_words(socket).empty());
  socket.timer = trace::SocketTimer::Retransmit;
  socket.timer_left = 388ms;
  CHECK(timer_words(socket) == "SYN again in 388 ms");
  socket.retransmits = 2;
  CHECK(timer_words(socket) == "SYN again in 388 ms, sent again 2×");
  CHECK(ss_timer(socket) == "timer:(on,388ms,2)");
  socket.state = SocketState::TimeWait;
  socket.timer = trace::SocketTimer::TimeWait;
  socket.timer_left = 57200ms;
  CHECK(timer_words(socket) == "gone in 57.2 s");
}

TEST_CASE("times have three figures and a unit") {
  CHECK(short_time(0ns) == "0 µs");
  CHECK(short_time(61200ns) == "61.2 µs");
  CHECK(short_time(118400ns) == "118 µs");
  CHECK(short_time(1400us) == "1.40 ms");
  CHECK(short_time(38800us) == "38.8 ms");
  CHECK(short_time(999600us) == "1.00 s");
  CHECK(short_time(612ms) == "612 ms");
  CHECK(short_time(127s) == "127 s");
  CHECK(short_time(4000s) == "4000 s");
  CHECK(seconds(61234ns) == "0.000061");
}
