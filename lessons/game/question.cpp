#include "lessons/game/question.hpp"

#include <algorithm>

#include "lessons/game/catalogue.hpp"
#include "sim/base/errno_name.hpp"
#include "sim/experiment/parser.hpp"
#include "sim/model/world.hpp"

namespace loopscope::game {
namespace {

using experiment::CallStep;
using experiment::Statement;

constexpr int most_tries = 600;

std::string with_any_port(const SocketAddress& address, bool any) {
  std::string text = to_string(address);
  return any ? text.substr(0, text.rfind(':')) + ":*" : text;
}

std::string options_of(const model::Socket& socket) {
  std::string text;
  const auto add = [&](bool on, const char* name) {
    if (on) text += (text.empty() ? "" : ", ") + std::string(name);
  };
  add(socket.options.reuse_address, "SO_REUSEADDR");
  add(socket.options.reuse_port, "SO_REUSEPORT");
  add(socket.options.v6only, "IPV6_V6ONLY");
  add(socket.options.broadcast, "SO_BROADCAST");
  add(socket.nonblock, "does not block");
  return text;
}

/// ss's own names, but for a bound socket, of which ss says nothing.
std::string state_of(const model::Socket& socket) {
  if (socket.transport == model::Transport::Udp)
    return socket.state == SocketState::Established ? "ESTAB" : socket.num == 0 ? "new" : "UNCONN";
  if (socket.state == SocketState::Established) return "ESTAB";
  if (socket.state == SocketState::Closed || socket.state == SocketState::Bound)
    return socket.num == 0 ? "new" : "bound";
  return std::string(to_string(socket.state));
}

/// An IPv6 socket says so though it holds an IPv4 address in mapped form.
SocketAddress local_of(const model::Socket& socket) {
  return {socket.receive, Port{socket.num != 0 ? socket.num : socket.shown_port}};
}

std::vector<Holder> holders_of(const model::World& world, const std::string& process,
                               const std::string& variable) {
  std::vector<Holder> all;
  world.sockets.each([&](std::uint32_t, const model::Socket& socket) {
    if (!socket.exists) return;
    Holder one;
    if (socket.process >= 0) one.process = world.processes[static_cast<std::size_t>(socket.process)]->name;
    one.variable = socket.variable;
    one.of_the_call = socket.open && one.process == process && one.variable == variable;
    const bool holds = socket.num != 0 || socket.time_wait;
    if (!holds && !one.of_the_call) return;
    one.transport =
        std::string(socket.transport == model::Transport::Tcp ? "tcp" : "udp") + (socket.v6 ? "6" : "");
    one.state = state_of(socket);
    one.any_port = socket.free_choice;
    one.any_peer = socket.peer_free_choice;
    if (holds) one.local = with_any_port(local_of(socket), socket.free_choice);
    const bool has_peer = one.state != "LISTEN" && number(socket.peer.port) != 0;
    if (has_peer) one.peer = with_any_port(socket.peer, socket.peer_free_choice);
    one.options = options_of(socket);
    all.push_back(std::move(one));
  });
  return all;
}

/// As strace shows it, with the descriptor's name in place of its number.
std::string strace_of(const Statement& statement, const model::Prediction& prediction) {
  std::string line = experiment::process_of(statement) + ": " + experiment::call_text(statement);
  if (!prediction.result) return line;
  if (const auto* error = std::get_if<experiment::Errno>(&*prediction.result))
    return line + " = -1 " + errno_name(error->number);
  const auto* step = std::get_if<CallStep>(&statement.body);
  if (step != nullptr && !step->variable.empty()) return line + " = " + step->variable;
  const auto text = to_string(*prediction.result);
  return line + " = " + (text == "ok" ? "0" : text);
}

struct Asked {
  bool udp = false, nonblocking = false;
};

Asked kind_of(const model::World& world, const std::string& process, const std::string& variable) {
  Asked asked;
  world.sockets.each([&](std::uint32_t, const model::Socket& socket) {
    if (!socket.exists || !socket.open || socket.process < 0 || socket.variable != variable) return;
    if (world.processes[static_cast<std::size_t>(socket.process)]->name != process) return;
    asked = {socket.transport == model::Transport::Udp, socket.nonblock};
  });
  return asked;
}

void mark_deciders(std::vector<Holder>& world, const model::Prediction& prediction) {
  for (const auto& opponent : prediction.opponents) {
    for (Holder& one : world) {
      if (one.process == opponent.process && one.variable == opponent.variable &&
          one.local == with_any_port(opponent.local, opponent.any_port))
        one.decides = true;
    }
  }
}

std::vector<Answer> answers_to(const Topic& topic, const std::string& call, const Asked& asked) {
  std::vector<Answer> all;
  for (const std::string& name : answers_for(call, asked.udp, asked.nonblocking)) {
    const auto number = errno_number(name);
    std::string feedback = name == topic.tempting ? std::string(topic.why_not) : when_it_comes(call, name);
    if (feedback.empty()) feedback = std::string(topic.why_not);
    all.push_back({name, number ? errno_words(*number) : "it succeeds", std::move(feedback)});
  }
  return all;
}

std::string setting_of(const Statement& statement) {
  if (const auto* sysctl = std::get_if<experiment::SysctlDecl>(&statement.body))
    return sysctl->name + " = " + sysctl->value;
  if (const auto* process = std::get_if<experiment::ProcessDecl>(&statement.body))
    return process->as_root ? process->name + " runs as root" : "";
  return "";
}

/// Nothing where the model answers by another rule, or a step before fails.
std::optional<Question> question_of(const Topic& topic, experiment::Experiment experiment) {
  Question question;
  model::World world = model::world_of(experiment);
  const Statement& last = experiment.statements.back();
  const auto* step = std::get_if<CallStep>(&last.body);
  if (step == nullptr) return std::nullopt;
  for (std::size_t i = 0; i + 1 < experiment.statements.size(); ++i) {
    const Statement& statement = experiment.statements[i];
    const auto prediction = model::apply(world, statement);
    if (auto setting = setting_of(statement); !setting.empty())
      question.settings.push_back(std::move(setting));
    if (prediction.result && !experiment::is_success(*prediction.result)) return std::nullopt;
    if (std::holds_alternative<CallStep>(statement.body))
      question.earlier.push_back(strace_of(statement, prediction));
    else if (std::holds_alternative<experiment::KillStep>(statement.body))
      question.earlier.push_back(experiment::to_string(statement));
  }
  const std::string variable = experiment::descriptor_of(step->call).value_or("");
  const Asked asked = kind_of(world, step->process, variable);
  question.world = holders_of(world, step->process, variable);
  auto prediction = model::apply(world, last);
  const auto* rule = model::find_rule(prediction.rule);
  if (rule == nullptr || rule->name != topic.rule || !prediction.result) return std::nullopt;
  question.rule = std::string(topic.rule);
  question.process = step->process;
  question.call = experiment::call_text(last);
  question.answers = answers_to(topic, experiment::name_of(step->call), asked);
  const auto predicted = answer_of(question, *prediction.result);
  if (!predicted) return std::nullopt;
  question.predicted = *predicted;
  question.answers[*predicted].feedback.clear();
  if (prediction.rule != model::RuleId::bind_any_port) prediction.choice.reset();  // beside the point
  question.why = because(prediction);
  question.source = std::string(rule->source);
  mark_deciders(question.world, prediction);
  question.experiment = std::move(experiment);
  return question;
}

}  // namespace

std::optional<Question> make_question(std::string_view rule, std::uint64_t seed, int level) {
  const Topic* topic = find_topic(rule);
  if (topic == nullptr) return std::nullopt;
  Dice dice(seed);
  for (int tries = 0; tries < most_tries; ++tries) {
    const Scene scene = topic->scenes[dice.below(topic->scenes.size())];
    Script script(seed * 1000 + static_cast<std::uint64_t>(tries), level);
    scene(script);
    auto experiment = experiment::parse(script.text(), "question");
    if (!experiment) continue;
    if (auto question = question_of(*topic, std::move(*experiment))) {
      question->seed = seed;
      return question;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> answer_of(const Question& question, const experiment::Result& result) {
  std::string name = "ok";
  if (const auto* error = std::get_if<experiment::Errno>(&result))
    name = errno_name(error->number);
  else if (!experiment::is_success(result))
    return std::nullopt;
  for (std::size_t i = 0; i < question.answers.size(); ++i)
    if (question.answers[i].name == name) return i;
  return std::nullopt;
}

}  // namespace loopscope::game
