#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace loopscope::app {

/// The files behind the type styles, found on this machine.
struct FontFiles {
  std::string regular, bold, italic, bold_italic, display, mono, mono_bold;
  std::string icons;     ///< Material Icons
  std::string fallback;  ///< DejaVu Sans: arrows, box drawing, mathematical signs
  std::string fallback_mono;
  std::vector<std::string> missing;  ///< a sentence for each face that DejaVu stands in for
};

/// Looks in the folders of the distribution's packages and in $XDG_DATA_HOME/fonts. The error names the
/// packages to install.
[[nodiscard]] tl::expected<FontFiles, std::string> find_font_files();

}  // namespace loopscope::app
