#include <algorithm>
#include <cmath>
#include <memory>

#include "app/notation/mask.hpp"
#include "app/notation/times.hpp"
#include "app/views/lesson_parts.hpp"
#include "app/views/sequence_draw.hpp"
#include "app/views/stage.hpp"

namespace loopscope::app {
namespace sequence {
namespace {

/// The model of the timeline as it is now; made anew only when something was added.
struct Kept {
  const trace::Timeline* timeline = nullptr;
  std::uint64_t revision = 0;
  std::size_t events = 0;
  std::shared_ptr<const Model> model;
};

std::shared_ptr<const Model> model_for(Ui& ui, const Snapshot& now) {
  Kept& kept = ui.state<Kept>("sequence/model");
  const bool same = kept.model && kept.timeline == now.timeline &&
                    kept.revision == now.timeline->revision() && kept.events == now.timeline->events().size();
  if (!same) {
    kept = {now.timeline, now.timeline->revision(), now.timeline->events().size(),
            std::make_shared<const Model>(model_of(*now.timeline, now.experiment))};
  }
  return kept.model;
}

/// What the processes of all machines do, and what is held anywhere.
stage::Model everybody_at(const Snapshot& now) {
  const auto world = stage_world_of(now);
  if (!world) return stage_model_of(now);
  stage::Model all = stage::told_of(*world);
  for (const stage::Machine& machine : world->machines)
    all.processes.insert(all.processes.end(), machine.model.processes.begin(), machine.model.processes.end());
  return all;
}

void draw_title(Ui& ui, const Rect& head, const Model& model, const LaneRows& rows) {
  const Painter& paint = ui.paint();
  const Palette& p = ui.palette();
  const float y = head.mid_y();
  float x = head.x0 + paint.text(Type::SmallBold, {head.x0, y}, p.text, "Sequence") + 12;
  if (head.width() > 460) x += paint.text(Type::Small, {x, y}, p.faint, "microseconds as they were") + 16;
  std::string more;
  if (rows.hidden > 0)
    more =
        "+" + std::to_string(rows.hidden) + (rows.hidden == 1 ? " lane" : " lanes") + " (wheel on the names)";
  if (model.hidden_sockets > 0)
    more += (more.empty() ? "+" : ", +") + std::to_string(model.hidden_sockets) + " sockets without a lane";
  if (more.empty()) return;
  const float room = std::max(0.0F, head.x1 - 310 - x);
  if (rows.hidden > 0 && paint.width(Type::CaptionBold, more) > room)
    more = "+" + std::to_string(rows.hidden) + (rows.hidden == 1 ? " lane" : " lanes") +
           more.substr(more.find(')') + 1);
  paint.text_fit(Type::CaptionBold, {x, y}, ui.tone(Tone::Waiting), more, room);
  ui.note("sequence/more", more, {x, y - 9, x + paint.width(Type::CaptionBold, more), y + 9});
}

/// At the right end: legend and zoom.
void draw_tools(Ui& ui, const Rect& head, const Frame& frame, View& view, const Rect& lanes) {
  const Painter& paint = ui.paint();
  const Palette& p = ui.palette();
  Rect rest = head;
  const auto zoom = [&](float factor) { Frame::zoom_at(view, frame, lanes.mid_x(), factor); };
  const Rect in = rest.cut_right(28, 2);
  const Rect out = rest.cut_right(28, 2);
  const Rect fit = rest.cut_right(28, 14);
  if (button(ui, in,
             {.id = "sequence/zoom-in",
              .label = {},
              .icon = icon::ZoomIn,
              .look = Look::Ghost,
              .tip = "Closer (+)"}))
    zoom(1.5F);
  if (button(ui, out,
             {.id = "sequence/zoom-out",
              .label = {},
              .icon = icon::ZoomOut,
              .look = Look::Ghost,
              .tip = "Further away (\xe2\x88\x92)"}))
    zoom(1 / 1.5F);
  if (button(ui, fit,
             {.id = "sequence/follow",
              .label = {},
              .icon = icon::FitScreen,
              .look = Look::Ghost,
              .tip = "Follow the playhead again (0)"}))
    view = {};
  if (rest.width() < 420) return;
  const float y = head.mid_y();
  float x = rest.x1 - paint.text(Type::Caption, {rest.x1, y}, p.muted, "blocked", AlignX::Right) - 8;
  const Rect sample{x - 20, y - 6, x, y + 6};
  paint.hatch(sample, faded(ui.tone(Tone::Waiting), 0.6F), 6, 1.6F);
  paint.stroke(sample, faded(ui.tone(Tone::Waiting), 0.8F), 4);
  x = sample.x0 - 18;
  x -= paint.text(Type::Caption, {x, y}, p.muted, "system call", AlignX::Right) + 9;
  draw_diamond(paint, {x, y}, ui.tone(Tone::Call));
}

void react(Ui& ui, const Rect& field, const Rect& names, const Frame& frame, View& view, const Snapshot& now,
           Actions& actions) {
  const Hit hit = ui.hit(
      field, {.id = "sequence/field", .label = "sequence of events", .kind = Kind::Slider, .below = true});
  if (hit.held || hit.pressed) {
    const Nanoseconds moment = frame.moment_at(ui.mouse().x);
    if (hit.held && moment != now.moment) actions.push_back(action::JumpTo{moment});
  }
  const float wheel = ui.wheel_in(field);
  if (wheel != 0) Frame::zoom_at(view, frame, ui.mouse().x, std::pow(1.25F, wheel));
  view.lane_offset -= ui.wheel_in(names) * 24;
  if (ui.key_for(hit, Key::Plus) || ui.key_for(hit, Key::Equal))
    Frame::zoom_at(view, frame, field.mid_x(), 1.5F);
  if (ui.key_for(hit, Key::Minus)) Frame::zoom_at(view, frame, field.mid_x(), 1 / 1.5F);
  if (ui.key_for(hit, Key::Zero)) view = {};
  if (ui.key_for(hit, Key::Up)) view.lane_offset -= 24;
  if (ui.key_for(hit, Key::Down)) view.lane_offset += 24;
  if (hit.focused) ui.focus_ring(field.inset(1), 6);
}

/// The bar below that pans.
void draw_pan(Ui& ui, const Rect& area, const Frame& frame, View& view) {
  if (frame.all_visible()) return;
  const Palette& p = ui.palette();
  const double span = frame.shown_at(area.x1) - frame.shown_at(area.x0);
  const auto at = [&](double shown) {
    return area.x0 + area.width() * static_cast<float>(shown / frame.shown_end());
  };
  const Rect thumb{at(view.left), area.y0, std::max(at(view.left) + 18, at(view.left + span)), area.y1};
  const Hit hit =
      ui.hit(area.inset(0, -3), {.id = "sequence/pan", .label = "move along the axis", .kind = Kind::Scroll});
  if (hit.held) {
    const float share = std::clamp((ui.mouse().x - area.x0) / area.width(), 0.0F, 1.0F);
    view.left = static_cast<double>(share) * frame.shown_end() - span / 2;
    view.follows = false;
  }
  if (ui.key_for(hit, Key::Left)) view.left -= span / 4, view.follows = false;
  if (ui.key_for(hit, Key::Right)) view.left += span / 4, view.follows = false;
  ui.paint().fill(area, p.grid, area.height() / 2);
  ui.paint().fill(thumb, hit.hovered || hit.held ? p.muted : p.strong_border, area.height() / 2);
  if (hit.focused) ui.focus_ring(area, 3);
}

}  // namespace

void draw(Ui& ui, const Rect& area, const Snapshot& now, Actions& actions) {
  const std::shared_ptr<const Model> model = model_for(ui, now);
  View& view = ui.state<View>("sequence/view");
  const Rect head{area.x0 + 20, area.y0 + 6, area.x1 - 12, area.y0 + 38};
  const Rect body{area.x0 + 10, area.y0 + 60, area.x1 - 10, area.y1 - 13};
  const Rect names{body.x0, body.y0, body.x0 + 142, body.y1};
  const Rect field{names.x1, area.y0 + 38, body.x1 - 8, body.y1};
  const Rect lanes{field.x0, body.y0, field.x1, body.y1};
  const Frame frame(*model, now.moment, model->end, lanes, view);
  const LaneRows rows = rows_of(model->lanes.size(), body, view);
  notation::Mask mask;
  if (now.live && now.live->phase == lab::Phase::Asking && now.experiment != nullptr &&
      now.live->next_statement < now.experiment->statements.size()) {
    mask = notation::mask_for(now.experiment->statements[now.live->next_statement]);
  }
  const stage::Model at_moment = everybody_at(now);
  const Drawing drawing{ui, *model, at_moment, frame, rows, now, mask, body, lanes, actions};
  react(ui, field, names, frame, view, now, actions);
  draw_title(ui, head, *model, rows);
  draw_rows(drawing);
  if (model->lanes.empty()) {
    ui.paint().text(Type::Small, area.centre(), ui.palette().faint,
                    "Nothing has happened yet: the first call will stand here", AlignX::Middle);
    return;
  }
  draw_ruler(drawing);
  draw_marks(drawing);
  draw_playhead(drawing);
  draw_tools(ui, head, frame, view, lanes);
  draw_pan(ui, {lanes.x0, area.y1 - 9, lanes.x1, area.y1 - 5}, frame, view);
}

}  // namespace sequence

void draw_sequence(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  draw_panel(ui, area);
  if (now.timeline == nullptr || now.timeline->empty()) {
    ui.paint().text(Type::Small, area.centre(), ui.palette().faint,
                    "What happens is written down here, call by call and packet by packet", AlignX::Middle);
    return;
  }
  sequence::draw(ui, area, now, actions);
}

}  // namespace loopscope::app
