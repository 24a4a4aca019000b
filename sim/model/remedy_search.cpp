#include "sim/model/remedy_search.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <tuple>

namespace loopscope::model {
namespace {

using namespace experiment;

Statement made(Body body) {
  Statement statement;
  statement.body = std::move(body);
  return statement;
}
Statement call_of(const std::string& process, Call call) {
  return made(CallStep{process, "", std::move(call), std::nullopt});
}
Statement option_on(const std::string& process, const std::string& fd, const std::string& name,
                    std::int64_t value = 1) {
  return call_of(process, SetsockoptCall{fd, {name}, value});
}

const AddressTerm* address_in(const Call& call) {
  if (const auto* bind = std::get_if<BindCall>(&call)) return &bind->address;
  if (const auto* connect = std::get_if<ConnectCall>(&call)) return &connect->address;
  if (const auto* send = std::get_if<SendCall>(&call); send != nullptr && send->to) return &*send->to;
  return nullptr;
}

Statement with_address(const Statement& statement, const AddressTerm& address) {
  auto changed = statement;
  auto& step = std::get<CallStep>(changed.body);
  step.stated.reset();
  if (auto* bind = std::get_if<BindCall>(&step.call)) bind->address = address;
  if (auto* connect = std::get_if<ConnectCall>(&step.call)) connect->address = address;
  if (auto* send = std::get_if<SendCall>(&step.call)) send->to = address;
  return changed;
}

Edit insert(std::size_t at, Statement statement) { return {Edit::Kind::Insert, at, std::move(statement)}; }
Edit instead(const Search& search, Statement statement) {
  return {Edit::Kind::Replace, search.here, std::move(statement)};
}

constexpr std::size_t most_doors = 3;
const char* const shares =
    "Every socket with SO_REUSEPORT gets a share of the connections, chosen by a hash.";
const char* const exposes = "0.0.0.0 and :: take connections from every network that reaches this machine.";

/// The owners that can still set an option: a TIME-WAIT or a connection that nobody accepted has none.
std::vector<const Opponent*> owners(const Search& search) {
  std::vector<const Opponent*> list;
  for (const auto& opponent : search.failure.opponents) {
    if (!opponent.process.empty() && !opponent.variable.empty()) list.push_back(&opponent);
  }
  return list;
}

void try_options(Search& search, const std::string& fd) {
  const auto& process = search.step().process;
  const auto mine = search.before_bind(process, fd);
  const auto others = owners(search);
  const auto on_all = [&](const char* option, bool own) {
    std::vector<Edit> edits;
    for (const auto* other : others)
      edits.push_back(insert(search.before_bind(other->process, other->variable),
                             option_on(other->process, other->variable, option)));
    if (own) edits.push_back(insert(mine, option_on(process, fd, option)));
    return edits;
  };
  search.offer("Set SO_REUSEADDR on `" + fd + "` before it is bound", Grade::None, "",
               {insert(mine, option_on(process, fd, "SO_REUSEADDR"))});
  const auto single = search.found.size();
  if (!others.empty()) {
    const auto whom = "`" + others.front()->variable + "` of `" + others.front()->process + "`";
    search.offer("Set SO_REUSEADDR on " + whom + " before it is bound", Grade::None, "",
                 on_all("SO_REUSEADDR", false));
    if (search.found.size() == single)
      search.offer("Set SO_REUSEADDR on both sockets before they are bound", Grade::None, "",
                   on_all("SO_REUSEADDR", true));
    search.offer("Make " + whom + " IPv6-only (IPV6_V6ONLY) before it is bound", Grade::Caution,
                 "It then takes no IPv4 connections.", on_all("IPV6_V6ONLY", false));
    search.offer("Set SO_REUSEPORT on both sockets before they are bound", Grade::Caution, shares,
                 on_all("SO_REUSEPORT", true));
  }
  search.offer("Make `" + fd + "` IPv6-only (IPV6_V6ONLY) before it is bound", Grade::Caution,
               "It then takes no IPv4 connections.", {insert(mine, option_on(process, fd, "IPV6_V6ONLY"))});
}

void try_waiting(Search& search) {
  Time longest{};
  for (const auto& opponent : search.failure.opponents) longest = std::max(longest, opponent.time_wait_left);
  if (longest == Time{}) return;
  // The kernel's timer wheel ends a minute up to 2.048 s late (kernel/time/timer.c, CONFIG_HZ=250).
  constexpr Time lateness{2'048'000 + 100'000}, second{1'000'000};
  const auto seconds = (longest + lateness + second - Time{1}) / second;
  search.offer("Wait until TIME-WAIT is over: " + std::to_string(seconds) + " seconds", Grade::None, "",
               {insert(search.here, made(WaitStep{std::chrono::seconds(seconds)}))});
}

void try_ports(Search& search) {
  const auto* address = address_in(search.step().call);
  if (address == nullptr || !std::holds_alternative<Port>(address->port)) return;
  const int wanted = number(std::get<Port>(address->port));
  auto changed = *address;
  const auto before = search.found.size();
  for (int port = std::max(wanted + 1, 1024);
       port < wanted + 8 + 1024 && port < 65536 && search.found.size() == before; ++port) {
    changed.port = Port{static_cast<std::uint16_t>(port)};
    search.offer("Take another port: " + std::to_string(port), Grade::Note, "Whoever connects must know it.",
                 {instead(search, with_address(search.statement, changed))});
    if (port > wanted + 8 && port > 1032) break;
  }
  changed.port = Port{0};
  search.offer("Take any free port: 0", Grade::Note, "getsockname tells which it became.",
               {instead(search, with_address(search.statement, changed))});
}

void try_addresses(Search& search) {
  const auto* address = address_in(search.step().call);
  const auto* ip = address == nullptr ? nullptr : std::get_if<IpAddress>(&address->ip);
  if (ip == nullptr) return;
  auto changed = *address;
  const auto other = [&](const IpAddress& to, std::string words, Grade grade, std::string warning) {
    if (to == *ip) return;
    changed.ip = to;
    search.offer(std::move(words), grade, std::move(warning),
                 {instead(search, with_address(search.statement, changed))});
  };
  const bool v6 = ip->is_v6() && !ip->is_v4_mapped();
  const auto form = [&](const IpAddress& to) { return ip->is_v4_mapped() ? to.mapped() : to; };
  other(v6 ? IpAddress::loopback_v6() : form(IpAddress::loopback_v4()),
        std::string("Take the loopback address, ") + (v6 ? "::1" : "127.0.0.1"), Grade::Note,
        "Only this machine reaches it.");
  if (!v6)
    other(form(IpAddress::v4(127, 0, 0, 2)), "Take another loopback address, 127.0.0.2", Grade::Note,
          "Only this machine reaches it.");
  if (std::holds_alternative<BindCall>(search.step().call))
    other(v6 ? IpAddress::any_v6() : form(IpAddress::any_v4()),
          std::string("Take every address, ") + (v6 ? "::" : "0.0.0.0"), Grade::Danger, exposes);
  other(ip->is_v6() ? ip->unmapped() : ip->mapped(), "Write the address in the socket's family", Grade::None,
        "");
}

void try_ending_others(Search& search) {
  for (const auto* other : owners(search)) {
    search.offer("Close `" + other->variable + "` of `" + other->process + "` first", Grade::Caution,
                 "What it served ends.",
                 {insert(search.here, call_of(other->process, CloseCall{other->variable}))});
    if (other->process != search.step().process) {
      search.offer("End `" + other->process + "` first", Grade::Danger, "Everything it does ends.",
                   {insert(search.here, made(KillStep{other->process}))});
    }
  }
}

void try_privileges(Search& search) {
  const auto* address = address_in(search.step().call);
  if (address == nullptr || !std::holds_alternative<Port>(address->port)) return;
  const auto port = std::to_string(number(std::get<Port>(address->port)));
  search.offer("Let ordinary users take ports from " + port + " on", Grade::Danger,
               "A setting of the whole machine: any user may then take such ports.",
               {insert(search.here, made(SysctlDecl{"", "net.ipv4.ip_unprivileged_port_start", port}))});
}

void try_firewall(Search& search) {
  for (const auto& [at, words] : search.firewall_rules) {
    search.offer("Take the firewall rule away: " + words, Grade::Danger, "It was there for a reason.",
                 {{Edit::Kind::Remove, at, {}}});
  }
}

void for_bind(Search& search, const std::string& fd, int error) {
  if (error == EADDRINUSE) {
    try_options(search, fd);
    try_waiting(search);
    try_ports(search);
    try_addresses(search);
    try_ending_others(search);
  } else if (error == EACCES) {
    try_ports(search);
    try_privileges(search);
  } else if (error == EADDRNOTAVAIL) {
    try_addresses(search);
    search.offer("Set IP_FREEBIND: bind though the address is not there yet", Grade::Caution,
                 "Nothing arrives before the address exists.",
                 {insert(search.here, option_on(search.step().process, fd, "IP_FREEBIND"))});
  } else {
    try_addresses(search);
  }
}

void for_connect(Search& search, const std::string& fd, int error) {
  const auto& process = search.step().process;
  try_firewall(search);
  try_waiting(search);
  if (error == ENETUNREACH || error == EAFNOSUPPORT || error == EINVAL || error == ECONNREFUSED)
    try_addresses(search);
  if (error == EADDRNOTAVAIL) {
    search.offer(
        "Let `" + fd + "` take any port: bind it with port 0, or not at all", Grade::None, "",
        {insert(search.before_bind(process, fd), option_on(process, fd, "IP_BIND_ADDRESS_NO_PORT"))});
    search.offer("Widen the range of local ports", Grade::Caution, "A setting of the whole machine.",
                 {insert(search.here, made(SysctlDecl{"", "net.ipv4.ip_local_port_range", "32768 60999"}))});
    try_ending_others(search);
  }
  if (error == EACCES)
    search.offer("Set SO_BROADCAST on `" + fd + "`", Grade::Caution,
                 "Every socket on the network with that port gets what is sent.",
                 {insert(search.here, option_on(process, fd, "SO_BROADCAST"))});
}

void look_for(Search& search) {
  const auto* errno_result = search.failure.result ? std::get_if<Errno>(&*search.failure.result) : nullptr;
  const int error = errno_result != nullptr ? errno_result->number : 0;
  const auto& call = search.step().call;
  if (const auto* bind = std::get_if<BindCall>(&call)) return for_bind(search, bind->fd, error);
  if (const auto* listen = std::get_if<ListenCall>(&call)) {
    if (error != EADDRINUSE) return;
    try_options(search, listen->fd);
    return try_ending_others(search);
  }
  if (const auto* connect = std::get_if<ConnectCall>(&call)) return for_connect(search, connect->fd, error);
  if (const auto* send = std::get_if<SendCall>(&call)) return for_connect(search, send->fd, error);
}

/// A listener and how far its port is from the one that was asked for.
struct Door {
  int distance = 0;
  SocketId socket = no_socket;
};

/// A socket that somebody bound there but that does not listen, or a listener elsewhere, the nearest port
/// first, is what a refused connect lacks.
void try_listening(Search& search, const World& world) {
  const auto* connect = std::get_if<ConnectCall>(&search.step().call);
  if (connect == nullptr || !search.failure.result || *search.failure.result != Result{Errno{ECONNREFUSED}})
    return;
  const auto* wanted_port = std::get_if<Port>(&connect->address.port);
  const int wanted = wanted_port != nullptr ? number(*wanted_port) : 0;
  std::vector<Door> doors;
  for (const auto& host : world.hosts) {
    if (const auto* slot = host.tcp_ports.find(static_cast<std::uint32_t>(wanted))) {
      for (const auto& bucket : slot->addresses) {
        for (const auto id : bucket.owners) {
          const auto& bound = *world.sockets.find(id);
          if (bound.state != SocketState::Closed || !bound.open || bound.process < 0) continue;
          const auto& owner = world.processes[static_cast<std::size_t>(bound.process)]->name;
          search.offer("Let `" + owner + "` listen on `" + bound.variable + "` first", Grade::None, "",
                       {insert(search.here, call_of(owner, ListenCall{bound.variable, 16}))});
        }
      }
    }
    host.tcp_ports.each([&](std::uint32_t port, const PortSlot& slot) {
      for (const auto id : slot.listeners) doors.push_back({std::abs(static_cast<int>(port) - wanted), id});
    });
  }
  const auto nearest = doors.begin() + static_cast<std::ptrdiff_t>(std::min(doors.size(), most_doors));
  std::partial_sort(doors.begin(), nearest, doors.end(), [](const Door& a, const Door& b) {
    return std::tie(a.distance, a.socket) < std::tie(b.distance, b.socket);
  });
  for (auto door = doors.begin(); door != nearest; ++door) {
    const auto& listener = *world.sockets.find(door->socket);
    if (listener.free_choice || !listener.open || listener.process < 0) continue;
    auto address = connect->address;
    address.ip = !listener.receive.is_any() ? listener.receive
                 : listener.v6              ? IpAddress::loopback_v6()
                                            : IpAddress::loopback_v4();
    address.port = Port{listener.num};
    search.offer("Connect to where `" + world.processes[static_cast<std::size_t>(listener.process)]->name +
                     "` listens: " + to_string(address),
                 Grade::None, "", {instead(search, with_address(search.statement, address))});
  }
}

}  // namespace

void Search::offer(std::string words, Grade grade, std::string warning, std::vector<Edit> edits) {
  Remedy remedy{std::move(words), grade, std::move(warning), std::move(edits)};
  if (works(remedy)) found.push_back(std::move(remedy));
}

const CallStep& Search::step() const { return std::get<CallStep>(statement.body); }

bool failed(const Prediction& prediction) { return prediction.result && !is_success(*prediction.result); }

void look_for_remedies(Search& search, const World& world) {
  try_listening(search, world);
  look_for(search);
  std::stable_sort(search.found.begin(), search.found.end(), [](const Remedy& a, const Remedy& b) {
    return std::pair(a.grade, a.edits.size()) < std::pair(b.grade, b.edits.size());
  });
}

}  // namespace loopscope::model
