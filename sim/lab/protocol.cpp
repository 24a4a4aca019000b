#include "sim/lab/protocol.hpp"

#include <nlohmann/json.hpp>

#include "sim/experiment/parser.hpp"

namespace loopscope::lab {
namespace {

using Json = nlohmann::json;
using experiment::FileDecl;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

struct ToJson {
  Json operator()(const Setup& setup) const {
    Json rules = Json::array();
    for (const auto& [chain, rule] : setup.rules) rules.push_back({{"chain", chain}, {"rule", rule}});
    Json hosts = Json::array();
    for (const HostToMake& one : setup.hosts)
      hosts.push_back({{"name", one.name}, {"addresses", one.addresses}});
    return {{"do", "setup"},
            {"stepping", setup.stepping},
            {"here", setup.here},
            {"origin", setup.origin},
            {"rules", rules},
            {"hosts", hosts},
            {"processes", setup.processes},
            {"programs", setup.programs},
            {"house", setup.house},
            {"bridge", setup.bridge}};
  }
  Json operator()(const Perform& perform) const {
    Json json{{"do", "perform"}, {"step", perform.step}, {"line", perform.statement.place.line}};
    if (perform.index) json["index"] = *perform.index;
    if (perform.outside) json["outside"] = true;
    // A file block is several lines: it travels as what it is, everything else in the language's own words.
    if (const auto* file = std::get_if<FileDecl>(&perform.statement.body)) {
      json["file"] = file->name;
      json["lines"] = file->lines;
    } else {
      json["text"] = to_string(perform.statement);
    }
    return json;
  }
  Json operator()(const HoldPackets& hold) const { return {{"do", "hold"}, {"on", hold.on}}; }
  Json operator()(const Release& release) const {
    Json json{{"do", "release"}, {"id", release.id}, {"drop", release.verdict == trace::Verdict::Dropped}};
    if (release.after) json["after_ms"] = release.after->count();
    return json;
  }
  Json operator()(const FilterListener& filter) const {
    return {{"do", "filter"},
            {"step", filter.step},
            {"process", filter.process},
            {"variable", filter.variable},
            {"on", filter.on}};
  }
  Json operator()(const Look&) const { return {{"do", "look"}}; }
  Json operator()(const HoldCalls& hold) const { return {{"do", "hold-calls"}, {"on", hold.on}}; }
  Json operator()(const LetCallGo& call) const { return {{"do", "let-call-go"}, {"thread", call.thread}}; }
  Json operator()(const OpenShell& shell) const {
    return {{"do", "shell"},
            {"host", shell.host},
            {"start", shell.start},
            {"terminal", shell.terminal},
            {"administrator", shell.administrator}};
  }
};

Perform perform_from(const Json& json) {
  Perform perform{json.at("step"), std::nullopt, {}, {}};
  if (json.contains("index")) perform.index = json.at("index").get<std::uint64_t>();
  if (json.contains("file")) {
    perform.statement.body = FileDecl{json.at("file"), json.at("lines")};
  } else {
    const std::string text = json.at("text");
    auto statement = experiment::parse_statement(text);
    if (statement) {
      perform.statement = std::move(*statement);
    } else {
      perform.problem = statement.error().message;
      perform.statement.body = experiment::Narration{text};
    }
  }
  perform.statement.place.line = json.at("line");
  perform.outside = json.value("outside", false);
  return perform;
}

tl::expected<Request, std::string> from_json(const Json& json) {
  const std::string what = json.at("do");
  if (what == "setup") {
    Setup setup{json.at("stepping"), json.at("here"),  json.at("origin"), {}, {}, json.at("processes"),
                json.at("programs"), json.at("house"), json.at("bridge")};
    for (const Json& one : json.at("rules")) setup.rules.emplace_back(one.at("chain"), one.at("rule"));
    for (const Json& one : json.at("hosts")) setup.hosts.push_back({one.at("name"), one.at("addresses")});
    return setup;
  }
  if (what == "perform") return perform_from(json);
  if (what == "hold") return HoldPackets{json.at("on")};
  if (what == "look") return Look{};
  if (what == "filter")
    return FilterListener{json.at("step"), json.at("process"), json.at("variable"), json.at("on")};
  if (what == "hold-calls") return HoldCalls{json.at("on")};
  if (what == "let-call-go") return LetCallGo{json.at("thread")};
  if (what == "shell")
    return OpenShell{json.at("host"), json.at("start"), json.at("terminal"), json.at("administrator")};
  if (what != "release") return tl::unexpected("unknown request '" + what + "'");
  Release release{
      json.at("id"), json.at("drop").get<bool>() ? trace::Verdict::Dropped : trace::Verdict::Passed, {}};
  if (json.contains("after_ms")) release.after = Milliseconds(json.at("after_ms").get<std::int64_t>());
  return release;
}

}  // namespace

std::string to_line(const Request& request) { return dump(std::visit(ToJson{}, request)); }

tl::expected<Request, std::string> request_from(std::string_view line) {
  try {
    return from_json(Json::parse(line));
  } catch (const Json::exception& error) {
    return tl::unexpected(std::string(error.what()));
  }
}

std::string to_line(const Hello& hello) {
  Json problems = Json::array();
  for (const RuleRefused& one : hello.rule_problems)
    problems.push_back({{"rule", one.rule}, {"column", one.column}, {"message", one.message}});
  return dump({{"hello", true},
               {"can_hold", hello.can_hold},
               {"why_no_hold", hello.why_no_hold},
               {"why_no_capture", hello.why_no_capture},
               {"why_no_firewall", hello.why_no_firewall},
               {"shows_bound", hello.shows_bound},
               {"second_user", hello.second_user},
               {"ipv6", hello.ipv6},
               {"rule_problems", problems}});
}

tl::expected<Hello, std::string> hello_from(std::string_view line) {
  try {
    const Json json = Json::parse(line);
    Hello hello{
        json.at("can_hold"),    json.at("why_no_hold"), json.at("why_no_capture"), json.at("why_no_firewall"),
        json.at("shows_bound"), json.at("second_user"), json.at("ipv6"),           {}};
    for (const Json& one : json.at("rule_problems"))
      hello.rule_problems.push_back({one.at("rule"), one.at("column"), one.at("message")});
    return hello;
  } catch (const Json::exception& error) {
    return tl::unexpected(std::string(error.what()));
  }
}

std::optional<std::string> Lines::next() {
  const auto end = buffer_.find('\n', used_);
  if (end == std::string::npos) {
    buffer_.erase(0, used_);
    used_ = 0;
    return std::nullopt;
  }
  std::string line = buffer_.substr(used_, end - used_);
  used_ = end + 1;
  return line;
}

}  // namespace loopscope::lab
