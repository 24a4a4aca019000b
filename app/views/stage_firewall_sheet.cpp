#include <algorithm>

#include "app/views/induce.hpp"
#include "app/views/stage_draw.hpp"
#include "app/widgets/overlay.hpp"
#include "app/widgets/text_field.hpp"

/// The firewall's rules, to switch, to write and to try: everything in it is done for real in the lab.
namespace loopscope::app::stage {
namespace {

constexpr std::size_t most_presets = 4;  // the palette of all has them all
constexpr float rule_height = 32, most_rules = 5, pad = 14;
constexpr std::string_view prefix = "stage/firewall/";

std::string id_of(std::string_view name) { return std::string(prefix) + std::string(name); }

struct Writing {
  std::string text;
  bool output = false;
};

/// What the palette is about: who serves here, else where a packet was sent.
struct Target {
  Port port{62893};
  bool udp = false;
};

Target target_of(const Model& model) {
  for (const SocketView& socket : model.sockets) {
    if (socket.listens()) return {socket.entry.local.port, false};
  }
  for (const SocketView& socket : model.sockets) {
    const auto& process = model.columns[socket.column].process;
    const bool serves = process && model.processes[*process].serves;
    if (serves && socket.entry.transport == trace::Transport::Udp && socket.entry.local.port != Port{0})
      return {socket.entry.local.port, true};
  }
  for (const Door& door : model.doors) {
    if (door.nobody) return {door.port, door.transport == trace::Transport::Udp};
  }
  return {};
}

class Sheet {
 public:
  Sheet(const Scene& scene, bool& open) : s_(scene), open_(open), rules_(scene.model.firewall.rules) {}

  void draw() {
    const Target target = target_of(s_.model);
    presets_ = firewall_inductions(std::string(experiment::here), target.port, target.udp);
    presets_.resize(std::min<std::size_t>(presets_.size(), most_presets));
    answer_ = last_rule_by_hand(s_.timeline, s_.timeline.end());
    shown_ = std::min(rules_.size(), static_cast<std::size_t>(most_rules));
    const float width = std::min(520.0F, s_.at.area.width() - 16);
    const Rect area = place(width);
    const Overlay overlay(s_.ui, "stage/firewall", area);
    const Palette& p = s_.palette();
    s_.paint().glow(area, p.shadow, radius::panel, 14);
    s_.paint().fill(area, p.card, radius::panel);
    s_.paint().stroke(area, p.strong_border, radius::panel);
    Rect rest = area.inset(pad);
    head(rest.cut_top(28, 8));
    rules(rest);
    palette(rest);
    writing(rest);
    if (s_.ui.shortcut(Key::Escape)) open_ = false;
  }

 private:
  [[nodiscard]] const Painter& paint() const { return s_.paint(); }
  [[nodiscard]] std::string trouble() const {
    return answer_ && answer_->answered ? answer_->trouble : std::string();
  }

  [[nodiscard]] Rect place(float width) {
    const float lines = shown_ == 0 ? 24.0F : static_cast<float>(shown_) * rule_height;
    const float more = rules_.size() > shown_ ? 20.0F : 0.0F;
    trouble_height_ =
        trouble().empty() ? 0 : 6 + paint().paragraph_height(Type::Caption, width - 2 * pad, trouble());
    const float high = 2 * pad + 28 + 8 + lines + more + 10 + 22 + 76 + 10 + 22 + 34 + trouble_height_;
    const float x = std::clamp(s_.at.box.mid_x() - width / 2, s_.at.area.x0 + 8,
                               std::max(s_.at.area.x0 + 8, s_.at.area.x1 - width - 8));
    const float top = s_.at.title_y + 20;
    return Rect::at(x, std::max(s_.at.area.y0 + 4, std::min(top, s_.at.area.y1 - high - 6)), width, high);
  }

  void head(Rect row) {
    const Palette& p = s_.palette();
    paint().icon({row.x0 + 10, row.mid_y()}, 20, p.accent, icon::Shield);
    paint().text(Type::H3, {row.x0 + 28, row.mid_y()}, p.text, "Firewall");
    if (button(
            s_.ui, row.cut_right(32, 6),
            {.id = "stage/firewall/close", .icon = icon::Close, .look = Look::Ghost, .tip = "Close (Esc)"}))
      open_ = false;
    const bool any = std::any_of(rules_.begin(), rules_.end(), [](const auto& rule) { return rule.active; });
    const Button clear{.id = "stage/firewall/clear",
                       .label = "Remove all",
                       .look = Look::Ghost,
                       .enabled = any && s_.can_act,
                       .tip = "firewall clear"};
    if (button(s_.ui, row.cut_right(button_width(s_.ui, clear)), clear)) perform({"firewall clear"});
  }

  void rules(Rect& rest) {
    const Palette& p = s_.palette();
    if (rules_.empty()) {
      const Rect row = rest.cut_top(24, 10);
      paint().text_fit(Type::Small, {row.x0, row.mid_y()}, p.muted,
                       "No rule: every packet passes, at input and at output.", row.width());
      return;
    }
    const std::size_t first = rules_.size() - shown_;
    if (first > 0) {
      const Rect row = rest.cut_top(20);
      paint().text(Type::CaptionBold, {row.x0, row.mid_y()}, s_.tone(Mood::Waiting),
                   "+" + std::to_string(first) + " older rules");
    }
    for (std::size_t i = first; i < rules_.size(); ++i) rule(rest.cut_top(rule_height), i);
    rest.cut_top(10);
  }

  void rule(Rect row, std::size_t i) {
    const FirewallRule& one = rules_[i];
    const Palette& p = s_.palette();
    const std::string id = id_of("rule/" + std::to_string(i + 1));
    const Hit hit = s_.ui.hit(row, {.id = id,
                                    .label = one.chain + " " + one.text,
                                    .kind = Kind::Toggle,
                                    .enabled = s_.can_act,
                                    .on = one.active});
    if (hit.hovered) paint().fill(row.inset(-6, 1), p.raised, radius::button);
    if (hit.focused) s_.ui.focus_ring(row.inset(-4, 2), radius::button);
    s_.ui.tooltip(one.active ? "In force. Press to remove it" : "Removed. Press to put it back in its place");
    const Rect track = Rect::at(row.x0, row.mid_y() - 9, 32, 18);
    paint().fill(track, one.active ? p.accent : p.card, 9);
    paint().stroke(track, one.active ? p.accent : p.strong_border, 9);
    paint().disc({one.active ? track.x1 - 9 : track.x0 + 9, track.mid_y()}, 6,
                 one.active ? p.on_accent : p.muted);
    float x = track.x1 + 10;
    x += draw_chip(s_.ui, {x, row.mid_y()}, {.label = one.chain, .tone = Tone::Neutral}) + 8;
    float right = row.x1;
    if (one.active || one.decided > 0) {
      const std::string count = one.decided == 0 ? std::string("no packet yet")
                                                 : std::to_string(one.decided) + " " + words_of(one.last);
      const bool hard = one.decided > 0 && one.last != trace::Judgement::Accepted;
      right -= paint().text(Type::SmallBold, {row.x1, row.mid_y()}, hard ? s_.tone(Mood::Bad) : p.muted,
                            count, AlignX::Right) +
               10;
    }
    paint().text_fit(Type::Mono, {x, row.mid_y()}, one.active ? p.text : p.muted, one.text, right - x);
    if (hit.pressed) perform(lines_to_switch(rules_, i, !one.active));
  }

  void palette(Rect& rest) {
    caption(rest, "Induce, on port " + to_string(target_of(s_.model).port));
    Rect lines = rest.cut_top(76, 10);
    Rect line;
    const float each = (lines.width() - 8) / 2;
    for (std::size_t i = 0; i < presets_.size(); ++i) {
      const Induction& one = presets_[i];
      if (i % 2 == 0) line = lines.cut_top(34, 8);
      const std::string tip = one.tip + "\n" + one.lines.front();
      if (button(
              s_.ui, i % 2 == 0 ? line.cut_left(each, 8) : line,
              {.id = id_of(one.id), .label = one.label, .icon = one.icon, .enabled = s_.can_act, .tip = tip}))
        perform(one.lines);
    }
  }

  void writing(Rect& rest) {
    auto& writing = s_.ui.state<Writing>(id_of("writing"));
    caption(rest, "Write a rule, in nftables' words");
    Rect row = rest.cut_top(34);
    const Segment segments[] = {{"input", true, "What comes up to this machine's sockets"},
                                {"output", true, "What its sockets send"}};
    const auto chosen = segmented(s_.ui, row.cut_left(segmented_width(s_.ui, segments), 8).inset(0, 1),
                                  id_of("chain"), segments, writing.output ? 1 : 0);
    if (chosen) writing.output = *chosen == 1;
    const bool ready = s_.can_act && writing.text.find_first_not_of(' ') != std::string::npos;
    const Button add{.id = "stage/firewall/add",
                     .label = "Add",
                     .icon = icon::Add,
                     .enabled = ready,
                     .tip = "It takes effect at once (Enter)"};
    const Rect right = row.cut_right(button_width(s_.ui, add), 8);
    const std::string line = line_of(chain(writing.output), writing.text);
    const bool mine = answer_ && answer_->line == line;
    const bool refused = mine && !trouble().empty();
    const bool entered = text_field(s_.ui, row,
                                    {.id = "stage/firewall/text",
                                     .label = "tcp dport 62893 drop",
                                     .enabled = s_.can_act,
                                     .wrong = refused},
                                    writing.text);
    if (mine && answer_->answered && !refused && s_.ui.state<bool>(id_of("sent"))) writing.text.clear();
    if (mine && answer_->answered) s_.ui.state<bool>(id_of("sent")) = false;
    const bool pressed = button(s_.ui, right, add);
    if (ready && (entered || pressed)) {
      s_.ui.state<bool>(id_of("sent")) = true;
      perform({line});
    }
    if (trouble().empty()) return;
    rest.cut_top(6);
    paint().paragraph(Type::Caption, rest.top_left(), rest.width(), s_.tone(Mood::Bad), trouble());
    s_.ui.note("stage/firewall/trouble", trouble(), rest);
  }

  void caption(Rect& rest, std::string_view words) const {
    const Rect row = rest.cut_top(22);
    paint().text(Type::CaptionBold, {row.x0, row.mid_y() - 2}, s_.palette().muted, words);
  }

  [[nodiscard]] static std::string chain(bool output) { return output ? "output" : "input"; }
  void perform(std::vector<std::string> lines) const {
    s_.actions.push_back(action::Perform{std::move(lines)});
  }

  const Scene& s_;
  bool& open_;
  const std::vector<FirewallRule>& rules_;
  std::vector<Induction> presets_;
  std::optional<RuleAnswer> answer_;
  std::size_t shown_ = 0;
  float trouble_height_ = 0;
};

}  // namespace

void draw_firewall(const Scene& s) {
  bool& open = s.ui.state<bool>("stage/firewall/open");
  const auto& rules = s.model.firewall.rules;
  const auto active = std::count_if(rules.begin(), rules.end(), [](const auto& one) { return one.active; });
  const std::string label = active == 0   ? "Firewall"
                            : active == 1 ? "Firewall: 1 rule"
                                          : "Firewall: " + std::to_string(active) + " rules";
  Button opener{.id = "stage/firewall/open",
                .label = label,
                .icon = icon::Shield,
                .look = active > 0 ? Look::Normal : Look::Ghost,
                .on = open,
                .tip = "Rules between here and lo: drop, reject, write your own (F)"};
  if (s.at.box.width() < 480) opener.label = {};
  const float left = s.at.box.x0 + 54 + s.paint().width(Type::H3, "this machine") + 12;
  const Rect area{left, s.at.title_y - 12, left + button_width(s.ui, opener), s.at.title_y + 12};
  const bool pressed = button(s.ui, area, opener);
  if (pressed || s.ui.shortcut(Key::F)) {
    open = !open;
    if (open && !pressed) s.ui.focus("stage/firewall/text");
  }
  if (open) Sheet(s, open).draw();
}

}  // namespace loopscope::app::stage
