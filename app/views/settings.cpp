#include "app/views/settings.hpp"

#include <array>
#include <cmath>

#include "app/views/speed.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/overlay.hpp"
#include "app/widgets/scroll_area.hpp"

namespace loopscope::app {

namespace {

constexpr float line = 44;

struct KeyLine {
  std::array<std::string_view, 2> keys;
  std::string_view what;
};
constexpr std::array<KeyLine, 17> key_lines{{
    {{"\xe2\x86\x92", "Page \xe2\x86\x93"}, "one step on (so does a clicker)"},
    {{"\xe2\x86\x90", "Page \xe2\x86\x91"}, "one step back"},
    {{"Space", ""}, "play, pause"},
    {{"Home", "End"}, "to the beginning, to now"},
    {{"R", ""}, "start over"},
    {{"N", "B"}, "next page, page before"},
    {{"L", "D"}, "let a held packet go, drop it"},
    {{"F", ""}, "the firewall"},
    {{"I", "E"}, "induce something, the experiment's text"},
    {{"Ctrl Z", ""}, "take back what was done by hand; with Shift: again"},
    {{"1", "6"}, "answer in the game; 0: I don't know"},
    {{"Ctrl O", "Ctrl S"}, "open a file, keep the experiment"},
    {{"Tab", "Enter"}, "to the next control, press it"},
    {{"P", ""}, "projector size"},
    {{"Ctrl +", "Ctrl \xe2\x88\x92"}, "larger, smaller; Ctrl 0: as it was"},
    {{"F11", ""}, "whole screen"},
    {{"Esc", ""}, "close, go back"},
}};

void draw_theme(Ui& ui, Rect row, const Settings& settings, Actions& actions) {
  ui.paint().text(Type::Body, {row.x0, row.mid_y()}, ui.palette().text, "Theme");
  const std::array<Segment, 2> themes{{{"Dark"}, {"Light"}}};
  if (auto to =
          segmented(ui, row.cut_right(180).inset(0, 4), "settings/theme", themes, settings.dark ? 0 : 1))
    actions.push_back(action::SetTheme{*to == 0});
}

// The fonts are made anew for each scale, so the slider takes effect when it is let go.
void draw_scale(Ui& ui, Rect row, const Settings& settings, Actions& actions) {
  ui.paint().text(Type::Body, {row.x0, row.mid_y()}, ui.palette().text, "Size of everything");
  Rect right = row.cut_right(276);
  const auto set = [&](float scale) {
    actions.push_back(action::SetScale{std::clamp(std::round(scale * 20) / 20, least_scale, most_scale)});
  };
  if (button(ui, right.cut_left(36, 6).inset(0, 4),
             {.id = "settings/smaller",
              .label = {},
              .icon = icon::Remove,
              .enabled = settings.scale > least_scale,
              .tip = "Smaller (Ctrl \xe2\x88\x92)"}))
    set(settings.scale - 0.1F);
  if (button(ui, right.cut_right(36, 6).inset(0, 4),
             {.id = "settings/larger",
              .label = {},
              .icon = icon::Add,
              .enabled = settings.scale < most_scale,
              .tip = "Larger (Ctrl +)"}))
    set(settings.scale + 0.1F);
  struct Pending {
    bool dragging = false;
    float scale = 1;
  };
  auto& pending = ui.state<Pending>("settings/scale/pending");
  if (!pending.dragging) pending.scale = settings.scale;
  float at = (pending.scale - least_scale) / (most_scale - least_scale);
  const Rect words = right.cut_right(56);
  const bool changed = slider(ui, right.inset(0, 6), "settings/scale", "Size of everything", at,
                              0.05F / (most_scale - least_scale));
  if (changed) pending.scale = std::round((least_scale + at * (most_scale - least_scale)) * 20) / 20;
  const Item* now = ui.registry().find("settings/scale");
  const bool held = now != nullptr && now->held;
  if ((changed && !held) || (pending.dragging && !held)) set(pending.scale);
  pending.dragging = held;
  ui.paint().text(Type::Small, {words.x1 - 4, words.mid_y()}, ui.palette().muted,
                  std::to_string(std::lround(pending.scale * 100)) + " %", AlignX::Right);
}

void draw_speed(Ui& ui, Rect row, const Settings& settings, Actions& actions) {
  ui.paint().text(Type::Body, {row.x0, row.mid_y()}, ui.palette().text, "Speed of the replay");
  Rect right = row.cut_right(276);
  const Rect words = right.cut_right(132);
  float at = speed_to_slider(settings.slower);
  if (slider(ui, right.inset(0, 6), "settings/speed", "Speed of the replay", at))
    actions.push_back(action::SetSpeed{slider_to_speed(at)});
  ui.paint().text(Type::Small, {words.x1, words.mid_y()}, ui.palette().muted, speed_words(settings.slower),
                  AlignX::Right);
}

float draw_keys(Ui& ui, Rect at) {
  const Palette& p = ui.palette();
  const float top = at.y0;
  for (const auto& [keys, what] : key_lines) {
    const Rect row = at.cut_top(28);
    float x = row.x0;
    for (const auto key : keys)
      if (!key.empty()) x += draw_key(ui, {x, row.mid_y()}, key) + 6;
    ui.paint().text_fit(Type::Small, {row.x0 + 132, row.mid_y()}, p.muted, what, row.x1 - row.x0 - 132);
  }
  return at.y0 - top;
}

}  // namespace

void draw_settings(Ui& ui, Rect screen, const Snapshot& now, Actions& actions) {
  const Settings& settings = *now.settings;
  const Dialog dialog(ui, "settings", "Settings", screen, 560, 668);
  {
    ScrollArea scroll(ui, "settings/all", dialog.content());
    Rect at = scroll.content();
    at.y1 = at.y0 + 10000;
    const auto rule = [&] {
      ui.paint().line({at.x0, at.y0 + 8}, {at.x1, at.y0 + 8}, ui.palette().border);
      at.cut_top(16);
    };
    draw_theme(ui, at.cut_top(line), settings, actions);
    draw_scale(ui, at.cut_top(line), settings, actions);
    if (toggle(ui, at.cut_top(line), "settings/projector", "Projector: large, for a class",
               settings.projector))
      actions.push_back(action::SetProjector{!settings.projector});
    rule();
    draw_speed(ui, at.cut_top(line), settings, actions);
    if (toggle(ui, at.cut_top(line), "settings/motion", "Reduced motion: nothing glides or travels",
               settings.reduced_motion))
      actions.push_back(action::SetReducedMotion{!settings.reduced_motion});
    rule();
    at.cut_top(draw_section(ui, at, "Keys"));
    at.cut_top(draw_keys(ui, at));
    scroll.end_at(at.y0 + 4);
  }
  if (dialog.closed()) actions.push_back(action::CloseSettings{});
}

}  // namespace loopscope::app
