#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace loopscope::tests {

struct Ran {
  int status = 0;  ///< of exit(3); 128 + N where a signal N ended it
  std::string out, err;
};
/// Runs build/loopscope with these arguments and that standard input, as nobody's terminal, and waits for its
/// end. `by_shell`: started by sh(1), which does this before, like `ulimit -n 64;`. `heard`: called with all
/// of `out` so far, as it comes.
[[nodiscard]] Ran run_program(const std::vector<std::string>& arguments, const std::string& input = "",
                              const std::string& by_shell = "",
                              const std::function<void(const std::string&)>& heard = {});
/// A `heard` that does something once, when these words have come.
[[nodiscard]] std::function<void(const std::string&)> once_told(std::string words,
                                                                std::function<void()> then);
/// The same on a terminal of its own (pty(7)), where `typed` is typed. `out` is all that the terminal shows.
[[nodiscard]] Ran run_on_terminal(const std::vector<std::string>& arguments, const std::string& typed,
                                  const std::vector<std::string>& environment = {});

/// A folder that is gone with this.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  /// Writes a file and returns its path.
  std::string write(const std::string& name, const std::string& text) const;
  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace loopscope::tests
