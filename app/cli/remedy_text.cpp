#include "app/cli/remedy_text.hpp"

#include <fmt/format.h>

namespace loopscope::app::cli {

std::string remedy_text(const model::Remedy& remedy) {
  if (remedy.grade == model::Grade::None) return remedy.words;
  return fmt::format("{} ({}: {})", remedy.words, model::to_string(remedy.grade), remedy.warning);
}

}  // namespace loopscope::app::cli
