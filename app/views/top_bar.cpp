#include "app/views/top_bar.hpp"

#include <variant>

#include "app/views/place_menu.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"

namespace loopscope::app {

namespace {

struct LabStatus {
  Tone tone = Tone::Neutral;
  std::string words, details;
};

// 'Linux 6.1.0-18-amd64' -> '6.1'
std::string short_kernel(const trace::Timeline* timeline) {
  if (timeline == nullptr || timeline->empty()) return {};
  const auto* started = std::get_if<trace::RunStarted>(&timeline->events().front().fact);
  if (started == nullptr) return {};
  const auto from = started->kernel.find_first_of("0123456789");
  if (from == std::string::npos) return {};
  const auto dot = started->kernel.find('.', from);
  if (dot == std::string::npos) return started->kernel.substr(from);
  return started->kernel.substr(from, started->kernel.find_first_not_of("0123456789", dot + 1) - from);
}

LabStatus lab_status(const Snapshot& now) {
  if (now.files != nullptr && now.files->recording)
    return {Tone::Neutral, "A recording", "What a run has left in a file. Nothing in it is live."};
  if (now.screen != Screen::Home && now.screen != Screen::Game) {
    if (now.live && now.live->opening)
      return {Tone::Waiting, "Making a private lab", "A fresh network with processes of its own."};
    if (now.live && now.live->on_this_machine && now.live->trouble.empty()) {
      std::string details =
          "Processes, system calls and packets are real, on the loopback that your other programs use: they "
          "can "
          "join. It listens nowhere else and changes nothing of the machine.";
      if (!now.live->why_no_capture.empty())
        details += " Packets are not seen but inferred: " + now.live->why_no_capture + ".";
      return {Tone::Waiting, "On this machine", details};
    }
    if (now.live && now.live->trouble.empty()) {
      const std::string kernel = short_kernel(now.timeline);
      return {Tone::Good, "Private lab" + (kernel.empty() ? "" : "  \xc2\xb7  real kernel " + kernel),
              "Processes, system calls and packets are real. They have a network of their own: nothing of "
              "this machine's is touched."};
    }
    if (now.live) return {Tone::Bad, "The lab ended", now.live->trouble};
    if (!now.refusal.empty())
      return {Tone::Bad, now.on_this_machine ? "Not on this machine" : "No lab on this machine", now.refusal};
    return {};
  }
  if (now.findings == nullptr) return {};
  for (const auto& finding : *now.findings) {
    if (finding.id != "lab") continue;
    if (finding.ability == lab::Ability::No)
      return {Tone::Bad, "No lab on this machine", finding.details + " " + finding.remedy};
    return {Tone::Good, "Lab ready", finding.details};
  }
  return {};
}

void draw_status(Ui& ui, Rect& area, const Snapshot& now, Actions& actions) {
  const LabStatus status = lab_status(now);
  if (status.words.empty()) return;
  const bool recording = now.files != nullptr && now.files->recording;
  if (now.screen != Screen::Home && now.screen != Screen::Game && !recording) {
    const Rect menu = area.cut_right(place_menu_width(ui, status.words), 16);
    return draw_place_menu(ui, menu, status.words, status.tone, status.details, now, actions);
  }
  const float wide = ui.paint().width(Type::Small, status.words) + 18;
  const Rect place = area.cut_right(wide, 16);
  const Hit hit = ui.hit(place.inset(0, 8), {.id = "top/lab", .label = status.words, .focusable = false});
  ui.paint().disc({place.x0 + 4, place.mid_y()}, 4, ui.tone(status.tone));
  ui.paint().text(Type::Small, {place.x0 + 16, place.mid_y()},
                  hit.hovered ? ui.palette().text : ui.palette().muted, status.words);
  ui.tooltip(status.details);
}

void draw_breadcrumb(Ui& ui, Rect area, const Snapshot& now) {
  const Palette& p = ui.palette();
  if (now.screen == Screen::File && now.files != nullptr) {
    ui.paint().line({area.x0, area.mid_y() - 9}, {area.x0, area.mid_y() + 9}, p.strong_border);
    const std::string title = now.experiment == nullptr ? "" : now.experiment->title();
    const std::string& path = now.files->path;
    const std::string name = path.substr(path.rfind('/') + 1) + (title.empty() ? "" : "  \xc2\xb7  " + title);
    ui.paint().text_fit(Type::SmallBold, {area.x0 + 16, area.mid_y()}, p.text, name, area.width() - 16);
    ui.note("top/where", name, area);
    return;
  }
  if (now.screen != Screen::Lesson || now.lesson == nullptr) return;
  ui.paint().line({area.x0, area.mid_y() - 9}, {area.x0, area.mid_y() + 9}, p.strong_border);
  float x = area.x0 + 16;
  const float y = area.mid_y();
  const std::string where =
      "Lesson " + std::to_string(now.lesson->number) + "  \xc2\xb7  " + now.lesson->title;
  const std::string part = "Part " + std::to_string(now.lesson->part);
  if (ui.paint().width(Type::Small, part) + ui.paint().width(Type::SmallBold, where) + 60 < area.width()) {
    x += ui.paint().text(Type::Small, {x, y}, p.muted, part);
    ui.paint().icon({x + 12, y}, 16, p.faint, icon::ChevronRight);
    x += 24;
  }
  ui.paint().text_fit(Type::SmallBold, {x, y}, p.text, where, area.x1 - x);
  ui.note("top/where", where, {x, area.y0, area.x1, area.y1});
}

}  // namespace

void draw_top_bar(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  const Palette& p = ui.palette();
  ui.paint().fill(area, p.panel);
  ui.paint().line({area.x0, area.y1}, {area.x1, area.y1}, p.border);
  area.x0 += 8;
  area.x1 -= 12;
  const Rect mark = area.cut_left(ui.paint().width(Type::H3, "Loopscope") + 56, 8).inset(0, 6);
  const Hit home = ui.hit(mark, {.id = "top/home", .label = "Loopscope: all lessons", .kind = Kind::Button});
  if (home.hovered) ui.paint().fill(mark, p.raised, radius::button);
  draw_logo(ui, {mark.x0 + 22, mark.mid_y()}, 24, p.accent);
  ui.paint().text(Type::H3, {mark.x0 + 44, mark.mid_y()}, p.text, "Loopscope");
  if (home.focused) ui.focus_ring(mark.inset(2), radius::button);
  ui.tooltip(now.screen == Screen::Home ? "" : "All lessons (Esc)");
  if (home.pressed) actions.push_back(action::GoHome{});

  const Settings& settings = *now.settings;
  const auto icon_button = [&](std::string_view id, const char* sign, std::string_view tip, bool on = false) {
    const Rect place = area.cut_right(36, 4).inset(0, 6);
    return button(ui, place,
                  {.id = id, .label = {}, .icon = sign, .look = Look::Ghost, .on = on, .tip = tip});
  };
  // Cut from the right, drawn in this order for the keyboard: settings are last to read, first to cut.
  if (icon_button("top/settings", icon::Settings, "Settings and keys (F1)"))
    actions.push_back(action::OpenSettings{});
  if (icon_button("top/theme", settings.dark ? icon::LightMode : icon::DarkMode,
                  settings.dark ? "Light theme" : "Dark theme"))
    actions.push_back(action::SetTheme{!settings.dark});
  if (icon_button("top/projector", icon::Cast,
                  settings.projector ? "Back to the usual size (P)" : "Large, for a projector (P)",
                  settings.projector))
    actions.push_back(action::SetProjector{!settings.projector});
  if (icon_button("top/open", icon::OpenInNew, "Open an experiment or a trace (Ctrl+O)"))
    actions.push_back(action::AskForFile{});
  area.x1 -= 12;
  draw_status(ui, area, now, actions);
  draw_breadcrumb(ui, area, now);
}

}  // namespace loopscope::app
