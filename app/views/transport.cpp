#include "app/views/lesson_parts.hpp"
#include "app/widgets/marks.hpp"

namespace loopscope::app {

void draw_transport(Ui& ui, Rect area, const Snapshot&, Actions&) {
  ui.paint().caps(area.centre(), ui.palette().faint, "transport", AlignX::Middle);
}

}  // namespace loopscope::app
