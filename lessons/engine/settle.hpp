#pragma once

#include <span>

#include "lessons/engine/page_reader.hpp"

namespace loopscope::lessons {

/// Joins what was read: gives each page its experiment, each `?=` its words, and tells what a lesson as a
/// whole lacks. `pages` are those of `lesson`, with what is not settled yet.
void settle(Lesson& lesson, std::span<const ReadPage> pages, Problems& problems);

}  // namespace loopscope::lessons
