#pragma once

#include <string>

#include "app/views/actions.hpp"
#include "app/views/snapshot.hpp"
#include "app/widgets/ui.hpp"

/// The pieces of the lesson panel. A card's draw function starts at the top left corner and returns its
/// height; with `measure_only` it draws nothing.
namespace loopscope::app {

/// One card at the foot of the panel or in the text.
struct CardPlace {
  Point at;
  float width = 0;
  bool measure_only = false;
};

/// While the run waits for a prediction: the question, its choices, 'lock it in', 'I don't know'.
[[nodiscard]] bool is_asking(const Snapshot& now);
float draw_question_card(Ui& ui, CardPlace place, const Snapshot& now, Actions& actions);
/// The last prediction beside what the kernel said: until the learner goes on, or the run does.
[[nodiscard]] const lab::Prediction* shown_prediction(Ui& ui, const Snapshot& now);
float draw_outcome_card(Ui& ui, CardPlace place, const Snapshot& now, Actions& actions);
/// What the next step does, in its narration's words.
[[nodiscard]] bool has_next_step(const Snapshot& now);
float draw_next_step_card(Ui& ui, CardPlace place, const Snapshot& now);
/// A task or check: what must happen, and what is missing still; once it is met, how many of the page's
/// questions are `left`.
float draw_goal_card(Ui& ui, CardPlace place, const lessons::Goal& goal, const lessons::GoalState& state,
                     bool check, int left);
/// Why there is no lab, or why it ended.
float draw_trouble_card(Ui& ui, CardPlace place, const std::string& title, const std::string& words);

/// The most urgent of these, cut from the bottom of `rest`, which is inside of the panel `area`.
void draw_panel_foot(Ui& ui, const Rect& area, Rect& rest, const Snapshot& now, Actions& actions);

/// In the text: what the learner may do in the live world, and questions with fixed answers. `brief`: the
/// lines of an act stand in its tip alone.
float draw_acts(Ui& ui, CardPlace place, const Snapshot& now, bool brief, Actions& actions);
float draw_quiz(Ui& ui, CardPlace place, const lessons::Quiz& quiz, std::optional<int> answer,
                Actions& actions);

/// Whether a statement does something; the others are words for the reader.
[[nodiscard]] bool is_deed(const experiment::Statement& statement);
/// The name of the .lab file whose run the page shows: its own, or that of the page before that goes on.
[[nodiscard]] std::string experiment_file(const Snapshot& now);

}  // namespace loopscope::app
