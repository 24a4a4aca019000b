#include "app/views/lesson_parts.hpp"
#include "app/widgets/marks.hpp"

namespace loopscope::app {

void draw_stage(Ui& ui, Rect area, const Snapshot&, Actions&) {
  draw_panel(ui, area);
  ui.paint().caps(area.centre(), ui.palette().faint, "stage", AlignX::Middle);
}

}  // namespace loopscope::app
