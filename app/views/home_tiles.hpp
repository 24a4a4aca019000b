#pragma once

#include <string>
#include <vector>

#include "app/views/actions.hpp"
#include "app/views/snapshot.hpp"
#include "app/widgets/ui.hpp"

namespace loopscope::app {

/// What there is to do beside the lessons. Tiles take the free places behind the lessons of a part, in this
/// order; what finds none gets a row of its own.
struct HomeTile {
  std::string id, title, words;
  std::string record;  ///< at the right of the title: 'best run 14'
  const char* icon = nullptr;
  Tone tone = Tone::Neutral;
  std::vector<std::pair<float, Tone>> bar;  ///< shares of a bar at the foot, from the left; may be empty
  std::string foot;                         ///< words beside the bar
  Action action;
};
[[nodiscard]] std::vector<HomeTile> home_tiles(const Snapshot& now);
void draw_tile(Ui& ui, const Rect& area, const HomeTile& tile, Actions& actions);

}  // namespace loopscope::app
