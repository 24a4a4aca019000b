// Files of the user's own, opened, asked about and kept on the real screen.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "sim/experiment/parser.hpp"
#include "sim/lab/run.hpp"
#include "sim/trace/json.hpp"
#include "tests/app/views/live_desk.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/matchers.hpp"

using namespace loopscope;
using namespace loopscope::app;
using namespace loopscope::app::test;
using tests::ContainsText;

namespace {

namespace fs = std::filesystem;

/// A folder with files, gone at the end.
class Folder {
 public:
  Folder() { fs::create_directories(path_ / "deeper"); }
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
    return path(name);
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream in(path(name));
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }

 private:
  fs::path path_ = fs::temp_directory_path() / ("loopscope-files-" + std::to_string(::getpid()));
};

constexpr const char* two_calls = R"(title Two calls
server: s = socket(AF_INET, SOCK_STREAM)
server: bind(s, 127.0.0.1:62893) = ok
)";

std::string programs_in(const Folder& folder) {
  return folder.write("stranger.lab", "title A gift\np: run touch " + folder.path("was-here") +
                                          "\nq: start sleep 1000\np: s = socket(AF_INET, SOCK_STREAM)\n");
}

void replace_path(LiveDesk& desk, const std::string& path) {
  desk.press(Key::End);
  const std::size_t typed = desk.driver().item("files/path").label.size();
  for (std::size_t i = 0; i < typed; ++i) desk.driver().key(Key::Backspace);
  desk.type(path);
}

}  // namespace

TEST_CASE("an experiment is opened by its path with Ctrl+O, and steps like a lesson's", "[files]") {
  if (!LiveDesk::has_lab()) return;
  const Folder folder;
  const std::string path = folder.write("two.lab", two_calls);
  LiveDesk desk;
  desk.press(Key::O, with_ctrl);
  replace_path(desk, folder.path("tw"));
  desk.press(Key::Enter);  // as far as it can be completed
  CHECK(desk.driver().item("files/path").label == path);
  desk.press(Key::Enter);
  CHECK(desk.now().screen == Screen::File);
  CHECK_THAT(desk.driver().item("top/where").label, ContainsText("two.lab"));
  desk.steps(2);
  CHECK(desk.result_of("server: bind") == "ok");
  CHECK(desk.driver().item("experiment/line/3").label == "server: bind(s, 127.0.0.1:62893) = ok  = ok");
  desk.press(Key::Escape);
  CHECK(desk.now().screen == Screen::Home);
}

TEST_CASE("the dialog lists what can be opened, and goes into folders with the mouse", "[files]") {
  const Folder folder;
  (void)folder.write("one.lab", two_calls);
  (void)folder.write("notes.txt", "no");
  (void)folder.write("deeper/inside.lab", two_calls);
  LiveDesk desk;
  desk.press(Key::O, with_ctrl);
  replace_path(desk, folder.path(""));
  CHECK(desk.driver().has("files/entry/one.lab"));
  CHECK_FALSE(desk.driver().has("files/entry/notes.txt"));
  desk.click("files/entry/deeper/");
  desk.click("files/entry/inside.lab");
  CHECK(desk.now().files->path == folder.path("deeper/inside.lab"));
}

TEST_CASE("a file that starts programs is shown and asked about first, and nothing runs before", "[files]") {
  const Folder folder;
  const std::string path = programs_in(folder);
  LiveDesk desk;
  desk.does(action::OpenFile{path});
  REQUIRE(desk.now().files->question);
  CHECK(desk.driver().item("programs/list/1").label == path + ":2: p: run touch " + folder.path("was-here"));
  CHECK_THAT(desk.driver().item("programs/list/2").label, ContainsText("q: start sleep 1000"));
  CHECK(desk.now().session == nullptr);
  CHECK(desk.now().screen == Screen::Home);
  desk.press(Key::Right);  // what lies below hears nothing
  desk.press(Key::Enter);  // the answer at hand is no
  CHECK_FALSE(desk.now().files->question);
  CHECK(desk.now().session == nullptr);
  CHECK_THAT(desk.now().message, ContainsText("Nothing of"));

  desk.does(action::OpenFile{path});
  desk.press(Key::Escape);
  CHECK(desk.now().session == nullptr);
  CHECK(desk.now().screen == Screen::Home);
  CHECK_FALSE(fs::exists(folder.path("was-here")));
}

TEST_CASE("allowed, its programs run in the lab and nowhere else", "[files]") {
  if (!LiveDesk::has_lab()) return;
  const Folder folder;
  LiveDesk desk;
  desk.does(action::OpenFile{programs_in(folder)});
  desk.picture("programs");
  desk.click("programs/yes");
  CHECK(desk.now().screen == Screen::File);
  // Each call of the program waits for a step of its own: what it has to say of the read-only folder, too.
  for (int i = 0; i < 20 && desk.result_of("p: run touch").empty(); ++i) desk.steps(1);
  CHECK_THAT(desk.result_of("p: run touch"), ContainsText("exit"));
  CHECK_FALSE(fs::exists(folder.path("was-here")));  // the lab's /tmp is its own
}

TEST_CASE("a file begins in a private lab, wherever the run before it was", "[files]") {
  if (!LiveDesk::has_lab()) return;
  const Folder folder;
  LiveDesk desk(two_calls);
  desk.does(action::SetOnThisMachine{true});
  CHECK(desk.now().live->on_this_machine);
  desk.does(action::OpenFile{folder.write("two.lab", two_calls)});
  CHECK_FALSE(desk.now().live->on_this_machine);
}

TEST_CASE("what is wrong with a file is told with its place and the remedy", "[files]") {
  const Folder folder;
  const std::string path = folder.write("wrong.lab", "server: bin(s, 127.0.0.1:62893)\nserver: listen(s)\n");
  LiveDesk desk;
  desk.does(action::OpenFile{path});
  CHECK_THAT(desk.driver().item("problems/list/1").label, ContainsText(path + ":1:9: "));
  CHECK_THAT(desk.driver().item("problems/list/1").label, ContainsText("bind"));
  desk.picture("problems");
  desk.click("problems/ok");
  CHECK(desk.now().screen == Screen::Home);
  desk.does(action::OpenFile{folder.path("not-there.lab")});
  CHECK_THAT(desk.driver().item("problems/list/1").label, ContainsText("there is no such file"));
  desk.press(Key::Escape);
  desk.does(action::OpenFile{folder.path("deeper")});
  CHECK_THAT(desk.driver().item("problems/list/1").label, ContainsText("this is a folder"));
}

TEST_CASE("a trace is shown as it was recorded, and nothing can be done in it", "[files]") {
  if (!LiveDesk::has_lab()) return;
  const Folder folder;
  const std::string path = folder.path("run.jsonl");
  {
    sandbox::Launcher launcher = lab::make_launcher();
    const auto report = lab::run(launcher, experiment::parse(two_calls, "two.lab").value());
    REQUIRE(report);
    std::ofstream out(path);
    trace::write_trace(out, report->events);
  }
  LiveDesk desk;
  desk.does(action::OpenFile{path});
  CHECK(desk.now().screen == Screen::File);
  CHECK(desk.driver().item("top/lab").label == "A recording");
  CHECK(desk.now().moment < desk.now().timeline->end());
  CHECK(desk.driver().item("experiment/line/3").label == "server: bind(s, 127.0.0.1:62893) = ok");  // not yet
  for (int i = 0; i < 20; ++i) desk.press(Key::Right);
  CHECK(desk.now().at_end);
  CHECK(desk.result_of("server: bind") == "ok");
  CHECK_THAT(desk.why_not("take/same"), ContainsText("recording"));
  desk.does(action::OpenFile{folder.write("bad.jsonl", "{\"no\": \"trace\"}\n")});
  CHECK_THAT(desk.driver().item("problems/list/1").label, ContainsText("bad.jsonl:1"));
}

TEST_CASE("the experiment is kept with what was done by hand, whole, and never over another by chance",
          "[files]") {
  if (!LiveDesk::has_lab()) return;
  const Folder folder;
  const std::string path = folder.write("two.lab", two_calls);
  LiveDesk desk;
  desk.does(action::OpenFile{path});
  desk.steps(2);
  desk.does(action::Perform{{"server: listen(s, 4)"}});
  desk.press(Key::S, with_ctrl);
  CHECK(desk.driver().item("files/path").label == path);  // its own file
  desk.picture("save");
  desk.press(Key::Enter);
  CHECK(folder.read("two.lab") == std::string(two_calls) + "server: listen(s, 4)\n");
  CHECK_THAT(desk.now().message, ContainsText("Kept in"));

  (void)folder.write("other.lab", "title Not yours\n");
  desk.press(Key::S, with_ctrl);
  replace_path(desk, folder.path("other"));  // without its ending
  desk.press(Key::Enter);
  CHECK(folder.read("other.lab") == "title Not yours\n");
  CHECK_THAT(desk.driver().item("files/trouble").label, ContainsText("is there already"));
  desk.click("files/done");
  CHECK_THAT(folder.read("other.lab"), ContainsText("server: listen(s, 4)\n"));
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder.path(""))) files += entry.is_regular_file() ? 1 : 0;
  CHECK(files == 2);  // no half-written one beside them

  desk.press(Key::S, with_ctrl);
  replace_path(desk, folder.path("no/such/two.lab"));
  desk.press(Key::Enter);
  CHECK_THAT(desk.driver().item("files/trouble").label, ContainsText("There is no folder"));
}
