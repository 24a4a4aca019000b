#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "app/widgets/colour.hpp"
#include "app/widgets/fonts.hpp"
#include "app/widgets/geometry.hpp"

struct ImDrawList;

namespace loopscope::app {

/// Where a text lies at its point: left, middle or right; `Middle` of a line is its optical middle.
enum class AlignX : std::uint8_t { Left, Middle, Right };
enum class AlignY : std::uint8_t { Top, Middle, Bottom };

/// Which corners of a rectangle are round.
enum class Corners : std::uint8_t { All, Top, Bottom, Left, Right };

/// Draws into one Dear ImGui draw list. All positions are points; strokes are centred on them; texts are put
/// on whole pixels. Cheap to copy; valid within a frame and a window (Ui::paint() gives the current one).
class Painter {
 public:
  Painter(ImDrawList* list, const Fonts& fonts, float scale) : list_(list), fonts_(&fonts), scale_(scale) {}

  // ---- areas
  void fill(const Rect& area, Colour colour, float radius = 0, Corners corners = Corners::All) const;
  void stroke(const Rect& area, Colour colour, float radius = 0, float width = 1) const;
  void dashed_rect(const Rect& area, Colour colour, float width = 1.4F, float on = 5, float off = 4) const;
  /// Diagonal stripes.
  void hatch(const Rect& area, Colour colour, float step = 9, float width = 2.2F) const;
  /// A soft edge outside of the area, `spread` wide: a light around what a learner must look at, or a shadow.
  void glow(const Rect& area, Colour colour, float radius, float spread) const;
  /// From `top` to `bottom`.
  void gradient(const Rect& area, Colour top, Colour bottom) const;

  // ---- lines and figures
  void line(Point from, Point to, Colour colour, float width = 1) const;
  void dashes(Point from, Point to, Colour colour, float width = 1.4F, float on = 5, float off = 4) const;
  void polyline(std::span<const Point> points, Colour colour, float width = 1, bool closed = false) const;
  void polyline(std::initializer_list<Point> points, Colour colour, float width = 1,
                bool closed = false) const {
    polyline(std::span<const Point>(points.begin(), points.size()), colour, width, closed);
  }
  void curve(Point from, Point control1, Point control2, Point to, Colour colour, float width = 1) const;
  /// A convex filled polygon, clockwise.
  void polygon(std::span<const Point> points, Colour colour) const;
  void polygon(std::initializer_list<Point> points, Colour colour) const {
    polygon(std::span<const Point>(points.begin(), points.size()), colour);
  }
  void disc(Point centre, float radius, Colour colour) const;
  void ring(Point centre, float radius, Colour colour, float width = 1) const;
  /// Angles in radians, 0 to the right, clockwise on the screen.
  void arc(Point centre, float radius, float from, float to, Colour colour, float width = 1) const;
  /// Its tip at `tip`, pointing along `direction` (of any length).
  void arrow_head(Point tip, Point direction, Colour colour, float size = 8) const;

  // ---- text
  /// One line; returns its width.
  float text(Type type, Point at, Colour colour, std::string_view text, AlignX x = AlignX::Left,
             AlignY y = AlignY::Middle) const;
  /// One line, shortened with an ellipsis where it is wider than `width`; returns its width.
  float text_fit(Type type, Point at, Colour colour, std::string_view text, float width,
                 AlignX x = AlignX::Left) const;
  /// Tracked capitals (the text is put in upper case): section labels only. Returns the width.
  float caps(Point at, Colour colour, std::string_view text, AlignX x = AlignX::Left) const;
  /// Lines broken at spaces and '\n', from the top left corner; returns the height. `line_height` 0: the
  /// usual one.
  float paragraph(Type type, Point at, float width, Colour colour, std::string_view text,
                  float line_height = 0, int max_lines = 0) const;
  /// The height that paragraph() would take.
  [[nodiscard]] float paragraph_height(Type type, float width, std::string_view text,
                                       float line_height = 0) const;
  void icon(Point centre, float size, Colour colour, const char* icon) const;

  [[nodiscard]] Point measure(Type type, std::string_view text) const { return fonts_->measure(type, text); }
  [[nodiscard]] float width(Type type, std::string_view text) const { return fonts_->measure(type, text).x; }
  [[nodiscard]] float caps_width(std::string_view text) const;
  [[nodiscard]] std::string fit(Type type, std::string_view text, float width) const;
  [[nodiscard]] const Fonts& fonts() const { return *fonts_; }

  // ---- scopes
  /// What is drawn while one of these lives is seen only within the area.
  class Clip {
   public:
    Clip(const Painter& painter, const Rect& area);
    ~Clip();
    Clip(const Clip&) = delete;
    Clip& operator=(const Clip&) = delete;

   private:
    ImDrawList* list_;
  };
  /// What is drawn while one of these lives is mixed towards the ground it stands on: 0 as it is, 1 gone.
  class Dim {
   public:
    Dim(const Painter& painter, float share, Colour ground);
    ~Dim();
    Dim(const Dim&) = delete;
    Dim& operator=(const Dim&) = delete;

   private:
    ImDrawList* list_;
    int first_vertex_;
    float share_;
    Colour ground_;
  };

  /// A painter for which `origin` stays where it is and everything else is `factor` times as far from it and
  /// as large.
  [[nodiscard]] Painter zoomed(Point origin, float factor) const;
  /// The same, drawing into another list (a child window's).
  [[nodiscard]] Painter in(ImDrawList* list) const {
    Painter other = *this;
    other.list_ = list;
    return other;
  }
  [[nodiscard]] Point to_pixels(Point p) const {
    return {p.x * scale_ + offset_.x, p.y * scale_ + offset_.y};
  }
  [[nodiscard]] Rect to_pixels(const Rect& r) const;
  [[nodiscard]] Point from_pixels(Point p) const {
    return {(p.x - offset_.x) / scale_, (p.y - offset_.y) / scale_};
  }
  [[nodiscard]] float scale() const { return scale_; }
  [[nodiscard]] ImDrawList* list() const { return list_; }

 private:
  ImDrawList* list_;
  const Fonts* fonts_;
  float scale_;     ///< pixels a point
  Point offset_{};  ///< pixels
  float zoom_ = 1;  ///< on top of the scale that the fonts were rendered for
};

}  // namespace loopscope::app
