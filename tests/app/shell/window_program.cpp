// A window with hand-made contents, for the test with a real X server: tests/app/shell/window_test.sh.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "app/shell/shell.hpp"
#include "tests/app/screens/standing.hpp"

using namespace loopscope::app;

int main(int argc, char** argv) {
  const MakeProgram make = [](const Settings& settings) {
    return std::make_unique<test::Standing>(settings);
  };
  if (argc == 3 && std::strcmp(argv[1], "--screenshot") == 0)
    return take_screenshot({.path = argv[2], .lesson = "03-journey"}, make);
  WindowOptions options;
  options.measure = true;
  if (const char* dump = std::getenv("LOOPSCOPE_DUMP_ITEMS")) options.dump_items = dump;
  if (argc == 3 && std::strcmp(argv[1], "--seconds") == 0) options.quit_after = std::atof(argv[2]);
  return run_window(options, make);
}
