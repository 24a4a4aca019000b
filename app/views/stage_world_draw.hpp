#pragma once

#include "app/views/stage_draw.hpp"
#include "app/views/stage_world_layout.hpp"

/// The drawing of several machines and the cable. Each function draws one kind of thing where the layout
/// says.
namespace loopscope::app::stage {

struct WorldScene {
  Ui& ui;
  const World& world;
  const WorldLayout& at;
  /// One for each of `at.full`; the last is the right one's.
  std::vector<Scene> boxes;
  const Model& told;   ///< what is said below the boxes: held packets first, passed ones, the verdict
  const Scene& words;  ///< a scene of `told` in the room for words

  [[nodiscard]] const Painter& paint() const { return ui.paint(); }
  [[nodiscard]] const Palette& palette() const { return ui.palette(); }
};

void draw_cable(const WorldScene& scene);                  ///< between the boxes, and to the row below them
void draw_box(const WorldScene& scene, std::size_t full);  ///< one machine with all that is in it
void draw_small(const WorldScene& scene);                  ///< the machines that are not drawn in full
void draw_beds(const Scene& box);                          ///< in a box: from its doors to eth0
void draw_lit_ways(const WorldScene& scene);  ///< what has gone between machines, over boxes and cable
void draw_eth0(const WorldScene& scene);      ///< the two cards at the cable's ends
void draw_gates(const WorldScene& scene);     ///< of each machine's firewall
void draw_frames(const WorldScene& scene);
/// The machine that the learner has opened in the row below, for as long as the step is the same.
struct Opened {
  std::string host;  ///< empty: none
  std::uint64_t step = 0;
};
[[nodiscard]] Opened& opened_of(Ui& ui);

}  // namespace loopscope::app::stage
