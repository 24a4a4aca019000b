#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace loopscope::tests {

/// The example of the language's description: a server, a rival, a client; 16 steps, all as stated.
extern const std::string example;
/// What `--json` printed: one object a line. Throws where it is none.
[[nodiscard]] std::vector<nlohmann::json> lines_of(const std::string& text);

}  // namespace loopscope::tests
