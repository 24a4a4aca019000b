#include <poll.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/controller/controller.hpp"
#include "app/views/kernel_game.hpp"
#include "app/views/screens.hpp"
#include "lessons/game/schedule.hpp"
#include "sim/experiment/parser.hpp"
#include "sim/lab/lab.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ui_driver.hpp"

using namespace loopscope;
using namespace loopscope::app;
using loopscope::app::test::UiDriver;

namespace {

sandbox::Launcher& launcher() {
  static sandbox::Launcher one = lab::make_launcher();
  return one;
}
const sandbox::Launcher& made_before_any_thread = launcher();

constexpr const char* rivals = R"(server: s = socket(AF_INET, SOCK_STREAM)
server: bind(s, 127.0.0.1:62893)
server: listen(s, 16)
rival: r = socket(AF_INET, SOCK_STREAM)
rival: bind(r, 127.0.0.1:62893) ?= EADDRINUSE
)";

lessons::Library library() {
  lessons::Lesson lesson;
  lesson.id = "06-port-conflicts";
  lesson.number = 6;
  lesson.title = "Port conflicts";
  lesson.experiments.emplace_back("rivals.lab", experiment::parse(rivals, "rivals.lab").value());
  lessons::Page words, page;
  words.title = "Words";
  page.title = "A page";
  page.experiment = "rivals.lab";
  lesson.pages = {words, page};
  lessons::Library all;
  all.lessons.push_back(lesson);
  return all;
}

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("loopscope-game-" + std::to_string(::getpid()));
  ~Folder() { std::filesystem::remove_all(path); }
};

/// The whole program but its window, with a real lab behind it.
struct Desk {
  explicit Desk(int width = 1280, int height = 800, bool dark = true)
      : driver([this](Ui& ui, Rect area) { draw_screen(ui, area, program.snapshot(), actions); }, width,
               height, dark) {
    driver.frames(2);
  }
  Controller::Options options() const {
    Controller::Options with;
    with.findings.resize(1);  // this machine is not examined
    with.settings.reduced_motion = true;
    with.progress_path = folder.path / "progress.json";
    with.game_seed = 42;
    return with;
  }
  void carry_out() {
    program.carry_out(std::exchange(actions, {}));
    driver.frames(2);
  }
  void press(Key key) {
    driver.key(key);
    carry_out();
  }
  void click(const std::string& id) {
    driver.click(id);
    carry_out();
  }
  const GameView& game() {
    const Snapshot& now = program.snapshot();
    REQUIRE(now.game != nullptr);
    return *now.game;
  }
  /// Until the lab has nothing under way: what has been prepared is there then.
  void settle() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (program.seconds_to_change() >= 0 && std::chrono::steady_clock::now() < end) {
      pollfd wait{program.fd(), POLLIN, 0};
      if (wait.fd >= 0) ::poll(&wait, 1, 20);
      program.advance(0.016);
    }
    driver.frames(2);
  }
  lessons::Progress kept() const { return lessons::load_progress(folder.path / "progress.json").value(); }

  Folder folder;
  Controller program{launcher(), library(), options()};
  Actions actions;
  UiDriver driver;
};

Key key_of(std::size_t answer) {
  return static_cast<Key>(static_cast<int>(Key::One) + static_cast<int>(answer));
}

}  // namespace

TEST_CASE("The game is played from the keyboard alone: an answer, the kernel's beside it, and the next call",
          "[game]") {
  Desk desk;
  desk.driver.tab_to("home/game");
  desk.press(Key::Enter);
  REQUIRE(desk.program.snapshot().screen == Screen::Game);
  for (int i = 0; i < 8; ++i) {
    desk.settle();
    CHECK(desk.game().number == i + 1);
    CHECK_FALSE(desk.driver.has("game/verdict"));
    for (const Item& item : desk.driver.registry().items()) {
      const bool tells = item.id.find("game/socket/") == 0 && item.on;
      CHECK_FALSE(tells);  // who decides is not shown yet
    }
    const std::size_t right = desk.game().question->predicted;
    desk.press(key_of(right));
    // The kernel had answered while the learner was reading: nothing is waited for.
    REQUIRE(desk.game().verdict);
    CHECK(desk.game().verdict->right == right);
    CHECK(desk.driver.item("game/verdict").on);
    CHECK(desk.driver.has("game/why"));
    CHECK_FALSE(desk.driver.has("game/feedback"));
    if (desk.game().no_kernel.empty()) CHECK(desk.game().verdict->by_kernel);
    desk.press(i % 2 == 0 ? Key::Enter : Key::Space);
  }
  CHECK(desk.kept().game.asked == 8);
  CHECK(desk.kept().game.best_run == 8);
  desk.press(Key::Escape);
  CHECK(desk.program.snapshot().screen == Screen::Home);
  CHECK(desk.driver.item("home/game/record").label.find("best run: 8") != std::string::npos);
}

TEST_CASE("A wrong answer is told why it is not what happens, and its rule comes again", "[game]") {
  Desk desk;
  desk.click("home/game");
  desk.settle();
  const std::string rule = desk.game().question->rule;
  const std::size_t wrong = desk.game().question->predicted == 0 ? 1 : 0;
  const std::string feedback = desk.game().question->answers[wrong].feedback;
  desk.click("game/answer/" + std::to_string(wrong + 1));
  CHECK_FALSE(desk.driver.item("game/verdict").on);
  CHECK(desk.driver.item("game/feedback").label == feedback);
  CHECK(desk.driver.item("game/rules/shaky").label.find("1") != std::string::npos);
  int between = 0;
  for (; between < 6; ++between) {
    desk.click("game/next");
    desk.settle();
    if (desk.game().question->rule == rule) break;
    desk.press(Key::Zero);  // 'I don't know' is not known either
  }
  CHECK(between == 2);
}

TEST_CASE("The test before and after: twelve calls by keys, what was gained, and the results as CSV",
          "[game]") {
  Desk desk;
  desk.driver.tab_to("home/test");
  desk.press(Key::Enter);
  for (int i = 0; i < 12; ++i) {
    CHECK(desk.game().number == i + 1);
    CHECK_FALSE(desk.driver.has("game/rules/new"));  // nothing gives the answer away
    desk.press(Key::Zero);
    CHECK_FALSE(desk.driver.has("game/verdict"));
  }
  desk.settle();
  CHECK(desk.driver.item("test/title").label == "0 of 12 right");
  desk.click("test/again");
  for (int i = 0; i < 12; ++i) desk.press(key_of(desk.game().question->predicted));
  desk.settle();
  CHECK(desk.driver.item("test/title").label == "12 of 12 right, 0 in the first test");
  CHECK(desk.driver.item("test/result/12").on);
  desk.click("test/export");
  std::ifstream file(desk.folder.path / "test-results.csv");
  std::stringstream text;
  text << file.rdbuf();
  const std::string csv = text.str();
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 25);
  CHECK(csv.find("\r\n2,") != std::string::npos);
  const auto kept = desk.kept();
  REQUIRE(kept.tests.size() == 2);
  CHECK(kept.tests[1].answers.size() == 12);
  CHECK(kept.tests[0].answers[3].rule == kept.tests[1].answers[3].rule);
  desk.driver.key(Key::Escape);
  desk.carry_out();
  CHECK(desk.driver.item("home/test/record").label == "after: 12 of 12; before: 0 of 12");
}

TEST_CASE("A test that is left is not kept", "[game]") {
  Desk desk;
  desk.click("home/test");
  for (int i = 0; i < 5; ++i) desk.press(Key::One);
  desk.press(Key::Escape);
  CHECK(desk.program.snapshot().screen == Screen::Home);
  CHECK(desk.program.snapshot().progress->tests.empty());
}

TEST_CASE("A surprise leads to the run at its question, with what came before done", "[game]") {
  Desk desk;
  lessons::Surprise surprise{"06-port-conflicts", "What does the rival's bind return?", "ok", "EADDRINUSE"};
  surprise.experiment = "rivals.lab";
  surprise.statement = 4;
  auto& progress = const_cast<lessons::Progress&>(*desk.program.snapshot().progress);
  progress.surprises = {surprise};
  desk.driver.frames(2);
  desk.click("home/surprise/0");
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  const auto asks = [&] {
    const Snapshot& now = desk.program.snapshot();
    return !now.refusal.empty() || (now.live && now.live->phase == lab::Phase::Asking && !now.replaying);
  };
  while (!asks() && std::chrono::steady_clock::now() < end) {
    pollfd wait{desk.program.fd(), POLLIN, 0};
    ::poll(&wait, 1, 50);
    desk.program.advance(0.016);
  }
  const Snapshot& now = desk.program.snapshot();
  CHECK(now.screen == Screen::Lesson);
  CHECK(now.page == 1);
  if (!now.refusal.empty()) {
    WARN("this machine makes no lab: " << now.refusal);
    return;
  }
  REQUIRE(now.live);
  CHECK(now.live->phase == lab::Phase::Asking);
  CHECK(now.live->next_statement == 4);
}

TEST_CASE("Nothing of the game, the test and home is cut off, at any size and in both themes", "[game]") {
  const std::pair<int, int> sizes[] = {{1280, 800}, {900, 600}, {1920, 1080}};
  for (const auto& [width, height] : sizes) {
    for (const bool dark : {true, false}) {
      Desk desk(width, height, dark);
      const std::string name = std::to_string(width) + (dark ? "-dark" : "-light");
      const auto look = [&](const std::string& what) {
        desk.driver.keep_picture(what + "-" + name);
        for (const Item& item : desk.driver.registry().items()) {
          INFO(item.id << " in " << what << " at " << name);
          CHECK(item.area.x0 >= -0.5F);
          CHECK(item.area.x1 <= static_cast<float>(width) + 0.5F);
        }
      };
      look("home");
      desk.program.carry_out({action::OpenGame{}});
      desk.settle();
      look("game-asks");
      desk.press(key_of(desk.game().question->predicted == 0 ? 1 : 0));
      look("game-answered");
      desk.program.carry_out({action::OpenTest{}});
      desk.settle();
      look("test-asks");
      while (desk.game().question != nullptr) desk.press(Key::Two);
      desk.settle();
      look("test-results");
    }
  }
}
