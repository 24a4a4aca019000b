// A window with hand-made contents, for the test with a real X server: tests/app/shell/window_test.sh.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "app/shell/shell.hpp"
#include "tests/app/screens/sample.hpp"

using namespace loopscope::app;

namespace {

class Standing : public Program {
 public:
  explicit Standing(const Settings& settings) { sample_.settings = settings; }
  int fd() const override { return -1; }
  bool advance(double) override { return false; }
  bool moving() const override { return false; }
  const Snapshot& snapshot() override { return sample_.snapshot; }
  void carry_out(const Actions& actions) override { sample_.carry_out(actions); }

 private:
  test::Sample sample_;
};

}  // namespace

int main(int argc, char** argv) {
  const MakeProgram make = [](const Settings& settings) { return std::make_unique<Standing>(settings); };
  if (argc == 3 && std::strcmp(argv[1], "--screenshot") == 0)
    return take_screenshot({.path = argv[2], .lesson = "03-journey"}, make);
  WindowOptions options;
  options.measure = true;
  if (const char* dump = std::getenv("LOOPSCOPE_DUMP_ITEMS")) options.dump_items = dump;
  if (argc == 3 && std::strcmp(argv[1], "--seconds") == 0) options.quit_after = std::atof(argv[2]);
  return run_window(options, make);
}
