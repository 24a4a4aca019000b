#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/widgets/geometry.hpp"

namespace loopscope::app {

enum class Kind : std::uint8_t {
  Button,
  Tab,
  Choice,
  Slider,
  Toggle,
  Link,
  Row,
  Splitter,
  Scroll,
  Mark,
  Text
};

/// What was on the screen in one frame, by name. Tests click and look by it; the keyboard walks along it.
struct Item {
  std::string id;     ///< "transport/step": unique within a frame
  std::string label;  ///< what a person reads there
  Kind kind{};
  Rect area;  ///< pixels
  Rect clip;  ///< pixels: what of the window can be seen at all
  bool enabled = true;
  bool hovered = false;  ///< the mouse is on it and nothing covers it there
  bool held = false;
  bool focused = false;
  bool on = false;  ///< selected, pressed in, checked
  float value = 0;  ///< of a slider, 0…1

  [[nodiscard]] Rect visible() const { return area.intersected(clip); }
  [[nodiscard]] bool cut_off() const { return !(area.inset(1).intersected(clip) == area.inset(1)); }
};

class Registry {
 public:
  void begin_frame() { items_.clear(); }
  void add(Item item) { items_.push_back(std::move(item)); }
  [[nodiscard]] const std::vector<Item>& items() const noexcept { return items_; }
  /// Null where it was not on the screen in the last frame.
  [[nodiscard]] const Item* find(std::string_view id) const {
    for (const Item& item : items_)
      if (item.id == id) return &item;
    return nullptr;
  }

 private:
  std::vector<Item> items_;
};

}  // namespace loopscope::app
