#include "app/shell/settings_file.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/catch.hpp"

using namespace loopscope::app;
namespace fs = std::filesystem;

namespace {

struct Folder {
  std::string path;
  Folder() {
    std::string made = (fs::temp_directory_path() / "loopscope-settings-XXXXXX").string();
    path = ::mkdtemp(made.data());
  }
  ~Folder() { fs::remove_all(path); }
};

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream all;
  all << file.rdbuf();
  return all.str();
}

}  // namespace

TEST_CASE("settings come back as they were kept, in a folder that did not exist") {
  const Folder folder;
  const std::string path = folder.path + "/config/loopscope/settings.toml";
  Kept kept;
  kept.settings.dark = false;
  kept.settings.scale = 1.25F;
  kept.settings.reduced_motion = true;
  kept.settings.slower = 5000;
  kept.settings.lesson_width = 400;
  kept.settings.inspector_tab = 3;
  kept.settings.command_system = "Windows";
  kept.window = {10, 20, 1300, 850, true};
  CHECK(save_settings(path, kept).empty());
  const LoadedSettings loaded = load_settings(path);
  CHECK(loaded.trouble.empty());
  CHECK(loaded.kept == kept);
}

TEST_CASE("without a file there are the usual settings and nothing to say") {
  const LoadedSettings loaded = load_settings("/nonexistent/settings.toml");
  CHECK(loaded.trouble.empty());
  CHECK(loaded.kept == Kept{});
}

TEST_CASE("a damaged file is kept aside and the place in it is named") {
  const Folder folder;
  const std::string path = folder.path + "/settings.toml";
  std::ofstream(path) << "[look]\ndark = fal";
  const LoadedSettings loaded = load_settings(path);
  CHECK(loaded.kept == Kept{});
  CHECK(loaded.trouble.find("line 2 of " + path) != std::string::npos);
  CHECK(loaded.may_be_written);
  CHECK(loaded.trouble.find(".damaged") != std::string::npos);
  CHECK_FALSE(fs::exists(path));
  CHECK(text_of(path + ".damaged") == "[look]\ndark = fal");
}

TEST_CASE("values that make no sense are put back, the others are used") {
  const Folder folder;
  const std::string path = folder.path + "/settings.toml";
  std::ofstream(path) << "[look]\nscale = 90\ndark = false\n[panels]\ninspector_tab = -3\ncommand_system = "
                         "'BeOS'\n[replay]\nslower = 'fast'\n";
  const Settings settings = load_settings(path).kept.settings;
  CHECK(settings.scale == 1);
  CHECK_FALSE(settings.dark);
  CHECK(settings.inspector_tab == 0);
  CHECK(settings.command_system == "Linux");
  CHECK(settings.slower == Settings{}.slower);
}

TEST_CASE("where the settings cannot be written, the reason is told and the old file stays") {
  const Folder folder;
  const std::string path = folder.path + "/settings.toml";
  REQUIRE(save_settings(path, {}).empty());
  const std::string before = text_of(path);
  CHECK_FALSE(save_settings("/proc/loopscope/settings.toml", {}).empty());
  CHECK(text_of(path) == before);
}
