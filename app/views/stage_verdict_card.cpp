#include "app/views/remedy_list.hpp"
#include "app/views/stage_draw.hpp"
#include "app/widgets/scroll_area.hpp"

namespace loopscope::app::stage {
namespace {

/// 'The kernel said [EADDRINUSE]' with the mark of how it is known; returns where it ends.
float draw_answer(const Scene& s, Point at, std::string_view words, std::string_view answer, Provenance known,
                  const Chip& look) {
  float x = at.x;
  draw_provenance(s.ui, {x + 5, at.y}, known);
  x += 16;
  x += s.paint().text(Type::H3, {x, at.y}, s.palette().text, words) + 8;
  Chip chip = look;
  chip.label = answer;
  return x + draw_chip(s.ui, {x, at.y}, chip) + 14;
}

void draw_headline(const Scene& s, const Rect& line) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const Verdict& verdict = *s.model.verdict;
  const float y = line.mid_y();
  const bool surprise = (verdict.asked && !verdict.agrees) || verdict.disagrees;
  const bool failed = verdict.mood == Mood::Bad;
  paint.icon({line.x0 + 10, y}, 22, s.tone(verdict.mood),
             failed     ? icon::Cancel
             : surprise ? icon::Bulb
                        : icon::CheckCircle);
  float x = line.x0 + 30;
  if (verdict.asked) {
    x += paint.text(Type::H3, {x, y}, p.text, "You predicted") + 8;
    x += draw_chip(s.ui, {x, y},
                   {.label = verdict.predicted.empty() ? "no guess" : std::string_view(verdict.predicted)}) +
         14;
  } else if (!verdict.before.empty()) {
    x += paint.text(Type::H3, {x, y}, p.text, "Before") + 8;
    x += draw_chip(s.ui, {x, y}, {.label = verdict.before}) + 14;
  } else {
    x += paint.text_fit(Type::MonoBold, {x, y}, p.text, verdict.call, line.width() * 0.36F) + 14;
  }
  x = draw_answer(s, {x, y}, "The kernel said", verdict.measured, Provenance::Measured,
                  {.tone = tone_of(verdict.mood), .solid = true});
  if (!verdict.model.empty())
    draw_answer(s, {x, y}, "The model said", verdict.model, Provenance::Predicted,
                {.tone = verdict.disagrees ? Tone::Waiting : Tone::Neutral});
}

float draw_reason(const Scene& s, const Reason& reason, const Rect& area) {
  const float line = s.at.verdict.height() < 190 ? 18.0F : 20.0F;
  draw_provenance(s.ui, {area.x0 + 5, area.y0 + 10}, provenance_of(reason.known));
  s.paint().text(Type::Small, {area.x0 + 18, area.y0 + 10}, s.palette().muted, reason.label);
  return area.y0 + draw_marked(s, {area.x0 + 92, area.y0}, area.width() - 92, reason.text, line) +
         (line < 20 ? 3.0F : 6.0F);
}

/// One below the other, or, where there is the width, in two columns.
float draw_reasons(const Scene& s, Rect area) {
  const std::vector<Reason>& reasons = s.model.verdict->reasons;
  const bool two = area.width() > 640 && reasons.size() > 2;
  Rect right = area;
  if (two) {
    right = area.cut_right(area.width() * 0.44F, 24);
    right.y0 = draw_reason(s, reasons[1], right);
  }
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (two && i == 1) continue;
    Rect& into = two && i > 1 ? right : area;
    into.y0 = draw_reason(s, reasons[i], into);
  }
  return two ? std::max(area.y0, right.y0) : area.y0;
}

/// What the page offers, as lines of the language: two lines a card, or one where there is little height.
float draw_acts(const Scene& s, Rect area, bool brief) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  for (std::size_t i = 0; i < s.acts->size(); ++i) {
    const lessons::Act& act = (*s.acts)[i];
    const Rect card = area.cut_top(brief ? 32.0F : 43.0F, 6);
    paint.fill(card, p.raised, 8);
    paint.stroke(card, p.strong_border, 8);
    const bool press = row(s.ui, card, "stage/act/" + std::to_string(i), act.label).pressed;
    if (press && s.can_act) s.actions.push_back(action::Perform{act.lines});
    paint.icon({card.x0 + 22, card.mid_y()}, 18, p.accent, icon::Build);
    const float y = brief ? card.mid_y() : card.y0 + 14;
    paint.text_fit(Type::SmallBold, {card.x0 + 44, y}, p.text, act.label, card.width() - 84);
    paint.icon({card.x1 - 20, card.mid_y()}, 18, p.muted, icon::ArrowRight);
    if (brief || act.lines.empty()) continue;
    const std::string line = act.lines.front() + (act.lines.size() > 1 ? " \xe2\x80\xa6" : "");
    paint.text_fit(Type::SmallMono, {card.x0 + 44, card.y0 + 31}, p.muted, line, card.width() - 84);
  }
  return area.y0;
}

struct Piece {
  std::string words;
  Type type;
};

}  // namespace

float draw_marked(const Scene& s, Point at, float width, std::string_view text, float line_height) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  float x = at.x;
  float y = at.y + line_height / 2;
  bool bold = false, code = false;
  std::vector<Piece> word;
  std::string run;
  const auto cut = [&] {
    if (!run.empty())
      word.push_back({std::move(run), code ? Type::SmallMono : bold ? Type::SmallBold : Type::Small});
    run.clear();
  };
  const auto flush = [&] {
    cut();
    float needs = 0;
    for (const Piece& piece : word) needs += paint.width(piece.type, piece.words);
    if (x > at.x && x + needs > at.x + width) {
      x = at.x;
      y += line_height;
    }
    for (const Piece& piece : word) {
      x +=
          paint.text(piece.type, {x, y}, piece.type == Type::SmallMono ? p.inline_code : p.text, piece.words);
    }
    word.clear();
  };
  for (const char c : text) {
    if (c == '*' || c == '`') {
      cut();
      (c == '*' ? bold : code) = !(c == '*' ? bold : code);
    } else if (c == ' ') {
      flush();
      x += paint.width(Type::Small, " ");
    } else if (c == '\n') {
      flush();
      x = at.x;
      y += line_height;
    } else {
      run += c;
    }
  }
  flush();
  return y + line_height / 2 - at.y;
}

void draw_verdict(const Scene& s) {
  if (!s.at.folded || s.at.verdict.height() < 60) return;
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const Rect& card = s.at.verdict;
  paint.glow(card, p.shadow, 12, 8);
  paint.fill(card, p.card, 12);
  paint.stroke(card, mix(p.border, s.tone(s.model.verdict->mood), 0.55F), 12, 1.4F);
  Rect body = card;
  const Rect head = body.cut_top(card.height() < 190 ? 38.0F : 44.0F);
  draw_headline(s, head.inset(20, 0));
  paint.line({card.x0 + 1, head.y1}, {card.x1 - 1, head.y1}, p.border);
  s.ui.note("stage/verdict", s.model.verdict->measured, card);
  const bool acts = s.acts != nullptr && !s.acts->empty();
  const bool right_column = acts || s.remedies != nullptr;
  const bool brief = body.height() < 170;
  ScrollArea scroll(s.ui, "stage/verdict/body", body.inset(1, 2));
  Rect inside = scroll.content().inset(19, brief ? 6.0F : 8.0F);
  Rect right = right_column
                   ? inside.cut_right(inside.width() * (brief && s.remedies == nullptr ? 0.40F : 0.48F), 20)
                   : Rect{};
  float end = inside.y0;
  if (!brief) end += draw_section(s.ui, inside.cut_top(22), "why") + 2;
  if (s.model.verdict->reasons.empty()) {
    s.paint().text_fit(Type::Small, {inside.x0, end + 12}, p.muted, "The kernel did what was asked.",
                       inside.width());
    end += 24;
  } else {
    end = draw_reasons(s, {inside.x0, end, inside.x1, inside.y1});
  }
  if (s.remedies != nullptr) {
    right.y0 += draw_section(s.ui, Rect::at(right.x0, right.y0, right.width(), 22), "what would have worked",
                             Provenance::Predicted) +
                2;
    right.y0 +=
        draw_remedies(s.ui, right.top_left(), right.width(), "stage/remedy", *s.remedies, s.actions, brief) +
        6;
    end = std::max(end, right.y0);
  }
  if (acts) {
    if (!brief || s.remedies != nullptr)
      right.y0 +=
          draw_section(s.ui, Rect::at(right.x0, right.y0, right.width(), 22), "what you can do now") + 2;
    end = std::max(end, draw_acts(s, right, brief));
  }
  scroll.end_at(end + 8);
}

}  // namespace loopscope::app::stage
