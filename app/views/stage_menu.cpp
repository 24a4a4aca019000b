#include <algorithm>

#include "app/views/stage_draw.hpp"
#include "app/widgets/overlay.hpp"

namespace loopscope::app::stage {
namespace {

constexpr float line_height = 36, sheet_width = 268;

struct Entry {
  std::string id, label;
  const char* icon;
  std::vector<std::string> lines;
};

const SocketView* listener_of(const Model& model, const std::string& process) {
  const auto found = std::find_if(model.sockets.begin(), model.sockets.end(), [&](const SocketView& one) {
    return one.entry.process == process && one.listens();
  });
  return found == model.sockets.end() ? nullptr : &*found;
}

/// A name that no process of the experiment has.
std::string fresh_name(const Model& model, const std::string& wish) {
  for (int number = 1;; ++number) {
    const std::string name = number == 1 ? wish : wish + std::to_string(number);
    if (std::none_of(model.processes.begin(), model.processes.end(),
                     [&](const ProcessView& one) { return one.name == name; }))
      return name;
  }
}

std::vector<Entry> entries_for(const Model& model, const ProcessView& process) {
  std::vector<Entry> entries;
  if (const SocketView* listener = listener_of(model, process.name); listener != nullptr) {
    const SocketAddress& at = listener->entry.local;
    const std::string to = to_string(at);
    const std::string family = to.starts_with('[') ? "AF_INET6" : "AF_INET";
    const std::string rival = fresh_name(model, "rival");
    entries.push_back(
        {"rival",
         "Start a rival on port " + to_string(at.port),
         icon::Split,
         {rival + ": r = socket(" + family + ", SOCK_STREAM)", rival + ": bind(r, " + to + ")"}});
    const std::string caller = fresh_name(model, "caller");
    entries.push_back(
        {"call",
         "Call it once more",
         icon::Terminal,
         {caller + ": k = socket(" + family + ", SOCK_STREAM)", caller + ": connect(k, " + to + ")",
          caller + ": send(k, \"GET / HTTP/1.0\\r\\n\\r\\n\")"}});
  }
  entries.push_back({"kill", "Kill " + process.name + " (SIGKILL)", icon::Power, {"kill " + process.name}});
  return entries;
}

const ColumnPlace* place_of(const Scene& s, const std::string& name) {
  for (const ColumnPlace& place : s.at.columns) {
    const auto& process = s.model.columns[place.column].process;
    if (process && s.model.processes[*process].name == name) return &place;
  }
  return nullptr;
}

}  // namespace

bool can_break(const Scene& s, const ProcessView& process) {
  return s.can_act && process.pid != 0 && process.doing != Doing::Ended;
}

std::string& menu_of(const Scene& s) { return s.ui.state<std::string>("stage/menu/process"); }

void draw_menu(const Scene& s) {
  std::string& open = menu_of(s);
  if (open.empty()) return;
  const ColumnPlace* place = place_of(s, open);
  if (place == nullptr || !can_break(s, s.model.processes[*s.model.columns[place->column].process])) {
    open.clear();
    return;
  }
  const auto entries = entries_for(s.model, s.model.processes[*s.model.columns[place->column].process]);
  const float high = 12 + line_height * static_cast<float>(entries.size());
  const float x = std::clamp(place->process.mid_x() - sheet_width / 2, s.at.box.x0 + 8,
                             std::max(s.at.box.x0 + 8, s.at.box.x1 - sheet_width - 8));
  const Rect sheet{x, place->process.y1 + 6, x + sheet_width, place->process.y1 + 6 + high};
  const Overlay overlay(s.ui, "stage/menu", sheet);
  const Palette& p = s.palette();
  s.paint().glow(sheet, p.shadow, radius::panel, 12);
  s.paint().fill(sheet, p.card, radius::panel);
  s.paint().stroke(sheet, p.strong_border, radius::panel);
  Rect rows = sheet.inset(6);
  for (const Entry& entry : entries) {
    const Rect line = rows.cut_top(line_height);
    const Hit hit = row(s.ui, line, "stage/menu/" + entry.id, entry.label, false);
    const Colour ink = entry.id == "kill" ? s.tone(Mood::Bad) : p.muted;
    s.paint().icon({line.x0 + 18, line.mid_y()}, 18, ink, entry.icon);
    s.paint().text_fit(Type::Small, {line.x0 + 36, line.mid_y()}, p.text, entry.label, line.width() - 44);
    if (!hit.pressed) continue;
    s.actions.push_back(action::Perform{entry.lines});
    open.clear();
    return;
  }
  if (s.ui.shortcut(Key::Escape)) open.clear();
}

}  // namespace loopscope::app::stage
