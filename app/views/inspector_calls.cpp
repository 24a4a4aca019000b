#include <fmt/format.h>

#include <algorithm>

#include "app/notation/strace_text.hpp"
#include "app/notation/times.hpp"
#include "app/views/inspector_parts.hpp"
#include "app/views/remedy_list.hpp"
#include "app/widgets/code_box.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"

namespace loopscope::app {
namespace {

using Span = trace::Timeline::CallSpan;

constexpr float card_height = 52, card_step = 58;

std::string selection_of(const trace::CallEntered& entered) { return fmt::format("call:{}", entered.call); }

struct Look {
  std::string result;
  Tone tone = Tone::Neutral;
  bool blocked = false;
};
Look look_of(const Span& call, Nanoseconds moment) {
  if (call.returned == nullptr) {
    return {"blocked " + notation::short_time(moment - call.entered->at), Tone::Waiting, true};
  }
  const auto& returned = std::get<trace::CallReturned>(call.returned->fact);
  if (returned.error != 0) return {"= " + returned.result, Tone::Bad, false};
  return {"= " + std::to_string(returned.value), Tone::Neutral, false};
}

void draw_call(Ui& ui, const Rect& area, const Span& call, bool newest, const Snapshot& now,
               Actions& actions) {
  const Palette& p = ui.palette();
  const auto& entered = std::get<trace::CallEntered>(call.entered->fact);
  const auto name = selection_of(entered);
  const bool selected = now.selected == name;
  const auto look = look_of(call, now.moment);
  const auto text = notation::short_call(entered);
  const Hit hit = ui.hit(
      area, {.id = "call/" + std::to_string(entered.call), .label = text, .kind = Kind::Row, .on = selected});
  const bool good = newest && look.tone == Tone::Neutral;
  const Tone tone = selected ? Tone::Info : good ? Tone::Good : look.tone;
  draw_card(ui, area, {.tone = tone, .lit = selected, .toned = tone != Tone::Neutral});
  if (look.blocked) {
    const Painter::Clip clip(ui.paint(), area.inset(2));
    ui.paint().hatch({area.x0 + 2, area.y1 - 6, area.x1 - 2, area.y1 - 2}, faded(p.of(Tone::Waiting), 0.5F),
                     7, 1.6F);
  }
  if (hit.hovered) ui.paint().stroke(area, mix(p.strong_border, p.accent, 0.5F), radius::card);
  const float first = area.y0 + 16;
  const float second = area.y0 + 36;
  const float who = ui.paint().text(Type::SmallBold, {area.x0 + 12, first}, p.text, entered.process);
  const auto took =
      call.returned == nullptr ? std::string() : "  <" + notation::short_time(notation::duration(call)) + ">";
  const float when = ui.paint().text(Type::Mono, {area.x1 - 12, first}, p.muted,
                                     notation::short_time(call.entered->at) + took, AlignX::Right);
  if (machines_of(now).size() > 1)
    ui.paint().text_fit(Type::Caption, {area.x0 + 18 + who, first}, p.muted,
                        "on " + std::string(title_of(entered.host)), area.width() - who - when - 36);
  const Colour ink = look.tone == Tone::Neutral ? (good ? p.of(Tone::Good) : p.text) : p.of(look.tone);
  const float wide = ui.paint().text(Type::MonoBold, {area.x1 - 12, second}, ink, look.result, AlignX::Right);
  ui.paint().text_fit(Type::Mono, {area.x0 + 12, second}, p.text, text, area.width() - wide - 36);
  if (hit.focused) ui.focus_ring(area, radius::card);
  if (hit.focused && ui.shortcut(Key::C, with_ctrl))
    actions.push_back(action::CopyText{notation::strace_line(call)});
  if (hit.pressed) actions.push_back(action::Select{selected ? "" : name});
}

/// The call that the session comes to next: dashed, for it has not been made.
const experiment::Statement* next_call(const Snapshot& now) {
  if (!now.live || now.experiment == nullptr || !now.at_end) return nullptr;
  const auto phase = now.live->phase;
  if (phase != lab::Phase::Ready && phase != lab::Phase::Asking) return nullptr;
  for (auto i = now.live->next_statement; i < now.experiment->statements.size(); ++i) {
    const auto& statement = now.experiment->statements[i];
    if (std::holds_alternative<experiment::CallStep>(statement.body)) return &statement;
  }
  return nullptr;
}

void draw_next_call(Ui& ui, const Rect& area, const experiment::Statement& statement) {
  const Palette& p = ui.palette();
  ui.paint().dashed_rect(area, p.strong_border);
  ui.paint().text(Type::SmallBold, {area.x0 + 12, area.y0 + 16}, p.muted, process_of(statement));
  const float wide =
      ui.paint().text(Type::Caption, {area.x1 - 12, area.y0 + 36}, p.muted, "not called", AlignX::Right);
  ui.paint().text_fit(Type::Mono, {area.x0 + 12, area.y0 + 36}, p.muted, call_text(statement),
                      area.width() - wide - 36);
  ui.note("call/next", call_text(statement), area);
}

std::string strace_text(const std::vector<Span>& calls) {
  std::string text;
  for (const auto& call : calls) text += notation::strace_line(call) + "\n";
  return text;
}

/// The selected call in full, broken into lines that fit.
float draw_selected(Ui& ui, Point at, float width, const Rect& visible, const Span& call, Actions& actions) {
  const auto line = notation::strace_line(call);
  const auto fits = code_box_characters(ui, width);
  std::vector<CodeBoxLine> lines;
  for (std::size_t from = 0; from < line.size(); from += fits)
    lines.push_back({{{std::string_view(line).substr(from, fits), ui.palette().text}}});
  float y =
      at.y + draw_section(ui, Rect::at(at.x, at.y, width, 24), "as strace prints it", Provenance::Measured);
  const auto answer = draw_code_box(ui, {at.x, y}, width,
                                    {.id = "strace", .name = "the selected call", .lines = lines}, visible);
  if (answer.copy) actions.push_back(action::CopyText{line});
  return y + answer.height - at.y;
}

float draw_words(Ui& ui, Point at, float width, std::string_view name, std::string_view words,
                 Provenance provenance) {
  draw_provenance(ui, {at.x + 5, at.y + 9}, provenance);
  ui.paint().text(Type::Small, {at.x + 16, at.y + 9}, ui.palette().muted, name);
  const float x = at.x + 84;
  return std::max(18.0F, ui.paint().paragraph(Type::Small, {x, at.y}, width - 84, ui.palette().text, words)) +
         6;
}

/// What the model says of the step: its answer beside the kernel's, the rule, and who decided it.
float draw_why(Ui& ui, Point at, float width, const Explanation& why, const Snapshot& now, Actions& actions) {
  float y = at.y + draw_section(ui, Rect::at(at.x, at.y, width, 24), "why") + 4;
  y += draw_words(ui, {at.x, y}, width, "Kernel", why.kernel, Provenance::Measured);
  y += draw_words(ui, {at.x, y}, width, "Model", why.modelled ? why.model : "not modelled",
                  Provenance::Predicted);
  ui.note("why", why.modelled ? why.model : "not modelled", Rect{at.x, at.y, at.x + width, y});
  if (!why.agrees)
    y += draw_words(ui, {at.x, y}, width, "Differ", "The kernel and the model disagree here.",
                    Provenance::Derived);
  if (!why.sentence.empty())
    y += draw_words(ui, {at.x, y}, width, why.modelled ? "Rule" : "Reason", why.sentence,
                    Provenance::Predicted);
  for (const Decider& decider : why.deciders)
    y += draw_words(ui, {at.x, y}, width, "Opponent", decider.words, Provenance::Predicted);
  if (!why.source.empty()) y += draw_words(ui, {at.x, y}, width, "Source", why.source, Provenance::Derived);
  if (now.explanation == &why && offers_remedies(now)) {
    y += 8 +
         draw_section(ui, Rect::at(at.x, y + 8, width, 24), "what would have worked", Provenance::Predicted);
    y += draw_remedies(ui, {at.x, y}, width, "call/remedy", now, actions);
  }
  return y - at.y;
}

/// Of the selected call's step, or, where none is selected, of the step at the playhead if it did not
/// succeed.
const Explanation* explanation_to_show(const Snapshot& now, const std::vector<Span>& calls) {
  if (now.explanations == nullptr) return nullptr;
  for (const auto& call : calls) {
    const auto& entered = std::get<trace::CallEntered>(call.entered->fact);
    if (now.selected != selection_of(entered)) continue;
    const Explanation* last = nullptr;
    for (const Explanation& why : *now.explanations) {
      if (why.process == entered.process && why.at <= call.entered->at) last = &why;
    }
    return last;
  }
  const Explanation* why = now.explanation;
  return why != nullptr && (!why->remedies.empty() || !why->agrees) ? why : nullptr;
}

}  // namespace

float draw_calls_tab(Ui& ui, InspectorPlace place, const Snapshot& now, Actions& actions) {
  const Rect& column = place.column;
  const auto calls = now.timeline == nullptr ? std::vector<Span>() : now.timeline->calls_until(now.moment);
  float y = column.y0;
  for (const auto& call : calls) {
    if (now.selected != selection_of(std::get<trace::CallEntered>(call.entered->fact))) continue;
    y += draw_selected(ui, {column.x0, y}, column.width(), place.visible, call, actions) + 18;
  }
  if (const auto* why = explanation_to_show(now, calls))
    y += draw_why(ui, {column.x0, y}, column.width(), *why, now, actions) + 18;
  y += draw_section(ui, Rect::at(column.x0, y, column.width(), 24), "calls as strace shows them",
                    Provenance::Measured);
  const auto* next = next_call(now);
  if (calls.empty() && next == nullptr)
    y += draw_nothing(ui, {column.x0, y}, column.width(), "No process has made a call yet.");
  const auto first = static_cast<std::size_t>(std::max(0.0F, (place.visible.y0 - y) / card_step));
  const auto shown = static_cast<std::size_t>(place.visible.height() / card_step) + 2;
  for (std::size_t i = first; i < std::min(calls.size(), first + shown); ++i) {
    const Rect area = Rect::at(column.x0, y + static_cast<float>(i) * card_step, column.width(), card_height);
    draw_call(ui, area, calls[i], i + 1 == calls.size(), now, actions);
  }
  y += static_cast<float>(calls.size()) * card_step;
  if (next != nullptr) {
    draw_next_call(ui, Rect::at(column.x0, y, column.width(), card_height), *next);
    y += card_step;
  }
  auto& seen = ui.state<std::size_t>("calls/seen");
  if (now.at_end && seen != calls.size()) *place.show = {y - 2 * card_step, y + 60};
  seen = calls.size();
  if (calls.empty()) return y;
  y += 8;
  if (button(ui, Rect::at(column.x0, y, 148, height::small_button),
             {.id = "calls/copy", .label = "Copy as strace", .tip = "All of them, with times and results"})) {
    actions.push_back(action::CopyText{strace_text(calls)});
  }
  return y + height::small_button;
}

}  // namespace loopscope::app
