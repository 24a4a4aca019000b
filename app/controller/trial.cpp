#include <chrono>
#include <filesystem>

#include "app/controller/controller.hpp"
#include "lessons/engine/durable_file.hpp"
#include "sim/experiment/parser.hpp"

/// What would have worked, put to the kernel; and what is told of the model beside it.
namespace loopscope::app {
namespace {

std::string kernel_of(const trace::Timeline& timeline) {
  for (const trace::Event& event : timeline.events()) {
    if (const auto* run = std::get_if<trace::RunStarted>(&event.fact))
      return run->kernel + ", Loopscope " + run->program_version;
  }
  return "unknown";
}

void add_comment(experiment::Experiment& experiment, const std::string& words) {
  std::string line = "# ";
  for (const char c : words) {  // a comment is one line of the file
    line += c == '\n' ? ' ' : c;
  }
  experiment.asides.push_back({0, line.substr(0, experiment::max_line_bytes - 1)});
}

std::string now_in_seconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

}  // namespace

void Controller::try_remedy(std::size_t index) {
  const Explanation* why = reasoning_.at(playhead_.moment());
  const model::Remedy* remedy = why == nullptr ? nullptr : reasoning_.remedy(why->step, index);
  if (remedy == nullptr) return say("There is no such change to try here.");
  trial_experiment_ = reasoning_.changed(why->step, *remedy);
  trial_ = {remedy->words, remedy->warning, why->call, why->kernel, "", false, print(trial_experiment_)};
  start_trial();
}

/// A fresh world for the changed experiment. The original's waits meanwhile, with all that happened in it.
void Controller::start_trial() {
  auto started = lab::Session::start(launcher_, trial_experiment_);
  if (!started) return say("No second world for this: " + sandbox::to_string(started.error()));
  if (!original_) original_ = {std::move(session_), playhead_, clock_, std::move(reasoning_)};
  session_ = std::move(*started);
  session_->set_step_by(lab::StepBy::Call);
  reasoning_ = Reasoning(options_.model);
  reasoning_.begin(session_->experiment());
  playhead_ = {};
  clock_ = {};
  clock_.frame_costs(frame_cost_);
  selected_.clear();
  reports_.clear();
  trial_.after.clear();
  trial_.works = false;
  hurrying_ = true;
  hurry_on();
  take_in();
}

void Controller::hurry_on() {
  while (hurrying_ && session_->phase() == lab::Phase::Ready) {
    session_->go_on();
    if (session_->phase() == lab::Phase::Ready && !session_->pump()) break;
  }
  const auto phase = session_->phase();
  if (phase == lab::Phase::Finished || phase == lab::Phase::Ended) hurrying_ = false;
}

void Controller::note_trial() {
  if (hurrying_ || !trial_.after.empty()) return;
  if (session_->phase() == lab::Phase::Ended) {
    trial_.after = "the world ended: " + session_->trouble();
    return;
  }
  const auto& explanations = reasoning_.explanations();
  const std::size_t target = trial_experiment_.statements.size() - 1;
  if (explanations.empty() || explanations.back().statement != target) {
    trial_.after = "it could not be done";
    return;
  }
  trial_.call = explanations.back().call;
  trial_.after = explanations.back().kernel;
  const auto result = experiment::parse_result(trial_.after);
  trial_.works = result && is_success(*result);
}

void Controller::leave_trial() {
  if (!original_) return;
  session_ = std::move(original_->session);
  playhead_ = original_->playhead;
  clock_ = original_->clock;
  reasoning_ = std::move(original_->reasoning);
  original_.reset();
  hurrying_ = false;
  trial_ = {};
  selected_.clear();
  reports_.clear();
  take_in();
}

void Controller::report_disagreement() {
  const Explanation* why = reasoning_.at(playhead_.moment());
  if (why == nullptr || why->agrees) return say("The kernel and the model agree here.");
  if (options_.reports_folder.empty()) return say("There is no folder for reports: HOME is not set.");
  auto experiment = reasoning_.performed_until(why->step);
  add_comment(experiment, "The kernel and Loopscope's model disagree at the last step.");
  add_comment(experiment, "step:   " + why->process + ": " + why->call);
  add_comment(experiment, "kernel: " + why->kernel + " (" + kernel_of(session_->timeline()) + ")");
  add_comment(experiment, "model:  " + why->model + (why->rule.empty() ? "" : ", by rule " + why->rule));
  add_comment(experiment, why->sentence);
  const auto stem = std::filesystem::path(run_file_).stem().string();
  const std::string path =
      options_.reports_folder + "/" +
      (lesson_ == nullptr ? "" : std::filesystem::path(lesson_->id).filename().string() + "-") + stem + "-" +
      now_in_seconds() + "-" + std::to_string(why->step) + ".lab";
  if (auto written = lessons::write_durably(path, print(experiment)); !written)
    return say("The report is not written: " + written.error());
  reports_[why->step] = path;
  say("Written: " + path);
}

void Controller::show_reasoning(Snapshot& now) const {
  if (!session_) return;
  now.explanations = &reasoning_.explanations();
  now.explanation = reasoning_.at(playhead_.moment());
  if (original_) now.trial = &trial_;
  if (now.explanation == nullptr) return;
  const auto report = reports_.find(now.explanation->step);
  if (report != reports_.end()) now.report = report->second;
}

}  // namespace loopscope::app
