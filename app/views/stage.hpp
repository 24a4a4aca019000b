#pragma once

#include "app/views/snapshot.hpp"
#include "app/views/stage_model.hpp"
#include "app/views/stage_world.hpp"

namespace loopscope::app {

/// What the stage shows, for the views beside it that must show the same.
[[nodiscard]] stage::Model stage_model_of(const Snapshot& now);
/// Of all machines, where there are several.
[[nodiscard]] std::optional<stage::World> stage_world_of(const Snapshot& now);

}  // namespace loopscope::app
