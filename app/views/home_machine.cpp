#include <array>

#include "app/views/home_parts.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"

namespace loopscope::app {

namespace {

struct AbilityLook {
  Tone tone;
  const char* sign;
};
AbilityLook look_of(lab::Ability ability) {
  switch (ability) {
    case lab::Ability::Yes:
      return {Tone::Good, icon::CheckCircle};
    case lab::Ability::Limited:
      return {Tone::Waiting, icon::Info};
    case lab::Ability::No:
      break;
  }
  return {Tone::Bad, icon::Cancel};
}

// As many findings as fit on the line; the rest are counted, and Details shows all.
void draw_summary(Ui& ui, Rect line, const std::vector<lab::Finding>& findings) {
  const Palette& p = ui.palette();
  // What is not as it should be comes first: that is what a reader must know.
  std::vector<const lab::Finding*> order;
  for (const auto wanted : {lab::Ability::No, lab::Ability::Limited, lab::Ability::Yes})
    for (const auto& finding : findings)
      if (finding.ability == wanted) order.push_back(&finding);
  std::size_t shown = 0;
  for (const auto* finding : order) {
    const float wide = ui.paint().width(Type::SmallBold, finding->title) + 28;
    const float more = shown + 1 < order.size() ? 76 : 0;
    if (line.x0 + wide + more > line.x1) break;
    const auto [tone, sign] = look_of(finding->ability);
    ui.paint().icon({line.x0 + 9, line.mid_y()}, 18, p.of(tone), sign);
    ui.paint().text(Type::SmallBold, {line.x0 + 26, line.mid_y()}, p.text, finding->title);
    line.x0 += wide + 26;
    ++shown;
  }
  if (shown < order.size())
    ui.paint().text(Type::Small, {line.x0, line.mid_y()}, p.muted,
                    "+ " + std::to_string(order.size() - shown) + " more");
}

float draw_findings(Ui& ui, Rect area, const std::vector<lab::Finding>& findings, Actions& actions) {
  const Palette& p = ui.palette();
  const float top = area.y0;
  for (const auto& finding : findings) {
    ui.paint().line({area.x0, area.y0}, {area.x1, area.y0}, p.border);
    const auto [tone, sign] = look_of(finding.ability);
    const Rect row = area;
    const float title = std::min(300.0F, row.width() * 0.26F);
    const Rect words{row.x0 + 36 + title + 16, row.y0 + 10, row.x1 - 96, row.y0 + 10};
    ui.paint().icon({row.x0 + 17, row.y0 + 21}, 18, p.of(tone), sign);
    const float named =
        ui.paint().paragraph(Type::SmallBold, {row.x0 + 36, row.y0 + 11}, title, p.text, finding.title, 20);
    float high = ui.paint().paragraph(Type::Small, {words.x0, row.y0 + 11}, words.width(), p.muted,
                                      finding.details, 20);
    if (!finding.remedy.empty()) {
      high += ui.paint().paragraph(Type::SmallMono, {words.x0, row.y0 + 11 + high}, words.width(), p.text,
                                   finding.remedy, 20);
      if (button(ui, Rect::at(row.x1 - 80, row.y0 + 8, 76, 28),
                 {.id = "home/copy/" + finding.id,
                  .label = "Copy",
                  .icon = icon::Copy,
                  .tip = "Copy how to allow it"}))
        actions.push_back(action::CopyText{finding.remedy});
    }
    ui.note("home/finding/" + finding.id, finding.title,
            {row.x0, row.y0, row.x1, row.y0 + std::max(high, named) + 22});
    area.y0 += std::max(high, named) + 22;
  }
  return area.y0 - top;
}

}  // namespace

float draw_machine(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  const Palette& p = ui.palette();
  bool& open = ui.state<bool>("home/machine/open");
  float& tall = ui.state<float>("home/machine/height", 52);
  const Rect panel = Rect::at(area.x0, area.y0, area.width(), tall);
  draw_panel(ui, panel);
  Rect line = Rect::at(area.x0, area.y0, area.width(), 52).inset(16, 8);
  ui.paint().icon({line.x0 + 11, line.mid_y()}, 20, p.muted, icon::Computer);
  line.x0 += 34;
  line.x0 += ui.paint().text(Type::H3, {line.x0, line.mid_y()}, p.text, "This machine") + 36;
  tall = 52;
  if (now.findings == nullptr || now.findings->empty()) {
    ui.paint().text(Type::Small, {line.x0, line.mid_y()}, p.muted, "Trying out what it allows \xe2\x80\xa6");
    return 52;
  }
  const Button details{.id = "home/details",
                       .label = open ? "Less" : "Details",
                       .icon = open ? icon::ExpandLess : icon::ExpandMore,
                       .look = Look::Ghost,
                       .icon_after = true};
  if (button(ui, line.cut_right(button_width(ui, details), 12), details)) open = !open;
  draw_summary(ui, line, *now.findings);
  if (open)
    tall +=
        draw_findings(ui, {panel.x0 + 16, panel.y0 + 52, panel.x1 - 16, panel.y1}, *now.findings, actions) +
        4;
  return tall;
}

float draw_surprises(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  if (now.progress == nullptr || now.progress->surprises.empty() || now.lessons == nullptr) return 0;
  constexpr float narrow = 1000;
  const Palette& p = ui.palette();
  constexpr std::size_t most = 4;
  const auto& all = now.progress->surprises;
  const std::size_t shown = std::min(all.size(), most);
  const float row_height = 40;
  const Rect panel =
      Rect::at(area.x0, area.y0, area.width(), 52 + row_height * static_cast<float>(shown) + 8);
  draw_panel(ui, panel);
  Rect at = panel.inset(16, 0);
  const Rect head = at.cut_top(52);
  ui.paint().icon({head.x0 + 11, head.mid_y()}, 20, p.of(Tone::Waiting), icon::Bulb);
  const float title = ui.paint().text(Type::H3, {head.x0 + 34, head.mid_y()}, p.text, "Your surprises");
  ui.paint().text_fit(Type::Small, {head.x0 + 34 + title + 16, head.mid_y()}, p.muted,
                      "Where the kernel answered otherwise than you predicted: worth another look.",
                      head.width() - title - 160);
  if (all.size() > shown)
    ui.paint().text(Type::Caption, {head.x1, head.mid_y()}, p.muted,
                    "the last " + std::to_string(shown) + " of " + std::to_string(all.size()), AlignX::Right);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& surprise = all[all.size() - 1 - i];
    const Rect line = at.cut_top(row_height);
    std::string lesson_title = surprise.lesson;
    for (const auto& lesson : *now.lessons)
      if (lesson.id == surprise.lesson) lesson_title = lesson.title;
    const std::string id = "home/surprise/" + std::to_string(i);
    const Hit hit = row(ui, line.inset(-8, 2), id, surprise.question);
    ui.tooltip(surprise.statement < 0
                   ? "Open " + lesson_title
                   : "See it again: " + (surprise.call.empty() ? lesson_title : surprise.call));
    float right = line.x1;
    ui.paint().icon({right - 8, line.mid_y()}, 18, p.faint, icon::ChevronRight);
    right -= 28;
    right -= draw_chip(ui, {right, line.mid_y()},
                       {.label = surprise.kernel, .icon = icon::Check, .tone = Tone::Good}, AlignX::Right) +
             8;
    right -= ui.paint().text(Type::Caption, {right, line.mid_y()}, p.muted, "the kernel", AlignX::Right) + 20;
    right -= draw_chip(ui, {right, line.mid_y()},
                       {.label = surprise.predicted.empty() ? "no idea" : surprise.predicted,
                        .icon = icon::Close,
                        .tone = Tone::Bad},
                       AlignX::Right) +
             8;
    right -= ui.paint().text(Type::Caption, {right, line.mid_y()}, p.muted, "you", AlignX::Right) + 20;
    const float named = line.width() < narrow ? 0 : std::min(240.0F, line.width() * 0.22F);
    if (named > 0)
      ui.paint().text_fit(Type::Caption, {line.x0, line.mid_y()}, p.muted, lesson_title, named - 16);
    ui.paint().text_fit(Type::Small, {line.x0 + named, line.mid_y()}, p.text, surprise.question,
                        right - line.x0 - named);
    if (hit.pressed) actions.push_back(action::ReplaySurprise{all.size() - 1 - i});
  }
  return panel.height() + 16;
}

}  // namespace loopscope::app
