#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/command.hpp"
#include "sim/lab/doctor.hpp"

/// `loopscope doctor`: what this machine allows, and how to allow the rest.
namespace loopscope::app::cli {
namespace {

std::string_view word_of(lab::Ability ability) {
  switch (ability) {
    case lab::Ability::Yes:
      return "yes";
    case lab::Ability::Limited:
      return "limited";
    case lab::Ability::No:
      break;
  }
  return "no";
}

void say_finding(const Terminal& terminal, const lab::Finding& finding) {
  constexpr std::size_t indent = 4;
  const bool yes = finding.ability == lab::Ability::Yes;
  const bool no = finding.ability == lab::Ability::No;
  const Style style = yes ? Style::Good : no ? Style::Bad : Style::Doubt;
  std::cout << terminal.paint(style, yes  ? "✓ "
                                     : no ? "✗ "
                                          : "~ ")
            << terminal.paint(Style::Call, finding.title) << ": " << word_of(finding.ability) << "\n";
  if (!finding.details.empty())
    std::cout << terminal.paint(Style::Faint, wrapped(finding.details, indent, terminal.columns));
  if (!finding.remedy.empty()) std::cout << wrapped("→ " + finding.remedy, indent, terminal.columns);
}

std::string finding_json(const lab::Finding& finding) {
  return nlohmann::ordered_json{{"id", finding.id},
                                {"title", finding.title},
                                {"ability", word_of(finding.ability)},
                                {"details", finding.details},
                                {"remedy", finding.remedy}}
      .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Status examine(Context& context, bool json) {
  bool has_lab = true;
  for (const lab::Finding& finding : lab::examine(context.launcher)) {
    if (json)
      std::cout << finding_json(finding) << "\n";
    else
      say_finding(context.terminal, finding);
    if (finding.id == "lab") has_lab = finding.ability != lab::Ability::No;
  }
  return has_lab ? Status::Agreed : Status::NoLab;
}

}  // namespace

void add_doctor(CLI::App& program, Chosen& chosen) {
  CLI::App* command =
      program.add_subcommand("doctor", "Say what this machine allows, and how to allow the rest");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "one JSON object a finding");
  command->callback(
      [json, &chosen] { chosen.action = [json](Context& context) { return examine(context, *json); }; });
}

}  // namespace loopscope::app::cli
