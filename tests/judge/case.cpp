#include "tests/judge/case.hpp"

#include "sim/experiment/parser.hpp"

namespace loopscope::judge {
namespace {

using namespace experiment;

// What a step sets off in the kernel may still be on its way when the step returns.
constexpr auto settle_within = std::chrono::milliseconds(1000);
constexpr auto look_again_after = std::chrono::milliseconds(2);

bool is_words(const Body& body) {
  return std::holds_alternative<Title>(body) || std::holds_alternative<Chapter>(body) ||
         std::holds_alternative<Narration>(body);
}

}  // namespace

Case::Case(sandbox::Launcher& launcher, Experiment experiment) : experiment_(std::move(experiment)) {
  // A real root has a second user's id for ordinary processes; for anybody else there is no root here.
  world_.owners_known = true;
  hearing_.kernel.resize(experiment_.statements.size());
  opening_ = std::make_unique<lab::Lab::Opening>(launcher, lab::Lab::Options{});
}

int Case::fd() const noexcept { return lab_ ? lab_->fd() : opening_->fd(); }

bool Case::wake() {
  auto opened = opening_->take();
  if (!opened) return false;
  if (!*opened) {
    break_off(sandbox::to_string(opened->error()));
    return false;
  }
  lab_ = std::move(**opened);
  opening_.reset();
  begin_next();
  return true;
}

bool Case::pump() {
  if (over_) return false;
  if (!lab_ && !wake()) return !over_;
  for (const auto& event : lab_->pump()) {
    if (!over_) take(event);
  }
  if (!over_ && !lab_->alive()) break_off("the lab ended unexpectedly");
  if (!over_ && due_ && Clock::now() >= *due_) {
    due_.reset();
    lab_->look();
  }
  return !over_;
}

void Case::begin_next() {
  const auto& statements = experiment_.statements;
  while (next_ < statements.size() && is_words(statements[next_].body)) ++next_;
  if (next_ == statements.size()) {
    over_ = true;
    return;
  }
  under_way_ = lab_->perform(statements[next_], next_);
}

void Case::take(const trace::Event& event) {
  if (const auto* table = std::get_if<trace::SocketTable>(&event.fact)) {
    table_ = table->sockets;
    if (unsettled_) compare_tables(event.at);
  } else if (std::holds_alternative<trace::StepStarted>(event.fact)) {
    began_ = event.at;
    fd_ = -1;
  } else if (const auto* entered = std::get_if<trace::CallEntered>(&event.fact)) {
    if (under_way_ != 0 && entered->process == process_of(experiment_.statements[next_])) {
      began_ = event.at;
      fd_ = entered->fd;
    }
  } else if (const auto* finished = std::get_if<trace::StepFinished>(&event.fact)) {
    if (finished->step == under_way_) finish_step(*finished, event.at);
  } else if (std::holds_alternative<trace::RunEnded>(event.fact)) {
    break_off("the lab ended: " + std::get<trace::RunEnded>(event.fact).reason);
  }
}

void Case::advance_model(Nanoseconds to) {
  const auto there = std::chrono::duration_cast<model::Time>(to);
  if (there <= world_.now) return;
  Statement pause;
  pause.body = WaitStep{there - world_.now};
  (void)model::apply(world_, pause);
}

/// A timer within a step that takes its time (a firewall's rule takes milliseconds): whether it comes before
/// or after what the step does is nobody's to know.
bool Case::goes_off_until(Nanoseconds at) const {
  return !world_.timers->empty() && world_.timers->front().at <= std::chrono::duration_cast<model::Time>(at);
}

void Case::finish_step(const trace::StepFinished& finished, Nanoseconds at) {
  under_way_ = 0;
  const auto& statement = experiment_.statements[next_];
  advance_model(began_);
  if (!finished.result.empty()) {
    if (auto result = parse_result(finished.result)) hearing_.kernel[next_] = std::move(*result);
  }
  // What the kernel's engine could not do (end a process that is not there), the model is not told either.
  // Nor, once something is in doubt, a call of a process that may be in another.
  const bool done = finished.trouble.empty() || (std::holds_alternative<CallStep>(statement.body) && !doubt_);
  if (done && !has_result(statement) && !std::holds_alternative<WaitStep>(statement.body) &&
      goes_off_until(at)) {
    ++hearing_.not_modelled["a timer went off while a rule, a setting or a process was being changed"];
    over_ = true;
    return;
  }
  if (done && !std::holds_alternative<WaitStep>(statement.body)) {
    world_.chosen_port = port_now();
    const auto prediction = model::apply(world_, statement);
    world_.chosen_port = 0;
    if (has_result(statement) && hearing_.kernel[next_]) compare_results(prediction);
  }
  if (over_) return;
  settle_until_ = Clock::now() + settle_within;
  compare_tables(at);
}

/// The port that the step's socket has by now. Where it is the kernel's free choice the model is told; that
/// it was one of those that the model thinks possible the tables show.
std::uint16_t Case::port_now() const {
  const auto process = process_of(experiment_.statements[next_]);
  for (const auto& entry : table_) {
    if (fd_ >= 0 && entry.fd == fd_ && entry.process == process) return number(entry.local.port);
  }
  return 0;
}

void Case::compare_results(const model::Prediction& prediction) {
  const auto& statement = experiment_.statements[next_];
  const auto& kernel = *hearing_.kernel[next_];
  ++hearing_.steps;
  if (!prediction.result || !is_known(*prediction.result)) {
    ++hearing_.not_modelled[prediction.detail];
    return;
  }
  if (agree(statement, *prediction.result, kernel)) return;
  differ(to_string(statement) + ": model " + to_string(*prediction.result) + ", kernel " + to_string(kernel) +
         ": " + because(prediction));
}

void Case::compare_tables(Nanoseconds at) {
  advance_model(at);
  doubt_ = doubt_ || in_doubt(world_);
  const auto difference = compare(world_, table_, ports_, doubt_);
  unsettled_ = difference.has_value();
  if (difference) {
    if (Clock::now() < settle_until_) {
      due_ = Clock::now() + look_again_after;
    } else {
      differ("after " + to_string(experiment_.statements[next_]) + ": " + difference->words,
             difference->claim);
    }
    return;
  }
  due_.reset();
  ++hearing_.tables;
  if (doubt_) ++hearing_.tables_in_doubt;
  ++next_;
  begin_next();
}

void Case::differ(std::string words, std::optional<Statement> claim) {
  hearing_.difference = Difference{next_, std::move(words), std::move(claim)};
  over_ = true;
}

void Case::break_off(std::string trouble) {
  hearing_.trouble = std::move(trouble);
  over_ = true;
}

}  // namespace loopscope::judge
