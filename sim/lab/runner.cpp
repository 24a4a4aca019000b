#include "sim/lab/runner.hpp"

#include <algorithm>

#include "sim/experiment/parser.hpp"

namespace loopscope::lab {
namespace {

using namespace experiment;

/// Only for the reader: no engine has anything to do with it.
bool is_words(const Body& body) {
  return std::holds_alternative<Title>(body) || std::holds_alternative<Chapter>(body) ||
         std::holds_alternative<Narration>(body);
}

}  // namespace

Runner::Runner(std::unique_ptr<Lab> lab, const Experiment& experiment, BeforeStep before, AfterStep after)
    : lab_(std::move(lab)), experiment_(experiment), before_(std::move(before)), after_(std::move(after)) {
  report_.outcomes.resize(experiment.statements.size());
  for (std::size_t i = 0; i < report_.outcomes.size(); ++i) report_.outcomes[i].statement = i;
}

bool Runner::pump() {
  for (trace::Event& event : lab_->pump()) {
    if (over_) break;
    take(event);
    report_.events.push_back(std::move(event));
  }
  if (!over_ && !lab_->alive()) end("the lab ended unexpectedly");
  if (!over_ && under_way_ == 0) go_on();
  return !over_;
}

void Runner::go_on() {
  const auto& statements = experiment_.statements;
  while (next_ < statements.size() && is_words(statements[next_].body)) {
    if (after_) after_(report_.outcomes[next_]);
    ++next_;
  }
  if (next_ == statements.size()) return end("");
  if (before_ && !before_(next_)) return end("stopped");
  under_way_ = lab_->perform(statements[next_], next_);
}

void Runner::take(const trace::Event& event) {
  if (const auto* finished = std::get_if<trace::StepFinished>(&event.fact)) {
    if (finished->step == under_way_) finish_step(*finished);
  } else if (const auto* ended = std::get_if<trace::RunEnded>(&event.fact)) {
    report_.trouble = ended->reason;
    over_ = true;
  }
}

void Runner::finish_step(const trace::StepFinished& finished) {
  Outcome& outcome = report_.outcomes[next_];
  outcome.trouble = finished.trouble;
  if (!finished.result.empty()) {
    auto result = parse_result(finished.result);
    if (result) {
      outcome.result = std::move(*result);
    } else {
      outcome.trouble = "the result cannot be written down: " + result.error().message;
    }
  }
  if (after_) after_(outcome);
  ++next_;
  under_way_ = 0;
}

void Runner::end(std::string trouble) {
  over_ = true;
  const Nanoseconds at = report_.events.empty() ? Nanoseconds{0} : report_.events.back().at;
  report_.events.push_back({at, trace::RunEnded{trouble.empty() ? "finished" : trouble}});
  report_.trouble = trouble == "stopped" ? "" : std::move(trouble);
}

RunReport Runner::report() {
  // Packets may be told a little after what they caused; the last event stays the last.
  if (!report_.events.empty()) {
    std::stable_sort(report_.events.begin(), report_.events.end() - 1,
                     [](const trace::Event& a, const trace::Event& b) { return a.at < b.at; });
  }
  return std::move(report_);
}

}  // namespace loopscope::lab
