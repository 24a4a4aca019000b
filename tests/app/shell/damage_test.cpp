#include "app/shell/damage.hpp"

#include <imgui.h>

#include <algorithm>

#include "app/widgets/canvas.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope::app;

namespace {

constexpr int width = 640, height = 400;

/// Some words, and a card that may stand anywhere.
class Screen {
 public:
  void draw(Point card, std::string_view words) {
    canvas_->frame({.width = width, .height = height, .headless = true}, [&](Ui& ui, Rect area) {
      ui.paint().fill(area, ui.palette().panel);
      ui.paint().text(Type::Body, {20, 30}, ui.palette().text, words);
      ui.paint().fill(Rect::at(card.x, card.y, 70, 40), ui.palette().accent, 9);
      ui.paint().stroke(Rect::at(500, 300, 100, 60), ui.palette().border, 9);
    });
  }
  [[nodiscard]] ImDrawData& data() const { return *canvas_->draw_data(); }
  [[nodiscard]] Image picture() const { return canvas_->picture(); }
  std::vector<PixelArea> compare() { return damage_.compare(data(), width, height, 0); }
  void forget() { damage_.forget(); }

 private:
  std::unique_ptr<Canvas> canvas_ = std::move(Canvas::make(1).value());
  Damage damage_;
};

bool contains(const std::vector<PixelArea>& areas, int x, int y) {
  return std::any_of(areas.begin(), areas.end(), [&](const PixelArea& area) {
    return x >= area.x0 && x < area.x1 && y >= area.y0 && y < area.y1;
  });
}

int pixels_in(const std::vector<PixelArea>& areas) {
  int sum = 0;
  for (const PixelArea& area : areas) sum += (area.x1 - area.x0) * (area.y1 - area.y0);
  return sum;
}

}  // namespace

TEST_CASE("the first frame is drawn whole, an equal one not at all") {
  Screen screen;
  screen.draw({100, 100}, "held for 1 s");
  CHECK(screen.compare() == std::vector<PixelArea>{{0, 0, width, height}});
  screen.draw({100, 100}, "held for 1 s");
  CHECK(screen.compare().empty());
  screen.forget();
  screen.draw({100, 100}, "held for 1 s");
  CHECK(pixels_in(screen.compare()) == width * height);
}

TEST_CASE("each pixel that differs lies in an area that is drawn, and little else does") {
  Screen screen;
  screen.draw({100, 100}, "held for 1 s");
  (void)screen.compare();
  const Image before = screen.picture();
  screen.draw({131, 117}, "held for 2 s");
  const auto areas = screen.compare();
  const Image after = screen.picture();
  int differing = 0;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      if (before.at(x, y) == after.at(x, y)) continue;
      ++differing;
      if (!contains(areas, x, y)) FAIL("the pixel at " << x << ", " << y << " would keep its old colour");
    }
  CHECK(differing > 500);
  CHECK(pixels_in(areas) < width * height / 5);
  CHECK_FALSE(contains(areas, 550, 330));
}

TEST_CASE("what is left of a frame is clipped to the areas and smaller") {
  Screen screen;
  screen.draw({100, 100}, "held for 1 s");
  (void)screen.compare();
  screen.draw({100, 100}, "held for 2 s");
  const auto areas = screen.compare();
  const int whole = screen.data().TotalIdxCount;
  Damage::reduce(screen.data(), areas);
  CHECK(screen.data().TotalIdxCount < whole);
  CHECK(screen.data().TotalIdxCount > 0);
  for (int n = 0; n < screen.data().CmdListsCount; ++n)
    for (const ImDrawCmd& command : screen.data().CmdLists[n]->CmdBuffer) {
      CHECK(contains(areas, static_cast<int>(command.ClipRect.x), static_cast<int>(command.ClipRect.y)));
      CHECK(contains(areas, static_cast<int>(command.ClipRect.z) - 1,
                     static_cast<int>(command.ClipRect.w) - 1));
    }
}
