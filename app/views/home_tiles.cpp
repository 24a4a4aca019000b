#include "app/views/home_tiles.hpp"

#include "app/widgets/icons.hpp"
#include "app/widgets/marks.hpp"
#include "lessons/game/results.hpp"
#include "lessons/game/schedule.hpp"

namespace loopscope::app {

namespace {

HomeTile game_tile(const lessons::Progress& progress) {
  const auto score = game::score_of(progress.game);
  const auto all = static_cast<float>(score.known + score.shaky + score.unasked);
  HomeTile tile;
  tile.id = "home/game";
  tile.title = "You are the kernel";
  tile.words = "The calls come to you: ok, or which errno? Then see what the kernel did.";
  tile.record = progress.game.asked == 0 ? "" : "best run: " + std::to_string(progress.game.best_run);
  tile.icon = icon::Gavel;
  tile.tone = Tone::Call;
  tile.bar = {{static_cast<float>(score.known) / all, Tone::Good},
              {static_cast<float>(score.shaky) / all, Tone::Waiting}};
  tile.foot = std::to_string(score.known) + " known, " + std::to_string(score.shaky) + " shaky, " +
              std::to_string(score.unasked) + " new";
  tile.action = action::OpenGame{};
  return tile;
}

HomeTile test_tile(const lessons::Progress& progress) {
  const auto right = [](const lessons::TestTaken& test) {
    return std::to_string(game::right_of(test)) + " of " + std::to_string(test.answers.size());
  };
  HomeTile tile;
  tile.id = "home/test";
  tile.icon = icon::School;
  tile.tone = Tone::Info;
  tile.action = action::OpenTest{};
  tile.title = "Before and after";
  if (progress.tests.empty()) {
    tile.words =
        "Twelve calls before the course, the same rules with other numbers after it: what was gained?";
    tile.foot = "not taken yet";
    return tile;
  }
  const auto& first = progress.tests.front();
  const auto& last = progress.tests.back();
  const auto share = [](const lessons::TestTaken& test) {
    return static_cast<float>(game::right_of(test)) /
           static_cast<float>(std::max<std::size_t>(1, test.answers.size()));
  };
  const bool again = progress.tests.size() > 1;
  tile.words = again ? "The same rules, other numbers. Take it once more at any time."
                     : "The same rules with other numbers, once you are through: what was gained?";
  tile.record = again ? "after: " + right(last) : "";
  tile.foot = "before: " + right(first);
  tile.bar = {{share(first), Tone::Info}};
  if (again && share(last) > share(first)) tile.bar.push_back({share(last) - share(first), Tone::Good});
  return tile;
}

HomeTile surprises_tile(const lessons::Progress& progress) {
  const auto& all = progress.surprises;
  HomeTile tile;
  tile.id = "home/surprises";
  tile.icon = icon::Bulb;
  tile.tone = Tone::Waiting;
  tile.title = "Your surprises";
  tile.words = "Where the kernel answered otherwise than you predicted. See the last one again.";
  tile.foot = std::to_string(all.size()) + " to look at";
  tile.action = action::ReplaySurprise{all.size() - 1};
  return tile;
}

}  // namespace

std::vector<HomeTile> home_tiles(const Snapshot& now) {
  if (now.progress == nullptr) return {};
  std::vector<HomeTile> tiles;
  if (!now.progress->surprises.empty()) tiles.push_back(surprises_tile(*now.progress));
  tiles.push_back(game_tile(*now.progress));
  tiles.push_back(test_tile(*now.progress));
  return tiles;
}

void draw_tile(Ui& ui, const Rect& area, const HomeTile& tile, Actions& actions) {
  const Palette& p = ui.palette();
  const Colour tone = p.of(tile.tone);
  const Hit hit = ui.hit(area, {.id = tile.id, .label = tile.title});
  const float more = hit.held ? 0.12F : hit.hovered ? 0.06F : 0.0F;
  ui.paint().fill(area, mix(p.panel, tone, (p.dark ? 0.08F : 0.05F) + more), radius::card);
  ui.paint().stroke(area, mix(p.border, tone, 0.5F), radius::card);
  const Rect in = area.inset(16, 14);
  const Rect sign = Rect::at(in.x0, in.y0, 26, 26);
  ui.paint().fill(sign, mix(p.panel, tone, 0.22F), 7);
  ui.paint().icon(sign.centre(), 17, tone, tile.icon);
  const float record = tile.record.empty() ? 0 : ui.paint().width(Type::Caption, tile.record) + 12;
  const bool narrow = in.width() < 300 && record > 0;
  ui.paint().text_fit(Type::H3, {in.x0 + 38, in.y0 + 13}, p.text, tile.title,
                      in.width() - 38 - (narrow ? 0 : record));
  if (!narrow) ui.paint().text(Type::Caption, {in.x1, in.y0 + 13}, p.muted, tile.record, AlignX::Right);
  ui.paint().paragraph(Type::Small, {in.x0, in.y0 + 36}, in.width(), p.muted, tile.words, 19, 2);
  const float y = in.y1 - 6;
  float x = in.x0;
  if (!tile.bar.empty()) {
    const float wide =
        std::clamp(in.width() - 16 - ui.paint().width(Type::Caption, tile.foot), 24.0F, 160.0F);
    ui.paint().fill(Rect::at(x, y - 3, wide, 6), p.strong_border, 3);
    float from = x;
    for (const auto& [share, its] : tile.bar) {
      if (share > 0) ui.paint().fill(Rect::at(from, y - 3, wide * share, 6), p.of(its), 3);
      from += wide * share;
    }
    x += wide + 12;
  }
  ui.paint().text_fit(Type::Caption, {x, y}, p.muted, tile.foot, in.x1 - x);
  ui.note(tile.id + "/record", tile.record + (tile.record.empty() ? "" : "; ") + tile.foot, in);
  if (hit.focused) ui.focus_ring(area, radius::card);
  if (hit.pressed) actions.push_back(tile.action);
}

}  // namespace loopscope::app
