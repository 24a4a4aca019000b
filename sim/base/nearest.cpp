#include "sim/base/nearest.hpp"

#include <algorithm>
#include <vector>

namespace loopscope {
namespace {

// Longer words are no misspellings of anything; the bound keeps the matrix small whatever comes in.
constexpr std::size_t longest_word = 64;

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

std::size_t edit_distance(std::string_view one, std::string_view other) {
  const std::size_t width = other.size() + 1;
  std::vector<std::size_t> cells((one.size() + 1) * width);
  const auto cell = [&](std::size_t row, std::size_t column) -> std::size_t& {
    return cells[row * width + column];
  };
  for (std::size_t row = 0; row <= one.size(); ++row) cell(row, 0) = row;
  for (std::size_t column = 0; column < width; ++column) cell(0, column) = column;
  for (std::size_t row = 1; row <= one.size(); ++row) {
    for (std::size_t column = 1; column < width; ++column) {
      const bool same = lower(one[row - 1]) == lower(other[column - 1]);
      std::size_t best = cell(row - 1, column - 1) + (same ? 0 : 1);
      best = std::min({best, cell(row - 1, column) + 1, cell(row, column - 1) + 1});
      const bool swapped = row > 1 && column > 1 && lower(one[row - 1]) == lower(other[column - 2]) &&
                           lower(one[row - 2]) == lower(other[column - 1]);
      if (swapped) best = std::min(best, cell(row - 2, column - 2) + 1);
      cell(row, column) = best;
    }
  }
  return cells.back();
}

std::optional<std::string> nearest(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.empty() || word.size() > longest_word) return std::nullopt;
  std::optional<std::string> best;
  std::size_t best_distance = (word.size() + 1) / 3 + 1;  // one more than what still counts as near
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > longest_word) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance >= best_distance || distance >= candidate.size()) continue;
    best = std::string(candidate);
    best_distance = distance;
  }
  return best;
}

}  // namespace loopscope
