#include "app/controller/reasoning.hpp"

#include <algorithm>

#include "sim/experiment/parser.hpp"
#include "sim/lab/plan.hpp"

namespace loopscope::app {
namespace {

using namespace experiment;

Stated* stated_in(Statement& statement) {
  std::optional<Stated>* stated = nullptr;
  if (auto* call = std::get_if<CallStep>(&statement.body)) stated = &call->stated;
  if (auto* returns = std::get_if<ReturnsStep>(&statement.body)) stated = &returns->stated;
  if (auto* run = std::get_if<RunStep>(&statement.body)) stated = &run->stated;
  return stated != nullptr && *stated ? &**stated : nullptr;
}

void take_statement_back(Statement& statement) {
  if (auto* call = std::get_if<CallStep>(&statement.body)) call->stated.reset();
  if (auto* returns = std::get_if<ReturnsStep>(&statement.body)) returns->stated.reset();
  if (auto* run = std::get_if<RunStep>(&statement.body)) run->stated.reset();
}

/// A measured result is a text that may be shortened, and `{1, 0}` may be read in two ways: equal texts
/// agree.
bool same_answer(const Statement& statement, const Result& model, const std::string& kernel) {
  if (to_string(model) == kernel) return true;
  const auto measured = parse_result(kernel);
  return !measured || agree(statement, model, *measured);
}

Decider decider_of(const model::Opponent& opponent) {
  return {opponent.process,
          opponent.variable,
          opponent.transport == model::Transport::Tcp ? trace::Transport::Tcp : trace::Transport::Udp,
          opponent.state,
          opponent.local,
          opponent.any_port,
          opponent.relation,
          describe(opponent)};
}

std::string choice_words(const model::PortChoice& choice) {
  return " It takes one of " + std::to_string(choice.low) + "\xe2\x80\x93" + std::to_string(choice.high) +
         (choice.step == 2 ? ", every second one." : ".");
}

void name_rule(Explanation& why, const model::Prediction& prediction) {
  why.sentence = prediction.detail;
  const auto* rule = model::find_rule(prediction.rule);
  if (rule == nullptr) return;
  why.rule = rule->name;
  why.source = rule->source;
  if (prediction.rule == model::RuleId::not_modelled) return;
  why.sentence = std::string(rule->sentence);
  if (!prediction.detail.empty()) why.sentence += " " + prediction.detail;
  if (prediction.choice) why.sentence += choice_words(*prediction.choice);
}

void withdraw(Explanation& why, const std::string& reason) {
  why.model = to_string(Result{NotModelled{reason}});
  why.modelled = false;
  why.agrees = true;
  why.sentence = reason;
  why.rule.clear();
  why.source.clear();
  why.deciders.clear();
}

}  // namespace

void Reasoning::begin(Experiment experiment) {
  Model model = std::move(model_);
  *this = Reasoning(std::move(model));
  experiment_ = std::move(experiment);
}

void Reasoning::take_in(const trace::Timeline& timeline) {
  // A packet that arrives late moves later events up, so some may be met twice: steps are known by number.
  const auto& events = timeline.events();
  for (; events_seen_ < events.size(); ++events_seen_) {
    const trace::Event& event = events[events_seen_];
    if (const auto* started = std::get_if<trace::StepStarted>(&event.fact)) {
      start(*started, event.at);
    } else if (const auto* finished = std::get_if<trace::StepFinished>(&event.fact)) {
      finish(*finished);
    } else {
      note_packet(event.fact);
    }
  }
}

void Reasoning::start(const trace::StepStarted& started, Nanoseconds at) {
  if (!steps_seen_.insert(started.step).second) return;
  if (!open_.empty())
    doubt_ = "two statements were under way at the same time; the model takes one after the other";
  open_[started.step] = {started, at};
  starts_.emplace_back(at, started.step);
}

void Reasoning::note_packet(const trace::Fact& fact) {
  const auto* process = std::get_if<trace::ProcessStarted>(&fact);
  const auto* changed = std::get_if<trace::WorldChanged>(&fact);
  if (process != nullptr && process->outside)
    doubt_ = process->process + " of this machine takes part, which the model does not follow";
  if (changed != nullptr && changed->what.starts_with("IP_MINTTL"))
    doubt_ = "a listener was blocked by hand (IP_MINTTL), which the model does not follow";
  if (experiment_holds_) return;
  const auto* gone = std::get_if<trace::PacketLetGo>(&fact);
  if (std::holds_alternative<trace::PacketHeld>(fact) ||
      (gone != nullptr && gone->verdict == trace::Verdict::Dropped)) {
    doubt_ = "packets were held or dropped by hand, which the model does not follow";
  }
}

/// Titles, chapters and narration are no steps; the text of what was performed keeps them where they stood.
void Reasoning::keep_words_until(std::size_t statement) {
  for (; words_kept_ < statement && words_kept_ < experiment_.statements.size(); ++words_kept_) {
    const Statement& words = experiment_.statements[words_kept_];
    if (lab::is_words(words)) performed_.push_back(words);
  }
  words_kept_ = std::max(words_kept_, statement + 1);
}

void Reasoning::finish(const trace::StepFinished& finished) {
  const auto found = open_.find(finished.step);
  if (found == open_.end()) return;
  const Open open = std::move(found->second);
  open_.erase(found);
  if (!finished.trouble.empty()) return;  // it was not performed
  Statement statement;
  if (open.started.statement) {
    if (*open.started.statement >= experiment_.statements.size()) return;
    statement = experiment_.statements[*open.started.statement];
    keep_words_until(*open.started.statement);
  } else if (auto parsed = parse_statement(open.started.text)) {
    statement = std::move(*parsed);
  } else {
    return;
  }
  if (const auto* packets = std::get_if<PacketsDecl>(&statement.body)) {
    if (packets->action == PacketsAction::Hold) experiment_holds_ = true;
    if (packets->action == PacketsAction::Flow) experiment_holds_ = false;
  }
  // Real time went by before it: a TIME-WAIT may have ended.
  const auto since = std::chrono::duration_cast<model::Time>(open.at) - world_.now;
  if (since > model::Time{}) {
    Statement wait;
    wait.body = WaitStep{since};
    model::apply(world_, wait);
  }
  const model::Prediction prediction = model_(world_, statement);
  performed_at_[finished.step] = performed_.size();
  performed_.push_back(statement);
  if (has_result(statement) && prediction.result) explain(open, statement, prediction, finished.result);
}

void Reasoning::explain(const Open& open, const Statement& statement, const model::Prediction& prediction,
                        const std::string& kernel) {
  Explanation why;
  why.step = open.started.step;
  why.at = open.at;
  why.statement = open.started.statement;
  why.process = process_of(statement);
  why.call = call_text(statement);
  why.kernel = kernel;
  why.model = to_string(*prediction.result);
  why.modelled = is_known(*prediction.result);
  name_rule(why, prediction);
  for (const auto& opponent : prediction.opponents) why.deciders.push_back(decider_of(opponent));
  if (why.modelled && !kernel.empty()) why.agrees = same_answer(statement, *prediction.result, kernel);
  if (!why.agrees && doubt_.empty() && std::holds_alternative<ReturnsStep>(statement.body))
    doubt_ =
        "while you step, this lab's kernel sends again at other times than usual, so that nothing times out "
        "while you read";
  if (!why.agrees && !doubt_.empty()) {
    world_.beyond = doubt_;
    withdraw(why, doubt_);
  } else if (!why.agrees) {
    world_.beyond = "the kernel answered otherwise than the model at " + why.call;
  } else if (why.modelled) {
    look_for_remedies(why);
  }
  explanations_.push_back(std::move(why));
}

void Reasoning::look_for_remedies(Explanation& why) {
  const auto measured = parse_result(why.kernel);
  if (!measured || is_success(*measured)) return;
  const auto failed = performed_until(why.step);
  auto found = model::what_would_have_worked(failed, failed.statements.size() - 1);
  for (const auto& remedy : found) {
    RemedyOffer offer{remedy.words, remedy.warning, {}, static_cast<Weight>(remedy.grade)};
    for (const auto& edit : remedy.edits) {
      if (edit.kind != model::Edit::Kind::Remove) offer.lines.push_back(to_string(edit.statement));
    }
    why.remedies.push_back(std::move(offer));
  }
  if (!found.empty()) remedies_[why.step] = std::move(found);
}

const Explanation* Reasoning::at(Nanoseconds moment) const {
  const auto later = std::partition_point(starts_.begin(), starts_.end(),
                                          [&](const auto& start) { return start.first <= moment; });
  if (later == starts_.begin()) return nullptr;
  const auto step = std::prev(later)->second;
  const auto found = std::find_if(explanations_.begin(), explanations_.end(),
                                  [&](const Explanation& why) { return why.step == step; });
  return found == explanations_.end() ? nullptr : &*found;
}

Experiment Reasoning::performed_until(std::uint64_t step) const {
  Experiment experiment;
  experiment.file = experiment_.file;
  const auto found = performed_at_.find(step);
  if (found == performed_at_.end()) return experiment;
  experiment.statements.assign(performed_.begin(),
                               performed_.begin() + static_cast<std::ptrdiff_t>(found->second) + 1);
  return experiment;
}

const model::Remedy* Reasoning::remedy(std::uint64_t step, std::size_t index) const {
  const auto found = remedies_.find(step);
  return found == remedies_.end() || index >= found->second.size() ? nullptr : &found->second[index];
}

Experiment Reasoning::changed(std::uint64_t step, const model::Remedy& remedy) const {
  Experiment experiment = model::with(performed_until(step), remedy);
  for (Statement& statement : experiment.statements) {
    if (Stated* stated = stated_in(statement)) stated->asked = false;
  }
  if (!experiment.statements.empty()) take_statement_back(experiment.statements.back());
  return experiment;
}

}  // namespace loopscope::app
