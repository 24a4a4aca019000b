#include "app/views/case_parts.hpp"

#include "app/widgets/icons.hpp"
#include "app/widgets/marks.hpp"

namespace loopscope::app {
namespace {

/// What came in place of what was wanted.
std::string details_of(const lessons::Sighting& one) {
  std::string text = one.trouble;
  if (text.empty()) {
    text = one.statement.substr(0, one.statement.find('\n'));
    if (!one.found.empty()) text += "\ngave: " + one.found;
  }
  if (!one.wrote.empty()) text += "\nit said: " + one.wrote;
  return text;
}

float draw_sighting(Ui& ui, Rect area, const lessons::Sighting& one, std::size_t index) {
  const Palette& p = ui.palette();
  const bool failed = one.reached && !one.holds;
  const Tone tone = one.holds ? Tone::Good : failed ? Tone::Bad : Tone::Neutral;
  const std::string& words = one.words.empty() ? one.statement : one.words;
  ui.paint().icon({area.x0 + 9, area.y0 + 11}, 18, one.reached ? p.of(tone) : p.faint,
                  one.holds ? icon::CheckCircle
                  : failed  ? icon::Close
                            : icon::Help);
  const float x = area.x0 + 26, wide = area.width() - 26;
  float y = area.y0;
  y += std::max(22.0F,
                ui.paint().paragraph(Type::Small, {x, y + 1}, wide, one.reached ? p.text : p.muted, words));
  if (failed) y += ui.paint().paragraph(Type::Caption, {x, y}, wide, p.muted, details_of(one));
  ui.note("case/sighting/" + std::to_string(index), words, {area.x0, area.y0, area.x1, y}, one.holds);
  return y + 4 - area.y0;
}

}  // namespace

float draw_sightings(Ui& ui, Rect area, const CaseNow& now) {
  if (now.report == nullptr) return 0;
  const float top = area.y0;
  area.y0 += draw_section(ui, area, "What the client outside saw") + 4;
  std::size_t index = 0;
  for (const lessons::Sighting& one : now.report->sightings) {
    const bool shown = !one.words.empty() || (one.reached && !one.holds);
    if (shown) area.y0 += draw_sighting(ui, area, one, index);
    ++index;
  }
  return area.y0 - top + 8;
}

}  // namespace loopscope::app
