#pragma once

#include <array>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "app/widgets/geometry.hpp"

struct ImFont;

namespace loopscope::app {

/// The type styles. Sizes in points are in fonts.cpp; text is Inter, monospace is JetBrains Mono.
enum class Type : std::uint8_t {
  Display,  ///< the home screen's one big title
  H1,
  H2,
  H3,
  Body,
  BodyBold,
  BodyItalic,
  BodyBoldItalic,
  BodyMono,
  Small,
  SmallBold,
  SmallItalic,
  SmallMono,
  Caption,
  CaptionBold,
  Mono,
  MonoBold,
  Chip,
  Caps,  ///< section labels in tracked capitals: draw with Painter::caps
  DoorNumber,
  Icon,  ///< 20 points and up look best drawn through Painter::icon
  Count_,
};

/// Where a face was found, and in which Debian package it is.
struct FontFile {
  std::string path;
  std::string package;
};

/// The font atlas of the current Dear ImGui context, at one scale.
class Fonts {
 public:
  /// Finds the files and fills the atlas. A missing face is replaced by DejaVu and reported in missing();
  /// without DejaVu and Material Icons it is an error that names the packages. May be called again between
  /// frames.
  /// No text is smaller than `least_points`: for a projector.
  [[nodiscard]] tl::expected<void, std::string> load(float scale, float least_points = 0);

  /// One sentence a face that had to be replaced.
  [[nodiscard]] const std::vector<std::string>& missing() const noexcept { return missing_; }

  struct Face {
    ImFont* font = nullptr;
    float points = 0;  ///< its size
    float pixels = 0;  ///< the size it was rendered at
  };
  [[nodiscard]] const Face& face(Type type) const { return faces_[static_cast<std::size_t>(type)]; }
  /// The face that was rendered nearest to this size.
  [[nodiscard]] const Face& icon_face(float points) const;

  /// Width and height in points of one line.
  [[nodiscard]] Point measure(Type type, std::string_view text) const;
  /// From the top of a line to its baseline, in points.
  [[nodiscard]] float ascent(Type type) const;
  /// The usual distance of two baselines in points.
  [[nodiscard]] float line_height(Type type) const;

 private:
  std::array<Face, static_cast<std::size_t>(Type::Count_)> faces_{};
  std::array<Face, 3> icons_{};
  std::vector<std::string> missing_;
  float scale_ = 1;
};

}  // namespace loopscope::app
