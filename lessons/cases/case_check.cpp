#include "lessons/cases/case_check.hpp"

#include "lessons/engine/blocks.hpp"
#include "sim/experiment/parser.hpp"
#include "sim/lab/plan.hpp"

namespace loopscope::lessons {
namespace {

using namespace experiment;

/// What a line must give: as it states; a program without a statement must end well.
std::optional<Result> wanted_of(const Statement& statement) {
  if (const Stated* stated = stated_of(statement)) return stated->result;
  if (std::holds_alternative<RunStep>(statement.body)) return Result{ExitStatus{0}};
  if (lab::is_claim(statement)) return Result{Claimed{true}};
  return std::nullopt;
}

}  // namespace

Walkthrough::Walkthrough(lab::Lab& lab, const std::vector<Statement>& statements, bool outside)
    : lab_(lab), statements_(statements), outside_(outside) {
  for (const Statement& statement : statements) {
    Sighting sighting;
    sighting.words = std::string(trimmed(statement.comment));
    sighting.statement = to_string(statement);
    if (const auto wanted = wanted_of(statement)) sighting.stated = to_string(*wanted);
    report_.sightings.push_back(std::move(sighting));
  }
}

void Walkthrough::go_on() {
  if (under_way_ != 0 || over_) return;
  while (next_ < statements_.size() && lab::is_words(statements_[next_])) {
    report_.sightings[next_].reached = report_.sightings[next_].holds = true;
    ++next_;
  }
  if (next_ == statements_.size()) {
    over_ = report_.holds = true;
    return;
  }
  under_way_ =
      outside_ ? lab_.perform_outside(statements_[next_], next_) : lab_.perform(statements_[next_], next_);
}

bool Walkthrough::take(const trace::Event& event) {
  if (over_) return false;
  if (const auto* finished = std::get_if<trace::StepFinished>(&event.fact)) {
    if (finished->step == under_way_) finish(*finished);
  } else if (const auto* changed = std::get_if<trace::WorldChanged>(&event.fact)) {
    const auto mark = changed->what.find(" wrote: ");
    if (under_way_ != 0 && mark != std::string::npos &&
        changed->what.substr(0, mark) == process_of(statements_[next_]))
      report_.sightings[next_].wrote = changed->what.substr(mark + std::string(" wrote: ").size());
  } else if (const auto* ended = std::get_if<trace::RunEnded>(&event.fact)) {
    if (next_ < report_.sightings.size()) report_.sightings[next_].trouble = ended->reason;
    over_ = true;
  }
  return !over_;
}

void Walkthrough::finish(const trace::StepFinished& finished) {
  const Statement& statement = statements_[next_];
  Sighting& sighting = report_.sightings[next_];
  sighting.reached = true;
  sighting.found = finished.result;
  sighting.trouble = finished.trouble;
  const auto wanted = wanted_of(statement);
  const auto found = parse_result(finished.result);
  sighting.holds = finished.trouble.empty() && (!wanted || (found && agree(statement, *wanted, *found)));
  under_way_ = 0;
  ++next_;
  if (!sighting.holds) {
    over_ = true;
    return;
  }
  go_on();
}

std::string to_text(const CheckReport& report) {
  std::string text;
  for (const Sighting& one : report.sightings) {
    const bool failed = one.reached && !one.holds;
    if (one.words.empty() && !failed && one.trouble.empty()) continue;
    const std::string words = one.words.empty() ? one.statement : one.words;
    text += (one.holds ? "  yes  " : one.reached ? "  NO   " : "  -    ") + words + "\n";
    if (!failed && one.trouble.empty()) continue;
    if (!one.trouble.empty()) text += "       " + one.trouble + "\n";
    if (one.trouble.empty()) text += "       " + one.statement.substr(0, one.statement.find('\n')) + "\n";
    if (one.trouble.empty() && !one.found.empty()) text += "       gave: " + one.found + "\n";
    if (!one.wrote.empty()) text += "       it said: " + one.wrote + "\n";
  }
  return text;
}

}  // namespace loopscope::lessons
