#include <algorithm>

#include "app/notation/choices.hpp"
#include "app/views/lesson_panel_parts.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/markdown.hpp"
#include "app/widgets/marks.hpp"

namespace loopscope::app {
namespace {

constexpr float pad = 16, gap = 8;

struct Answer {
  experiment::Result result;
  std::string label;
  std::string feedback;
};
/// A lesson writes an address whose port the kernel picks as the language does: 127.0.0.1:*.
std::string in_words(std::string label) {
  constexpr std::string_view any = ":*:";
  if (const auto at = label.find(any); at != std::string::npos) label.replace(at, any.size(), ", any port:");
  return label;
}

struct Question {
  std::string text;
  std::vector<Answer> answers;
};

/// The lesson's own words for the question at a statement; where it has none, those that follow from the
/// call.
Question question_at(const Snapshot& now, std::size_t statement) {
  Question question;
  const auto* words =
      now.lesson == nullptr ? nullptr : lessons::forecast_of(*now.lesson, experiment_file(now), statement);
  if (words != nullptr) {
    question.text = plain_words(words->text);
    for (const auto& choice : words->choices) {
      question.answers.push_back(
          {choice.result, in_words(plain_words(choice.text)), plain_words(choice.feedback)});
    }
    return question;
  }
  question.text = plain_words(notation::question_for(*now.experiment, statement));
  for (const auto& result : notation::choices_for(*now.experiment, statement)) {
    const auto meaning = notation::words_for(result);
    question.answers.push_back({result, to_string(result) + (meaning.empty() ? "" : ": " + meaning), {}});
  }
  return question;
}

/// What is drawn of a card whose height is not known before it has been drawn once: its ground comes first,
/// with last frame's height.
Rect card_ground(Ui& ui, const CardPlace& place, float height, Tone tone, bool toned) {
  const Rect area = Rect::at(place.at.x, place.at.y, place.width, height);
  if (!place.measure_only) draw_card(ui, area, {.tone = tone, .lit = false, .toned = toned});
  return area;
}

std::string choice_id(std::size_t index) { return "question/" + std::to_string(index + 1); }

Key number_key(std::size_t index) {
  return static_cast<Key>(static_cast<int>(Key::One) + static_cast<int>(index));
}

struct Picked {
  std::size_t statement = 0;
  int index = -1;
};

/// Names one outcome, so that it is not shown again once it has been read.
std::string outcome_key(const Snapshot& now) {
  return (now.lesson == nullptr ? "" : now.lesson->id) + "/" + std::to_string(now.page) + "/" +
         std::to_string(now.live->predictions.size());
}

float choices_height(const Ui& ui, float width, const std::vector<Answer>& answers) {
  float sum = 0;
  for (const auto& answer : answers) {
    sum += choice_height(ui, width, {.id = "", .label = answer.label, .note = "1"}) + 6;
  }
  return sum;
}

/// Draws the open choices and takes the number keys. A second press on the chosen one, or Enter, locks it in.
bool draw_open_choices(Ui& ui, Rect column, const std::vector<Answer>& answers, Picked& picked) {
  bool lock = false;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto id = choice_id(i);
    const auto note = std::to_string(i + 1);
    const bool on = picked.index == static_cast<int>(i);
    const Choice one{.id = id,
                     .label = answers[i].label,
                     .note = note,
                     .state = on ? ChoiceState::Selected : ChoiceState::Open};
    const Rect row = column.cut_top(choice_height(ui, column.width(), one), 6);
    const bool focused_before = ui.focused() == id;
    const bool pressed = choice(ui, row, one);
    if (pressed && on && focused_before) lock = true;
    if (pressed) picked.index = static_cast<int>(i);
    if (i < 9 && ui.shortcut(number_key(i))) {
      picked.index = static_cast<int>(i);
      ui.focus(id);
    }
  }
  return lock;
}

}  // namespace

bool is_asking(const Snapshot& now) {
  return now.live && now.live->phase == lab::Phase::Asking && now.experiment != nullptr &&
         now.live->next_statement < now.experiment->statements.size();
}

float draw_question_card(Ui& ui, CardPlace place, const Snapshot& now, Actions& actions) {
  const Palette& p = ui.palette();
  const auto statement = now.live->next_statement;
  const auto question = question_at(now, statement);
  auto& picked = ui.state<Picked>("question/picked");
  if (picked.statement != statement) picked = {statement, -1};

  const float inner = place.width - 2 * pad;
  const float words = ui.paint().paragraph_height(Type::BodyBold, inner, question.text, 22);
  const float total =
      pad + 22 + words + gap + choices_height(ui, inner, question.answers) + gap + height::button + pad;
  const Rect area = card_ground(ui, place, total, Tone::Info, true);
  if (place.measure_only) return total;

  Rect rest = area.inset(pad);
  const Rect head = rest.cut_top(16, 6);
  ui.paint().icon({head.x0 + 8, head.mid_y()}, 16, p.accent, icon::Help);
  ui.paint().text(Type::SmallBold, {head.x0 + 24, head.mid_y()}, p.accent, "Your prediction");
  ui.paint().text(Type::Caption, {head.x1, head.mid_y()}, p.muted, "the lab waits", AlignX::Right);
  ui.note("question/text", question.text, rest);
  ui.paint().paragraph(Type::BodyBold, rest.top_left(), inner, p.text, question.text, 22);
  rest.cut_top(words, gap);
  Rect column = rest.cut_top(choices_height(ui, inner, question.answers), gap);
  bool lock = draw_open_choices(ui, column, question.answers, picked);
  Rect buttons = rest.cut_top(height::button);
  const Rect unsure = buttons.cut_right(112, 8);
  const bool chosen = picked.index >= 0 && picked.index < static_cast<int>(question.answers.size());
  lock |= button(ui, buttons,
                 {.id = "question/lock",
                  .label = "Lock it in and look",
                  .look = Look::Primary,
                  .enabled = chosen,
                  .tip = "Then the step is taken for real (Enter)"});
  if (lock && chosen)
    actions.push_back(action::Predict{question.answers[static_cast<std::size_t>(picked.index)].result});
  if (button(ui, unsure, {.id = "question/unsure", .label = "I don't know", .tip = "No guess: just look"})) {
    actions.push_back(action::Predict{std::nullopt});
  }
  return total;
}

namespace {

/// Whether what was done last is an act of the learner, not a step of the experiment.
bool acted_last(const Snapshot& now) {
  if (now.timeline == nullptr) return false;
  const auto& events = now.timeline->events();
  for (auto event = events.rbegin(); event != events.rend(); ++event)
    if (const auto* step = std::get_if<trace::StepStarted>(&event->fact)) return !step->statement;
  return false;
}

}  // namespace

const lab::Prediction* shown_prediction(Ui& ui, const Snapshot& now) {
  if (!now.live || now.experiment == nullptr || is_asking(now) || now.live->predictions.empty())
    return nullptr;
  const auto& last = now.live->predictions.back();
  const auto& all = now.experiment->statements;
  if (!last.outcome || last.statement >= all.size() || acted_last(now)) return nullptr;
  // Once the run has gone on past the next deed, or the learner acts, the card gives way to what comes next.
  const auto next =
      std::find_if(all.begin() + static_cast<std::ptrdiff_t>(last.statement) + 1, all.end(), is_deed);
  if (next != all.end() && now.live->next_statement > static_cast<std::size_t>(next - all.begin()))
    return nullptr;
  return ui.state<std::string>("outcome/read") == outcome_key(now) ? nullptr : &last;
}

namespace {

/// What the card of an outcome says.
struct Outcome {
  std::string question, guess, kernel, feedback;
  bool both = false;   ///< the guess stands there beside the kernel's answer
  bool right = false;  ///< they are the same
  bool go_on = false;  ///< there is a next step

  [[nodiscard]] Choice yours() const {
    return {.id = "outcome/yours",
            .label = guess,
            .note = "your prediction",
            .state = ChoiceState::Wrong,
            .enabled = false};
  }
  [[nodiscard]] Choice theirs() const {
    return {.id = "outcome/kernel",
            .label = kernel,
            .note = right ? "you and the kernel" : "the kernel",
            .state = ChoiceState::Right,
            .enabled = false};
  }
};

Outcome outcome_of(const Snapshot& now, const lab::Prediction& prediction) {
  const auto question = question_at(now, prediction.statement);
  const auto label_of = [&](const experiment::Result& result) {
    for (const auto& answer : question.answers) {
      if (agree(answer.result, result)) return answer.label;
    }
    return to_string(result);
  };
  Outcome outcome;
  outcome.question = question.text;
  outcome.right = prediction.guess && agree(*prediction.guess, *prediction.outcome);
  outcome.both = prediction.guess && !outcome.right;
  outcome.kernel = label_of(*prediction.outcome);
  outcome.guess = prediction.guess ? label_of(*prediction.guess) : std::string("I don't know");
  outcome.go_on = now.live->phase == lab::Phase::Ready || now.live->phase == lab::Phase::Holding;
  for (const auto& answer : question.answers) {
    if (agree(answer.result, prediction.guess.value_or(*prediction.outcome)))
      outcome.feedback = answer.feedback;
  }
  return outcome;
}

}  // namespace

float draw_outcome_card(Ui& ui, CardPlace place, const Snapshot& now, Actions& actions) {
  const Palette& p = ui.palette();
  const Outcome outcome = outcome_of(now, *shown_prediction(ui, now));
  const Choice yours = outcome.yours(), theirs = outcome.theirs();
  const float inner = place.width - 2 * pad;
  const float words = ui.paint().paragraph_height(Type::BodyBold, inner, outcome.question, 22);
  const float explained = outcome.feedback.empty()
                              ? 0
                              : ui.paint().paragraph_height(Type::Small, inner, outcome.feedback, 20) + 6;
  const float total = pad + 22 + words + gap + (outcome.both ? choice_height(ui, inner, yours) + 6 : 0) +
                      choice_height(ui, inner, theirs) + 6 + explained + gap + height::button + pad;
  const Rect area = card_ground(ui, place, total, Tone::Neutral, false);
  if (place.measure_only) return total;

  Rect rest = area.inset(pad);
  const Rect head = rest.cut_top(16, 6);
  ui.paint().icon({head.x0 + 8, head.mid_y()}, 16, p.muted, icon::Eye);
  ui.paint().text(Type::SmallBold, {head.x0 + 24, head.mid_y()}, p.muted, "Predicted, then measured");
  draw_provenance_word(ui, {head.x1, head.mid_y()}, Provenance::Measured);
  ui.paint().paragraph(Type::BodyBold, rest.top_left(), inner, p.text, outcome.question, 22);
  rest.cut_top(words, gap);
  if (outcome.both) choice(ui, rest.cut_top(choice_height(ui, inner, yours), 6), yours);
  choice(ui, rest.cut_top(choice_height(ui, inner, theirs), 6), theirs);
  ui.paint().paragraph(Type::Small, rest.top_left(), inner, p.muted, outcome.feedback, 20);
  rest.cut_top(explained, gap);
  if (button(ui, rest.cut_top(height::button),
             {.id = "outcome/on",
              .label = outcome.go_on ? "Go on" : "Got it",
              .icon = outcome.go_on ? icon::Play : icon::Check,
              .look = Look::Primary,
              .tip = outcome.go_on ? "The next step (Right, Page Down)" : "Put this card away"})) {
    ui.state<std::string>("outcome/read") = outcome_key(now);
    if (outcome.go_on) actions.push_back(action::StepForward{});
  }
  return total;
}

}  // namespace loopscope::app
