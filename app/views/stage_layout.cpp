#include "app/views/stage_layout.hpp"

#include <algorithm>
#include <cmath>

namespace loopscope::app::stage {
namespace {

constexpr float outside = 88;  // room left of the box: the cable
/// Between the box's edge and the outer columns, between the columns, and the least width of one.
struct Measures {
  float side, column_gap, least_column;
};
constexpr Measures alone{24, 16, 132};
constexpr Measures beside_others{14, 10, 116};
constexpr float card_gap = 4;
constexpr float more_height = 18;
constexpr float plate_height = 62;

class Planner {
 public:
  Planner(const Model& model, const Rect& area) : model_(model), measures_(alone) {
    plan_.area = area;
    plan_.compact = area.height() < 500;
    plan_.folded = model.folded && model.verdict.has_value();
  }

  Planner(const Model& model, const Box& box) : model_(model), measures_(beside_others) {
    plan_.area = plan_.box = box.area;
    plan_.boxed = true;
    plan_.eth0_right = box.eth0_right;
    plan_.compact = box.area.height() < 460;
    plan_.folded = box.folded;
  }

  Layout plan() {
    plan_.boxed ? rows_in_box() : rows();
    columns();
    doors();
    plan_.boxed ? network_in_box() : network();
    callout();
    return std::move(plan_);
  }

 private:
  /// The horizontal bands. What height there is above the least goes to the network first, then to sockets
  /// and processes.
  void rows() {
    const Rect& area = plan_.area;
    const float margin = plan_.compact ? (plan_.folded ? 8.0F : 12.0F) : 16.0F;
    const float left = area.width() < 620 ? 56.0F : outside;
    plan_.box = {area.x0 + left, area.y0 + margin, area.x1 - 20, area.y1 - margin};
    const float extra = std::max(0.0F, plan_.box.height() - 432);
    // The verdict, where there is one, needs all the room that a low stage can spare.
    const bool pressed = plan_.compact && plan_.folded;
    const float tight = pressed ? 5.0F : plan_.compact ? 3.0F : 0.0F;
    plan_.title_y = plan_.box.y0 + (pressed ? 17.0F : 21.0F);
    process_top_ = plan_.box.y0 + 42 - 2 * tight;
    const float process_height = 74 + std::min(10.0F, extra * 0.1F) - (pressed ? 6.0F : 0.0F);
    plan_.calls_y = process_top_ + process_height + 17 - tight;
    sockets_top_ = plan_.calls_y + 17 - tight;
    sockets_bottom_ = sockets_top_ + 84 + std::min(40.0F, plan_.folded ? 0 : extra * 0.3F);
    process_bottom_ = process_top_ + process_height;
    const float wall_top = sockets_bottom_ + 22 - tight;
    plan_.wall = {plan_.box.x0 + 1, wall_top, plan_.box.x1 - 1, wall_top + 38 - tight * 0.6F};
    if (!plan_.folded) return;
    const float verdict_space = area.y1 - margin - plan_.wall.y1;
    const float network = verdict_space > 300 ? 56.0F : 8.0F;
    plan_.box.y1 = plan_.wall.y1 + network;
    plan_.verdict = {area.x0 + 16, plan_.box.y1 + (pressed ? 8.0F : 12.0F), area.x1 - 16,
                     area.y1 - (pressed ? 8.0F : 12.0F)};
  }

  /// The same in a box beside others, where the network has two levels: lo, and eth0 below it.
  void rows_in_box() {
    Rect& box = plan_.box;
    const float extra = std::clamp(box.height() - 366, 0.0F, 240.0F);
    plan_.title_y = box.y0 + 18;
    const float tight = std::clamp((366 - box.height()) / 24, 0.0F, 3.0F);
    process_top_ = box.y0 + 34 - tight;
    process_bottom_ = process_top_ + 62 + extra * 0.1F;
    plan_.calls_y = process_bottom_ + 14 - tight + extra * 0.02F;
    sockets_top_ = plan_.calls_y + 14 - tight + extra * 0.02F;
    sockets_bottom_ = sockets_top_ + 74 - 2 * tight + extra * 0.2F;
    const float wall_top = sockets_bottom_ + 17 - tight + extra * 0.02F;
    plan_.wall = {box.x0 + 1, wall_top, box.x1 - 1, wall_top + 33};
    if (plan_.folded) box.y1 = plan_.wall.y1 + 10;
  }

  void network_in_box() {
    legs();
    const Rect& box = plan_.box;
    const float depth = box.y1 - plan_.wall.y1;
    plan_.gate_y = plan_.wall.y1 + (depth < 130 ? 19.0F : 26.0F);
    plan_.cable_y = box.y1 - (depth < 130 ? 20.0F : 26.0F);
    plan_.bed_y = plan_.cable_y - (depth < 130 ? 38.0F : 46.0F) - std::max(0.0F, depth - 150) * 0.3F;
    const bool low = depth < 100;  // many machines on a small screen: lo beside the cable's way, not above it
    if (low) plan_.bed_y = std::max(plan_.wall.y1 + 19, plan_.cable_y - 38);
    const float distance = plan_.right_x - plan_.left_x;
    plan_.loop = model_.way.has_value() || (plan_.doors.size() > 1 && distance > 130);
    plan_.radius = std::clamp(distance * 0.15F, 8.0F, 26.0F);
    const float half = plan_.loop ? std::clamp((distance - 2 * plan_.radius - 30) / 2, 22.0F, 150.0F) : 22.0F;
    const float aside = plan_.eth0_right ? box.x0 + half + 14 : box.x1 - half - 14;
    const float middle = plan_.loop ? (plan_.left_x + plan_.right_x) / 2 : aside;
    plan_.plate = {middle - half, plan_.bed_y - (low ? 15.0F : 17.0F), middle + half,
                   plan_.bed_y + (low ? 15.0F : 17.0F)};
    const float x = plan_.eth0_right ? box.x1 - 62 : box.x0 - 10;
    plan_.eth0 = {x, plan_.cable_y - 14, x + 72, plan_.cable_y + 14};
  }

  /// Which columns are shown where not all fit: what is lit or serves stays.
  std::vector<std::size_t> shown_columns() {
    std::vector<std::size_t> shown(model_.columns.size());
    for (std::size_t i = 0; i < shown.size(); ++i) shown[i] = i;
    const float inner = plan_.box.width() - 2 * measures_.side;
    const auto fit = static_cast<std::size_t>(std::max(
        2.0F, std::floor((inner + measures_.column_gap) / (measures_.least_column + measures_.column_gap))));
    const auto matters = [&](std::size_t i) {
      const Column& column = model_.columns[i];
      if (!column.process) return 3;
      const ProcessView& process = model_.processes[*column.process];
      return process.lit ? 3 : on_the_way(i) ? 2 : process.serves ? 1 : 0;
    };
    while (shown.size() > fit) {
      auto least = shown.end() - 1;
      for (auto it = shown.begin(); it != shown.end(); ++it) {
        if (matters(*it) < matters(*least)) least = it;
      }
      shown.erase(least);
      ++plan_.more_processes;
    }
    return shown;
  }

  bool on_the_way(std::size_t column) const {
    if (!model_.way) return false;
    return model_.doors[model_.way->first].column == column ||
           model_.doors[model_.way->second].column == column;
  }

  void columns() {
    const std::vector<std::size_t> shown = shown_columns();
    const float inner = plan_.box.width() - 2 * measures_.side;
    const std::size_t count = shown.size();
    const auto n = static_cast<float>(std::max<std::size_t>(count, 1));
    const float even = std::min(260.0F, (inner - measures_.column_gap * (n - 1)) / n);
    const float width =
        count <= 2 && !plan_.boxed ? std::clamp(inner * 0.328F, measures_.least_column, 320.0F) : even;
    for (std::size_t i = 0; i < count; ++i) {
      const float step = count > 1 ? (inner - width) / (n - 1) : 0;
      bool right = count == 1 && model_.columns[shown[i]].process &&
                   model_.processes[*model_.columns[shown[i]].process].serves;
      const float x =
          plan_.box.x0 + measures_.side + width / 2 + (right ? inner - width : step * static_cast<float>(i));
      ColumnPlace place;
      place.column = shown[i];
      place.x = std::floor(plan_.boxed && count == 1 ? plan_.box.mid_x() : x);
      place.process = {place.x - width / 2, process_top_, place.x + width / 2, process_bottom_};
      place.sockets_area = {place.process.x0, sockets_top_, place.process.x1, sockets_bottom_};
      stack_sockets(place);
      plan_.columns.push_back(std::move(place));
    }
    column_width_ = width;
    if (count == 2) {
      plan_.gap = {plan_.columns[0].process.x1, process_top_, plan_.columns[1].process.x0, sockets_bottom_};
    } else if (count == 1 && !plan_.boxed) {
      const Rect& only = plan_.columns[0].process;
      const bool right = only.mid_x() > plan_.box.mid_x();
      plan_.gap = right ? Rect{plan_.box.x0 + measures_.side + width, process_top_, only.x0, sockets_bottom_}
                        : Rect{only.x1, process_top_, plan_.box.x1 - measures_.side - width, sockets_bottom_};
    }
  }

  void stack_sockets(ColumnPlace& place) {
    std::vector<std::size_t> order = model_.columns[place.column].sockets;
    const std::size_t count = order.size();
    if (count == 0) return;
    const Rect& area = place.sockets_area;
    if (count == 1) {
      place.sockets.push_back({order[0], area, CardSize::Full});
      return;
    }
    // two cards, and below them the number of the others; a listener and the newest are the ones to see
    if (count > 2) {
      std::stable_sort(order.begin(), order.end(),
                       [&](std::size_t a, std::size_t b) { return weight(a) > weight(b); });
      place.more_sockets = count - 2;
    }
    const float foot = count > 2 ? more_height : 0;
    const float height = std::floor((area.height() - card_gap - foot) / 2);
    Rect cell{area.x0, area.y0, area.x1, area.y0 + height};
    for (std::size_t i = 0; i < 2; ++i) {
      place.sockets.push_back({order[i], cell, CardSize::Half});
      cell = cell.moved(0, height + card_gap);
    }
    if (foot > 0) place.more = {area.x0, area.y1 - foot, area.x1, area.y1};
  }

  int weight(std::size_t i) const {
    const SocketView& socket = model_.sockets[i];
    return (socket.lit ? 4 : 0) + (socket.listens() ? 2 : 0) + (socket.owned ? 1 : 0);
  }

  void doors() {
    const float width = std::clamp(column_width_ * 0.39F, 60.0F, 92.0F);
    const float step = width + 10;
    const float first = plan_.box.x0 + (plan_.boxed ? 18 : 34) + width / 2;
    const float last = plan_.box.x1 - (plan_.boxed ? 18 : 52) - width / 2;
    const auto fit = static_cast<std::size_t>(std::max(2.0F, std::floor((last - first) / step) + 1));
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < model_.doors.size(); ++i) {
      if (plan_.find_column(model_.doors[i].column) != nullptr) shown.push_back(i);
    }
    while (shown.size() > fit) {
      auto least = std::find_if(shown.rbegin(), shown.rend(), [&](std::size_t i) { return !must_show(i); });
      shown.erase(least == shown.rend() ? shown.end() - 1 : least.base() - 1);
    }
    plan_.more_doors = model_.doors.size() - shown.size();
    std::vector<float> xs = wanted_places(shown, step);
    spread(xs, first, last, step);
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const float x = std::floor(xs[i]);
      plan_.doors.push_back({shown[i], {x - width / 2, plan_.wall.y0 - 9, x + width / 2, plan_.wall.y1}});
    }
  }

  bool must_show(std::size_t door) const {
    return model_.doors[door].lit || model_.doors[door].opponent ||
           (model_.way && (model_.way->first == door || model_.way->second == door));
  }

  /// Below their columns, and in the order of the ports.
  std::vector<float> wanted_places(const std::vector<std::size_t>& shown, float step) const {
    std::vector<float> xs;
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const std::size_t column = model_.doors[shown[i]].column;
      std::size_t before = 0, all = 0;
      for (std::size_t k = 0; k < shown.size(); ++k) {
        if (model_.doors[shown[k]].column != column) continue;
        if (k < i) ++before;
        ++all;
      }
      const float offset = (static_cast<float>(before) - static_cast<float>(all - 1) / 2) * step;
      xs.push_back(plan_.find_column(column)->x + offset);
    }
    std::sort(xs.begin(), xs.end());
    return xs;
  }

  static void spread(std::vector<float>& xs, float first, float last, float step) {
    for (std::size_t i = 0; i < xs.size(); ++i) {
      xs[i] = std::max(xs[i], i == 0 ? first : xs[i - 1] + step);
    }
    for (std::size_t i = xs.size(); i-- > 0;) {
      xs[i] = std::min(xs[i], i + 1 == xs.size() ? last : xs[i + 1] - step);
    }
  }

  void network() {
    legs();
    const float tight = plan_.compact ? 3.0F : 0.0F;
    plan_.gate_y = plan_.wall.y1 + 31 - tight * 1.6F;
    const float depth = plan_.box.y1 - plan_.wall.y1;
    plan_.bed_y = plan_.folded ? plan_.box.y1 - 24 : plan_.box.y1 - 44 + std::min(0.0F, (depth - 150) * 0.2F);
    const float distance = plan_.right_x - plan_.left_x;
    plan_.radius = plan_.folded ? 14.0F : std::clamp(std::min(44.0F, distance * 0.18F), 10.0F, 44.0F);
    const float half = std::clamp((distance - 2 * plan_.radius - 52) / 2, 26.0F, 172.0F);
    const float middle = (plan_.left_x + plan_.right_x) / 2;
    plan_.plate = {middle - half, plan_.bed_y - plate_height / 2, middle + half,
                   plan_.bed_y + plate_height / 2};
    plan_.eth0 = {plan_.box.x0 - 34, plan_.bed_y - 17, plan_.box.x0 + 38, plan_.bed_y + 17};
    if (plan_.folded) return;
    const float top = plan_.gate_y - 14;
    const float bottom = plan_.plate.y0 - 8;
    const Rect between{plan_.left_x + 70, top, plan_.right_x - 70, bottom};
    const Rect right{plan_.right_x + 70, top, plan_.box.x1 - 16, bottom};
    const Rect left{plan_.box.x0 + 16, top, plan_.left_x - 70, bottom};
    plan_.free = between;
    if (between.width() < 290) {
      if (right.width() > plan_.free.width()) plan_.free = right;
      if (left.width() > plan_.free.width()) plan_.free = left;
    }
  }

  void legs() {
    const auto column_x = [&](std::size_t i, float otherwise) {
      return i < plan_.columns.size() ? plan_.columns[i].x : otherwise;
    };
    const float left_default = plan_.box.x0 + measures_.side + column_width_ / 2;
    const float right_default = plan_.box.x1 - measures_.side - column_width_ / 2;
    plan_.left_x = plan_.columns.size() > 1 ? column_x(0, left_default) : left_default;
    plan_.right_x = plan_.columns.size() > 1 ? plan_.columns.back().x : right_default;
    if (!model_.way) return;
    const DoorPlace* left = plan_.find_door(model_.way->first);
    const DoorPlace* right = plan_.find_door(model_.way->second);
    if (left == nullptr || right == nullptr) return;
    plan_.left_x = left->area.mid_x();
    plan_.right_x = right->area.mid_x();
  }

  /// Beside the listener that has something in its queue, where there is a gap.
  void callout() {
    if (plan_.gap.width() < 180) return;
    for (const ColumnPlace& column : plan_.columns) {
      for (const SocketPlace& place : column.sockets) {
        const SocketView& socket = model_.sockets[place.socket];
        if (socket.waiting.empty() || socket.queues_masked) continue;
        const float width = std::min(196.0F, plan_.gap.width() - 40);
        const bool gap_is_left = plan_.gap.x1 <= place.area.x0 + 1;
        const float x = gap_is_left ? place.area.x0 - 24 - width : place.area.x1 + 24;
        plan_.callout = {x, plan_.wall.y0 - 22 - 52, x + width, plan_.wall.y0 - 22};
        return;
      }
    }
  }

  const Model& model_;
  Measures measures_;
  Layout plan_;
  float process_top_ = 0, process_bottom_ = 0, sockets_top_ = 0, sockets_bottom_ = 0;
  float column_width_ = 0;
};

}  // namespace

const DoorPlace* Layout::find_door(std::size_t door) const {
  for (const DoorPlace& place : doors) {
    if (place.door == door) return &place;
  }
  return nullptr;
}

const ColumnPlace* Layout::find_column(std::size_t column) const {
  for (const ColumnPlace& place : columns) {
    if (place.column == column) return &place;
  }
  return nullptr;
}

Layout lay_out(const Model& model, const Rect& area) { return Planner(model, area).plan(); }
Layout lay_out_in(const Model& model, const Box& box) { return Planner(model, box).plan(); }
float box_width_for(std::size_t columns) {
  const auto n = static_cast<float>(std::max<std::size_t>(columns, 1));
  return 2 * beside_others.side + n * beside_others.least_column + (n - 1) * beside_others.column_gap;
}

}  // namespace loopscope::app::stage
