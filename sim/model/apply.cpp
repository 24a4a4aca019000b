#include <algorithm>
#include <utility>

#include "sim/model/waiting.hpp"

namespace loopscope::model {
namespace {

using namespace experiment;

/// The process of that name, made on `here` where it was not declared.
std::size_t process_index(World& world, const std::string& name) {
  for (std::size_t i = 0; i < world.processes.size(); ++i) {
    if (world.processes[i]->name == name) return i;
  }
  Process process;
  process.name = name;
  world.processes.emplace_back(std::move(process));
  return world.processes.size() - 1;
}

Prediction beyond(const World& world) { return *not_modelled(world.beyond).done; }

struct Applier {
  World& world;

  Prediction none() const { return {}; }

  Prediction operator()(const Title&) { return none(); }
  Prediction operator()(const Chapter&) { return none(); }
  Prediction operator()(const Narration&) { return none(); }
  Prediction operator()(const FileDecl&) { return none(); }

  Prediction operator()(const HostDecl& decl) {
    if (find_host(world, decl.name)) return none();  // there from the start
    const auto add_wire = [&](Host& host, std::size_t number, const std::vector<IpAddress>& given) {
      Device eth0;
      eth0.name = "eth0";
      eth0.wire = true;
      if (given.empty()) {
        auto bytes = IpAddress::parse("2001:db8::")->bytes();
        bytes[15] = static_cast<std::uint8_t>(number);
        eth0.addresses = {{IpAddress::v4(192, 0, 2, static_cast<std::uint8_t>(number)), 24},
                          {IpAddress::v6(bytes.data()), 64}};
      }
      for (const auto& ip : given) eth0.addresses.push_back({ip, ip.is_v6() ? 64 : 24});
      host.devices.insert(host.devices.begin() + 1, std::move(eth0));
    };
    if (world.hosts.size() == 1) add_wire(world.hosts.front(), 1, {});
    auto fresh = World().hosts.front();
    fresh.name = decl.name;
    world.hosts.push_back(std::move(fresh));
    add_wire(world.hosts.back(), world.hosts.size(), decl.addresses);
    return none();
  }
  Prediction operator()(const ProcessDecl& decl) {
    const auto index = process_index(world, decl.name);
    auto& process = world.processes[index].edit();
    if (const auto host = find_host(world, decl.host)) process.host = static_cast<std::uint8_t>(*host);
    process.alive = true;  // an ended one is declared anew
    process.root = decl.as_root;
    process.uid = decl.as_root ? 0 : 1000;
    return none();
  }
  Prediction operator()(const DeviceDecl& decl) {
    if (const auto host = find_host(world, decl.host))
      world.hosts[*host].devices.push_back({decl.name, false, {}});
    return none();
  }
  Prediction operator()(const AddressDecl& decl) {
    const auto host = find_host(world, decl.host);
    if (!host) return none();
    for (auto& device : world.hosts[*host].devices) {
      if (device.name == decl.device) device.addresses.push_back({decl.ip, decl.prefix_length});
    }
    std::vector<SocketId> everybody;  // rt_cache_flush: routes that sockets remember are not valid any more
    world.sockets.each([&](SocketId id, const Socket& socket) {
      if (socket.host == *host && socket.route_cached) everybody.push_back(id);
    });
    for (const auto id : everybody) edit(world, id).route_cached = false;
    return none();
  }
  Prediction operator()(const SysctlDecl& decl) {
    const auto host = find_host(world, decl.host);
    if (host && !set_sysctl(world, world.hosts[*host], decl.name, decl.value))
      world.beyond = "the setting " + decl.name + " is not covered";
    return none();
  }
  Prediction operator()(const FirewallDecl& decl) {
    const auto host = find_host(world, decl.host);
    if (!host) return none();
    auto& there = world.hosts[*host];
    if (decl.clear) {
      there.input.clear();
      there.output.clear();
      return none();
    }
    std::string trouble;
    auto rule = read_firewall_rule(decl.rule, trouble);
    if (!rule) {
      world.beyond = trouble;
    } else {
      (decl.chain == "input" ? there.input : there.output).push_back(std::move(*rule));
    }
    return none();
  }
  Prediction operator()(const PatienceDecl& decl) {
    world.patience = std::chrono::duration_cast<Time>(decl.time);
    return none();
  }
  Prediction operator()(const PacketsDecl& decl) {
    const auto host = decl.where == "wire" ? std::nullopt : find_host(world, decl.where);
    if (decl.where != "wire" && !host) return none();
    const bool counts =
        decl.count && decl.action != PacketsAction::Hold && decl.action != PacketsAction::Flow;
    if (counts && !world.packets_doubt.empty()) {
      world.beyond = world.packets_doubt;  // which those are
      return none();
    }
    const auto place = [&]() -> Held& { return host ? world.hosts[*host].held : world.wire; };
    const bool lets_go = decl.action == PacketsAction::Pass || decl.action == PacketsAction::Drop;
    if (lets_go && decl.count && place().on) {  // what is let go may still be on its way
      advance(world, world.now + world.patience, [&] { return place().packets.size() >= *decl.count; });
    }
    Held* held = &place();
    switch (decl.action) {
      case PacketsAction::Hold:
        held->on = true;
        break;
      case PacketsAction::Flow:
        held->on = false;
        let_go(world, *held, held->packets.size());
        break;
      case PacketsAction::Pass:
        let_go(world, *held, decl.count.value_or(held->packets.size()));
        break;
      case PacketsAction::Drop:
        lose(world, *held, decl.count.value_or(held->packets.size()));
        break;
    }
    deliver_all(world);
    wake_blocked(world);
    return none();
  }
  Prediction operator()(const CallStep& step) {
    const auto index = process_index(world, step.process);
    {
      auto& process = world.processes[index].edit();
      if (std::holds_alternative<SocketCall>(step.call)) process.alive = true;  // an ended one starts again
      if (!process.alive) return *not_modelled("process " + step.process + " has ended").done;
      if (process.blocked && process.blocked->outcome) process.blocked.reset();  // it returned, unobserved
      if (process.blocked) {
        const auto* socket = world.sockets.find(process.blocked->socket);
        // Where it may have returned the kernel takes this call, and what that changes is not known.
        if (socket != nullptr && socket->doubt == ends_together_doubt) world.beyond = ends_together_doubt;
        return *not_modelled("process " + step.process + " is still in its last call").done;
      }
      if (process.stopped) {
        process.asked = true;
        return *not_modelled("process " + step.process + " is stopped (SIGSTOP): it makes no call").done;
      }
    }
    Blocked way;
    way.since = world.now;
    auto outcome = perform(world, index, step.call, step.variable, way);
    deliver_all(world);
    if (outcome.done) {
      wake_blocked(world);
      return std::move(*outcome.done);
    }
    way.call = step.call;
    way.variable = step.variable;
    way.until = outcome.until;
    world.processes[index].edit().blocked = std::move(way);
    return finish(world, index, world.now + world.patience);
  }
  Prediction operator()(const ReturnsStep& step) {
    const auto index = process_index(world, step.process);
    if (!world.processes[index]->blocked)
      return *not_modelled("no call of " + step.process + " is under way").done;
    const auto limit = step.within ? std::chrono::duration_cast<Time>(*step.within) : world.patience;
    return finish(world, index, world.now + limit);
  }
  Prediction stop(const std::string& name, bool stopped) {
    auto& process = world.processes[process_index(world, name)].edit();
    process.stopped = stopped && process.alive;
    if (!stopped && process.asked)
      world.beyond =
          "what " + name + " does after SIGCONT with a call that it was given while it was stopped";
    if (!stopped) wake_blocked(world);
    return none();
  }
  Prediction end(const std::string& name) {
    const auto index = process_index(world, name);
    end_process(world, index);
    deliver_all(world);
    wake_blocked(world);
    return none();
  }
  Prediction operator()(const KillStep& step) {
    return step.signal == Signal::Kill ? end(step.process) : stop(step.process, step.signal == Signal::Stop);
  }
  Prediction operator()(const ExitStep& step) { return end(step.process); }
  Prediction operator()(const WaitStep& step) {
    advance(world, world.now + std::chrono::duration_cast<Time>(step.time), [] { return false; });
    if (world.keepalives) doubt_keepalive(world);
    return none();
  }
  Prediction operator()(const RunStep& step) {
    world.beyond = "what the program " + (step.words.empty() ? std::string() : step.words.front()) +
                   " did is not known to the model";
    return beyond(world);
  }
  Prediction operator()(const StartStep& step) {
    world.beyond = "what the program " + (step.words.empty() ? std::string() : step.words.front()) +
                   " does is not known to the model";
    return beyond(world);
  }
  template <typename Claim>
  Prediction claim(const Claim& what) {
    Prediction prediction = apply_claim(world, what);
    const auto holds = [&] {
      const auto* claimed = prediction.result ? std::get_if<Claimed>(&*prediction.result) : nullptr;
      return claimed == nullptr || claimed->holds;
    };
    if (holds()) return prediction;
    const auto limit = world.now + world.patience;
    advance(world, limit, [&] {
      prediction = apply_claim(world, what);
      return holds();
    });
    return prediction;
  }
  Prediction operator()(const SocketClaim& what) { return claim(what); }
  Prediction operator()(const PacketsClaim& what) { return claim(what); }
  Prediction operator()(const HeldClaim& what) { return claim(what); }
};

}  // namespace

World::World() {
  Host host;
  host.name = std::string(here);
  host.devices.push_back({"lo", false, {{IpAddress::v4(127, 0, 0, 1), 8}, {IpAddress::loopback_v6(), 128}}});
  hosts.push_back(std::move(host));
}

std::optional<std::size_t> find_host(const World& world, const std::string& name) {
  if (name.empty()) return 0;
  for (std::size_t i = 0; i < world.hosts.size(); ++i) {
    if (world.hosts[i].name == name) return i;
  }
  return std::nullopt;
}

Prediction apply(World& world, const Statement& statement) {
  if (!world.beyond.empty() && has_result(statement)) return beyond(world);
  return std::visit(Applier{world}, statement.body);
}

World world_of(const Experiment& experiment) {
  World world;
  for (const auto& statement : experiment.statements) {
    if (std::holds_alternative<HostDecl>(statement.body)) (void)apply(world, statement);
  }
  return world;
}

std::vector<Prediction> predict(const Experiment& experiment) {
  World world = world_of(experiment);
  std::vector<Prediction> predictions;
  predictions.reserve(experiment.statements.size());
  for (const auto& statement : experiment.statements) predictions.push_back(apply(world, statement));
  return predictions;
}

}  // namespace loopscope::model
