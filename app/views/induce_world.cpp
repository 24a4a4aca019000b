#include "app/views/induce_world.hpp"

#include <algorithm>
#include <map>

namespace loopscope::app {
namespace {

using namespace experiment;

std::string why_nothing(const Snapshot& now) {
  if (!now.live)
    return now.timeline == nullptr || now.timeline->empty() ? "no run is live" : "this is a recording";
  if (now.live->opening) return "the machine is still being made";
  if (now.live->phase == lab::Phase::Ended) return "the run has ended: start over (R)";
  if (!now.at_end) return "this is the past: End goes to where the run is now";
  if (now.replaying) return "what was done is being done again";
  return {};
}

/// Host of a process as the experiment declares it.
std::string declared_host(const Experiment* experiment, const std::string& process) {
  if (experiment != nullptr) {
    for (const Statement& statement : experiment->statements) {
      const auto* declared = std::get_if<ProcessDecl>(&statement.body);
      if (declared != nullptr && declared->name == process && !declared->host.empty()) return declared->host;
    }
  }
  return std::string(here);
}

std::optional<SocketAddress> fixed(const AddressTerm& term) {
  const auto* ip = std::get_if<IpAddress>(&term.ip);
  const auto* port = std::get_if<Port>(&term.port);
  if (term.unspec || ip == nullptr || port == nullptr || *port == Port{0}) return std::nullopt;
  return SocketAddress{*ip, *port};
}

/// What the trace tells of processes up to its end.
class Reader {
 public:
  explicit Reader(const trace::Timeline& timeline) {
    for (const trace::Event& event : timeline.events()) std::visit(*this, event.fact);
  }

  void operator()(const trace::ProcessStarted& started) {
    if (started.outside) return;
    lives[started.process] = {started.host, false};
  }
  void operator()(const trace::ProcessEnded& ended) {
    lives.erase(ended.process);
    std::erase_if(calls, [&](const auto& call) { return call.second.process == ended.process; });
  }
  void operator()(const trace::CallEntered& entered) {
    calls.emplace(entered.call, entered);
    if (entered.name == "listen") listening[{entered.process, entered.fd}] = entered.variable;
    if (entered.name == "bind") bound[{entered.process, entered.fd}] = entered.variable;
    if (entered.name == "setsockopt" && entered.arguments.find("SO_REUSEPORT") != std::string::npos)
      reuse.insert({entered.process, entered.fd});
  }
  void operator()(const trace::CallReturned& returned) { calls.erase(returned.call); }
  void operator()(const trace::StepStarted& step) {
    if (step.text == "packets wire hold") held_by_hand = !step.statement;
  }
  void operator()(const trace::WorldChanged& changed) {
    if (changed.what == "packets wire hold") held = true;
    if (changed.what == "packets wire flow") held = false;
    for (auto& [name, life] : lives) {
      if (changed.what == "kill " + name + " SIGSTOP") life.stopped = true;
      if (changed.what == "kill " + name + " SIGCONT") life.stopped = false;
      const std::string listener = " on " + name + "'s listener ";
      const auto at = changed.what.find(listener);
      if (!changed.what.starts_with("IP_MINTTL") || at == std::string::npos) continue;
      const auto from = at + listener.size();
      const std::string which = name + "/" + changed.what.substr(from, changed.what.find(':', from) - from);
      if (changed.what.starts_with("IP_MINTTL = 0"))
        deaf.erase(which);
      else
        deaf.insert(which);
    }
  }
  template <class Other>
  void operator()(const Other&) {}

  struct Life {
    std::string host;
    bool stopped = false;
  };
  std::map<std::string, Life> lives;
  std::map<trace::CallId, trace::CallEntered> calls;  ///< under way
  std::map<std::pair<std::string, int>, std::string> listening, bound;
  std::set<std::pair<std::string, int>> reuse;
  std::set<std::string> deaf;
  bool held = false, held_by_hand = false;
};

bool runs_program(const Experiment* experiment, const std::string& process) {
  return experiment != nullptr &&
         std::any_of(experiment->statements.begin(), experiment->statements.end(), [&](const Statement& one) {
           return process_of(one) == process &&
                  (std::holds_alternative<StartStep>(one.body) || std::holds_alternative<RunStep>(one.body));
         });
}

Served served_by(const trace::SocketEntry& entry, const std::string& host, const Reader& seen,
                 const Experiment* experiment) {
  Served server;
  server.process = entry.process;
  server.host = host;
  server.at = entry.local;
  server.udp = entry.transport == trace::Transport::Udp;
  server.backlog = entry.send_queue;
  server.waiting = entry.receive_queue;
  const std::pair<std::string, int> key{entry.process, entry.fd};
  const auto& names = server.udp ? seen.bound : seen.listening;
  if (const auto named = names.find(key); named != names.end()) server.variable = named->second;
  server.reuse_port = seen.reuse.contains(key);
  server.program = server.variable.empty() || runs_program(experiment, entry.process);
  for (const auto& [id, call] : seen.calls) {
    if (call.process != entry.process) continue;
    server.in_call = true;
    server.in_accept = server.in_accept || call.name.starts_with("accept");
  }
  server.stopped = seen.lives.at(entry.process).stopped;
  return server;
}

bool serves(const trace::SocketEntry& entry) {
  if (entry.transport == trace::Transport::Tcp) return entry.state == SocketState::Listen;
  return entry.state == SocketState::Unconnected && entry.local.port != Port{0};
}

void find_server(InduceWorld& world, const Snapshot& now, const Reader& seen) {
  std::vector<std::string> all{std::string(here)};
  all.insert(all.end(), world.hosts.begin(), world.hosts.end());
  int best = 0;  // 1 a UDP socket, 2 a listener, 3 the one that is selected
  for (const std::string& host : all) {
    for (const auto& entry : now.timeline->sockets_at(host, now.timeline->end())) {
      world.ports.insert(number(entry.local.port));
      const auto life = seen.lives.find(entry.process);
      if (!serves(entry) || life == seen.lives.end() || life->second.host != host) continue;
      const bool selected = entry.cookie != 0 && now.selected == "socket:" + std::to_string(entry.cookie);
      const int rank = selected ? 3 : entry.transport == trace::Transport::Tcp ? 2 : 1;
      if (rank <= best) continue;
      best = rank;
      world.server = served_by(entry, host, seen, world.experiment);
    }
  }
}

/// The first address with a fixed port that a later bind asks for.
void find_plan(InduceWorld& world, const Snapshot& now) {
  if (world.experiment == nullptr || !now.live) return;
  const auto& statements = world.experiment->statements;
  std::map<std::string, bool> datagram;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const auto* step = std::get_if<CallStep>(&statements[i].body);
    if (step == nullptr) continue;
    if (const auto* made = std::get_if<SocketCall>(&step->call))
      datagram[step->process + "/" + step->variable] = made->type == SocketType::Datagram;
    const auto* bind = std::get_if<BindCall>(&step->call);
    if (bind == nullptr || i < now.live->next_statement) continue;
    const auto at = fixed(bind->address);
    if (!at) continue;
    world.planned = Planned{step->process, declared_host(world.experiment, step->process), *at,
                            datagram[step->process + "/" + bind->fd]};
    return;
  }
}

void read_experiment(InduceWorld& world) {
  world.client_host = here;
  if (world.experiment == nullptr) return;
  bool client_known = false;
  for (const Statement& statement : world.experiment->statements) {
    if (const auto* host = std::get_if<HostDecl>(&statement.body)) world.hosts.push_back(host->name);
    if (const auto* process = std::get_if<ProcessDecl>(&statement.body)) world.names.insert(process->name);
    const std::string name = process_of(statement);
    if (!name.empty()) world.names.insert(name);
    const auto* step = std::get_if<CallStep>(&statement.body);
    if (step == nullptr || client_known || !std::holds_alternative<ConnectCall>(step->call)) continue;
    client_known = true;
    world.client_host = declared_host(world.experiment, name);
  }
}

}  // namespace

std::string InduceWorld::fresh_name(const std::string& wish) const {
  for (int number = 1;; ++number) {
    const std::string name = number == 1 ? wish : wish + std::to_string(number);
    if (!names.contains(name)) return name;
  }
}

std::uint16_t InduceWorld::free_port(std::uint16_t from, int in_a_row) const {
  for (int port = from + 1; port + in_a_row <= 65535; ++port) {
    bool free = true;
    for (int i = 0; i < in_a_row; ++i) free = free && !ports.contains(static_cast<std::uint16_t>(port + i));
    if (free) return static_cast<std::uint16_t>(port);
  }
  return from > 1024 ? free_port(1024, in_a_row) : from;
}

std::optional<IpAddress> InduceWorld::on_the_network(const std::string& host) const {
  if (hosts.empty()) return std::nullopt;
  std::uint8_t last = 1;
  if (host == here) return IpAddress::v4(192, 0, 2, last);
  for (const Statement& statement : experiment->statements) {
    const auto* declared = std::get_if<HostDecl>(&statement.body);
    if (declared == nullptr) continue;
    ++last;
    if (declared->name != host) continue;
    for (const IpAddress& ip : declared->addresses) {
      if (!ip.is_v6()) return ip;
    }
    return declared->addresses.empty() ? std::optional(IpAddress::v4(192, 0, 2, last)) : std::nullopt;
  }
  return std::nullopt;
}

InduceWorld induce_world_of(const Snapshot& now) {
  InduceWorld world;
  world.experiment = now.experiment;
  world.why_nothing = why_nothing(now);
  world.on_this_machine = now.live && now.live->on_this_machine;
  read_experiment(world);
  if (now.timeline == nullptr) return world;
  const Reader seen(*now.timeline);
  for (const auto& [name, life] : seen.lives) world.names.insert(name);
  world.unplugged = seen.held;
  world.unplugged_by_hand = seen.held_by_hand;
  world.blocked = seen.deaf;
  find_server(world, now, seen);
  if (!world.server) find_plan(world, now);
  return world;
}

}  // namespace loopscope::app
