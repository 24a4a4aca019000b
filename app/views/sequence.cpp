#include "app/views/lesson_parts.hpp"
#include "app/widgets/marks.hpp"

namespace loopscope::app {

void draw_sequence(Ui& ui, Rect area, const Snapshot&, Actions&) {
  draw_panel(ui, area);
  ui.paint().caps(area.centre(), ui.palette().faint, "sequence", AlignX::Middle);
}

}  // namespace loopscope::app
