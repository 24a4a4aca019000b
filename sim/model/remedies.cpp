#include "sim/model/remedies.hpp"

#include <algorithm>
#include <cerrno>
#include <functional>

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

/// The search: what is known about the failure, and how a candidate is tried.
struct Search {
  const Statement& statement;
  const Prediction& failure;
  std::function<bool(const Remedy&)> works;
  /// Where an option of a socket has to be set so that it counts: before it is bound.
  std::function<std::size_t(const std::string& process, const std::string& fd)> before_bind;
  std::size_t here = 0;
  std::vector<std::pair<std::size_t, std::string>>
      firewall_rules;  ///< positions and words of rules that were added
  std::vector<Remedy> found;

  void offer(std::string words, std::string warning, std::vector<Edit> edits) {
    Remedy remedy{std::move(words), std::move(warning), std::move(edits)};
    if (works(remedy)) found.push_back(std::move(remedy));
  }
  [[nodiscard]] Edit insert(std::size_t at, Statement s) const {
    return {Edit::Kind::Insert, at, std::move(s)};
  }
  [[nodiscard]] Edit instead(Statement s) const { return {Edit::Kind::Replace, here, std::move(s)}; }
  [[nodiscard]] const CallStep& step() const { return std::get<CallStep>(statement.body); }
};

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
      edits.push_back(search.insert(search.before_bind(other->process, other->variable),
                                    option_on(other->process, other->variable, option)));
    if (own) edits.push_back(search.insert(mine, option_on(process, fd, option)));
    return edits;
  };
  search.offer("Set SO_REUSEADDR on `" + fd + "` before it is bound", "",
               {search.insert(mine, option_on(process, fd, "SO_REUSEADDR"))});
  const auto single = search.found.size();
  if (!others.empty()) {
    const auto whom = "`" + others.front()->variable + "` of `" + others.front()->process + "`";
    search.offer("Set SO_REUSEADDR on " + whom + " before it is bound", "", on_all("SO_REUSEADDR", false));
    if (search.found.size() == single)
      search.offer("Set SO_REUSEADDR on both sockets before they are bound", "",
                   on_all("SO_REUSEADDR", true));
    search.offer("Make " + whom + " IPv6-only (IPV6_V6ONLY) before it is bound",
                 "It then takes no IPv4 connections.", on_all("IPV6_V6ONLY", false));
    search.offer("Set SO_REUSEPORT on both sockets before they are bound", shares,
                 on_all("SO_REUSEPORT", true));
  }
  search.offer("Make `" + fd + "` IPv6-only (IPV6_V6ONLY) before it is bound",
               "It then takes no IPv4 connections.",
               {search.insert(mine, option_on(process, fd, "IPV6_V6ONLY"))});
}

void try_waiting(Search& search) {
  Time longest{};
  for (const auto& opponent : search.failure.opponents) longest = std::max(longest, opponent.time_wait_left);
  if (longest == Time{}) return;
  const auto seconds = (longest.count() + 1'099'999) / 1'000'000;
  search.offer("Wait until TIME-WAIT is over: " + std::to_string(seconds) + " seconds", "",
               {search.insert(search.here, made(WaitStep{std::chrono::seconds(seconds)}))});
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
    search.offer("Take another port: " + std::to_string(port), "Whoever connects must know it.",
                 {search.instead(with_address(search.statement, changed))});
    if (port > wanted + 8 && port > 1032) break;
  }
  changed.port = Port{0};
  search.offer("Take any free port: 0", "getsockname tells which it became.",
               {search.instead(with_address(search.statement, changed))});
}

void try_addresses(Search& search) {
  const auto* address = address_in(search.step().call);
  const auto* ip = address == nullptr ? nullptr : std::get_if<IpAddress>(&address->ip);
  if (ip == nullptr) return;
  auto changed = *address;
  const auto other = [&](const IpAddress& to, std::string words, std::string warning) {
    if (to == *ip) return;
    changed.ip = to;
    search.offer(std::move(words), std::move(warning),
                 {search.instead(with_address(search.statement, changed))});
  };
  const bool v6 = ip->is_v6() && !ip->is_v4_mapped();
  const auto form = [&](const IpAddress& to) { return ip->is_v4_mapped() ? to.mapped() : to; };
  other(v6 ? IpAddress::loopback_v6() : form(IpAddress::loopback_v4()),
        std::string("Take the loopback address, ") + (v6 ? "::1" : "127.0.0.1"),
        "Only this machine reaches it.");
  if (!v6)
    other(form(IpAddress::v4(127, 0, 0, 2)), "Take another loopback address, 127.0.0.2",
          "Only this machine reaches it.");
  if (std::holds_alternative<BindCall>(search.step().call))
    other(v6 ? IpAddress::any_v6() : form(IpAddress::any_v4()),
          std::string("Take every address, ") + (v6 ? "::" : "0.0.0.0"), exposes);
  other(ip->is_v6() ? ip->unmapped() : ip->mapped(), "Write the address in the socket's family", "");
}

void try_ending_others(Search& search) {
  for (const auto* other : owners(search)) {
    search.offer("Close `" + other->variable + "` of `" + other->process + "` first", "What it served ends.",
                 {search.insert(search.here, call_of(other->process, CloseCall{other->variable}))});
    if (other->process != search.step().process) {
      search.offer("End `" + other->process + "` first", "Everything it does ends.",
                   {search.insert(search.here, made(KillStep{other->process}))});
    }
  }
}

void try_privileges(Search& search) {
  const auto* address = address_in(search.step().call);
  if (address == nullptr || !std::holds_alternative<Port>(address->port)) return;
  const auto port = std::to_string(number(std::get<Port>(address->port)));
  search.offer(
      "Let ordinary users take ports from " + port + " on",
      "A setting of the whole machine: any user may then take such ports.",
      {search.insert(search.here, made(SysctlDecl{"", "net.ipv4.ip_unprivileged_port_start", port}))});
}

void try_firewall(Search& search) {
  for (const auto& [at, words] : search.firewall_rules) {
    search.offer("Take the firewall rule away: " + words, "It was there for a reason.",
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
    search.offer("Set IP_FREEBIND: bind though the address is not there yet",
                 "Nothing arrives before the address exists.",
                 {search.insert(search.here, option_on(search.step().process, fd, "IP_FREEBIND"))});
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
        "Let `" + fd + "` take any port: bind it with port 0, or not at all", "",
        {search.insert(search.before_bind(process, fd), option_on(process, fd, "IP_BIND_ADDRESS_NO_PORT"))});
    search.offer(
        "Widen the range of local ports", "A setting of the whole machine.",
        {search.insert(search.here, made(SysctlDecl{"", "net.ipv4.ip_local_port_range", "32768 60999"}))});
    try_ending_others(search);
  }
  if (error == EACCES)
    search.offer("Set SO_BROADCAST on `" + fd + "`",
                 "Every socket on the network with that port gets what is sent.",
                 {search.insert(search.here, option_on(process, fd, "SO_BROADCAST"))});
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

bool failed(const Prediction& prediction) { return prediction.result && !is_success(*prediction.result); }

/// A socket that somebody bound there but that does not listen, or a listener elsewhere on that port, is what
/// a refused connect lacks.
void try_listening(Search& search, const World& world) {
  const auto* connect = std::get_if<ConnectCall>(&search.step().call);
  if (connect == nullptr || !search.failure.result || *search.failure.result != Result{Errno{ECONNREFUSED}})
    return;
  for (std::size_t host = 0; host < world.hosts.size(); ++host) {
    for (const auto& row : socket_table(world, host)) {
      if (row.transport != Transport::Tcp || row.process.empty()) continue;
      const auto& variable = world.sockets.find(row.socket)->variable;
      if (row.state == SocketState::Bound) {
        search.offer("Let `" + row.process + "` listen on `" + variable + "` first", "",
                     {search.insert(search.here, call_of(row.process, ListenCall{variable, 16}))});
      }
      if (row.state == SocketState::Listen) {
        auto address = connect->address;
        address.ip = row.local.ip.is_any()
                         ? (row.local.ip.is_v6() ? IpAddress::loopback_v6() : IpAddress::loopback_v4())
                         : row.local.ip;
        address.port = row.local.port;
        if (!row.any_port)
          search.offer("Connect to where `" + row.process + "` listens: " + to_string(address), "",
                       {search.instead(with_address(search.statement, address))});
      }
    }
  }
}

}  // namespace

Experiment with(const Experiment& experiment, const Remedy& remedy) {
  auto changed = experiment;
  auto edits = remedy.edits;
  std::stable_sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.at > b.at; });
  for (const auto& edit : edits) {
    const auto at = changed.statements.begin() +
                    static_cast<std::ptrdiff_t>(std::min(edit.at, changed.statements.size()));
    if (edit.kind == Edit::Kind::Insert) changed.statements.insert(at, edit.statement);
    if (edit.kind == Edit::Kind::Replace) *at = edit.statement;
    if (edit.kind == Edit::Kind::Remove) changed.statements.erase(at);
  }
  changed.asides.clear();
  return changed;
}

std::vector<Remedy> what_would_have_worked(const Experiment& experiment, std::size_t failed_at) {
  if (failed_at >= experiment.statements.size()) return {};
  const auto& statement = experiment.statements[failed_at];
  if (!std::holds_alternative<CallStep>(statement.body)) return {};
  World world;
  std::size_t failures = 0;
  for (std::size_t i = 0; i < failed_at; ++i)
    failures += failed(apply(world, experiment.statements[i])) ? 1 : 0;
  const World before = world;
  const auto failure = apply(world, statement);
  if (!failed(failure) || !is_known(*failure.result)) return {};
  Search search{statement, failure, {}, {}, failed_at, {}, {}};
  search.works = [&](const Remedy& remedy) {
    const auto changed = with(experiment, remedy);
    std::ptrdiff_t shift = 0;
    for (const auto& edit : remedy.edits)
      shift += edit.kind == Edit::Kind::Insert ? 1 : edit.kind == Edit::Kind::Remove ? -1 : 0;
    const auto target = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(failed_at) + shift);
    World trial;
    std::size_t now = 0;
    for (std::size_t i = 0; i < target; ++i) {
      now += failed(apply(trial, changed.statements[i])) ? 1 : 0;
      if (now > failures) return false;
    }
    const auto prediction = apply(trial, changed.statements[target]);
    return prediction.result && is_success(*prediction.result);
  };
  search.before_bind = [&](const std::string& process, const std::string& fd) {
    for (std::size_t i = failed_at + 1; i-- > 0;) {
      const auto* step = std::get_if<CallStep>(&experiment.statements[i].body);
      if (step == nullptr || step->process != process) continue;
      const auto* bind = std::get_if<BindCall>(&step->call);
      if (bind != nullptr && bind->fd == fd) return i;
    }
    return failed_at;
  };
  for (std::size_t i = 0; i < failed_at; ++i) {
    const auto* rule = std::get_if<FirewallDecl>(&experiment.statements[i].body);
    if (rule != nullptr && !rule->clear) search.firewall_rules.emplace_back(i, rule->rule);
  }
  try_listening(search, before);
  look_for(search);
  return std::move(search.found);
}

std::vector<Remedy> what_would_work(const World& world, const Statement& statement) {
  if (!std::holds_alternative<CallStep>(statement.body)) return {};
  World first = world;
  const auto failure = apply(first, statement);
  if (!failed(failure) || !is_known(*failure.result)) return {};
  Search search{statement, failure, {}, [](const std::string&, const std::string&) { return std::size_t{0}; },
                0,         {},      {}};
  search.works = [&](const Remedy& remedy) {
    World trial = world;
    auto last = statement;
    for (const auto& edit : remedy.edits) {
      if (edit.kind == Edit::Kind::Replace) last = edit.statement;
      if (edit.kind == Edit::Kind::Insert && failed(apply(trial, edit.statement))) return false;
    }
    const auto prediction = apply(trial, last);
    return prediction.result && is_success(*prediction.result);
  };
  try_listening(search, world);
  look_for(search);
  return std::move(search.found);
}

}  // namespace loopscope::model
