#include "app/widgets/font_files.hpp"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace loopscope::app {

namespace {

namespace fs = std::filesystem;

// The first folder is Debian's, the others are where other distributions and users keep the same files.
std::vector<fs::path> folders() {
  std::vector<fs::path> found{"/usr/share/fonts/opentype/inter",
                              "/usr/share/fonts/truetype/jetbrains-mono",
                              "/usr/share/fonts/truetype/material-design-icons-iconfont",
                              "/usr/share/fonts/truetype/dejavu",
                              "/usr/share/fonts/inter",
                              "/usr/share/fonts/jetbrains-mono",
                              "/usr/share/fonts/TTF",
                              "/usr/share/fonts/OTF"};
  if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data == '/')
    found.push_back(fs::path(data) / "fonts");
  else if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
    found.push_back(fs::path(home) / ".local/share/fonts");
  return found;
}

std::string find(const std::vector<fs::path>& where, std::string_view name) {
  std::error_code ignored;
  for (const auto& folder : where)
    if (auto path = folder / name; fs::is_regular_file(path, ignored)) return path.string();
  return {};
}

}  // namespace

tl::expected<FontFiles, std::string> find_font_files() {
  const auto where = folders();
  FontFiles files;
  files.fallback = find(where, "DejaVuSans.ttf");
  files.fallback_mono = find(where, "DejaVuSansMono.ttf");
  files.icons = find(where, "MaterialIcons-Regular.ttf");
  std::string needed;
  if (files.fallback.empty() || files.fallback_mono.empty()) needed += " fonts-dejavu-core";
  if (files.icons.empty()) needed += " fonts-material-design-icons-iconfont";
  if (!needed.empty())
    return tl::unexpected("The fonts for the window are not installed. Install them with: sudo apt install" +
                          needed);

  const std::string dejavu_bold = find(where, "DejaVuSans-Bold.ttf");
  const std::string dejavu_mono_bold = find(where, "DejaVuSansMono-Bold.ttf");
  const auto or_else = [](const std::string& a, const std::string& b) { return a.empty() ? b : a; };
  struct Wanted {
    std::string FontFiles::*face;
    std::string_view name;
    std::string_view package;
    std::string instead;
  };
  const std::string bold = or_else(dejavu_bold, files.fallback);
  const std::array<Wanted, 7> wanted{{
      {&FontFiles::regular, "Inter-Regular.otf", "fonts-inter", files.fallback},
      {&FontFiles::bold, "Inter-SemiBold.otf", "fonts-inter", bold},
      {&FontFiles::italic, "Inter-Italic.otf", "fonts-inter", files.fallback},
      {&FontFiles::bold_italic, "Inter-SemiBoldItalic.otf", "fonts-inter", bold},
      {&FontFiles::display, "InterDisplay-Bold.otf", "fonts-inter", bold},
      {&FontFiles::mono, "JetBrainsMono-Regular.ttf", "fonts-jetbrains-mono", files.fallback_mono},
      {&FontFiles::mono_bold, "JetBrainsMono-Bold.ttf", "fonts-jetbrains-mono",
       or_else(dejavu_mono_bold, files.fallback_mono)},
  }};
  for (const auto& [face, name, package, instead] : wanted) {
    files.*face = find(where, name);
    if (!(files.*face).empty()) continue;
    files.*face = instead;
    files.missing.push_back(std::string(name) +
                            " is not installed; DejaVu stands in for it. Install it with: sudo apt install " +
                            std::string(package));
  }
  return files;
}

}  // namespace loopscope::app
