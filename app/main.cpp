#include <cstdlib>
#include <exception>
#include <iostream>

#include "app/cli/command_line.hpp"
#include "sim/lab/lab.hpp"

// Wiring only. The launcher comes first: it is forked before the program has any thread
// (sim/sandbox/launcher.hpp).
int main(int argc, char** argv) {
  using namespace loopscope;
  try {
    sandbox::Launcher launcher = lab::make_launcher();
    if (app::cli::is_for_terminal(argc, argv)) {
      return static_cast<int>(app::cli::run_command_line(argc, argv, launcher));
    }
    return static_cast<int>(app::cli::run_default(launcher));
  } catch (const std::exception& error) {
    std::cerr << "loopscope: " << error.what() << "\n";
    return static_cast<int>(app::cli::Status::NoLab);
  }
}
