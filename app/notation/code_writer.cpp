#include "app/notation/code_writer.hpp"

#include <algorithm>

namespace loopscope::app::notation {

using namespace experiment;

const AddressTerm* address_of(const Call& call) {
  if (const auto* bind = std::get_if<BindCall>(&call)) return &bind->address;
  if (const auto* connect = std::get_if<ConnectCall>(&call)) return &connect->address;
  if (const auto* send = std::get_if<SendCall>(&call); send != nullptr && send->to) return &*send->to;
  return nullptr;
}

std::string as_written(char c) {
  switch (c) {
    case '\r':
      return "\\r";
    case '\n':
      return "\\n";
    case '\t':
      return "\\t";
    case '"':
    case '\\':
      return {'\\', c};
    default:
      return c >= 0x20 && c < 0x7F ? std::string(1, c) : std::string();
  }
}

CodeWriter::CodeWriter(const Experiment& experiment, std::string_view process, Language language,
                       std::span<const std::string_view> reserved)
    : experiment_(experiment), reserved_(reserved.begin(), reserved.end()) {
  code_.language = language;
  code_.process = process;
  code_.file_name = code_.process + (language == Language::C ? ".c" : ".py");
  look_for_ports();
}

void CodeWriter::look_for_ports() {
  for (std::size_t i = 0; i < experiment_.statements.size(); ++i) {
    const auto& statement = experiment_.statements[i];
    if (process_of(statement) != process()) continue;
    last_ = i;
    const auto* step = std::get_if<CallStep>(&statement.body);
    const auto* address = step == nullptr ? nullptr : address_of(step->call);
    const auto* port = address == nullptr ? nullptr : std::get_if<PortOf>(&address->port);
    if (port == nullptr) continue;
    if (port->process.empty() || port->process == process()) {
      noted_.insert(port->variable);
    } else if (std::find(foreign_.begin(), foreign_.end(), *port) == foreign_.end()) {
      foreign_.push_back(*port);
    }
  }
}

std::string CodeWriter::name(const std::string& variable) const {
  // What the writers make up themselves: address1, text2, port_s…
  static constexpr std::string_view made[] = {"address", "nobody", "text", "value", "ready", "port_"};
  const bool taken = std::any_of(std::begin(made), std::end(made),
                                 [&](std::string_view start) { return variable.starts_with(start); });
  return taken || reserved_.contains(variable) ? variable + "_" : variable;
}

std::string CodeWriter::port_name(const PortOf& term) const {
  const bool own = term.process.empty() || term.process == process();
  return own ? "port_" + term.variable : "port_" + term.process + "_" + term.variable;
}

void CodeWriter::take(const Statement& statement) {
  if (const auto* step = std::get_if<CallStep>(&statement.body)) return add(*step);
  if (const auto* run = std::get_if<RunStep>(&statement.body)) return add_run(run->words, true);
  if (const auto* start = std::get_if<StartStep>(&statement.body)) return add_run(start->words, false);
  if (const auto* kill = std::get_if<KillStep>(&statement.body)) {
    if (kill->signal == Signal::Stop) return comment("here it is stopped: kill -STOP");
    if (kill->signal == Signal::Continue) return comment("here it may go on: kill -CONT");
    return comment("here it is killed: kill -9");
  }
  if (std::holds_alternative<ExitStep>(statement.body)) return comment("here it ends");
}

Code CodeWriter::write() {
  begin();
  std::string chapter;
  for (std::size_t i = 0; i < experiment_.statements.size(); ++i) {
    const auto& statement = experiment_.statements[i];
    if (const auto* heading = std::get_if<Chapter>(&statement.body)) chapter = heading->words;
    const auto* wait = std::get_if<WaitStep>(&statement.body);
    const bool own = process_of(statement) == process();
    if (!own && (wait == nullptr || assigned_.empty() || i > last_)) continue;
    if (own && !chapter.empty()) {
      line("");
      comment(std::exchange(chapter, {}));
    }
    statement_ = i;
    if (wait != nullptr) {
      add_wait(wait->time);
    } else {
      take(statement);
    }
    statement_.reset();
  }
  end();
  return std::move(code_);
}

std::string Code::text() const {
  std::string out;
  for (const auto& line : lines) out += line.text + "\n";
  return out;
}

std::optional<std::pair<std::size_t, std::size_t>> Code::lines_of(std::size_t statement) const {
  const auto is = [&](const CodeLine& line) { return line.statement == statement; };
  const auto first = std::find_if(lines.begin(), lines.end(), is);
  if (first == lines.end()) return {};
  auto last = first;
  while (std::next(last) != lines.end() && is(*std::next(last))) ++last;
  return std::pair{static_cast<std::size_t>(first - lines.begin()),
                   static_cast<std::size_t>(last - lines.begin())};
}

std::vector<std::string> processes_of(const Experiment& experiment) {
  std::vector<std::string> names;
  for (const auto& statement : experiment.statements) {
    const bool step = std::holds_alternative<CallStep>(statement.body) ||
                      std::holds_alternative<RunStep>(statement.body) ||
                      std::holds_alternative<StartStep>(statement.body);
    auto name = process_of(statement);
    if (step && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

Code code_for(const Experiment& experiment, std::string_view process, Language language) {
  return language == Language::C ? write_c(experiment, process) : write_python(experiment, process);
}

}  // namespace loopscope::app::notation
