#include <algorithm>

#include "app/views/stage_draw.hpp"

namespace loopscope::app::stage {
namespace {

constexpr float foot_height = 33;

Mood mood_of_doing(Doing doing) {
  switch (doing) {
    case Doing::Blocked:
      return Mood::Waiting;
    case Doing::Returned:
      return Mood::Good;
    case Doing::Failed:
      return Mood::Bad;
    default:
      return Mood::Neutral;
  }
}

const char* icon_of(Doing doing) {
  switch (doing) {
    case Doing::Blocked:
      return icon::Hourglass;
    case Doing::Returned:
      return icon::Check;
    case Doing::Failed:
      return icon::Cancel;
    case Doing::Ended:
      return icon::Power;
    case Doing::Running:
      return icon::Play;
    case Doing::NotStarted:
      return icon::Timer;
    default:
      return icon::Pause;
  }
}

std::string tip_of(const ProcessView& process) {
  std::string tip = process.name;
  if (process.pid != 0) tip += ", pid " + std::to_string(process.pid);
  tip +=
      process.root ? "\nroot, with all capabilities in its lab" : "\nan ordinary user without capabilities";
  tip += "\n" + process.words;
  if (process.since) tip += " for " + notation::short_time(*process.since);
  return tip;
}

void draw_ghost(const Scene& s, const Rect& area, const ProcessView& process) {
  const Palette& p = s.palette();
  s.paint().dashed_rect(area, p.strong_border);
  s.paint().text_fit(Type::SmallBold, {area.mid_x(), area.mid_y() - 9}, p.muted, process.name,
                     area.width() - 20, AlignX::Middle);
  s.paint().text(Type::Caption, {area.mid_x(), area.mid_y() + 10}, p.faint, process.words, AlignX::Middle);
}

const char* icon_of(const ProcessView& process) {
  return process.contends ? icon::PanTool : process.serves ? icon::Server : icon::Terminal;
}

void draw_head(const Scene& s, const Rect& area, const ProcessView& process) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const bool narrow = area.width() < 190;
  const float y = std::min(area.y0 + 24, (area.y0 + area.y1 - foot_height) / 2);
  float x = area.x0 + 14;
  if (!narrow) {
    const Rect sign{area.x0 + 12, y - 14, area.x0 + 40, y + 14};
    paint.fill(sign, p.ground_of(Tone::Call), radius::button);
    paint.icon(sign.centre(), 17, s.ui.tone(Tone::Call), icon_of(process));
    x = sign.x1 + 10;
  }
  const std::string pid = process.pid == 0 ? ""
                          : narrow         ? std::to_string(process.pid)
                                           : "pid " + std::to_string(process.pid);
  const float pid_width =
      pid.empty() ? 0 : paint.text(Type::SmallMono, {area.x1 - 14, y}, p.muted, pid, AlignX::Right) + 8;
  paint.text_fit(Type::BodyBold, {x, y}, p.text, process.name, area.x1 - 14 - pid_width - x);
}

/// A narrow card says it in fewer words.
std::string foot_words(const ProcessView& process, bool narrow) {
  if (!narrow) return process.words.starts_with("in ") ? "blocked " + process.words : process.words;
  const std::size_t equals = process.words.find("() = ");
  if (process.doing == Doing::Failed && equals != std::string::npos) return process.words.substr(equals + 5);
  constexpr std::string_view stopped = "stopped ";
  if (process.doing == Doing::Stopped && process.words.starts_with(stopped))
    return process.words.substr(stopped.size());
  return process.words;
}

void draw_foot(const Scene& s, const Rect& area, const ProcessView& process) {
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const Mood mood = mood_of_doing(process.doing);
  const Colour ink = mood == Mood::Neutral ? p.text : s.tone(mood);
  const Rect foot{area.x0 + 1, area.y1 - foot_height, area.x1 - 1, area.y1 - 1};
  paint.fill(foot, mood == Mood::Neutral ? p.raised : p.ground_of(tone_of(mood)), radius::panel - 1,
             Corners::Bottom);
  if (process.doing == Doing::Blocked) {
    const Painter::Clip clip(paint, foot);
    paint.hatch({foot.x0, foot.y0, foot.x1, foot.y1}, faded(s.tone(mood), p.dark ? 0.15F : 0.14F));
  }
  const float y = foot.mid_y();
  const bool narrow = area.width() < 190;
  float x = area.x0 + 14;
  if (!narrow) {
    paint.icon({area.x0 + 25, y}, 16, mood == Mood::Neutral ? p.muted : ink, icon_of(process.doing));
    x = area.x0 + 42;
  }
  float right = area.x1 - 14;
  if (process.since) {
    right -=
        paint.text(Type::SmallMono, {right, y}, ink, notation::short_time(*process.since), AlignX::Right) + 8;
  } else {
    draw_provenance(s.ui, {right - 3, y}, provenance_of(process.known));
    right -= 14;
  }
  std::string words = foot_words(process, narrow);
  constexpr std::string_view done = "no call left to make";
  if (words == done && paint.width(Type::SmallBold, words) > right - x) words = "no call left";
  paint.text_fit(Type::SmallBold, {x, y}, ink, words, right - x);
}

void draw_process(const Scene& s, const Rect& area, const ProcessView& process) {
  if (process.doing == Doing::NotStarted) return draw_ghost(s, area, process);
  const Painter& paint = s.paint();
  const Palette& p = s.palette();
  const Painter::Dim dim(paint, process.dimmed ? 0.5F : 0.0F, s.user());
  const Mood mood = mood_of_doing(process.doing);
  const Colour border = mood == Mood::Neutral ? p.strong_border : mix(p.border, s.tone(mood), 0.75F);
  paint.fill(area, p.card, radius::panel);
  draw_head(s, area, process);
  draw_foot(s, area, process);
  paint.stroke(area, border, radius::panel, process.lit ? 2.0F : 1.2F);
}

/// The address at which nobody was found, where there is one such door.
std::string called_at(const Model& model, std::size_t column) {
  std::string found;
  for (const Door& door : model.doors) {
    if (door.column != column || !door.nobody || !door.called || door.masked) continue;
    if (!found.empty()) return {};
    found = to_string(*door.called);
  }
  return found;
}

void draw_nobody(const Scene& s, const ColumnPlace& place) {
  const Palette& p = s.palette();
  const Painter& paint = s.paint();
  const Rect& area = place.sockets_area;
  paint.dashed_rect(area, faded(s.tone(Mood::Bad), 0.8F));
  const bool low = area.height() < 80;  // the sign stands beside the word, not above it
  const float word_y = area.y0 + (low ? area.height() * 0.32F : 46.0F);
  const float word_x = area.mid_x() + (low ? 12.0F : 0.0F);
  const float beside = paint.width(Type::SmallBold, "nobody") / 2 + 14;
  paint.icon({low ? word_x - beside : word_x, low ? word_y : area.y0 + 24}, 20, s.tone(Mood::Bad),
             icon::Block);
  paint.text_fit(Type::SmallBold, {word_x, word_y}, p.text, "nobody", area.width() - 16, AlignX::Middle);
  const std::string called = called_at(s.model, place.column);
  const std::string words = called.empty() ? "no socket holds this port" : "no socket at " + called;
  const bool fits = paint.width(Type::Caption, words) <= area.width() - 12;
  paint.text_fit(Type::Caption, {area.mid_x(), low ? area.y0 + area.height() * 0.7F : area.y0 + 65}, p.muted,
                 fits ? words : "at " + called, area.width() - 8, AlignX::Middle);
}

bool nobody_at(const Model& model, std::size_t column) {
  return model.columns[column].sockets.empty() &&
         std::any_of(model.doors.begin(), model.doors.end(),
                     [&](const Door& door) { return door.column == column && door.nobody; });
}

}  // namespace

void draw_columns(const Scene& s) {
  for (const ColumnPlace& place : s.at.columns) {
    const Column& column = s.model.columns[place.column];
    if (nobody_at(s.model, place.column)) draw_nobody(s, place);
    for (const SocketPlace& socket : place.sockets) {
      draw_socket_card(s, socket);
    }
    if (place.more_sockets > 0) {
      const std::string more = "+" + std::to_string(place.more_sockets) +
                               (place.more_sockets == 1 ? " more socket" : " more sockets");
      s.paint().text(Type::CaptionBold, place.more.centre(), s.tone(Mood::Waiting), more, AlignX::Middle);
    }
    if (!column.process) continue;
    const ProcessView& process = s.model.processes[*column.process];
    draw_process(s, place.process, process);
    const Hit hit = s.ui.hit(
        place.process, {.id = "stage/process/" + process.name, .label = process.words, .kind = Kind::Mark});
    std::string& menu = menu_of(s);
    const bool breakable = can_break(s, process);
    if (hit.hovered && breakable) s.paint().stroke(place.process, s.palette().accent, radius::panel, 2);
    if ((hit.hovered || hit.focused) && menu.empty())
      s.ui.tooltip(tip_of(process) + (breakable ? "\nPress: what you can do to it" : ""));
    if (hit.pressed && breakable) menu = menu == process.name ? std::string() : process.name;
    if (hit.focused) s.ui.focus_ring(place.process, radius::panel);
  }
}

}  // namespace loopscope::app::stage
