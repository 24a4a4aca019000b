#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/views/explanation.hpp"
#include "sim/experiment/statement.hpp"
#include "sim/model/remedies.hpp"
#include "sim/model/world.hpp"
#include "sim/trace/timeline.hpp"

namespace loopscope::app {

/// The model beside one live run: a world that takes each statement and act in the order and at the time it
/// was really performed, and never sees what the kernel answered. Where both have answered differently, or
/// packets were held by hand, it says nothing of later steps. Pure: values from a timeline, nothing else.
class Reasoning {
 public:
  /// model::apply, or what a test puts in its place.
  using Model = std::function<model::Prediction(model::World&, const experiment::Statement&)>;

  Reasoning() : Reasoning(&model::apply) {}
  explicit Reasoning(Model model) : model_(std::move(model)) {}

  /// A fresh run of this experiment.
  void begin(experiment::Experiment experiment);
  /// Follows what happened since the last call.
  void take_in(const trace::Timeline& timeline);

  /// The finished steps with results, in their order.
  [[nodiscard]] const std::vector<Explanation>& explanations() const noexcept { return explanations_; }
  /// The step that was the last one taken up at that moment; null where it has no result, or none yet.
  [[nodiscard]] const Explanation* at(Nanoseconds moment) const;
  /// What was really performed, up to and with a step that has an explanation.
  [[nodiscard]] experiment::Experiment performed_until(std::uint64_t step) const;
  /// What is behind Explanation::remedies; null where there is no such one.
  [[nodiscard]] const model::Remedy* remedy(std::uint64_t step, std::size_t index) const;
  /// The experiment with a remedy, up to the step that had failed; nothing in it is asked any more.
  [[nodiscard]] experiment::Experiment changed(std::uint64_t step, const model::Remedy& remedy) const;

 private:
  struct Open {
    trace::StepStarted started;
    Nanoseconds at{};
  };
  void start(const trace::StepStarted& started, Nanoseconds at);
  void finish(const trace::StepFinished& finished);
  void note_packet(const trace::Fact& fact);
  void keep_words_until(std::size_t statement);
  void explain(const Open& open, const experiment::Statement& statement, const model::Prediction& prediction,
               const std::string& kernel);
  void look_for_remedies(Explanation& why);

  Model model_;
  experiment::Experiment experiment_;
  model::World world_;
  std::size_t events_seen_ = 0;
  std::size_t words_kept_ = 0;  ///< statements of the experiment that have been looked at for `performed_`
  std::set<std::uint64_t> steps_seen_;
  std::map<std::uint64_t, Open> open_;
  std::vector<std::pair<Nanoseconds, std::uint64_t>> starts_;
  bool experiment_holds_ = false;  ///< between its `packets hold` and `packets flow`
  std::string doubt_;  ///< something the model does not follow has happened; its words. Empty: nothing has

  std::vector<experiment::Statement> performed_;
  std::map<std::uint64_t, std::size_t> performed_at_;  ///< place of a step's statement in `performed_`
  std::vector<Explanation> explanations_;
  std::map<std::uint64_t, std::vector<model::Remedy>> remedies_;
};

}  // namespace loopscope::app
