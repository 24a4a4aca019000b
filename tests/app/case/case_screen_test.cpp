// A case with the keyboard alone, on the real lab: the terminal, the hints, the check.
#include "app/views/case_screen.hpp"

#include <poll.h>

#include <algorithm>

#include "app/controller/case_desk.hpp"
#include "lessons/engine/library.hpp"
#include "sim/lab/lab.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/matchers.hpp"
#include "tests/support/ui_driver.hpp"

using namespace loopscope;
using namespace loopscope::app;
using namespace loopscope::app::test;
using loopscope::tests::ContainsText;

namespace {

constexpr Mods with_both{.ctrl = true, .shift = true};

sandbox::Launcher& launcher() {
  static sandbox::Launcher made = lab::make_launcher();
  return made;
}

const lessons::Case& case_named(const std::string& name) {
  static const auto library = lessons::load_cases(lessons::find_library().value());
  const lessons::Case* one = lessons::find_case(library.cases, name);
  if (one == nullptr) throw std::runtime_error("no case " + name);
  return *one;
}

/// The case's screen over a real world.
class Desk {
 public:
  explicit Desk(const std::string& name, int width = 1280, int height = 800)
      : desk_(launcher(), case_named(name), 0),
        driver_([this](Ui& ui, Rect area) { draw(ui, area); }, width, height) {
    until([this] { return desk_.now().terminal != nullptr; });
    until_shows("lab@");
  }

  [[nodiscard]] const CaseNow& now() { return desk_.now(); }
  UiDriver& driver() { return driver_; }
  [[nodiscard]] const std::string& copied() const { return copied_; }
  [[nodiscard]] bool went_home() const { return home_; }
  [[nodiscard]] std::string screen() {
    const Emulator& terminal = *desk_.now().terminal;
    return terminal.text({-terminal.lines_above(), 0}, {terminal.rows() - 1, terminal.columns() - 1});
  }

  void key(Key key, Mods mods = {}) {
    driver_.key(key, mods);
    settle();
  }
  void line(const std::string& text) {
    driver_.type(text);
    key(Key::Enter);
  }
  void until(const std::function<bool()>& done) {
    for (int turn = 0; turn < 3000 && !done(); ++turn) {
      pollfd wait{desk_.fd(), POLLIN, 0};
      (void)::poll(&wait, 1, 20);
      settle();
    }
    INFO(desk_.now().trouble << "\n" << (desk_.now().terminal != nullptr ? screen() : ""));
    REQUIRE(done());
  }
  /// So many prompts: what is typed beside Ctrl+C, before the shell is back, may still be read by who is
  /// ending.
  void until_prompts(int count) {
    until([&] {
      int found = 0;
      const std::string all = screen();
      for (std::size_t at = 0; (at = all.find("lab@", at)) != std::string::npos; ++at) ++found;
      return found >= count;
    });
  }
  void until_shows(const std::string& words) {
    until([&] { return screen().find(words) != std::string::npos; });
  }
  void pictures(const std::string& name) {
    for (const bool dark : {true, false}) {
      driver_.dark = dark;
      driver_.frames(2);
      driver_.keep_picture(name + (dark ? "-dark" : "-light"));
    }
    driver_.dark = true;
  }

 private:
  void draw(Ui& ui, Rect area) {
    settings_.dark = driver_.dark;
    Snapshot now;
    now.screen = Screen::Case;
    now.settings = &settings_;
    now.case_now = &desk_.now();
    draw_case_screen(ui, area, now, actions_);
  }
  void settle() {
    desk_.pump();
    driver_.frames(2);
    for (const Action& one : std::exchange(actions_, {})) {
      if (const auto* copy = std::get_if<action::CopyText>(&one)) copied_ = copy->text;
      if (std::holds_alternative<action::GoHome>(one)) home_ = true;
      desk_.carry_out(one);
    }
    desk_.pump();
  }

  CaseDesk desk_;
  Settings settings_;
  Actions actions_;
  std::string copied_;
  bool home_ = false;
  UiDriver driver_;
};

}  // namespace

TEST_CASE("A case is solved in its terminal with the keyboard alone", "[case][kernel]") {
  Desk desk("1");
  CHECK(desk.driver().has("case/terminal"));
  desk.pictures("case-1-begin");
  desk.line("ss -ltn");
  desk.until_shows("127.0.0.1:8080");
  // The client looks while the terminal keeps the keys.
  desk.key(Key::K, with_both);
  desk.until([&] { return desk.now().checks == 1; });
  desk.driver().frames(2);
  CHECK_FALSE(desk.now().solved);
  CHECK(desk.driver().item("case/sighting/3").on);
  CHECK_FALSE(desk.driver().item("case/sighting/4").on);
  desk.key(Key::H, with_both);
  desk.driver().frames(2);
  CHECK(desk.driver().has("case/hint/1"));
  CHECK_FALSE(desk.driver().has("case/hint/2"));
  desk.pictures("case-1-not-yet");
  desk.line("sed -i 's/^address.*/address = ::/' shop.conf && cat shop.conf");
  desk.until_shows("address = ::\n");
  desk.line("pkill -f shop.py; sleep 0.2; python3 shop.py > shop.log 2>&1 &");
  desk.line("until ss -ltn | grep -q '\\*:8080'; do sleep 0.1; done; echo it list''ens");
  desk.until_shows("it listens");
  desk.key(Key::K, with_both);
  desk.until([&] { return desk.now().checks == 2; });
  desk.driver().frames(2);
  CHECK(desk.now().solved);
  CHECK(desk.driver().item("case/verdict").on);
  desk.pictures("case-1-solved");
}

TEST_CASE("The terminal has all keys while it has the focus, and Ctrl+Shift+Esc leads out of it and in again",
          "[case][kernel]") {
  Desk desk("2", 1920, 1080);
  desk.line("echo on; cat");
  desk.until_shows("\non\n");
  desk.driver().type("pqr");
  desk.key(Key::Tab);
  desk.key(Key::Escape);
  desk.until_shows("pqr");
  CHECK_FALSE(desk.went_home());
  desk.key(Key::C, with_ctrl);
  desk.until_prompts(2);
  desk.line("echo $((6*7))");
  desk.until_shows("\n42\n");
  desk.line(
      "printf '\\e[1;31mred\\e[0m \\e[44mblue ground\\e[0m \\e[7mreverse\\e[0m \\e[4mline\\e[0m "
      "gr\\xc3\\xbc\\xc3\\x9fe\\n'");
  desk.until_shows(
      "red blue ground reverse line gr\xc3\xbc\xc3\x9f"
      "e");
  desk.pictures("case-2-colours");
  desk.key(Key::Escape, with_both);
  CHECK(desk.driver().item("case/check").focused);
  desk.key(Key::Escape, with_both);
  desk.line("echo back");
  desk.until_shows("\nback\nlab@");
  desk.key(Key::C, with_both);
  CHECK_THAT(desk.copied(), ContainsText("\nback\n"));
  // What the mouse has drawn over is copied alone.
  const Rect text = desk.driver().item("case/terminal/text").area;
  desk.driver().drag({text.x0 + 2, text.y0 + 8}, {text.x0 + 60, text.y0 + 8});
  desk.key(Key::C, with_both);
  CHECK(desk.copied().size() > 3);
  CHECK(desk.copied().find('\n') == std::string::npos);
  // It takes the columns that there are.
  const int columns = desk.now().terminal->columns();
  desk.driver().resize(1280, 800);
  desk.until([&] { return desk.now().terminal->columns() < columns; });
  desk.line("clear; stty size");
  desk.until_shows(std::to_string(desk.now().terminal->rows()) + " " +
                   std::to_string(desk.now().terminal->columns()));
  desk.line("seq 1 200");
  desk.until_shows("\n200\n");
  desk.key(Key::PageUp, with_shift);
  CHECK(desk.now().terminal->lines_above() > 150);
  desk.pictures("case-2-scrolled");
  desk.line("exit");
  desk.until([&] { return desk.now().shell_ended; });
  desk.driver().frames(2);
  desk.key(Key::Escape, with_both);
  desk.driver().tab_to("case/new-shell");
  desk.key(Key::Enter);
  desk.until([&] { return !desk.now().shell_ended; });
  desk.until_shows("lab@here");
}

TEST_CASE("Who gives a case up is told what happened, and that it does not count", "[case][kernel]") {
  Desk desk("1");
  desk.key(Key::Escape, with_both);
  desk.driver().tab_to("case/give-up");
  desk.key(Key::Enter);
  desk.driver().frames(2);
  CHECK(desk.now().given_up);
  CHECK_FALSE(desk.driver().item("case/verdict").on);
  CHECK_THAT(desk.driver().item("case/verdict").label, ContainsText("does not count"));
  CHECK_FALSE(desk.driver().item("case/give-up").enabled);
  desk.pictures("case-1-given-up");
}
