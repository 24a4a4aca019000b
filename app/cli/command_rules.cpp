#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/cli/command.hpp"
#include "sim/base/nearest.hpp"
#include "sim/model/rules.hpp"

/// `loopscope rules [ID]`: what the model knows, with its sources and the cases that prove it.
namespace loopscope::app::cli {
namespace {

struct Options {
  std::string id;
  bool json = false, markdown = false;
};

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

void show(const Terminal& terminal, const model::Rule& rule) {
  std::cout << terminal.paint(Style::Title, rule.name) << "\n" << wrapped(rule.sentence, 2, terminal.columns);
  if (!rule.source.empty())
    std::cout << terminal.paint(Style::Faint, "  source  " + std::string(rule.source) + " (Linux 6.18)")
              << "\n";
  for (const auto& name : words_of(rule.cases))
    std::cout << terminal.paint(Style::Faint, "  case    " + name) << "\n";
  if (!rule.without_case.empty())
    std::cout << wrapped("No case: " + std::string(rule.without_case), 2, terminal.columns);
}

void show_json() {
  for (const auto& rule : model::all_rules()) {
    std::cout << nlohmann::ordered_json{{"id", rule.name},
                                        {"sentence", rule.sentence},
                                        {"source", rule.source},
                                        {"cases", words_of(rule.cases)},
                                        {"without_case", rule.without_case}}
                     .dump()
              << "\n";
  }
}

void show_markdown() {
  std::cout << "# The rules of the model\n\nThis page is made by `loopscope rules --markdown`; change the "
               "tables in `sim/model/rules_*.cpp`.\n\n"
               "| rule | in a sentence | source (Linux 6.18) | cases of tests/conformance |\n| --- | --- | "
               "--- | --- |\n";
  for (const auto& rule : model::all_rules()) {
    std::string cases;
    for (const auto& name : words_of(rule.cases)) cases += (cases.empty() ? "`" : ", `") + name + "`";
    cases += rule.without_case;
    std::cout << "| `" << rule.name << "` | " << rule.sentence << " | " << rule.source << " | " << cases
              << " |\n";
  }
}

Status run(Context& context, const Options& options) {
  if (options.markdown) return show_markdown(), Status::Agreed;
  if (options.json) return show_json(), Status::Agreed;
  if (!options.id.empty()) {
    if (const auto* rule = model::find_rule(std::string_view(options.id)))
      return show(context.terminal, *rule), Status::Agreed;
    std::vector<std::string_view> names;
    const auto rules = model::all_rules();
    for (const auto& rule : rules) names.push_back(rule.name);
    const auto near = nearest(options.id, names);
    std::cerr << "loopscope rules: there is no rule '" << options.id << "'"
              << (near ? "; did you mean '" + std::string(*near) + "'?" : "") << "\n";
    return Status::Wrong;
  }
  for (const auto& rule : model::all_rules()) {
    std::cout << context.terminal.paint(Style::Call, padded(rule.name, 26)) << " " << rule.sentence << "\n";
  }
  return Status::Agreed;
}

}  // namespace

void add_rules(CLI::App& program, Chosen& chosen) {
  CLI::App* command = program.add_subcommand(
      "rules", "List the model's rules, with their sources and the cases that prove them");
  auto options = std::make_shared<Options>();
  command->add_option("ID", options->id, "one rule, e.g. bind.listener");
  auto* json = command->add_flag("--json", options->json, "one JSON object a rule");
  command->add_flag("--markdown", options->markdown, "the page of the documentation")->excludes(json);
  command->callback(
      [options, &chosen] { chosen.action = [options](Context& context) { return run(context, *options); }; });
}

}  // namespace loopscope::app::cli
