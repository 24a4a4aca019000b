#include "app/shell/settings_file.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/views/settings.hpp"
#include "app/views/speed.hpp"
#include "lessons/engine/durable_file.hpp"

namespace loopscope::app {

namespace {

template <class T>
T value_or(const toml::table& table, std::string_view section, std::string_view key, T otherwise) {
  return table[section][key].value<T>().value_or(otherwise);
}

float between(const toml::table& table, std::string_view section, std::string_view key, float otherwise,
              float least, float most) {
  const double value = value_or<double>(table, section, key, otherwise);
  return value >= least && value <= most ? static_cast<float>(value) : otherwise;
}

Kept read(const toml::table& table) {
  Kept kept;
  Settings& s = kept.settings;
  s.dark = value_or<bool>(table, "look", "dark", s.dark);
  s.scale = between(table, "look", "scale", s.scale, least_scale, most_scale);
  s.reduced_motion = value_or<bool>(table, "look", "reduced_motion", s.reduced_motion);
  s.projector = value_or<bool>(table, "look", "projector", s.projector);
  s.slower = between(table, "replay", "slower", s.slower, fastest, slowest);
  s.lesson_width = between(table, "panels", "lesson_width", 0, 0, 4000);
  s.inspector_width = between(table, "panels", "inspector_width", 0, 0, 4000);
  s.sequence_height = between(table, "panels", "sequence_height", 0, 0, 4000);
  s.inspector_tab = static_cast<int>(
      std::clamp<std::int64_t>(value_or<std::int64_t>(table, "panels", "inspector_tab", 0), 0, 4));
  s.command_system = value_or<std::string>(table, "panels", "command_system", s.command_system);
  constexpr std::array<std::string_view, 3> systems{"Linux", "macOS", "Windows"};
  if (std::find(systems.begin(), systems.end(), s.command_system) == systems.end())
    s.command_system = "Linux";
  const auto pixels = [&](std::string_view key) {
    return static_cast<int>(
        std::clamp<std::int64_t>(value_or<std::int64_t>(table, "window", key, 0), -32768, 32767));
  };
  kept.window = {pixels("x"), pixels("y"), std::max(0, pixels("width")), std::max(0, pixels("height")),
                 value_or<bool>(table, "window", "maximised", false)};
  return kept;
}

}  // namespace

std::string settings_path() {
  if (const char* config = std::getenv("XDG_CONFIG_HOME"); config != nullptr && *config == '/')
    return std::string(config) + "/loopscope/settings.toml";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
    return std::string(home) + "/.config/loopscope/settings.toml";
  return {};
}

LoadedSettings load_settings(const std::string& path) {
  std::error_code ignored;
  if (path.empty() || !std::filesystem::exists(path, ignored)) return {};
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file)
    return {{},
            "Your settings cannot be read (" + path +
                "). The usual ones are used, and what you change this time is not kept.",
            false};
  try {
    return {read(toml::parse(text.str())), {}};
  } catch (const toml::parse_error& error) {
    const auto aside = lessons::keep_aside(path);
    std::ostringstream words;
    words << "Your settings are damaged at line " << error.source().begin.line << " of " << path
          << ", so the usual ones are used. "
          << (aside ? "The old file is kept as " + *aside + "."
                    : "The old file stays as it is, and what you change this time is not kept (" +
                          aside.error() + ").");
    return {{}, words.str(), aside.has_value()};
  }
}

std::string save_settings(const std::string& path, const Kept& kept) {
  if (path.empty()) return {};
  const Settings& s = kept.settings;
  const toml::table table{{"look", toml::table{{"dark", s.dark},
                                               {"scale", s.scale},
                                               {"reduced_motion", s.reduced_motion},
                                               {"projector", s.projector}}},
                          {"replay", toml::table{{"slower", s.slower}}},
                          {"panels", toml::table{{"lesson_width", s.lesson_width},
                                                 {"inspector_width", s.inspector_width},
                                                 {"sequence_height", s.sequence_height},
                                                 {"inspector_tab", s.inspector_tab},
                                                 {"command_system", s.command_system}}},
                          {"window", toml::table{{"x", kept.window.x},
                                                 {"y", kept.window.y},
                                                 {"width", kept.window.width},
                                                 {"height", kept.window.height},
                                                 {"maximised", kept.window.maximised}}}};
  std::ostringstream text;
  text << "# Loopscope's settings. Changed by the program when you change something there.\n"
       << table << '\n';
  const auto written = lessons::write_durably(path, text.str());
  return written ? std::string() : written.error();
}

}  // namespace loopscope::app
