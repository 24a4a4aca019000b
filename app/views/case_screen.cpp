#include "app/views/case_screen.hpp"

#include "app/views/case_parts.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/markdown.hpp"
#include "app/widgets/marks.hpp"
#include "app/widgets/scroll_area.hpp"

namespace loopscope::app {
namespace {

using State = lessons::CaseSession::State;
constexpr Mods with_both{.ctrl = true, .shift = true};

bool is_explained(const CaseNow& now) { return now.solved || now.given_up; }

float draw_text(Ui& ui, std::string_view id, const std::string& markdown, Point at, float width,
                Actions& actions) {
  const MarkdownAnswer answer = draw_markdown(ui, id, markdown, at, width);
  if (answer.copy) actions.push_back(action::CopyText{*answer.copy});
  if (answer.link) actions.push_back(action::CopyText{*answer.link});
  return answer.height;
}

/// A heading and a text below it.
void draw_part(Ui& ui, Rect& at, std::string_view id, std::string_view title, const std::string& markdown,
               Actions& actions) {
  at.y0 += draw_section(ui, at, title) + 2;
  at.y0 += draw_text(ui, id, markdown, at.top_left(), at.width(), actions) + 14;
}

void draw_verdict(Ui& ui, Rect& at, const CaseNow& now) {
  const Palette& p = ui.palette();
  if (!is_explained(now)) return;
  const Rect card = Rect::at(at.x0, at.y0, at.width(), 44);
  const Tone tone = now.solved && !now.given_up ? Tone::Good : Tone::Waiting;
  draw_card(ui, card, {.tone = tone, .toned = true});
  ui.paint().icon({card.x0 + 22, card.mid_y()}, 20, p.of(tone),
                  tone == Tone::Good ? icon::CheckCircle : icon::Flag);
  const char* words =
      tone == Tone::Good ? "Solved: the service answers." : "Given up: it does not count as solved.";
  ui.paint().text_fit(Type::SmallBold, {card.x0 + 42, card.mid_y()}, p.text, words, card.width() - 54);
  ui.note("case/verdict", words, card, tone == Tone::Good);
  at.y0 += 56;
}

void draw_hints(Ui& ui, Rect& at, const CaseNow& now, Actions& actions) {
  if (now.hints == 0) return;
  at.y0 += draw_section(ui, at, "Hints") + 2;
  for (std::size_t i = 0; i < now.hints && i < now.the_case->hints.size(); ++i) {
    const std::string id = "case/hint/" + std::to_string(i + 1);
    ui.paint().text(Type::SmallBold, {at.x0, at.y0 + 11}, ui.palette().muted, std::to_string(i + 1));
    const float high =
        draw_text(ui, id, now.the_case->hints[i], {at.x0 + 20, at.y0}, at.width() - 20, actions);
    ui.note(id, now.the_case->hints[i], Rect::at(at.x0, at.y0, at.width(), high));
    at.y0 += high + 8;
  }
  at.y0 += 6;
}

void draw_story(Ui& ui, const Rect& area, const CaseNow& now, Actions& actions) {
  const Palette& p = ui.palette();
  const lessons::Case& one = *now.the_case;
  ScrollArea scroll(ui, "case/story", area);
  Rect at = scroll.content();
  auto& seen = ui.state<int>("case/seen");
  const bool news = now.checks > 0 && seen != now.checks;
  seen = now.checks;
  ui.paint().caps({at.x0, at.y0 + 10}, p.muted, "Case " + std::to_string(one.number));
  at.y0 += 24;
  at.y0 += ui.paint().paragraph(Type::H2, at.top_left(), at.width(), p.text, one.title) + 10;
  const float news_at = at.y0;
  draw_verdict(ui, at, now);
  at.y0 += draw_sightings(ui, at, now);
  if (is_explained(now)) {
    draw_part(ui, at, "case/happened", "What happened", one.explanation, actions);
    draw_part(ui, at, "case/shortest", "The shortest way", one.shortest, actions);
  }
  draw_part(ui, at, "case/symptom", "The symptom", one.symptom, actions);
  draw_part(ui, at, "case/places", "Where to look", one.places, actions);
  auto& hints_seen = ui.state<std::size_t>("case/hints-seen", now.hints);
  const bool new_hint = hints_seen < now.hints;
  hints_seen = now.hints;
  const float hints_at = at.y0;
  draw_hints(ui, at, now, actions);
  if (new_hint) scroll.show(hints_at, at.y0);
  at.y0 +=
      draw_text(ui, "case/report", "After a real report: " + one.report, at.top_left(), at.width(), actions) +
      8;
  if (news) scroll.show(news_at, news_at + area.height() - 60);
  scroll.end_at(at.y0);
}

void draw_deeds(Ui& ui, Rect foot, const CaseNow& now, Actions& actions) {
  Rect row = foot.cut_top(height::button, 8);
  const bool checking = now.state == State::Checking;
  if (button(ui, row,
             {.id = "case/check",
              .label = checking ? "The client looks …" : "Check: does it answer?",
              .icon = icon::Play,
              .look = Look::Primary,
              .enabled = now.state == State::Ready,
              .tip = "Has a client outside try the service (Ctrl+Shift+K)"}))
    actions.push_back(action::CheckCase{});
  const std::size_t all = now.the_case->hints.size();
  const float half = (foot.width() - 8) / 2;
  const std::string hint = now.hints < all
                               ? "Hint " + std::to_string(now.hints + 1) + " of " + std::to_string(all)
                               : std::string("No more hints");
  if (button(ui, foot.cut_left(half, 8),
             {.id = "case/hint",
              .label = hint,
              .icon = icon::Help,
              .enabled = now.hints < all,
              .tip = "One more hint; it costs nothing (Ctrl+Shift+H)"}))
    actions.push_back(action::NextHint{});
  if (button(ui, foot,
             {.id = "case/give-up",
              .label = "Give up",
              .icon = icon::Flag,
              .look = Look::Ghost,
              .enabled = !is_explained(now),
              .tip = "Shows what happened; the case does not count as solved then"}))
    actions.push_back(action::GiveUpCase{});
}

void take_shortcuts(Ui& ui, const CaseNow& now, Actions& actions) {
  if (ui.shortcut(Key::K, with_both)) actions.push_back(action::CheckCase{});
  if (ui.shortcut(Key::H, with_both)) actions.push_back(action::NextHint{});
  if (ui.shortcut(Key::Escape, with_both)) {
    const bool inside = ui.focused() == terminal_id;
    ui.focus(inside || now.terminal == nullptr ? "case/check" : terminal_id);
  }
  if (ui.focused() != terminal_id && ui.shortcut(Key::Escape)) actions.push_back(action::GoHome{});
}

}  // namespace

void draw_case_screen(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  const CaseNow& one = *now.case_now;
  // The terminal has the keys from the start: typing is what one does here.
  auto& entered = ui.state<std::string>("case/entered");
  if (one.terminal != nullptr && entered != one.the_case->id) {
    entered = one.the_case->id;
    ui.focus(terminal_id);
  }
  Rect rest = area.inset(gutter);
  const float wide = std::clamp(rest.width() * 0.32F, 300.0F, 560.0F);
  Rect story = rest.cut_left(wide, gutter);
  draw_panel(ui, story);
  story = story.inset(16, 14);
  const Rect deeds = story.cut_bottom(2 * height::button + 8, 12);
  draw_story(ui, story, one, actions);
  draw_deeds(ui, deeds, one, actions);
  draw_case_terminal(ui, rest, one, actions);
  take_shortcuts(ui, one, actions);
}

}  // namespace loopscope::app
