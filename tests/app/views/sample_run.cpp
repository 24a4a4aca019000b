#include "tests/app/views/sample_run.hpp"

#include <cerrno>
#include <stdexcept>

#include "lessons/engine/library.hpp"

namespace loopscope::app::test {
namespace {

using namespace trace;

constexpr const char* home =
    R"({sa_family=AF_INET, sin_port=htons(62893), sin_addr=inet_addr("127.0.0.1")}, 16)";
const SocketAddress server_end{IpAddress::loopback_v4(), Port{62893}};
const SocketAddress client_end{IpAddress::loopback_v4(), Port{41952}};

SocketEntry entry(SocketState state, SocketAddress local, SocketAddress peer, const std::string& process,
                  int pid, int fd, std::uint64_t cookie) {
  SocketEntry socket;
  socket.state = state;
  socket.local = local;
  socket.peer = peer;
  socket.process = process;
  socket.pid = pid;
  socket.fd = fd;
  socket.cookie = cookie;
  socket.inode = process.empty() ? 0 : 40000 + cookie;
  return socket;
}
SocketEntry listener(std::uint32_t waiting) {
  auto socket = entry(SocketState::Listen, server_end, {}, "server", 4125, 3, 1);
  socket.receive_queue = waiting;
  socket.send_queue = 16;
  return socket;
}
Packet tcp(bool from_client, const std::string& flags, std::uint32_t payload) {
  Packet packet;
  packet.transport = Transport::Tcp;
  packet.source = from_client ? client_end : server_end;
  packet.destination = from_client ? server_end : client_end;
  packet.flags.syn = flags.find('S') != std::string::npos;
  packet.flags.ack = flags.find('.') != std::string::npos;
  packet.flags.psh = payload > 0;
  packet.sequence = from_client ? 1873204561 : 902311874;
  packet.acknowledgment = packet.flags.ack ? (from_client ? 902311875 : 1873204562) : 0;
  packet.window = packet.flags.syn ? 65495 : 512;
  packet.ttl = 64;
  packet.length = (packet.flags.syn ? 60 : 52) + payload;
  packet.payload_length = payload;
  if (payload > 0) packet.payload = std::string("GET / HTTP/1.0\r\n\r\n").substr(0, payload);
  if (packet.flags.syn) {
    packet.mss = 65495;
    packet.window_scale = 7;
    packet.sack_permitted = true;
  }
  return packet;
}

}  // namespace

SampleRun::SampleRun(const std::string& name) {
  const auto library = lessons::find_library();
  if (!library) throw std::runtime_error(library.error());
  auto read = lessons::load_lesson(*library + "/" + name);
  if (!read) throw std::runtime_error(to_string(read.error().front()));
  lesson = std::move(*read);
  snapshot_.screen = Screen::Lesson;
  snapshot_.settings = &settings;
  snapshot_.progress = &progress;
  snapshot_.lesson = &lesson;
  snapshot_.experiment = &lesson.experiments.front().second;
  for (std::size_t i = 0; i < lesson.pages.size(); ++i) {
    if (lesson.pages[i].experiment.empty()) continue;
    snapshot_.page = static_cast<int>(i);
    snapshot_.experiment = lessons::experiment_of(lesson, lesson.pages[i].experiment);
    break;
  }
  snapshot_.live = Live{};
  snapshot_.live->can_hold_packets = true;
  snapshot_.live->step_by = lab::StepBy::Packet;
}

void SampleRun::at(double microseconds, Fact fact) {
  const Nanoseconds when{static_cast<std::int64_t>(microseconds * 1000)};
  timeline_.add({when, std::move(fact)});
  snapshot_.moment = std::max(snapshot_.moment, when);
}

void SampleRun::call(double from, double to, const std::string& process, const std::string& name,
                     const std::string& arguments, std::int64_t value, int error) {
  const int pid = process == "server" ? 4125 : process == "client" ? 4127 : 4133;
  at(from, CallEntered{++calls_, process, pid, name, arguments, 3, ""});
  if (to > from)
    at(to, CallReturned{calls_, process, name, error == 0 ? value : -1, error,
                        error == 0 ? "ok" : "EADDRINUSE", ""});
}

void SampleRun::packet(double time, bool from_client, const std::string& flags, std::uint32_t payload) {
  at(time, PacketSeen{"here", "lo", tcp(from_client, flags, payload), {}});
}

void SampleRun::sockets(double time, std::vector<SocketEntry> entries) {
  at(time, SocketTable{"here", std::move(entries)});
}

void SampleRun::listening() {
  at(0, RunStarted{"0.1.0", "6.1.0", "", "journey.lab", 0});
  at(0.2, ProcessStarted{"server", "here", 4125, false});
  at(0.3, ProcessStarted{"client", "here", 4127, false});
  call(1.5, 3.1, "server", "socket", "AF_INET, SOCK_STREAM, IPPROTO_TCP", 3);
  call(10.2, 12.0, "server", "bind", std::string("3, ") + home, 0);
  call(16.5, 18.9, "server", "listen", "3, 16", 0);
  sockets(19.5, {listener(0)});
  advance_to("socket(AF_INET, SOCK_STREAM)");
}

void SampleRun::syn_held() {
  listening();
  call(42.0, 44.8, "client", "socket", "AF_INET, SOCK_STREAM, IPPROTO_TCP", 3);
  call(55.6, 0, "client", "connect", std::string("3, ") + home, 0);
  at(61.2, PacketHeld{1, "here", Hook::Output, tcp(true, "S", 0)});
  auto client = entry(SocketState::SynSent, client_end, server_end, "client", 4127, 3, 2);
  client.send_queue = 1;
  client.timer = SocketTimer::Retransmit;
  client.timer_left = Milliseconds{388};
  sockets(612000, {client, listener(0)});
  snapshot_.live->phase = lab::Phase::Holding;
}

void SampleRun::before_accept() {
  listening();
  call(42.0, 44.8, "client", "socket", "AF_INET, SOCK_STREAM, IPPROTO_TCP", 3);
  call(55.6, 97.0, "client", "connect", std::string("3, ") + home, 0);
  packet(61.2, true, "S");
  packet(78.9, false, "S.");
  packet(92.4, true, ".");
  sockets(118.4, {listener(1), entry(SocketState::Established, client_end, server_end, "client", 4127, 3, 2),
                  entry(SocketState::Established, server_end, client_end, "", 0, -1, 3)});
  advance_to("send(c,");
}

void SampleRun::refused() {
  listening();
  call(27.0, 28.1, "rival", "socket", "AF_INET, SOCK_STREAM, IPPROTO_TCP", 3);
  call(42.4, 44.0, "rival", "bind", std::string("3, ") + home, -1, EADDRINUSE);
  sockets(55.1, {listener(0), entry(SocketState::Closed, {}, {}, "rival", 4133, 3, 4)});
}

void SampleRun::many(std::size_t count) {
  listening();
  for (std::size_t i = 0; i < count; ++i) {
    const double time = 100 + 10 * static_cast<double>(i);
    call(time, time + 2, "client", "send", "3, \"GET / HTTP/1.0\\r\\n\\r\\n\", 18, 0", 18);
    packet(time + 1, true, ".", 18);
  }
}

void SampleRun::advance_to(const std::string& wanted) {
  const auto& all = snapshot_.experiment->statements;
  for (std::size_t i = snapshot_.live->next_statement; i < all.size(); ++i) {
    const bool client = process_of(all[i]) != "server";
    if (!client || call_text(all[i]).find(wanted) == std::string::npos) continue;
    snapshot_.live->next_statement = i;
    return;
  }
}

void SampleRun::ask(const std::string& wanted) {
  const auto& all = snapshot_.experiment->statements;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto* stated = stated_of(all[i]);
    if (stated == nullptr || !stated->asked || call_text(all[i]).find(wanted) == std::string::npos) continue;
    snapshot_.live->next_statement = i;
    snapshot_.live->phase = lab::Phase::Asking;
    return;
  }
  throw std::runtime_error("no question about " + wanted);
}

void SampleRun::predicted(std::optional<experiment::Result> guess, experiment::Result outcome) {
  snapshot_.live->predictions.push_back(
      {snapshot_.live->next_statement, std::move(guess), std::move(outcome)});
  ++snapshot_.live->next_statement;
  snapshot_.live->phase = lab::Phase::Ready;
}

}  // namespace loopscope::app::test
