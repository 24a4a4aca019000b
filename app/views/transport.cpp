#include <array>
#include <cmath>

#include "app/views/lesson_parts.hpp"
#include "app/views/speed.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/menu.hpp"

namespace loopscope::app {
namespace {

constexpr std::array<std::string_view, 3> step_names{"chapter", "call", "packet"};

/// '20,000×' where there is little room.
std::string brief_speed(float slower) {
  const std::string words = speed_words(slower);
  return words.substr(0, words.find(' '));
}

/// 'call 6 of 14': calls and chapters are counted in the experiment, packets as they pass.
std::string position_words(const Snapshot& now, lab::StepBy by) {
  if (now.timeline == nullptr) return {};
  std::size_t packets = 0, all_packets = 0;
  std::optional<std::size_t> last;
  for (const trace::Event& event : now.timeline->events()) {
    const bool past = event.at <= now.moment;
    if (std::holds_alternative<trace::PacketSeen>(event.fact)) {
      ++all_packets;
      packets += past ? 1 : 0;
    }
    const auto* step = std::get_if<trace::StepStarted>(&event.fact);
    if (past && step != nullptr && step->statement) last = *step->statement;
  }
  if (by == lab::StepBy::Packet && all_packets > 0) {
    return "packet " + std::to_string(packets) + (now.at_end ? "" : " of " + std::to_string(all_packets));
  }
  if (now.experiment == nullptr) return {};
  const bool chapters = by == lab::StepBy::Chapter;
  std::size_t here = 0, all = 0;
  for (std::size_t i = 0; i < now.experiment->statements.size(); ++i) {
    const experiment::Body& body = now.experiment->statements[i].body;
    if (!(chapters ? std::holds_alternative<experiment::Chapter>(body)
                   : std::holds_alternative<experiment::CallStep>(body)))
      continue;
    ++all;
    if (last && i <= *last) ++here;
  }
  if (all == 0) return {};
  return std::string(chapters ? "chapter " : "call ") + std::to_string(here) + " of " + std::to_string(all);
}

class Transport {
 public:
  Transport(Ui& ui, const Snapshot& now, Actions& actions) : ui_(ui), now_(now), actions_(actions) {
    by_ = now.live ? now.live->step_by : lab::StepBy::Call;
    asking_ = now.live && now.live->phase == lab::Phase::Asking && now.at_end;
    ended_ = now.live && (now.live->phase == lab::Phase::Finished || now.live->phase == lab::Phase::Ended) &&
             now.at_end;
    nothing_ = now.timeline == nullptr;
  }

  void draw_wide(Rect row) {
    row = row.inset(16, (row.height() - 32) / 2);
    again(row.cut_left(36, 4));
    back(row.cut_left(40, 6));
    play(row.cut_left(86, 6));
    step(row.cut_left(86, 22));
    const std::string position = position_words(now_, by_);
    const float position_width = ui_.paint().width(Type::SmallBold, position);
    ui_.paint().text(Type::SmallBold, {row.x1 - 4, row.mid_y()}, ui_.palette().text, position, AlignX::Right);
    ui_.note("transport/position", position, {row.x1 - 4 - position_width, row.y0, row.x1, row.y1});
    row.x1 -= position_width + 16;
    const Segments segments = make_segments();
    const float segments_width = segmented_width(ui_, segments.all);
    const float words = ui_.paint().width(Type::Small, "Step by") + 10;
    if (row.width() > words + segments_width + 200) {
      ui_.paint().text(Type::Small, {row.x0, row.mid_y()}, ui_.palette().muted, "Step by");
      row.x0 += words;
    }
    step_by(row.cut_left(segments_width, 18), segments);
    if (row.width() < 110)
      compact_speed({row.x0, row.y0, row.x1 - 4, row.y1});
    else
      speed(row);
  }

  void draw_narrow(Rect row) {
    row = row.inset(14, (row.height() - 32) / 2);
    step(row.cut_right(76, 6));
    play(row.cut_right(76, 6));
    back(row.cut_right(38, 4));
    again(row.cut_right(34, 8));
    if (row.width() >= 104) menu(row.cut_right(std::min(110.0F, row.width()), 10));
    compact_speed(row);
  }

 private:
  /// In words at the right end of what room there is; a press takes the next one.
  void compact_speed(const Rect& row) {
    std::string words = speed_words(now_.settings->slower);
    const bool one_line = ui_.paint().width(Type::Small, words) <= row.width();
    const std::string first = brief_speed(now_.settings->slower);
    const std::string second = words.substr(std::min(words.size(), first.size() + 1));
    const float wide = one_line ? ui_.paint().width(Type::Small, words)
                                : std::max(ui_.paint().width(Type::CaptionBold, first),
                                           ui_.paint().width(Type::Caption, second));
    if (row.width() < wide) return;
    const Colour ink = ui_.palette().muted;
    if (one_line) {
      ui_.paint().text(Type::Small, {row.x1, row.mid_y()}, ink, words, AlignX::Right);
    } else {
      ui_.paint().text(Type::CaptionBold, {row.x1, row.mid_y() - 7}, ink, first, AlignX::Right);
      ui_.paint().text(Type::Caption, {row.x1, row.mid_y() + 8}, ink, second, AlignX::Right);
    }
    const float sign = row.width() >= wide + 24 ? 24.0F : 0.0F;
    if (sign > 0) ui_.paint().icon({row.x1 - wide - 14, row.mid_y()}, 18, ui_.palette().muted, icon::Speed);
    const Rect area{row.x1 - wide - sign - 2, row.y0, row.x1 + 4, row.y1};
    const Hit hit = ui_.hit(area, {.id = "transport/speed", .label = words, .kind = Kind::Button});
    ui_.tooltip("How much slower the replay is than it was: press for the next");
    if (hit.focused) ui_.focus_ring(area, radius::button);
    if (hit.pressed) {
      const float next = speed_to_slider(now_.settings->slower) + 0.25F;
      actions_.push_back(action::SetSpeed{slider_to_speed(next > 1.01F ? 0.0F : std::min(1.0F, next))});
    }
  }

  struct Segments {
    std::array<Segment, 3> all;
  };

  void again(const Rect& area) {
    if (button(ui_, area,
               {.id = "transport/again",
                .label = {},
                .icon = icon::Replay,
                .look = Look::Ghost,
                .enabled = !nothing_,
                .tip = "Start over: a fresh world (R)"})) {
      actions_.push_back(action::StartOver{});
    }
  }
  void back(const Rect& area) {
    const bool can = !nothing_ && !now_.timeline->empty() && now_.moment > now_.timeline->events().front().at;
    if (button(ui_, area,
               {.id = "transport/back",
                .label = {},
                .icon = icon::Previous,
                .enabled = can,
                .tip = "One event back in what has happened (\xe2\x86\x90)"})) {
      actions_.push_back(action::StepBack{});
    }
  }
  void play(const Rect& area) {
    const bool can = !nothing_ && (now_.playing || (!asking_ && !ended_));
    if (button(ui_, area,
               {.id = "transport/play",
                .label = now_.playing ? "Pause" : "Play",
                .icon = now_.playing ? icon::Pause : icon::Play,
                .enabled = can,
                .tip = "Play on by itself, or pause (Space)"})) {
      actions_.push_back(action::PlayPause{});
    }
  }
  void step(const Rect& area) {
    const std::string_view tip = asking_  ? "Predict first: the lab waits for your answer"
                                 : ended_ ? "Nothing more to do here: start over (R)"
                                          : "Go on by one (\xe2\x86\x92 or Page Down)";
    if (button(ui_, area,
               {.id = "transport/step",
                .label = "Step",
                .icon = icon::Next,
                .look = Look::Primary,
                .enabled = !nothing_ && !asking_ && !ended_,
                .tip = tip})) {
      actions_.push_back(action::StepForward{});
    }
  }

  Segments make_segments() {
    Segments segments;
    const bool holds = now_.live && now_.live->can_hold_packets;
    packet_tip_ = holds || !now_.live ? "To the next packet, which is held in flight"
                                      : "Not here: " + now_.live->why_no_hold;
    segments.all = {Segment{step_names[0], true, "To the end of the chapter"},
                    Segment{step_names[1], true, "To the next call"},
                    Segment{step_names[2], holds, packet_tip_}};
    return segments;
  }

  void step_by(const Rect& area, const Segments& segments) {
    const auto chosen = segmented(ui_, area, "transport/by", segments.all, static_cast<int>(by_));
    if (chosen) actions_.push_back(action::SetStepBy{static_cast<lab::StepBy>(*chosen)});
  }

  void speed(Rect row) {
    const Palette& p = ui_.palette();
    ui_.paint().icon({row.x0 + 9, row.mid_y()}, 18, p.muted, icon::Speed);
    row.x0 += 24;
    float value = speed_to_slider(now_.settings->slower);
    const Rect groove = row.cut_left(std::clamp(row.width() - 120, 72.0F, 110.0F), 10);
    std::string words = speed_words(now_.settings->slower);
    if (ui_.paint().width(Type::Small, words) > row.width()) words = brief_speed(now_.settings->slower);
    if (slider(ui_, groove, "transport/speed", words, value, 1.0F / 18))
      actions_.push_back(action::SetSpeed{slider_to_speed(value)});
    ui_.tooltip("How much slower the replay is than it was");
    if (ui_.paint().width(Type::Small, words) <= row.width()) {
      ui_.paint().text(Type::Small, {row.x0, row.mid_y()}, p.muted, words);
    }
  }

  /// 'by packet' with the three to choose from below it.
  void menu(const Rect& area) {
    bool& open = ui_.state<bool>("transport/menu/open");
    const std::string label = "by " + std::string(step_names[static_cast<std::size_t>(by_)]);
    if (button(ui_, area,
               {.id = "transport/menu",
                .label = label,
                .icon = icon::ExpandMore,
                .icon_after = true,
                .tip = "What a step is"})) {
      open = !open;
    }
    if (!open) return;
    const Segments segments = make_segments();
    std::vector<MenuEntry> entries;
    for (const Segment& one : segments.all) {
      entries.push_back({.id = "transport/menu/" + std::string(one.label),
                         .label = "by " + std::string(one.label),
                         .on = static_cast<int>(entries.size()) == static_cast<int>(by_),
                         .enabled = one.enabled,
                         .tip = std::string(one.tip)});
    }
    const Point size = app::menu_size(ui_, entries);
    const Rect sheet = Rect::at(area.mid_x() - size.x / 2, area.y1 + 6, size.x, size.y);
    const auto chosen = app::menu(ui_, "transport/menu/sheet", sheet, entries, open);
    if (chosen && !entries[*chosen].on)
      actions_.push_back(action::SetStepBy{static_cast<lab::StepBy>(*chosen)});
  }

  Ui& ui_;
  const Snapshot& now_;
  Actions& actions_;
  lab::StepBy by_ = lab::StepBy::Call;
  bool asking_ = false, ended_ = false, nothing_ = false;
  std::string packet_tip_;
};

}  // namespace

void draw_transport(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  Transport transport(ui, now, actions);
  if (area.width() >= 620)
    transport.draw_wide(area);
  else
    transport.draw_narrow(area);
}

}  // namespace loopscope::app
