#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/experiment/statement.hpp"
#include "sim/lab/lab.hpp"

namespace loopscope::lessons {

/// What became of one line of a check.
struct Sighting {
  std::string words;      ///< of its comment; empty: the line is not for the learner's eyes
  std::string statement;  ///< in the language
  std::string stated;     ///< what must come; "" where anything will do
  std::string found;      ///< what came; "" where nothing did
  std::string wrote;      ///< the last of what its program wrote
  std::string trouble;    ///< why it could not be done
  bool reached = false;   ///< false: a line before it failed
  bool holds = false;
};
struct CheckReport {
  bool holds = false;
  std::vector<Sighting> sightings;  ///< of the lines that do something
};
/// What a client outside sees, for the learner: a line for each that has words, and what came in place of
/// what was wanted.
[[nodiscard]] std::string to_text(const CheckReport& report);

/// Statements done one after the other in a living world, from outside its house where `outside`. Never
/// blocks.
class Walkthrough {
 public:
  /// `lab` and `statements` must outlive it.
  Walkthrough(lab::Lab& lab, const std::vector<experiment::Statement>& statements, bool outside);
  /// What the lab told. Goes on. False once it is over.
  bool take(const trace::Event& event);
  /// Begins.
  void go_on();
  [[nodiscard]] bool over() const noexcept { return over_; }
  [[nodiscard]] const CheckReport& report() const noexcept { return report_; }

 private:
  void finish(const trace::StepFinished& finished);
  lab::Lab& lab_;
  const std::vector<experiment::Statement>& statements_;
  bool outside_;
  CheckReport report_;
  std::size_t next_ = 0;
  std::uint64_t under_way_ = 0;  ///< its step, or 0
  bool over_ = false;
};

}  // namespace loopscope::lessons
