#include "app/widgets/fonts.hpp"

#include <algorithm>
#include <cmath>

#include "app/widgets/compat.hpp"
#include "app/widgets/font_files.hpp"
#include "app/widgets/icons.hpp"

namespace loopscope::app {

namespace {

// What the texts of the program need: Latin, punctuation; and from the fallback the signs that the text faces
// lack. Every range costs at each start, in every style: whole blocks of signs doubled the time for the
// atlas.
constexpr std::array<ImWchar, 9> text_ranges{0x20, 0x17F, 0x2010, 0x203A, 0x20AC, 0x20AC, 0x2190, 0x2193, 0};
constexpr std::array<ImWchar, 5> title_ranges{0x20, 0xFF, 0x2010, 0x203A, 0};
constexpr std::array<ImWchar, 25> sign_ranges{
    0x2190, 0x2199, 0x21A9, 0x21B5, 0x21D0, 0x21D4, 0x2208, 0x220B, 0x2212, 0x2212, 0x221E, 0x221E, 0x2248,
    0x2248, 0x2260, 0x2265, 0x25A0, 0x25A1, 0x25B2, 0x25BD, 0x25CB, 0x25CF, 0x2713, 0x2717, 0};
constexpr std::array<ImWchar, 3> box_ranges{0x2500, 0x257F, 0};  // monospace only: tables and trees

constexpr std::array<float, 3> icon_points{16, 20, 28};

const ImWchar* icon_ranges() {
  static const auto ranges = [] {
    std::array<ImWchar, 2 * icon::code_points.size() + 1> made{};
    for (std::size_t i = 0; i < icon::code_points.size(); ++i)
      made[2 * i] = made[2 * i + 1] = icon::code_points[i];
    return made;
  }();
  return ranges.data();
}

struct Style {
  Type type;
  const std::string& file;
  float points;
  bool signs;  ///< merge the fallback's signs
  bool title;  ///< large: fewer characters, to keep the atlas small
};

// Whole and half pixels only: glyphs are rendered for this size.
float pixels_for(float points, float scale) { return std::round(points * scale * 2) / 2; }

ImFont* add(ImFontAtlas& atlas, const std::string& file, float pixels, const ImWchar* ranges, bool merge) {
  ImFontConfig config;
  config.OversampleH = 2;
  config.OversampleV = 1;
  config.PixelSnapH = false;
  config.MergeMode = merge;
  return atlas.AddFontFromFileTTF(file.c_str(), pixels, &config, ranges);
}

auto styles_from(const FontFiles& files) {
  return std::to_array<Style>({
      {Type::Display, files.display, 30, false, true},
      {Type::H1, files.display, 24, false, true},
      {Type::H2, files.bold, 19, false, true},
      {Type::H3, files.bold, 16, true, false},
      {Type::Body, files.regular, 15.5F, true, false},
      {Type::BodyBold, files.bold, 15.5F, true, false},
      {Type::BodyItalic, files.italic, 15.5F, false, false},
      {Type::BodyBoldItalic, files.bold_italic, 15.5F, false, true},
      {Type::BodyMono, files.mono, 13.5F, true, false},
      {Type::Small, files.regular, 13.5F, true, false},
      {Type::SmallBold, files.bold, 13.5F, true, false},
      {Type::SmallItalic, files.italic, 13.5F, false, false},
      {Type::SmallMono, files.mono, 12.5F, true, false},
      {Type::Caption, files.regular, 12.5F, true, false},
      {Type::CaptionBold, files.bold, 12.5F, true, false},
      {Type::Mono, files.mono, 12.5F, true, false},
      {Type::MonoBold, files.mono_bold, 12.5F, true, false},
      {Type::Chip, files.bold, 12, true, false},
      {Type::Caps, files.bold, 11, false, true},
      {Type::DoorNumber, files.mono_bold, 17, false, true},
  });
}

}  // namespace

tl::expected<void, std::string> Fonts::load(float scale, float least_points) {
  const auto files = find_font_files();
  if (!files) return tl::unexpected(files.error());
  missing_ = files->missing;
  scale_ = scale;
  auto styles = styles_from(*files);
  for (auto& style : styles) style.points = std::max(style.points, least_points);
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
#if !LOOPSCOPE_IMGUI_DYNAMIC_FONTS
  atlas.TexDesiredWidth = 2048;
#endif
  for (const auto& style : styles) {
    const bool mono = style.file == files->mono || style.file == files->mono_bold;
    const float pixels = pixels_for(style.points, scale);
    ImFont* font = nullptr;
    // The same file at the same size serves two styles.
    for (const auto& other : styles)
      if (other.type < style.type && &other.file == &style.file && other.points == style.points)
        font = face(other.type).font;
    if (font == nullptr) {
      font = add(atlas, style.file, pixels, style.title ? title_ranges.data() : text_ranges.data(), false);
      if (font == nullptr) return tl::unexpected("Cannot read the font " + style.file);
      if (style.signs)
        add(atlas, mono ? files->fallback_mono : files->fallback, pixels, sign_ranges.data(), true);
      if (style.signs && mono) add(atlas, files->fallback_mono, pixels, box_ranges.data(), true);
    }
    faces_[static_cast<std::size_t>(style.type)] = {font, style.points, pixels};
  }
  for (std::size_t i = 0; i < icon_points.size(); ++i) {
    const float pixels = pixels_for(icon_points[i], scale);
    ImFont* font = add(atlas, files->icons, pixels, icon_ranges(), false);
    if (font == nullptr) return tl::unexpected("Cannot read the font " + files->icons);
    icons_[i] = {font, icon_points[i], pixels};
  }
  faces_[static_cast<std::size_t>(Type::Icon)] = icons_[1];
#if !LOOPSCOPE_IMGUI_DYNAMIC_FONTS
  if (!atlas.Build())
    return tl::unexpected(std::string("The font atlas does not fit: choose a smaller scale"));
#endif
  ImGui::GetIO().FontDefault = face(Type::Body).font;
  return {};
}

const Fonts::Face& Fonts::icon_face(float points) const {
  for (const auto& face : icons_)
    if (points <= face.points * 1.15F) return face;
  return icons_.back();
}

Point Fonts::measure(Type type, std::string_view text) const {
  const Face& f = face(type);
  if (text.empty()) return {0, f.points};
  const ImVec2 size = compat::text_size(f.font, f.pixels, text.data(), text.data() + text.size());
  return {size.x / scale_, f.points};
}

float Fonts::ascent(Type type) const {
  const Face& f = face(type);
  return compat::ascent(f.font, f.pixels) / scale_;
}

float Fonts::line_height(Type type) const {
  const float points = face(type).points;
  return type == Type::Body || type == Type::BodyBold ? std::round(points * 1.5F) : std::round(points * 1.4F);
}

}  // namespace loopscope::app
