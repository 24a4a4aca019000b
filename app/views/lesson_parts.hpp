#pragma once

#include "app/views/actions.hpp"
#include "app/views/snapshot.hpp"
#include "app/widgets/ui.hpp"

/// The parts of the lesson screen. Each draws everything inside its area, its panel's ground included, from
/// the snapshot alone, and adds to the actions what the learner asked for. The screen (lesson_screen.hpp)
/// lays them out and handles the keys that work everywhere: arrows and Page Up/Down (a clicker), Space, Home,
/// End.
namespace loopscope::app {

/// The strip of the five steps. Wide (640 points and more): names beneath two lines; narrow: the current
/// step's name alone. The panel's ground is drawn already.
void draw_strip(Ui& ui, Rect area, const Snapshot& now, Actions& actions);
/// Again, back, play, next, step by, speed. Narrow (under 620 points): without speed slider and with 'step
/// by' as a menu. The panel's ground is drawn already.
void draw_transport(Ui& ui, Rect area, const Snapshot& now, Actions& actions);
/// The machine, its processes, sockets, doors, the U-turn, what is held; below it what went otherwise than
/// predicted.
void draw_stage(Ui& ui, Rect area, const Snapshot& now, Actions& actions);
/// The sequence diagram on the zoomable axis of time.
void draw_sequence(Ui& ui, Rect area, const Snapshot& now, Actions& actions);
/// The page's text with its question or task at the foot.
void draw_lesson_panel(Ui& ui, Rect area, const Snapshot& now, Actions& actions);
/// Tabs: sockets, packets, calls, code, try it; the legend at the foot.
void draw_inspector(Ui& ui, Rect area, const Snapshot& now, Actions& actions);

}  // namespace loopscope::app
