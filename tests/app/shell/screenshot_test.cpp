#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "app/shell/shell.hpp"
#include "tests/app/screens/standing.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope::app;
namespace fs = std::filesystem;

namespace {

const MakeProgram standing = [](const Settings& settings) {
  return std::make_unique<test::Standing>(settings);
};

struct Folder {
  std::string path;
  Folder() {
    std::string made = (fs::temp_directory_path() / "loopscope-shots-XXXXXX").string();
    path = ::mkdtemp(made.data());
  }
  ~Folder() { fs::remove_all(path); }
};

/// Width and height from a PNG's header (RFC 2083, 3.2 and 4.1.1); 0 where it is none.
std::pair<int, int> png_size(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string head(24, '\0');
  file.read(head.data(), 24);
  if (!file || head.substr(0, 8) != "\x89PNG\r\n\x1a\n") return {};
  const auto number = [&](std::size_t at) {
    int value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(head[at + i]);
    return value;
  };
  return {number(16), number(20)};
}

}  // namespace

TEST_CASE("a picture is drawn without a display") {
  ::unsetenv("DISPLAY");
  ::unsetenv("WAYLAND_DISPLAY");
  const Folder folder;
  const std::string path = folder.path + "/home.png";
  CHECK(take_screenshot({.path = path, .width = 1300, .height = 820}, standing) == shell_exit::good);
  CHECK(png_size(path) == std::pair{1300, 820});
}

TEST_CASE(
    "a lesson that does not exist, a size that makes no sense and a folder that is not there are errors") {
  const Folder folder;
  CHECK(take_screenshot({.path = folder.path + "/a.png", .lesson = "99-nothing"}, standing) ==
        shell_exit::failed);
  CHECK(take_screenshot({.path = folder.path + "/a.png", .width = 20}, standing) == shell_exit::failed);
  CHECK(take_screenshot({.path = folder.path + "/none/a.png"}, standing) == shell_exit::failed);
  CHECK_FALSE(fs::exists(folder.path + "/a.png"));
}

TEST_CASE("pictures of all screens have names of their own and cover both themes") {
  const auto shots = all_shots("out", {"01-home", "03-journey"});
  std::set<std::string> names;
  bool light = false, dark = false;
  for (const auto& shot : shots) {
    CHECK(names.insert(shot.path).second);
    (shot.dark ? dark : light) = true;
  }
  CHECK(light);
  CHECK(dark);
  CHECK(shots.size() == 3 * 2 * (2 + 2 * 3));
}
