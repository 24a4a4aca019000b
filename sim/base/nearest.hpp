#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace loopscope {

/// Edits from one word to the other: insert, delete, replace a character, or swap two neighbours; case does
/// not count.
[[nodiscard]] std::size_t edit_distance(std::string_view one, std::string_view other);

/// The candidate that a misspelt word most likely meant, or nothing where none is near enough (a third of its
/// length).
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 std::span<const std::string_view> candidates);

}  // namespace loopscope
