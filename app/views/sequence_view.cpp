#include "app/views/sequence_view.hpp"

#include <algorithm>
#include <cmath>

namespace loopscope::app::sequence {
namespace {

constexpr double readable = 96;      // points a call needs for its name
constexpr double tail_points = 120;  // behind a break at the end
constexpr Nanoseconds idle = Milliseconds(2);
constexpr float least_lane = 18, most_lane = 42;

}  // namespace

Frame::Frame(const Model& model, Nanoseconds moment, Nanoseconds end, const Rect& lanes, View& view)
    : model_(model), lanes_(lanes), end_(end), moment_(moment) {
  const double recorded = std::max(1.0, static_cast<double>(model.axis.shown_end().count()));
  const double width = static_cast<double>(lanes.width());
  const double late = static_cast<double>((moment - end).count());
  const bool breaks = moment - end > idle;
  const double usable = width * 0.86 - (breaks ? tail_points : 0);
  const double fit = std::max(1.0, usable) / recorded;
  const double comfortable = readable * static_cast<double>(std::max<std::size_t>(1, model.calls)) / recorded;
  scale_ = std::max(fit, comfortable) * static_cast<double>(view.zoom);
  tail_width_ = breaks ? tail_points / scale_ : std::max(0.0, late);
  total_ = recorded + tail_width_ + 0.14 * width / scale_;
  const double span = width / scale_;
  if (view.last_moment != moment) {
    view.last_moment = moment;
    const double at = shown(moment);
    const bool out = at < view.left + span * 0.05 || at > view.left + span * 0.90;
    if (view.follows || out) view.left = at - span * 0.82;
  }
  view.left = std::clamp(view.left, 0.0, std::max(0.0, total_ - span));
  left_ = view.left;
  if (breaks) tail_ = x_of_shown(recorded + tail_width_ * 0.16);
}

double Frame::shown(Nanoseconds moment) const {
  const double at = static_cast<double>(model_.axis.to_shown(std::min(moment, end_)).count());
  if (moment <= end_) return at;
  const double late = static_cast<double>((moment - end_).count());
  const double whole = std::max(1.0, static_cast<double>((moment_ - end_).count()));
  return at + tail_width_ * std::min(1.0, late / whole);
}

float Frame::x(Nanoseconds moment) const { return x_of_shown(shown(moment)); }

Nanoseconds Frame::moment_at(float x) const {
  const double at = std::max(0.0, shown_at(x));
  return model_.axis.to_moment(Nanoseconds(static_cast<std::int64_t>(at)));
}

void Frame::zoom_at(View& view, const Frame& frame, float x, float factor) {
  const double anchor = frame.shown_at(x);
  const float zoom = std::clamp(view.zoom * factor, 0.02F, 60.0F);
  const double scale = frame.scale_ * static_cast<double>(zoom / view.zoom);
  view.zoom = zoom;
  view.left = anchor - static_cast<double>(x - frame.lanes_.x0) / scale;
  view.follows = false;
}

LaneRows rows_of(std::size_t lanes, const Rect& area, View& view) {
  LaneRows rows;
  const auto count = static_cast<float>(std::max<std::size_t>(1, lanes));
  rows.height = std::clamp(std::floor(area.height() / count), least_lane, most_lane);
  const float over = std::max(0.0F, rows.height * count - area.height());
  view.lane_offset = std::clamp(view.lane_offset, 0.0F, over);
  rows.top = area.y0 - view.lane_offset;
  if (over > 1) rows.hidden = static_cast<std::size_t>(std::ceil(over / rows.height));
  return rows;
}

}  // namespace loopscope::app::sequence
