#include "tests/support/journey_timeline.hpp"

#include <cerrno>

namespace loopscope::tests {
namespace {

constexpr std::uint16_t client_port = 41952;
constexpr std::uint16_t server_port = 62893;

SocketAddress loopback(std::uint16_t port) { return {IpAddress::loopback_v4(), Port{port}}; }

std::string sockaddr(std::uint16_t port) {
  return "{sa_family=AF_INET, sin_port=htons(" + std::to_string(port) +
         "), sin_addr=inet_addr(\"127.0.0.1\")}, 16";
}

void serve(TraceWriter& w, bool two_columns_later) {
  (void)two_columns_later;
  w.at(20).call(2, "server", "server: s = socket(AF_INET, SOCK_STREAM)", "socket",
                "AF_INET, SOCK_STREAM, IPPROTO_IP", -1, "s", 3);
  w.after(7);
  trace::SocketEntry& listener = w.socket("server", 3);
  listener.state = SocketState::Bound;
  listener.local = loopback(server_port);
  w.call(3, "server", "server: bind(s, 127.0.0.1:62893)", "bind", "3, " + sockaddr(server_port), 3, "s", 0);
  w.after(5);
  listener.state = SocketState::Listen;
  listener.send_queue = 16;
  w.call(4, "server", "server: listen(s, 16)", "listen", "3, 16", 3, "s", 0, 0, 6);
}

}  // namespace

const char* const journey_text = R"(title  The journey of a request
== Application initialization
server: s = socket(AF_INET, SOCK_STREAM)
server: bind(s, 127.0.0.1:62893) = ok
server: listen(s, 16)
== Request sending
client: c = socket(AF_INET, SOCK_STREAM)
client: connect(c, 127.0.0.1:62893)
server: state(s) ?= LISTEN
client: state(c) ?= ESTABLISHED
== Request processing
server: a = accept(s)
client: send(c, "GET / HTTP/1.0\r\n\r\n")
server: recv(a)
== Response generation
server: send(a, "HTTP/1.0 200 OK\r\n\r\nhome")
== Response delivery
client: recv(c)
client: close(c)
server: recv(a) = ""
server: close(a)
)";

const char* const conflict_text = R"(title  Two programs, one door
== Application initialization
server: s = socket(AF_INET, SOCK_STREAM)
server: bind(s, 127.0.0.1:62893) = ok
server: listen(s, 16)
== A rival
rival: r = socket(AF_INET, SOCK_STREAM)
rival: setsockopt(r, SO_REUSEADDR, 1)
rival: bind(r, 127.0.0.1:62893) ?= EADDRINUSE
server: a = accept(s)
)";

TraceWriter::TraceWriter(std::string experiment) {
  add(trace::RunStarted{"0.1.0", "6.1.0", std::move(experiment), "journey.lab", 1'700'000'000'000'000'000});
}

TraceWriter& TraceWriter::at(std::int64_t microseconds) {
  now_ = Microseconds(microseconds);
  return *this;
}
TraceWriter& TraceWriter::after(std::int64_t microseconds) {
  now_ += Microseconds(microseconds);
  return *this;
}
void TraceWriter::add(trace::Fact fact) { timeline.add({now_, std::move(fact)}); }

TraceWriter& TraceWriter::start(const std::string& process, int pid) {
  add(trace::ProcessStarted{process, "here", pid, false});
  return *this;
}
TraceWriter& TraceWriter::end_by_signal(const std::string& process, int signal) {
  add(trace::ProcessEnded{process, 0, std::nullopt, signal});
  std::erase_if(sockets, [&](const trace::SocketEntry& one) { return one.process == process; });
  return *this;
}
TraceWriter& TraceWriter::step(int statement, const std::string& process, const std::string& text) {
  trace::StepStarted started;
  started.step = ++steps_;
  if (statement >= 0) started.statement = static_cast<std::uint64_t>(statement);
  started.line = statement + 1;
  started.process = process;
  started.text = text;
  add(started);
  return *this;
}
TraceWriter& TraceWriter::finish(const std::string& result) {
  add(trace::StepFinished{steps_, result, ""});
  return *this;
}
trace::CallId TraceWriter::enter(const std::string& process, const std::string& name,
                                 const std::string& arguments, int fd, const std::string& variable) {
  add(trace::CallEntered{++calls_, process, 0, name, arguments, fd, variable});
  names_[calls_] = {process, name};
  return calls_;
}
TraceWriter& TraceWriter::give(trace::CallId call, std::int64_t value, int error, const std::string& result) {
  add(trace::CallReturned{call, names_[call].first, names_[call].second, value, error, result, ""});
  return *this;
}
TraceWriter& TraceWriter::call(int statement, const std::string& process, const std::string& text,
                               const std::string& name, const std::string& arguments, int fd,
                               const std::string& variable, std::int64_t value, int error,
                               std::int64_t microseconds) {
  step(statement, process, text);
  after(1);
  const trace::CallId id = enter(process, name, arguments, fd, variable);
  after(microseconds);
  const std::string result = error == 0 ? "ok" : error == EADDRINUSE ? "EADDRINUSE" : "ECONNREFUSED";
  give(id, value, error, result);
  after(1);
  table();
  after(1);
  return finish(result);
}
trace::HeldId TraceWriter::hold(const trace::Packet& packet) {
  add(trace::PacketHeld{++held_, "here", trace::Hook::Output, packet});
  return held_;
}
TraceWriter& TraceWriter::let_go(trace::HeldId id, trace::Verdict verdict) {
  add(trace::PacketLetGo{id, verdict, false});
  return *this;
}
TraceWriter& TraceWriter::seen(const trace::Packet& packet) {
  add(trace::PacketSeen{"here", "lo", packet, std::nullopt});
  return *this;
}
TraceWriter& TraceWriter::pass(trace::HeldId id, const trace::Packet& packet) {
  let_go(id);
  after(9);
  add(trace::PacketSeen{"here", "lo", packet, id});
  return *this;
}
TraceWriter& TraceWriter::again(trace::HeldId of, const trace::Packet& packet) {
  add(trace::Retransmission{of, "here", packet});
  return *this;
}
TraceWriter& TraceWriter::table() {
  add(trace::SocketTable{"here", sockets});
  return *this;
}
trace::SocketEntry& TraceWriter::socket(const std::string& process, int fd) {
  for (trace::SocketEntry& one : sockets) {
    if (one.process == process && one.fd == fd) return one;
  }
  trace::SocketEntry fresh;
  fresh.process = process;
  fresh.fd = fd;
  fresh.cookie = ++cookies_;
  fresh.inode = process.empty() ? 0 : 9000 + cookies_;
  fresh.uid = 1000;
  sockets.reserve(64);  // references stay good
  sockets.push_back(fresh);
  return sockets.back();
}
void TraceWriter::drop_socket(const std::string& process, int fd) {
  std::erase_if(sockets,
                [&](const trace::SocketEntry& one) { return one.process == process && one.fd == fd; });
}

trace::Packet tcp_packet(std::uint16_t from, std::uint16_t to, const std::string& flags,
                         const std::string& payload) {
  trace::Packet packet;
  packet.transport = trace::Transport::Tcp;
  packet.source = loopback(from);
  packet.destination = loopback(to);
  packet.flags.syn = flags.find('S') != std::string::npos;
  packet.flags.ack = flags.find('A') != std::string::npos;
  packet.flags.fin = flags.find('F') != std::string::npos;
  packet.flags.rst = flags.find('R') != std::string::npos;
  packet.flags.psh = !payload.empty();
  packet.sequence = 1873204561;
  packet.window = 65495;
  packet.ttl = 64;
  packet.payload = payload;
  packet.payload_length = static_cast<std::uint32_t>(payload.size());
  packet.length = (packet.flags.syn ? 60U : 52U) + packet.payload_length;
  return packet;
}

trace::Packet udp_packet(std::uint16_t from, std::uint16_t to, const std::string& payload) {
  trace::Packet packet;
  packet.transport = trace::Transport::Udp;
  packet.source = loopback(from);
  packet.destination = loopback(to);
  packet.ttl = 64;
  packet.payload = payload;
  packet.payload_length = static_cast<std::uint32_t>(payload.size());
  packet.length = 28 + packet.payload_length;
  return packet;
}

Journey journey() {
  Journey j;
  TraceWriter w(journey_text);
  w.at(2).start("server", 4125).at(6).start("client", 4127);
  serve(w, true);
  w.after(30).call(6, "client", "client: c = socket(AF_INET, SOCK_STREAM)", "socket",
                   "AF_INET, SOCK_STREAM, IPPROTO_IP", -1, "c", 3);

  const trace::Packet syn = tcp_packet(client_port, server_port, "S");
  w.after(12).step(7, "client", "client: connect(c, 127.0.0.1:62893)").after(2);
  const trace::CallId connect = w.enter("client", "connect", "3, " + sockaddr(server_port), 3, "c");
  w.after(5);
  trace::SocketEntry& client = w.socket("client", 3);
  client.state = SocketState::SynSent;
  client.local = loopback(client_port);
  client.peer = loopback(server_port);
  client.send_queue = 1;
  client.timer = trace::SocketTimer::Retransmit;
  client.timer_left = Milliseconds(996);
  const trace::HeldId held_syn = w.hold(syn);
  w.after(180).table();
  j.syn_held = w.now() + Milliseconds(612);
  w.after(4'200'000).again(held_syn, syn).after(900'000);

  w.pass(held_syn, syn).after(11);
  const trace::Packet syn_ack = tcp_packet(server_port, client_port, "SA");
  const trace::HeldId held_syn_ack = w.hold(syn_ack);
  w.after(90);
  w.socket("", 100).state = SocketState::SynReceived;
  w.socket("", 100).local = loopback(server_port);
  w.socket("", 100).peer = loopback(client_port);
  w.table();
  j.syn_ack_held = w.now() + Milliseconds(40);
  w.after(2'600'000).pass(held_syn_ack, syn_ack).after(8);
  const trace::Packet ack = tcp_packet(client_port, server_port, "A");
  client.state = SocketState::Established;
  client.send_queue = 0;
  client.timer = trace::SocketTimer::None;
  const trace::HeldId held_ack = w.hold(ack);
  w.after(4).give(connect, 0).after(120).table().after(1'900'000);
  w.pass(held_ack, ack).after(60);
  w.socket("", 100).state = SocketState::Established;
  w.socket("server", 3).receive_queue = 1;
  w.table().after(3).finish("ok");
  j.connected = w.now();

  w.after(3'000'000).step(8, "server", "server: state(s)").after(60).finish("LISTEN");
  w.after(2'000'000).step(9, "client", "client: state(c)").after(60).finish("ESTABLISHED");

  w.after(2'500'000);
  w.drop_socket("", 100);
  trace::SocketEntry& accepted = w.socket("server", 4);
  accepted.state = SocketState::Established;
  accepted.local = loopback(server_port);
  accepted.peer = loopback(client_port);
  w.socket("server", 3).receive_queue = 0;
  w.call(11, "server", "server: a = accept(s)", "accept", "3, " + sockaddr(client_port), 3, "a", 4);
  j.accepted = w.now();

  const std::string request = "GET / HTTP/1.0\r\n\r\n";
  const trace::Packet data = tcp_packet(client_port, server_port, "A", request);
  w.after(1'500'000).step(12, "client", "client: send(c, \"GET / HTTP/1.0\\r\\n\\r\\n\")").after(2);
  const trace::CallId send = w.enter("client", "send", "3, \"GET / HTTP/1.0\\r\\n\\r\\n\", 18, 0", 3, "c");
  w.after(6);
  client.send_queue = 18;
  const trace::HeldId held_data = w.hold(data);
  w.after(5).give(send, 18).after(90).table();
  j.request_held = w.now() + Milliseconds(80);
  w.after(1'100'000).pass(held_data, data).after(40);
  accepted.receive_queue = 18;
  w.table().after(600'000);
  const trace::Packet data_ack = tcp_packet(server_port, client_port, "A");
  const trace::HeldId held_data_ack = w.hold(data_ack);
  w.after(700'000).pass(held_data_ack, data_ack).after(30);
  client.send_queue = 0;
  w.table().after(3).finish("18");
  j.request_waits = w.now();

  w.after(900'000);
  accepted.receive_queue = 0;
  w.call(13, "server", "server: recv(a)", "recv", "4, \"GET / HTTP/1.0\\r\\n\\r\\n\", 65536, 0", 4, "a", 18);

  const std::string answer = "HTTP/1.0 200 OK\r\n\r\nhome";
  const trace::Packet reply = tcp_packet(server_port, client_port, "A", answer);
  w.after(800'000).step(15, "server", "server: send(a, …)").after(2);
  const trace::CallId respond =
      w.enter("server", "send", "4, \"HTTP/1.0 200 OK\\r\\n\\r\\nhome\", 23, 0", 4, "a");
  w.after(6);
  const trace::HeldId held_reply = w.hold(reply);
  w.after(5).give(respond, 23).after(80).table().after(900'000).pass(held_reply, reply).after(50);
  client.receive_queue = 23;
  w.table().after(3).finish("23");
  w.after(1'000'000);
  client.receive_queue = 0;
  w.call(17, "client", "client: recv(c)", "recv", "3, \"HTTP/1.0 200 OK\\r\\n\\r\\nhome\", 65536, 0", 3, "c",
         23);
  j.response_got = w.now();

  // the client closes first: FIN, ACK, then the server's FIN and the last ACK; TIME-WAIT stays with the
  // client
  const trace::Packet fin = tcp_packet(client_port, server_port, "FA");
  w.after(700'000).step(18, "client", "client: close(c)").after(2);
  const trace::CallId close_client = w.enter("client", "close", "3", 3, "c");
  w.after(5);
  const trace::HeldId held_fin = w.hold(fin);
  w.after(4).give(close_client, 0).after(40);
  client.state = SocketState::FinWait1;
  client.inode = 0;
  const std::uint64_t client_cookie = client.cookie;
  client.process.clear();
  client.fd = -1;
  w.table().after(500'000).pass(held_fin, fin).after(30);
  for (trace::SocketEntry& one : w.sockets) {
    if (one.cookie == client_cookie) one.state = SocketState::FinWait2;
  }
  accepted.state = SocketState::CloseWait;
  w.table().after(3).finish("ok");
  j.half_closed = w.now();
  const trace::Packet fin_back = tcp_packet(server_port, client_port, "FA");
  w.after(300'000).step(20, "server", "server: close(a)").after(2);
  const trace::CallId close_server = w.enter("server", "close", "4", 4, "a");
  w.after(5);
  const trace::HeldId held_back = w.hold(fin_back);
  w.after(4).give(close_server, 0).after(300'000).pass(held_back, fin_back).after(40);
  w.drop_socket("server", 4);
  for (trace::SocketEntry& one : w.sockets) {
    if (one.cookie != client_cookie) continue;
    one.state = SocketState::TimeWait;
    one.timer = trace::SocketTimer::TimeWait;
    one.timer_left = Milliseconds(59'900);
  }
  w.table().after(3).finish("ok");
  j.closed = w.now();
  j.timeline = std::move(w.timeline);
  return j;
}

Conflict conflict() {
  Conflict c;
  TraceWriter w(conflict_text);
  w.at(2).start("server", 4125).at(6).start("rival", 4133);
  serve(w, false);
  w.after(30).call(6, "rival", "rival: r = socket(AF_INET, SOCK_STREAM)", "socket",
                   "AF_INET, SOCK_STREAM, IPPROTO_IP", -1, "r", 3);
  w.after(9).call(7, "rival", "rival: setsockopt(r, SO_REUSEADDR, 1)", "setsockopt",
                  "3, SOL_SOCKET, SO_REUSEADDR, [1], 4", 3, "r", 0);
  w.after(11).call(8, "rival", "rival: bind(r, 127.0.0.1:62893)", "bind", "3, " + sockaddr(server_port), 3,
                   "r", -1, EADDRINUSE);
  c.refused = w.now();
  c.timeline = std::move(w.timeline);
  return c;
}

Refusal refusal() {
  Refusal r;
  TraceWriter w(
      "client: c = socket(AF_INET, SOCK_STREAM)\nclient: connect(c, 127.0.0.1:62893) ?= ECONNREFUSED\n");
  w.at(3).start("client", 4127);
  w.at(20).call(0, "client", "client: c = socket(AF_INET, SOCK_STREAM)", "socket",
                "AF_INET, SOCK_STREAM, IPPROTO_IP", -1, "c", 3);
  w.after(20).step(1, "client", "client: connect(c, 127.0.0.1:62893)").after(2);
  const trace::CallId connect = w.enter("client", "connect", "3, " + sockaddr(server_port), 3, "c");
  w.after(6);
  trace::SocketEntry& client = w.socket("client", 3);
  client.state = SocketState::SynSent;
  client.local = loopback(client_port);
  client.peer = loopback(server_port);
  client.send_queue = 1;
  const trace::Packet syn = tcp_packet(client_port, server_port, "S");
  const trace::HeldId held = w.hold(syn);
  w.after(90).table();
  r.syn_held = w.now() + Milliseconds(50);
  w.after(1'000'000).pass(held, syn).after(10);
  const trace::Packet reset = tcp_packet(server_port, client_port, "RA");
  const trace::HeldId held_reset = w.hold(reset);
  r.reset_held = w.now() + Milliseconds(50);
  w.after(1'000'000).pass(held_reset, reset).after(9);
  w.give(connect, -1, ECONNREFUSED, "ECONNREFUSED");
  w.drop_socket("client", 3);
  w.after(4).table().after(2).finish("ECONNREFUSED");
  r.refused = w.now();
  r.timeline = std::move(w.timeline);
  return r;
}

}  // namespace loopscope::tests
