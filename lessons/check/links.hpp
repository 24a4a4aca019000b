#pragma once

#include <set>
#include <string>

#include "lessons/engine/problems.hpp"

namespace loopscope::lessons::check {

/// The addresses that somebody has looked at: one a line of links.txt, '#' begins a comment. Empty where
/// there is no such file.
[[nodiscard]] std::set<std::string> known_links(const std::string& path);

/// Links by their form and by the list; nothing is asked for over the network. A relative one leads to a file
/// below `root` that is there; another is https and known.
void check_links(const std::string& folder, const std::string& root, const std::string& text,
                 const std::set<std::string>& known, Problems& problems);

}  // namespace loopscope::lessons::check
