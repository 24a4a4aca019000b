#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/command.hpp"
#include "app/cli/machine_world.hpp"
#include "app/cli/remedy_text.hpp"
#include "sim/base/errno_name.hpp"
#include "sim/base/unique_fd.hpp"
#include "sim/experiment/options.hpp"
#include "sim/model/remedies.hpp"

/// `loopscope explain ADDRESS:PORT`: who has it on this machine, why a bind would fail, and what would work.
namespace loopscope::app::cli {
namespace {

using namespace experiment;

struct Options {
  std::string where;
  bool tcp = false, udp = false, probe = false, json = false;
  std::vector<std::string> with;
};

/// 'localhost:62893', ':62893', '62893', 'http://127.0.0.1:62893/x', '[::1]:62893'. Nothing where it is none
/// of these.
std::optional<SocketAddress> read_place(std::string text) {
  std::string scheme;
  if (const auto at = text.find("://"); at != std::string::npos) {
    scheme = text.substr(0, at);
    text = text.substr(at + 3);
    text = text.substr(0, text.find_first_of("/?#"));
  }
  const auto colon = text.rfind(':');
  const bool bracket_last = !text.empty() && text.back() == ']';
  const bool bare = colon == std::string::npos && scheme.empty();
  std::string host = bare ? "" : text.substr(0, bracket_last ? std::string::npos : colon),
              port = bare ? text : "";
  if (!bare && colon != std::string::npos && !bracket_last) port = text.substr(colon + 1);
  if (port.empty() && !scheme.empty()) port = scheme == "https" ? "443" : "80";
  if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos ||
      std::stoi(port) > 65535)
    return std::nullopt;
  if (host.size() > 1 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  SocketAddress place;
  place.port = Port{static_cast<std::uint16_t>(std::stoi(port))};
  if (host == "localhost") host = "127.0.0.1";
  if (host.empty() || host == "*") return place;
  const auto ip = IpAddress::parse(host);
  if (!ip) return std::nullopt;
  place.ip = *ip;
  return place;
}

/// An answer is no longer than this.
constexpr std::size_t most_lines = 5;

Statement step(Call call) {
  Statement statement;
  statement.body = CallStep{"you", "new", std::move(call), std::nullopt};
  return statement;
}

struct Answer {
  model::World before;  ///< just before the bind
  model::Prediction prediction;
};

Statement bind_step(const SocketAddress& place) {
  AddressTerm term;
  term.ip = place.ip;
  term.port = place.port;
  return step(BindCall{"new", term});
}

Answer ask(const Machine& machine, const SocketAddress& place, const Options& options, bool shared) {
  Answer answer{world_of(machine, shared), {}};
  Statement you;
  you.body = ProcessDecl{"you", "", ::geteuid() == 0};
  (void)model::apply(answer.before, you);
  answer.before.processes.back().edit().uid = ::geteuid();
  (void)model::apply(answer.before,
                     step(SocketCall{place.ip.is_v6() ? Domain::Inet6 : Domain::Inet,
                                     options.udp ? SocketType::Datagram : SocketType::Stream, false}));
  for (const std::string& name : options.with)
    (void)model::apply(answer.before, step(SetsockoptCall{"new", {name}, std::int64_t{1}}));
  model::World after = answer.before;
  answer.prediction = model::apply(after, bind_step(place));
  return answer;
}

bool is_free(const model::Prediction& prediction) {
  return prediction.result && is_success(*prediction.result);
}

/// Binds it for a moment. 0, or the errno.
int try_it(const SocketAddress& place, const Options& options) {
  const UniqueFd fd(::socket(place.ip.family(), (options.udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return errno;
  const int on = 1;
  for (const std::string& name : options.with) {
    if (const auto* info = find_option(name))
      (void)::setsockopt(fd.get(), info->level, info->number, &on, sizeof on);
  }
  sockaddr_storage storage{};
  const socklen_t size = place.store(storage);
  return ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&storage), size) == 0 ? 0 : errno;
}

const trace::SocketEntry* entry_of(const Machine& machine, const model::Opponent& opponent) {
  const auto at =
      std::find_if(machine.sockets.begin(), machine.sockets.end(), [&](const trace::SocketEntry& e) {
        return e.local == opponent.local && e.peer == opponent.peer &&
               (opponent.process.empty() ||
                (owner_of(e) == opponent.process && "fd" + std::to_string(e.fd) == opponent.variable));
      });
  return at == machine.sockets.end() ? nullptr : &*at;
}

std::string holder_words(const Machine& machine, const model::Opponent& opponent) {
  const auto* entry = entry_of(machine, opponent);
  std::string who = entry != nullptr ? owner_of(*entry) : "somebody";
  auto words = fmt::format("{}: {} on {}", who, loopscope::to_string(opponent.state),
                           loopscope::to_string(opponent.local));
  if (!opponent.relation.empty()) words += ", " + opponent.relation;
  if (opponent.time_wait_left > model::Time{})
    words += fmt::format("; gone in {:.0f} s", static_cast<double>(opponent.time_wait_left.count()) / 1e6);
  if (entry != nullptr) {
    if (const auto command = command_of(entry->pid); !command.empty())
      words += "\n         command: " + command.substr(0, 200);
  }
  return words;
}

class Explain {
 public:
  Explain(Context& context, const Options& options, SocketAddress place)
      : context_(context), options_(options), place_(place) {}

  Status go() {
    const Machine machine = read_machine();
    const Answer strict = ask(machine, place_, options_, false),
                 shared = ask(machine, place_, options_, true);
    const bool free = is_free(strict.prediction);
    const int probed = options_.probe ? try_it(place_, options_) : -1;
    const auto remedies =
        free ? std::vector<model::Remedy>{} : model::what_would_work(strict.before, bind_step(place_));
    if (options_.json) {
      show_json(machine, strict.prediction, free, probed, remedies);
    } else {
      show(machine, strict.prediction, free, !free && is_free(shared.prediction), remedies);
      if (probed >= 0)
        std::cout << "  tried  "
                  << (probed == 0 ? "bind succeeded"
                                  : "bind: " + errno_name(probed) + " (" + errno_words(probed) + ")")
                  << "\n";
    }
    return (probed >= 0 ? probed == 0 : free) ? Status::Agreed : Status::Differs;
  }

 private:
  void show(const Machine& machine, const model::Prediction& prediction, bool free, bool maybe,
            const std::vector<model::Remedy>& remedies) const {
    std::string verdict = loopscope::to_string(place_) + (options_.udp ? " (UDP)" : " (TCP)");
    if (free) {
      verdict += " is free: a bind would succeed";
    } else {
      verdict += prediction.result == Result{Errno{EADDRINUSE}} ? " is taken" : " can't be had";
      verdict += ": bind would give " + to_string(*prediction.result);
    }
    std::cout << context_.terminal.paint(free ? Style::Good : Style::Bad, verdict) << "\n";
    std::size_t lines = 1;
    if (!prediction.opponents.empty()) {
      const auto holder = holder_words(machine, prediction.opponents.front());
      const auto more = prediction.opponents.size() - 1;
      std::cout << "  who    " << holder << (more == 0 ? "" : fmt::format(" (and {} more)", more)) << "\n";
      lines += 1 + static_cast<std::size_t>(std::count(holder.begin(), holder.end(), '\n'));
    }
    if (const auto* rule = model::find_rule(prediction.rule))
      std::cout << "  why    " << rule->sentence << " [" << rule->name << "]\n", ++lines;
    if (maybe)
      ++lines,
          std::cout << "  maybe  It depends on options of the other socket that the kernel does not tell.\n";
    for (const auto& remedy : remedies) {
      if (++lines > most_lines) break;
      std::cout << "  would  " << remedy_text(remedy) << "\n";
    }
    if (!machine.shows_bound && free)
      std::cout << "  note   This kernel does not tell of TCP sockets that are bound and silent; --try makes "
                   "sure.\n";
  }

  void show_json(const Machine& machine, const model::Prediction& prediction, bool free, int probed,
                 const std::vector<model::Remedy>& remedies) const {
    nlohmann::ordered_json json;
    json["address"] = loopscope::to_string(place_);
    json["transport"] = options_.udp ? "udp" : "tcp";
    json["free"] = free;
    json["result"] = prediction.result ? to_string(*prediction.result) : "";
    if (const auto* rule = model::find_rule(prediction.rule)) json["rule"] = rule->name;
    json["because"] = because(prediction);
    json["holders"] = nlohmann::ordered_json::array();
    for (const auto& opponent : prediction.opponents) {
      const auto* entry = entry_of(machine, opponent);
      json["holders"].push_back(
          {{"local", loopscope::to_string(opponent.local)},
           {"state", loopscope::to_string(opponent.state)},
           {"pid", entry != nullptr ? entry->pid : 0},
           {"owner", entry != nullptr ? owner_of(*entry) : ""},
           {"command", entry != nullptr ? command_of(entry->pid) : ""},
           {"seconds_left", static_cast<double>(opponent.time_wait_left.count()) / 1e6}});
    }
    json["would_work"] = nlohmann::ordered_json::array();
    for (const auto& remedy : remedies)
      json["would_work"].push_back(
          {{"change", remedy.words}, {"grade", to_string(remedy.grade)}, {"warning", remedy.warning}});
    if (probed >= 0) json["tried"] = probed == 0 ? "ok" : errno_name(probed);
    std::cout << json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
  }

  Context& context_;
  const Options& options_;
  SocketAddress place_;
};

Status run(Context& context, const Options& options) {
  const auto place = read_place(options.where);
  if (!place) {
    std::cerr << "loopscope explain: '" << options.where
              << "' is no address and port; write 127.0.0.1:62893, [::1]:62893, :62893 or 62893\n";
    return Status::Wrong;
  }
  for (const std::string& name : options.with) {
    if (find_option(name) != nullptr) continue;
    std::cerr << "loopscope explain: there is no socket option '" << name << "'; write e.g. SO_REUSEADDR\n";
    return Status::Wrong;
  }
  return Explain(context, options, *place).go();
}

}  // namespace

void add_explain(CLI::App& program, Chosen& chosen) {
  CLI::App* command =
      program.add_subcommand("explain", "Say who on this machine holds a port, why, and what would work");
  auto options = std::make_shared<Options>();
  command
      ->add_option("ADDRESS:PORT", options->where,
                   "e.g. 127.0.0.1:62893, localhost:62893, :62893, 62893 or a URL")
      ->required();
  auto* tcp = command->add_flag("--tcp", options->tcp, "TCP (the default)");
  command->add_flag("--udp", options->udp, "UDP")->excludes(tcp);
  command->add_option("--with", options->with, "as if the new socket had this option set; may be repeated")
      ->option_text("OPTION");
  command->add_flag("--try", options->probe, "bind it for a moment, to be sure");
  command->add_flag("--json", options->json, "one JSON object");
  command->callback(
      [options, &chosen] { chosen.action = [options](Context& context) { return run(context, *options); }; });
}

}  // namespace loopscope::app::cli
