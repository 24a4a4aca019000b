#pragma once

#include <string>
#include <string_view>

#include "app/widgets/ui.hpp"

namespace loopscope::app {

struct TextField {
  std::string_view id, label;  ///< the label is what a person is asked for, shown while it is empty
  bool enabled = true;
  bool wrong = false;      ///< what stands in it was refused
  std::size_t most = 256;  ///< bytes
};

/// One line of printable ASCII, in the typewriter face. It has the keys while it has the focus, but for Tab,
/// Escape, Up, Down and those with Ctrl; the shell hands it what is pasted as if it were typed. True where
/// Enter was pressed.
bool text_field(Ui& ui, const Rect& area, const TextField& field, std::string& text);
/// After the text was set by something else than typing.
void cursor_to_end(Ui& ui, std::string_view id, std::string_view text);

}  // namespace loopscope::app
