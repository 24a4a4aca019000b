#include <algorithm>
#include <array>

#include "app/views/lesson_panel_parts.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/markdown.hpp"
#include "app/widgets/marks.hpp"

namespace loopscope::app {
namespace {

constexpr float pad = 16;

void head(Ui& ui, Rect& rest, const char* sign, Colour ink, std::string_view title,
          std::string_view note = {}) {
  const Rect line = rest.cut_top(16, 6);
  ui.paint().icon({line.x0 + 8, line.mid_y()}, 16, ink, sign);
  ui.paint().text(Type::SmallBold, {line.x0 + 24, line.mid_y()}, ink, title);
  ui.paint().text(Type::Caption, {line.x1, line.mid_y()}, ui.palette().muted, note, AlignX::Right);
}

/// The narration before a statement: its lines make a paragraph.
std::string narration_before(const experiment::Experiment& experiment, std::size_t statement) {
  std::string words;
  while (statement > 0) {
    const auto* line = std::get_if<experiment::Narration>(&experiment.statements[--statement].body);
    if (line == nullptr) break;
    words = line->words + (words.empty() ? "" : " " + words);
  }
  return words;
}

/// The statement that the session comes to next and that does something.
std::size_t next_deed(const Snapshot& now) {
  const auto& all = now.experiment->statements;
  auto at = now.live->next_statement;
  while (at < all.size() && !is_deed(all[at])) ++at;
  return at;
}
/// '5 of 17': which of the experiment's deeds this one is. What prepares the world before the first process
/// is not counted: nobody steps through it.
std::string count_words(const experiment::Experiment& experiment, std::size_t at) {
  const auto& all = experiment.statements;
  const auto first = std::find_if(all.begin(), all.end(), [](const auto& statement) {
    return !experiment::process_of(statement).empty();
  });
  const auto here = all.begin() + static_cast<std::ptrdiff_t>(at);
  if (here < first) return {};
  return std::to_string(std::count_if(first, here, is_deed) + 1) + " of " +
         std::to_string(std::count_if(first, all.end(), is_deed));
}

std::string deed_text(const experiment::Statement& statement) {
  const auto process = experiment::process_of(statement);
  return (process.empty() ? "" : process + ": ") + experiment::call_text(statement);
}

}  // namespace

bool is_deed(const experiment::Statement& statement) {
  using namespace experiment;
  return !std::holds_alternative<Narration>(statement.body) &&
         !std::holds_alternative<Chapter>(statement.body) && !std::holds_alternative<Title>(statement.body);
}

std::string experiment_file(const Snapshot& now) {
  if (now.lesson == nullptr || now.page < 0 || now.page >= static_cast<int>(now.lesson->pages.size()))
    return {};
  return now.lesson->pages[static_cast<std::size_t>(now.page)].experiment;
}

bool has_next_step(const Snapshot& now) {
  return now.live && now.experiment != nullptr &&
         (now.live->phase == lab::Phase::Ready || now.live->opening) &&
         next_deed(now) < now.experiment->statements.size();
}

float draw_next_step_card(Ui& ui, CardPlace place, const Snapshot& now) {
  const Palette& p = ui.palette();
  const auto at = next_deed(now);
  const auto words = plain_words(narration_before(*now.experiment, at));
  const auto deed = deed_text(now.experiment->statements[at]);
  const float inner = place.width - 2 * pad;
  const float tall = words.empty() ? 0 : ui.paint().paragraph_height(Type::Small, inner, words, 20) + 6;
  const float total = pad + 22 + tall + 20 + pad - 4;
  if (place.measure_only) return total;
  const Rect area = Rect::at(place.at.x, place.at.y, place.width, total);
  draw_card(ui, area);
  Rect rest = area.inset(pad);
  head(ui, rest, icon::Next, p.muted, "The next step", count_words(*now.experiment, at));
  if (tall > 0) {
    ui.paint().paragraph(Type::Small, rest.top_left(), inner, p.text, words, 20);
    rest.cut_top(tall);
  }
  ui.note("next-step", deed, rest);
  ui.paint().text_fit(Type::Mono, {rest.x0, rest.y0 + 8}, p.inline_code, deed, inner);
  return total;
}

float draw_goal_card(Ui& ui, CardPlace place, const lessons::Goal& goal, const lessons::GoalState& state,
                     bool check, int left) {
  const Palette& p = ui.palette();
  const auto words = plain_words(goal.words);
  const float inner = place.width - 2 * pad;
  float total = pad + 22 + ui.paint().paragraph_height(Type::BodyBold, inner, words, 22) + pad - 4;
  const auto missing_height = [&](const std::string& one) {
    return ui.paint().paragraph_height(Type::Small, inner - 24, one, 20) + 6;
  };
  if (!state.met) {
    for (const auto& one : state.missing) total += missing_height(plain_words(one));
  }
  if (!state.met && !state.missing.empty()) total += 6;
  if (place.measure_only) return total;
  const Rect area = Rect::at(place.at.x, place.at.y, place.width, total);
  draw_card(ui, area, {.tone = state.met ? Tone::Good : Tone::Info, .lit = false, .toned = true});
  Rect rest = area.inset(pad);
  const Colour ink = state.met ? p.of(Tone::Good) : p.accent;
  head(ui, rest, state.met ? icon::CheckCircle : icon::Flag, ink,
       state.met ? (check ? "The check is met" : "Done") : (check ? "The check" : "Your task"),
       !state.met  ? "met by what happens"
       : left == 0 ? "the kernel agrees"
                   : std::to_string(left) + (left == 1 ? " question left" : " questions left"));
  ui.note("goal", words, area, state.met);
  const float tall = ui.paint().paragraph(Type::BodyBold, rest.top_left(), inner, p.text, words, 22);
  rest.cut_top(tall, 6);
  if (state.met) return total;
  for (const auto& one : state.missing) {
    const auto text = plain_words(one);
    ui.paint().ring({rest.x0 + 8, rest.y0 + 10}, 5, p.faint, 1.5F);
    ui.paint().paragraph(Type::Small, {rest.x0 + 24, rest.y0}, inner - 24, p.muted, text, 20);
    rest.cut_top(missing_height(text));
  }
  return total;
}

float draw_trouble_card(Ui& ui, CardPlace place, const std::string& title, const std::string& words) {
  const float inner = place.width - 2 * pad;
  const float total = pad + 22 + ui.paint().paragraph_height(Type::Small, inner, words, 20) + pad - 4;
  if (place.measure_only) return total;
  const Rect area = Rect::at(place.at.x, place.at.y, place.width, total);
  draw_card(ui, area, {.tone = Tone::Waiting, .lit = false, .toned = true});
  Rect rest = area.inset(pad);
  head(ui, rest, icon::Warning, ui.tone(Tone::Waiting), title);
  ui.note("trouble", words, area);
  ui.paint().paragraph(Type::Small, rest.top_left(), inner, ui.palette().text, words, 20);
  return total;
}

namespace {

struct ActLook {
  bool able = true;
  bool brief = false;  ///< the lines stand in the tip, so that all the acts are seen at once
};

std::string act_tip(const lessons::Act& act, const ActLook& look) {
  if (!look.able) return "Not while the lab waits for your prediction, or has ended";
  std::string tip = "Really done, in the lab";
  if (!look.brief) return tip;
  for (const std::string& line : act.lines) tip += "\n" + line;
  return tip;
}

/// Returns its height.
float draw_act(Ui& ui, CardPlace place, const std::string& id, const lessons::Act& act, const ActLook& look,
               Actions& actions) {
  const Palette& p = ui.palette();
  const float inner = place.width - 56;
  const float words = ui.paint().paragraph_height(Type::SmallBold, inner, act.label, 20);
  const float pad_y = look.brief ? 7.0F : 11.0F;
  const float high = words + 2 * pad_y + (look.brief ? 0 : static_cast<float>(act.lines.size()) * 18);
  if (place.measure_only) return high;
  const Rect area = Rect::at(place.at.x, place.at.y, place.width, high);
  const Hit hit = ui.hit(area, {.id = id, .label = act.label, .enabled = look.able});
  const float warmth = hit.held ? 0.3F : hit.hovered && look.able ? 0.14F : 0;
  ui.paint().fill(area, mix(p.card, p.accent, warmth), radius::card);
  ui.paint().stroke(area, look.able ? p.strong_border : p.border, radius::card);
  const Point at{area.x0 + 42, area.y0 + pad_y};
  ui.paint().icon({area.x0 + 22, at.y + 10}, 18, look.able ? p.accent : p.faint, icon::Play);
  ui.paint().paragraph(Type::SmallBold, at, inner, look.able ? p.text : p.faint, act.label, 20);
  for (std::size_t n = 0; n < act.lines.size() && !look.brief; ++n) {
    ui.paint().text_fit(Type::Mono, {at.x, at.y + words + 9 + 18 * static_cast<float>(n)}, p.muted,
                        act.lines[n], inner);
  }
  if (hit.focused) ui.focus_ring(area, radius::card);
  ui.tooltip(act_tip(act, look));
  if (hit.pressed) actions.push_back(action::Perform{act.lines});
  return high;
}

}  // namespace

float draw_acts(Ui& ui, CardPlace place, const Snapshot& now, bool brief, Actions& actions) {
  const auto& page = now.lesson->pages[static_cast<std::size_t>(now.page)];
  const bool able = now.live && now.live->phase != lab::Phase::Ended && now.live->phase != lab::Phase::Asking;
  const float top = place.at.y;
  for (std::size_t i = 0; i < page.acts.size(); ++i)
    place.at.y += draw_act(ui, place, "act/" + std::to_string(i + 1), page.acts[i], {able, brief}, actions) +
                  (brief ? 6 : 8);
  return place.at.y - top;
}

float draw_quiz(Ui& ui, CardPlace place, const lessons::Quiz& quiz, std::optional<int> answer,
                Actions& actions) {
  const Palette& p = ui.palette();
  const auto text = plain_words(quiz.text);
  const float inner = place.width - 2 * pad;
  std::vector<std::string> labels;
  for (const auto& choice : quiz.choices) labels.push_back(plain_words(choice.text));
  const bool answered = answer && *answer >= 0 && *answer < static_cast<int>(quiz.choices.size());
  const auto* chosen = answered ? &quiz.choices[static_cast<std::size_t>(*answer)] : nullptr;
  const auto feedback = chosen == nullptr ? std::string() : plain_words(chosen->feedback);

  const float words = ui.paint().paragraph_height(Type::BodyBold, inner, text, 22);
  const float explained =
      feedback.empty() ? 0 : ui.paint().paragraph_height(Type::Small, inner - 14, feedback, 20) + 12;
  float total = pad + 22 + words + 8 + explained + pad - 6;
  for (const auto& label : labels) total += choice_height(ui, inner, {.id = "", .label = label}) + 6;
  if (place.measure_only) return total;

  const Rect area = Rect::at(place.at.x, place.at.y, place.width, total);
  draw_card(ui, area);
  Rect rest = area.inset(pad);
  head(ui, rest, icon::Help, p.muted, "Question",
       chosen == nullptr ? ""
       : chosen->right   ? "answered"
                         : "try another");
  ui.paint().paragraph(Type::BodyBold, rest.top_left(), inner, p.text, text, 22);
  rest.cut_top(words, 8);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto id = "quiz/" + quiz.id + "/" + std::to_string(i + 1);
    const bool mine = answered && *answer == static_cast<int>(i);
    const Choice one{.id = id,
                     .label = labels[i],
                     .note = {},
                     .state = !mine           ? ChoiceState::Open
                              : chosen->right ? ChoiceState::Right
                                              : ChoiceState::Wrong};
    if (choice(ui, rest.cut_top(choice_height(ui, inner, one), 6), one))
      actions.push_back(action::AnswerQuiz{quiz.id, static_cast<int>(i)});
    if (!mine || feedback.empty()) continue;
    rest.cut_top(2);
    const float tall =
        ui.paint().paragraph(Type::Small, {rest.x0 + 12, rest.y0}, inner - 14, p.text, feedback, 20);
    ui.paint().fill({rest.x0, rest.y0, rest.x0 + 3, rest.y0 + tall},
                    chosen->right ? p.of(Tone::Good) : p.of(Tone::Waiting), 1.5F);
    ui.note("quiz/" + quiz.id + "/feedback", feedback, {rest.x0, rest.y0, rest.x1, rest.y0 + tall});
    rest.cut_top(tall, 10);
  }
  return total;
}

}  // namespace loopscope::app
