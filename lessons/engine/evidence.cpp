#include "lessons/engine/evidence.hpp"

#include <algorithm>

#include "sim/experiment/parser.hpp"

namespace loopscope::lessons {
namespace {

constexpr std::string_view shown_mark = "*Shown by ";
constexpr std::string_view rests_mark = "*Rests on ";
constexpr const char* form =
    "write '*Shown by [name.lab](name.lab): `step = result`.*', several steps with commas between, or "
    "'*Rests on ip(7).*'";

/// What stands between the `open` at `at` and the next `close`; `at` is moved past it. Empty where none does.
std::string between(const std::string& text, std::size_t& at, char close) {
  const auto end = text.find(close, at + 1);
  if (end == std::string::npos) return {};
  std::string words = text.substr(at + 1, end - at - 1);
  at = end;
  return words;
}

/// '[a.lab](a.lab): `step`, `step`; [b.lab](b.lab): `step`'
void read_shown(const std::string& text, const Evidence& place, std::vector<Evidence>& all,
                Problems& problems) {
  const auto before = all.size();
  std::string experiment;
  for (std::size_t at = shown_mark.size(); at < text.size(); ++at) {
    if (text[at] == '(' && text[at - 1] == ']') {
      experiment = between(text, at, ')');  // the link's target
    } else if (text[at] == '`') {
      Evidence one = place;
      one.experiment = experiment;
      one.step = between(text, at, '`');
      if (!one.experiment.empty() && !one.step.empty()) all.push_back(std::move(one));
    }
  }
  if (all.size() == before) problems.add(place.line, form);
}

/// Whether both are the same step with the same result, whoever is asked to predict it.
bool same(const experiment::Statement& said, const experiment::Statement& stated) {
  const auto* expected = experiment::stated_of(said);
  const auto* result = experiment::stated_of(stated);
  if ((expected == nullptr) != (result == nullptr)) return false;
  return experiment::process_of(said) == experiment::process_of(stated) &&
         experiment::call_text(said) == experiment::call_text(stated) &&
         (expected == nullptr || expected->result == result->result);
}

}  // namespace

bool is_evidence(const Block& block) {
  if (block.kind != Block::Kind::Paragraph || block.lines.empty()) return false;
  return block.lines[0].starts_with(shown_mark) || block.lines[0].starts_with(rests_mark);
}

std::vector<Evidence> read_evidence(const std::vector<Block>& blocks, Problems& problems) {
  std::vector<Evidence> all;
  Evidence place;
  for (const Block& block : blocks) {
    if (block.kind == Block::Kind::Heading) place.heading = block.lines[0];
    if (!is_evidence(block)) continue;
    place.line = block.line;
    std::string text = joined(block);
    if (text.starts_with(shown_mark)) {
      read_shown(text, place, all, problems);
      continue;
    }
    Evidence one = place;
    one.document = text.substr(rests_mark.size());
    while (!one.document.empty() && (one.document.back() == '*' || one.document.back() == '.'))
      one.document.pop_back();
    if (one.document.empty()) problems.add(block.line, form);
    all.push_back(std::move(one));
  }
  return all;
}

void check_evidence(const std::vector<Evidence>& all, const Lesson& lesson, Problems& problems) {
  for (const Evidence& one : all) {
    if (one.experiment.empty()) continue;
    const auto* experiment = experiment_of(lesson, one.experiment);
    const auto said = experiment::parse_statement(one.step);
    if (experiment == nullptr) {
      problems.add(one.line, one.experiment + " is not beside lesson.md, or can't be read");
    } else if (!said) {
      problems.add(one.line, "'" + one.step + "' is no step: " + said.error().message);
    } else if (std::none_of(experiment->statements.begin(), experiment->statements.end(),
                            [&](const auto& statement) { return same(*said, statement); })) {
      problems.add(one.line, one.experiment + " has no step '" + one.step +
                                 "' with this result; take one that it has, or correct what rests on it");
    }
  }
}

}  // namespace loopscope::lessons
