#include "app/views/lesson_parts.hpp"
#include "app/widgets/marks.hpp"

namespace loopscope::app {

void draw_strip(Ui& ui, Rect area, const Snapshot&, Actions&) {
  ui.paint().caps(area.centre(), ui.palette().faint, "strip", AlignX::Middle);
}

}  // namespace loopscope::app
