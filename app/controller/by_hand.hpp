#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/views/actions.hpp"
#include "app/views/written.hpp"
#include "sim/experiment/statement.hpp"
#include "sim/trace/timeline.hpp"

namespace loopscope::app {

/// What a learner did by hand in a run, each deed at its place in the experiment, so that it can be taken
/// back, done again, kept in a file and shown. Pure: values from an experiment and a timeline.
class ByHand {
 public:
  struct Line {
    std::string text;  ///< as the language prints it
    std::optional<experiment::Statement> statement;
    std::optional<std::uint64_t> step{};  ///< that did it, in the run that goes on
    std::string result{}, trouble{};
  };
  struct Deed {
    std::size_t before = 0;  ///< the statement of the experiment that it was done before
    std::vector<Line> lines;
    std::optional<action::BlockListener> block{};  ///< instead: no line of the language does it
  };

  void clear() { *this = {}; }
  /// A fresh run in which all of it is going to be done again.
  void begin_anew();
  void add(Deed deed);
  /// Forgets the last one; take_again() gives it back until something else is done. False where there is
  /// none.
  bool take_back();
  [[nodiscard]] std::optional<Deed> take_again();
  /// One of take_again() that has been done: like add(), but what else was taken back can still be done
  /// again.
  void restore(Deed deed);
  [[nodiscard]] const std::vector<Deed>& deeds() const noexcept { return deeds_; }

  /// Follows what became of the lines.
  void take_in(const trace::Timeline& timeline);
  /// The lines with what has happened of them. What could not be done, and what can no longer be taken after
  /// what was done, is a comment in the text of the file.
  [[nodiscard]] Written written(const experiment::Experiment& experiment, const trace::Timeline& timeline);

 private:
  struct Part {
    std::string text;
    const Line* line = nullptr;  ///< by hand
    std::optional<std::size_t> statement;
    bool comment = false;
    bool left_out = false;
  };
  [[nodiscard]] std::vector<Part> parts(const experiment::Experiment& experiment) const;
  void leave_out(std::vector<Part>& parts);
  void finish(std::uint64_t step, const trace::StepFinished& finished);

  std::vector<Deed> deeds_, undone_;
  std::size_t events_seen_ = 0;
  /// Parts that are left out, for the deeds as they are: found by parsing.
  std::optional<std::vector<std::size_t>> left_out_;
};

}  // namespace loopscope::app
