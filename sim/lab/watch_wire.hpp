#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/unique_fd.hpp"

/// What a program to be watched needs, on its way over a world's channel.
namespace loopscope::lab {

struct WatchRequest {
  std::vector<std::string> words;
  std::vector<std::string> environment;
  std::string path, folder;
  bool here = false;
  bool json = false;
  std::array<UniqueFd, 4> streams;  ///< standard input, output, error, and where the calls are told
};

/// False where the other end is gone.
bool send_watch(int channel, const WatchRequest& request);
/// Blocks. Nothing where the other end is gone or says something else.
[[nodiscard]] std::optional<WatchRequest> receive_watch(int channel);

}  // namespace loopscope::lab
