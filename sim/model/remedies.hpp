#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/experiment/statement.hpp"
#include "sim/model/world.hpp"

/// What would have worked: for a step that failed, the least changes with which the model lets it succeed.
namespace loopscope::model {

/// One change of an experiment's list of statements. Edits of one remedy are given with the positions of the
/// unchanged list; apply them from the last to the first.
struct Edit {
  enum class Kind : std::uint8_t { Insert, Replace, Remove };
  Kind kind = Kind::Insert;
  std::size_t at = 0;               ///< Insert: before this statement
  experiment::Statement statement;  ///< not for Remove
};

/// How much a remedy's warning weighs.
enum class Grade : std::uint8_t {
  None,     ///< nothing needs saying
  Note,     ///< good to know: somebody has to be told the new port
  Caution,  ///< it changes what others get: traffic is shared, a service stops, IPv4 stays outside
  Danger,   ///< it opens the machine, ends somebody's process or takes a protection away
};
/// 'caution'; empty for None.
[[nodiscard]] std::string_view to_string(Grade grade);

struct Remedy {
  std::string words;  ///< 'Set SO_REUSEADDR on both sockets before they are bound'
  Grade grade = Grade::None;
  std::string warning;  ///< what it costs; empty with Grade::None
  std::vector<Edit> edits;
};

/// The safest first, and of these the smallest. `failed` is the index of a step whose predicted result is an
/// error (or `blocks`, for connect). Each has been tried on the model: with it the step succeeds, and no step
/// before it fails that did not fail already. Empty where the model finds none. Pure; about thirty trials,
/// each from where its change is made.
[[nodiscard]] std::vector<Remedy> what_would_have_worked(const experiment::Experiment& experiment,
                                                         std::size_t failed);

/// The same for one statement in a world that is as it is: every change is made now, just before it (Edit::at
/// is 0). For a bind in a world that was read from a machine's socket table.
[[nodiscard]] std::vector<Remedy> what_would_work(const World& world, const experiment::Statement& statement);

/// The statements with the remedy's edits.
[[nodiscard]] experiment::Experiment with(const experiment::Experiment& experiment, const Remedy& remedy);

}  // namespace loopscope::model
