#include "app/views/remedy_list.hpp"

#include <algorithm>

#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"

namespace loopscope::app {
namespace {

/// A pending question must not be answered by what is offered.
bool gives_away(const Snapshot& now, const RemedyOffer& offer) {
  if (!now.live || now.live->phase != lab::Phase::Asking || now.experiment == nullptr) return false;
  if (now.live->next_statement >= now.experiment->statements.size()) return false;
  const auto asked = call_text(now.experiment->statements[now.live->next_statement]);
  return std::any_of(offer.lines.begin(), offer.lines.end(),
                     [&](const std::string& line) { return line.find(asked) != std::string::npos; });
}

/// The model's words quote names as `name`; on a card they stand plain.
std::string plain(std::string words) {
  std::erase(words, '`');
  return words;
}

RemedyOffer plain_offer(const RemedyOffer& offer) {
  return {plain(offer.words), plain(offer.warning), {}, offer.weight};
}

bool weighs(const RemedyOffer& offer) { return offer.weight >= Weight::Caution; }

Colour colour_of(const Palette& p, const RemedyOffer& offer) {
  if (offer.weight == Weight::Danger) return p.of(Tone::Bad);
  return offer.weight == Weight::Caution ? p.of(Tone::Waiting) : p.accent;
}

float draw_remedy(Ui& ui, Point at, float width, const std::string& id, const RemedyOffer& offer,
                  bool& pressed, bool brief) {
  const Palette& p = ui.palette();
  if (brief) {
    const Rect card = Rect::at(at.x, at.y, width, 28);
    ui.paint().fill(card, p.raised, radius::button);
    ui.paint().stroke(card, p.strong_border, radius::button);
    pressed = row(ui, card, id, offer.words, false, radius::button).pressed;
    ui.tooltip(offer.warning.empty() ? offer.words : offer.words + "\n" + offer.warning);
    ui.paint().icon({card.x0 + 18, card.mid_y()}, 16, colour_of(p, offer),
                    weighs(offer) ? icon::Warning : icon::Build);
    ui.paint().text_fit(Type::SmallBold, {card.x0 + 34, card.mid_y()}, p.text, offer.words, width - 62);
    ui.paint().icon({card.x1 - 16, card.mid_y()}, 16, p.muted, icon::ArrowRight);
    return card.height();
  }
  const float words_width = width - 44 - 40;
  const float words = ui.paint().paragraph_height(Type::SmallBold, words_width, offer.words);
  const float warning =
      offer.warning.empty() ? 0 : ui.paint().paragraph_height(Type::Small, words_width, offer.warning) + 2;
  const Rect card = Rect::at(at.x, at.y, width, std::max(36.0F, words + warning + 16));
  ui.paint().fill(card, p.raised, radius::card);
  ui.paint().stroke(card, p.strong_border, radius::card);
  pressed = row(ui, card, id, offer.words, false, radius::card).pressed;
  const bool warns = !offer.warning.empty();
  ui.paint().icon({card.x0 + 22, card.mid_y()}, 18, colour_of(p, offer),
                  weighs(offer) ? icon::Warning : icon::Build);
  const float top = card.mid_y() - (words + warning) / 2;
  ui.paint().paragraph(Type::SmallBold, {card.x0 + 44, top}, words_width, p.text, offer.words);
  if (warns)
    ui.paint().paragraph(Type::Small, {card.x0 + 44, top + words + 2}, words_width, p.muted, offer.warning);
  ui.paint().icon({card.x1 - 20, card.mid_y()}, 18, p.muted, icon::ArrowRight);
  return card.height();
}

struct NoticeButton {
  Button look;
  Action action;
};

/// Buttons from the right end, words in what is left.
void draw_notice(Ui& ui, const Rect& line, Tone tone, const char* sign, std::string_view words,
                 std::string_view id, std::span<const NoticeButton> buttons, Actions& actions) {
  const Palette& p = ui.palette();
  ui.paint().fill(line, mix(p.card, p.of(tone), 0.10F), radius::card);
  ui.paint().stroke(line, mix(p.border, p.of(tone), 0.6F), radius::card);
  Rect rest = line.inset(10, 4);
  for (const NoticeButton& one : buttons) {
    const Rect area = rest.cut_right(button_width(ui, one.look), 8);
    if (button(ui, area, one.look)) actions.push_back(one.action);
  }
  ui.paint().icon({rest.x0 + 10, rest.mid_y()}, 18, p.of(tone), sign);
  ui.paint().text_fit(Type::SmallBold, {rest.x0 + 28, rest.mid_y()}, p.text, words, rest.width() - 32);
  ui.note(id, words, line);
}

void draw_trial_notice(Ui& ui, const Rect& line, const Trial& trial, Actions& actions) {
  const bool done = !trial.after.empty();
  const Tone tone = !done ? Tone::Waiting : trial.works ? Tone::Good : Tone::Bad;
  const std::string words =
      (done ? trial.before + " \xe2\x86\x92 " + trial.after : std::string("In a fresh world")) +
      (done ? ".  Changed: " : ": ") + plain(trial.words) + (done ? "" : " \xe2\x80\xa6");
  const NoticeButton buttons[] = {
      {{.id = "trial/back", .label = "Back", .icon = icon::Undo, .tip = "Back to the original run (B)"},
       action::LeaveTrial{}},
      {{.id = "trial/copy", .label = "Copy", .icon = icon::Copy, .tip = "Copy the changed experiment"},
       action::CopyText{trial.text}}};
  draw_notice(ui, line, tone, icon::Science, words, "trial", buttons, actions);
  if (ui.shortcut(Key::B)) actions.push_back(action::LeaveTrial{});
}

void draw_disagreement(Ui& ui, const Rect& line, const Snapshot& now, Actions& actions) {
  const Explanation& why = *now.explanation;
  if (!now.report.empty()) {
    const NoticeButton copy[] = {
        {{.id = "report/copy", .label = "Copy the path", .icon = icon::Copy}, action::CopyText{now.report}}};
    return draw_notice(ui, line, Tone::Waiting, icon::Warning, now.report, "report", copy, actions);
  }
  const std::string words = "The kernel says " + why.kernel + ", the model said " + why.model +
                            ". One of them surprises us: please report it.";
  const NoticeButton write[] = {{{.id = "report/write",
                                  .label = "Write to a file",
                                  .icon = icon::Flag,
                                  .tip = "The experiment up to here, with both answers"},
                                 action::ReportDisagreement{}}};
  draw_notice(ui, line, Tone::Waiting, icon::Warning, words, "report", write, actions);
}

}  // namespace

bool offers_remedies(const Snapshot& now) {
  if (now.explanation == nullptr || now.explanation->remedies.empty()) return false;
  if (now.lesson == nullptr || now.page < 0 || static_cast<std::size_t>(now.page) >= now.lesson->pages.size())
    return true;
  const lessons::Page& page = now.lesson->pages[static_cast<std::size_t>(now.page)];
  return page.stage != lessons::Stage::Check || !page.goal || now.goal.met;
}

float draw_remedies(Ui& ui, Point at, float width, std::string_view id, const Snapshot& now, Actions& actions,
                    bool brief) {
  float y = at.y;
  const auto& offers = now.explanation->remedies;
  for (std::size_t i = 0; i < offers.size(); ++i) {
    if (gives_away(now, offers[i])) continue;
    bool pressed = false;
    y += draw_remedy(ui, {at.x, y}, width, std::string(id) + "/" + std::to_string(i), plain_offer(offers[i]),
                     pressed, brief) +
         (brief ? 4 : 6);
    if (pressed) actions.push_back(action::TryRemedy{i});
  }
  return y - at.y;
}

void draw_run_notice(Ui& ui, Rect& area, const Snapshot& now, Actions& actions) {
  const bool differs = now.explanation != nullptr && !now.explanation->agrees;
  if (now.trial == nullptr && !differs) return;
  const Rect line = area.cut_top(40, 8);
  if (now.trial != nullptr) return draw_trial_notice(ui, line, *now.trial, actions);
  draw_disagreement(ui, line, now, actions);
}

}  // namespace loopscope::app
