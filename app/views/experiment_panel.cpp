#include "app/views/experiment_panel.hpp"

#include <algorithm>

#include "app/views/induce_bar.hpp"
#include "app/views/lesson_panel_parts.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/scroll_area.hpp"
#include "sim/experiment/parser.hpp"

namespace loopscope::app {
namespace {

constexpr float pad = 16, line_height = 19, number_wide = 30;

/// The statement that comes next or is under way; in the past and in a recording the last that was taken up.
std::optional<std::size_t> current_statement(const Snapshot& now) {
  if (now.live && now.at_end) return now.live->next_statement;
  const auto past = now.timeline->until(now.moment);
  for (auto event = past.rbegin(); event != past.rend(); ++event) {
    const auto* started = std::get_if<trace::StepStarted>(&event->fact);
    if (started != nullptr && started->statement) return *started->statement;
  }
  return std::nullopt;
}

std::size_t current_line(const Snapshot& now) {
  const auto& lines = now.written->lines;
  const auto statement = current_statement(now);
  const auto found = std::find_if(lines.begin(), lines.end(), [&](const WrittenLine& line) {
    return statement && line.statement == statement;
  });
  return static_cast<std::size_t>(found - lines.begin());
}

/// The line as it was at the moment that is shown.
WrittenLine line_at(const Snapshot& now, const WrittenLine& line) {
  if (!line.statement || now.at_end) return line;
  WrittenLine then = line;
  then.result = now.timeline->result_of_statement(*line.statement, now.moment).value_or("");
  return then;
}

Tone tone_of_result(const WrittenLine& line) {
  if (!line.trouble.empty()) return Tone::Bad;
  const auto result = experiment::parse_result(line.result);
  if (!result || line.result == "fails") return Tone::Bad;
  if (std::holds_alternative<experiment::Blocks>(*result)) return Tone::Waiting;
  return is_success(*result) ? Tone::Good : Tone::Bad;
}

std::string answer_of(const WrittenLine& line) {
  if (!line.trouble.empty()) return "not done: " + line.trouble;
  if (line.left_out) return "can no longer be taken";
  return line.result.empty() || line.words ? std::string() : "= " + line.result;
}

/// One line, as many rows as it needs; returns the height.
float draw_line(Ui& ui, Point at, float width, std::size_t number, const WrittenLine& line, bool current) {
  const Palette& p = ui.palette();
  const Painter& paint = ui.paint();
  const float wide = width - number_wide - 6;
  const std::string answer = answer_of(line);
  const float text_high = paint.paragraph_height(Type::Mono, wide, line.text, line_height);
  const float answer_high =
      answer.empty() ? 0 : paint.paragraph_height(Type::SmallMono, wide - 12, answer, line_height);
  const float high = text_high + answer_high + 4;
  const Rect area = Rect::at(at.x, at.y, width, high);
  if (current)
    paint.fill(area, mix(p.panel, p.accent, p.dark ? 0.20F : 0.12F), 4);
  else if (line.by_hand)
    paint.fill(area, p.ground_of(Tone::Waiting), 4);
  if (current || line.by_hand)
    paint.fill({area.x0, area.y0, area.x0 + 3, area.y1}, current ? p.accent : p.of(Tone::Waiting));
  paint.text(Type::Caption, {at.x + number_wide - 8, at.y + 2 + line_height / 2}, p.faint,
             std::to_string(number), AlignX::Right);
  const Colour ink = line.left_out || line.words ? p.muted : p.text;
  paint.paragraph(Type::Mono, {at.x + number_wide, at.y + 2}, wide, ink, line.text, line_height);
  if (!answer.empty()) {
    const Colour tone = line.left_out && line.trouble.empty() ? p.faint : p.of(tone_of_result(line));
    paint.paragraph(Type::SmallMono, {at.x + number_wide + 12, at.y + 2 + text_high}, wide - 12, tone, answer,
                    line_height);
  }
  const std::string name = "experiment/line/" + std::to_string(number);
  ui.note(name, line.text + (answer.empty() ? "" : "  " + answer), area, line.by_hand);
  return high;
}

void draw_head(Ui& ui, Rect& rest, const Snapshot& now, Actions& actions) {
  const Palette& p = ui.palette();
  Rect head = rest.cut_top(height::small_button, 6);
  if (now.lesson != nullptr && button(ui, head.cut_right(32, 4),
                                      {.id = "experiment/close",
                                       .icon = icon::Book,
                                       .look = Look::Ghost,
                                       .tip = "Back to the lesson (E)"}))
    experiment_is_open(ui) = false;
  if (button(ui, head.cut_right(32, 4),
             {.id = "experiment/copy",
              .icon = icon::Copy,
              .look = Look::Ghost,
              .enabled = now.written != nullptr,
              .tip = "Copy the text, to share it"}))
    actions.push_back(action::CopyText{now.written->file_text});
  const Button save{.id = "experiment/save",
                    .label = "Save",
                    .icon = icon::Storage,
                    .enabled = now.written != nullptr,
                    .tip = "Keep it as a .lab file (Ctrl+S)"};
  if (button(ui, head.cut_right(button_width(ui, save), 8), save))
    actions.push_back(action::AskWhereToSave{});
  ui.paint().text_fit(Type::H3, {head.x0, head.mid_y()}, p.text, "Experiment", head.width());
  if (now.written == nullptr) return;
  const Written& written = *now.written;
  std::string words = written.path.empty() ? written.title : written.path;
  if (written.by_hand > 0)
    words += (words.empty() ? "" : "  \xc2\xb7  ") + std::to_string(written.by_hand) +
             (written.by_hand == 1 ? " line" : " lines") + " by hand";
  if (words.empty()) return;
  const Rect row = rest.cut_top(20, 6);
  ui.paint().text_fit(Type::Caption, {row.x0, row.mid_y()}, p.muted, words, row.width());
  ui.note("experiment/file", words, row);
}

}  // namespace

void draw_experiment_panel(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  draw_panel(ui, area);
  Rect rest = area.inset(pad, 12);
  draw_head(ui, rest, now, actions);
  draw_panel_foot(ui, area, rest, now, actions);
  rest.x0 -= 8;
  rest.x1 += 10;
  if (now.written == nullptr || rest.height() < 40) return;
  ScrollArea scroll(ui, "experiment/text", rest);
  const std::size_t current = current_line(now);
  auto& shown = ui.state<std::size_t>("experiment/shown", static_cast<std::size_t>(-1));
  float y = scroll.content().y0;
  for (std::size_t i = 0; i < now.written->lines.size(); ++i) {
    const float high = draw_line(ui, {scroll.content().x0, y}, scroll.content().width() - 4, i + 1,
                                 line_at(now, now.written->lines[i]), i == current);
    // What comes next stays in sight as the run goes on.
    if (i == current && shown != current) scroll.show(y - 60, y + high + 60);
    y += high;
  }
  shown = current;
  scroll.end_at(y + 24);
}

}  // namespace loopscope::app
