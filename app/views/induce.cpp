#include "app/views/induce.hpp"

#include <algorithm>

#include "app/widgets/icons.hpp"

namespace loopscope::app {
namespace {

constexpr std::uint32_t most_in_queue = 64;  // connections that are written out, two lines each
constexpr int ports_left = 4;                // a range that four sockets use up

std::string family_of(const SocketAddress& at) { return !at.ip.is_v6() ? "AF_INET" : "AF_INET6"; }
std::string type_of(bool udp) { return udp ? "SOCK_DGRAM" : "SOCK_STREAM"; }
IpAddress any_of(const IpAddress& ip) { return !ip.is_v6() ? IpAddress::any_v4() : IpAddress::any_v6(); }
IpAddress loopback_of(const IpAddress& ip) {
  return !ip.is_v6() ? IpAddress::v4(127, 0, 0, 1) : IpAddress::loopback_v6();
}
std::string on_host(const std::string& host) { return host == experiment::here ? "" : host + " "; }

/// A process of its own, on the host where it has to be.
std::vector<std::string> newcomer(const std::string& name, const std::string& host) {
  if (host == experiment::here) return {};
  return {"process " + name + " on " + host};
}

class Palette {
 public:
  explicit Palette(const InduceWorld& world) : w_(world) {}

  std::vector<InductionGroup> all() {
    return {{"The port", ports()},     {"The server", server()}, {"Its accept queue", queue()},
            {"The firewall", gates()}, {"The cable", cable()},   {"The ephemeral ports", ephemeral()}};
  }
  std::vector<Induction> on(const std::string& process) {
    std::vector<Induction> items;
    if (w_.server && w_.server->process == process) {
      for (auto& group : {ports(), queue(), server()}) {
        for (const Induction& item : group) {
          const bool fits = item.id == "take/same" || item.id == "call" || item.id == "freeze" ||
                            item.id == "stop" || item.id == "kill";
          if (fits) items.push_back(item);
        }
      }
      return items;
    }
    Induction kill{.id = "kill", .label = "Kill " + process + " (SIGKILL)", .icon = icon::Power};
    kill.lines = {"kill " + process};
    kill.ends_something = true;
    return {gated(std::move(kill))};
  }

 private:
  [[nodiscard]] Induction gated(Induction item) const {
    if (!w_.why_nothing.empty()) item.why_not = w_.why_nothing;
    return item;
  }
  /// What needs somebody who serves.
  [[nodiscard]] Induction needs_server(Induction item) const {
    if (!w_.server && item.why_not.empty()) item.why_not = "nobody serves yet";
    return gated(std::move(item));
  }
  [[nodiscard]] Induction needs_lab(Induction item, const std::string& why) const {
    if (w_.on_this_machine) item.why_not = why;
    return gated(std::move(item));
  }

  // ---- the port
  Induction take(const std::string& id, const std::string& how, const std::string& tip,
                 const std::string& option, bool everywhere) const {
    Induction item{.id = "take/" + id, .label = "Take the port: " + how, .icon = icon::Door, .tip = tip};
    if (!w_.server && !w_.planned) {
      item.why_not = "no port is in question: nobody serves, and no bind to a port is to come";
      return gated(std::move(item));
    }
    SocketAddress at = w_.server ? w_.server->at : w_.planned->at;
    const std::string host = w_.server ? w_.server->host : w_.planned->host;
    const bool udp = w_.server ? w_.server->udp : w_.planned->udp;
    if (everywhere && at.ip.is_any()) {
      item.why_not = "it is bound to every address already: the same address is that";
      return gated(std::move(item));
    }
    if (everywhere) at.ip = any_of(at.ip);
    if (everywhere && w_.on_this_machine)
      item.why_not = "on this machine only addresses of the loopback are bound";
    const std::string rival = w_.fresh_name("rival");
    item.lines = newcomer(rival, host);
    item.lines.push_back(rival + ": r = socket(" + family_of(at) + ", " + type_of(udp) + ")");
    if (!option.empty()) item.lines.push_back(rival + ": setsockopt(r, " + option + ", 1)");
    item.lines.push_back(rival + ": bind(r, " + to_string(at) + ")");
    // Where it gets the port it serves there; where not, a listen would only get it another one.
    const bool gets_it = !w_.server || (option == "SO_REUSEPORT" && w_.server->reuse_port && !everywhere);
    if (gets_it && !udp) item.lines.push_back(rival + ": listen(r, 16)");
    return gated(std::move(item));
  }
  std::vector<Induction> ports() const {
    const std::string before = w_.server ? "" : " It is there before the server.";
    return {
        take("same", "same address", "Another process asks for the very same address." + before, "", false),
        take("wildcard", "every address", "Another process asks for the port on every address." + before, "",
             true),
        take("reuseaddr", "with SO_REUSEADDR", "Does the option help against one who listens?" + before,
             "SO_REUSEADDR", false),
        take("reuseport", "with SO_REUSEPORT", "Shared, if whoever has it set the option as well." + before,
             "SO_REUSEPORT", false)};
  }

  // ---- the server
  std::vector<Induction> server() const {
    return {stop(), kill(), freeze(), deaf(), move_port(), move_address()};
  }
  [[nodiscard]] std::string name() const { return w_.server ? w_.server->process : "the server"; }

  Induction stop() const {
    Induction item{.id = "stop", .label = "Stop " + name(), .icon = icon::Stop};
    item.tip = "It leaves by itself, and its sockets are closed.";
    item.ends_something = true;
    if (w_.server) {
      const Served& server = *w_.server;
      item.lines = {"exit " + server.process};
      if (server.stopped)
        item.why_not = "it is frozen, so that it cannot leave by itself";
      else if (server.in_call && !server.program)
        item.why_not = "it is inside a call; it leaves between two";
    }
    return needs_server(std::move(item));
  }
  Induction kill() const {
    Induction item{.id = "kill", .label = "Kill " + name() + " (SIGKILL)", .icon = icon::Power};
    item.tip = "It ends at once, wherever it is; its kernel closes what it had open.";
    item.ends_something = true;
    if (w_.server) item.lines = {"kill " + w_.server->process};
    return needs_server(std::move(item));
  }
  Induction freeze() const {
    const bool on = w_.server && w_.server->stopped;
    Induction item{.id = "freeze",
                   .label = on ? "Let " + name() + " go on" : "Freeze " + name(),
                   .icon = on ? icon::Play : icon::Hold};
    item.tip = on ? "SIGCONT: it goes on where it was."
                  : "SIGSTOP: it stands still. Its kernel goes on making connections and taking bytes.";
    if (w_.server) item.lines = {"kill " + w_.server->process + (on ? " SIGCONT" : " SIGSTOP")};
    return needs_server(std::move(item));
  }
  Induction deaf() const {
    const bool on = w_.server && w_.blocked.contains(w_.server->process + "/" + w_.server->variable);
    Induction item{.id = "deaf",
                   .label = on ? "Let its listener hear again" : "Make its listener deaf (IP_MINTTL)",
                   .icon = icon::Block};
    item.tip =
        on ? "IP_MINTTL = 0 again: what is sent once more is heard."
           : "A filter of this one socket by the packets' TTL, no firewall: who connects gets no answer.";
    if (w_.server) {
      item.block = action::BlockListener{w_.server->process, w_.server->variable, !on};
      if (w_.server->udp || w_.server->program)
        item.why_not = "only for a listening TCP socket of the experiment";
    }
    if (!w_.on_this_machine)
      item.why_not = "in a private lab the firewall does this; it is for runs on this machine";
    return needs_server(std::move(item));
  }
  Induction moved(Induction item, const SocketAddress& to) const {
    item.icon = icon::TrendingFlat;
    item.ends_something = true;
    const Served& server = *w_.server;
    if (server.program) {
      item.why_not = "a real program decides itself where it listens";
      return gated(std::move(item));
    }
    const std::string start = server.process + ": ";
    const std::string& socket = server.variable;
    const bool may_leave = !server.in_call && !server.stopped;
    item.lines = {(may_leave ? "exit " : "kill ") + server.process,
                  start + socket + " = socket(" + family_of(to) + ", " + type_of(server.udp) + ")",
                  start + "bind(" + socket + ", " + to_string(to) + ")"};
    if (!server.udp)
      item.lines.push_back(start + "listen(" + socket + ", " + std::to_string(server.backlog) + ")");
    item.label = "Move " + server.process + " to " + to_string(to);
    return gated(std::move(item));
  }
  Induction move_port() const {
    Induction item{.id = "move/port",
                   .label = "Move the server to another port",
                   .icon = icon::TrendingFlat,
                   .tip = "It ends and is started anew there; who calls the old port finds nobody."};
    if (!w_.server) return needs_server(std::move(item));
    return moved(std::move(item), {w_.server->at.ip, Port{w_.free_port(number(w_.server->at.port))}});
  }
  Induction move_address() const {
    Induction item{.id = "move/address",
                   .label = "Move the server to another address",
                   .icon = icon::TrendingFlat,
                   .tip = "It ends and is started anew there: the port alone is not the whole address."};
    if (!w_.server) return needs_server(std::move(item));
    const IpAddress& now = w_.server->at.ip;
    const auto network = w_.on_the_network(w_.server->host);
    std::optional<IpAddress> to;
    if (now != loopback_of(now) && !(network && now.is_any() && !w_.on_this_machine))
      to = loopback_of(now);
    else if (network && !now.is_v6() && !w_.on_this_machine)
      to = *network;
    else if (!now.is_v6())
      to = IpAddress::v4(127, 0, 0, 2);
    if (!to) {
      item.why_not = "::1 is the only loopback address that IPv6 has";
      return gated(std::move(item));
    }
    return moved(std::move(item), {*to, w_.server->at.port});
  }

  // ---- the queue
  [[nodiscard]] SocketAddress reached() const {
    SocketAddress at = w_.server->at;
    if (at.ip.is_any()) at.ip = loopback_of(at.ip);
    return at;
  }
  std::vector<Induction> queue() const {
    Induction call{.id = "call",
                   .label = "Call it once more",
                   .icon = icon::Terminal,
                   .tip = "Another client connects and asks."};
    Induction fill{
        .id = "fill",
        .label = "Fill its accept queue",
        .icon = icon::Inbox,
        .tip = "So many clients connect that the next one's SYN is dropped: its kernel hears nothing."};
    if (!w_.server) return {needs_server(std::move(call)), needs_server(std::move(fill))};
    return {gated(with_call(std::move(call))), gated(with_crowd(std::move(fill)))};
  }
  Induction with_call(Induction item) const {
    const SocketAddress at = reached();
    const std::string caller = w_.fresh_name("caller");
    item.lines = newcomer(caller, w_.server->host);
    item.lines.push_back(caller + ": k = socket(" + family_of(at) + ", " + type_of(w_.server->udp) + ")");
    item.lines.push_back(caller + ": connect(k, " + to_string(at) + ")");
    item.lines.push_back(caller + ": send(k, \"GET / HTTP/1.0\\r\\n\\r\\n\")");
    return item;
  }
  Induction with_crowd(Induction item) const {
    const Served& server = *w_.server;
    if (server.udp) return item.why_not = "UDP has no connections, so no such queue", item;
    if (server.waiting > server.backlog) return item.why_not = "it is full", item;
    // The kernel takes one more than the backlog says (sk_acceptq_is_full); one may be accepted at once.
    const std::uint32_t wanted =
        server.backlog + 1 - server.waiting + (server.in_accept && !server.stopped ? 1 : 0);
    if (wanted > most_in_queue)
      return item.why_not = "it has room for " + std::to_string(server.backlog + 1) +
                            ": too many to write; listen with a smaller backlog",
             item;
    const SocketAddress at = reached();
    const std::string crowd = w_.fresh_name("crowd");
    item.lines = newcomer(crowd, server.host);
    for (std::uint32_t i = 1; i <= wanted; ++i) {
      const std::string socket = "c" + std::to_string(i);
      item.lines.push_back(crowd + ": " + socket + " = socket(" + family_of(at) + ", SOCK_STREAM)");
      item.lines.push_back(crowd + ": connect(" + socket + ", " + to_string(at) + ")");
    }
    return item;
  }

  // ---- the network
  std::vector<Induction> gates() const {
    const bool known = w_.server || w_.planned;
    const std::string host = w_.server    ? w_.server->host
                             : w_.planned ? w_.planned->host
                                          : std::string(experiment::here);
    const Port port = w_.server ? w_.server->at.port : w_.planned ? w_.planned->at.port : Port{0};
    const bool udp = w_.server ? w_.server->udp : w_.planned && w_.planned->udp;
    std::vector<Induction> items;
    for (Induction& item : firewall_inductions(host, port, udp)) {
      if (!known) item.why_not = "no port is in question yet";
      items.push_back(needs_lab(std::move(item), "this machine's own firewall is not touched"));
    }
    return items;
  }
  std::vector<Induction> cable() const {
    Induction item{.id = "cable",
                   .label = w_.unplugged ? "Plug the cable in" : "Unplug the cable",
                   .icon = icon::LinkOff};
    item.tip = w_.unplugged ? "What was sent meanwhile is lost; from now on all arrives."
                            : "Nothing arrives any more. What is sent is lost when the cable is plugged in.";
    item.lines = w_.unplugged ? std::vector<std::string>{"packets wire drop all", "packets wire flow"}
                              : std::vector<std::string>{"packets wire hold"};
    if (w_.hosts.empty())
      item.why_not = "there is one machine: what it sends to itself never leaves lo";
    else if (w_.unplugged && !w_.unplugged_by_hand)
      item.why_not = "the experiment itself holds what is on the cable";
    return {needs_lab(std::move(item), "this machine's own cable is not touched")};
  }
  std::vector<Induction> ephemeral() const {
    const int low = w_.free_port(39'999, ports_left);
    Induction item{.id = "ephemeral", .label = "Use up the ephemeral ports", .icon = icon::Layers};
    item.tip = "The range is made as small as " + std::to_string(ports_left) +
               " ports, and other sockets take them: a connect finds none.";
    const std::string host = on_host(w_.client_host);
    item.lines = {"sysctl " + host + "net.ipv4.ip_local_port_range = " + std::to_string(low) + " " +
                  std::to_string(low + ports_left - 1)};
    const std::string hog = w_.fresh_name("hog");
    for (std::string& line : newcomer(hog, w_.client_host)) item.lines.push_back(std::move(line));
    for (int i = 1; i <= ports_left; ++i) {
      const std::string socket = "h" + std::to_string(i);
      item.lines.push_back(hog + ": " + socket + " = socket(AF_INET, SOCK_STREAM)");
      item.lines.push_back(hog + ": bind(" + socket + ", 0.0.0.0:0)");
    }
    return {needs_lab(std::move(item), "the range of ports is this machine's own")};
  }

  const InduceWorld& w_;
};

}  // namespace

Action Induction::action() const {
  if (block) return *block;
  return action::Perform{lines};
}

std::vector<InductionGroup> inductions_in(const InduceWorld& world) { return Palette(world).all(); }

std::vector<Induction> inductions_on(const InduceWorld& world, const std::string& process) {
  return Palette(world).on(process);
}

std::vector<Induction> firewall_inductions(const std::string& host, Port port, bool udp) {
  const std::string protocol = udp ? "udp" : "tcp";
  const std::string to = protocol + " dport " + to_string(port),
                    from = protocol + " sport " + to_string(port);
  const auto rule = [&](const char* id, const char* label, const char* tip, const char* sign, bool output,
                        const std::string& words) {
    Induction item{.id = id, .label = label, .icon = sign, .tip = tip};
    item.lines = {"firewall " + on_host(host) + (output ? "output " : "input ") + words};
    return item;
  };
  std::vector<Induction> all;
  if (udp) {
    all.push_back(
        rule("drop", "Drop what comes", "Silence: nobody is told.", icon::Delete, false, to + " drop"));
  } else {
    all.push_back(rule("drop-syn", "Drop SYNs", "Silence for who calls anew; open connections go on.",
                       icon::Delete, false, to + " tcp flags & (syn | ack) == syn drop"));
    all.push_back(rule("reject-rst", "Reject with RST", "As if nobody listened: an answer at once.",
                       icon::Block, false, to + " reject with tcp reset"));
  }
  all.push_back(rule("reject-icmp", "Reject with ICMP", "An answer at once, from the network's own protocol.",
                     icon::Block, false, to + " reject"));
  all.push_back(rule("drop-replies", "Drop replies", "What is asked arrives, the answers are lost.",
                     icon::Delete, true, from + " drop"));
  all.push_back(rule("reject-replies", "Reject replies", "The answers are refused on their way out.",
                     icon::Block, true, from + " reject"));
  return all;
}

}  // namespace loopscope::app
