#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// Real programs for tests: written to a folder of their own, run, waited for.
namespace loopscope::tests {

/// A new folder that goes with everything in it.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  /// Writes a file and returns its path.
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path folder_;
};

/// Runs a program to its end; its output goes where the test's does. 127 where it cannot be started.
int run(const std::vector<std::string>& words);

/// Starts the server in a network namespace of its own, waits until it says that it listens, runs the client,
/// and puts what both said into `said`. False where no namespace can be had.
bool talk_on_own_loopback(const std::vector<std::string>& server, const std::vector<std::string>& client,
                          std::string& said);

}  // namespace loopscope::tests
