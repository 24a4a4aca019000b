#include <algorithm>

#include "app/views/lesson_parts.hpp"
#include "tests/app/views/sample_run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ui_driver.hpp"

using namespace loopscope;
using namespace loopscope::app;
using namespace loopscope::app::test;

namespace {
enum Tab : int { Sockets, Packets, Calls, Code, TryIt };

struct Inspector {
  Inspector(SampleRun& sample, Tab tab)
      : run(sample),
        driver(([&] { sample.settings.inspector_tab = tab; }(),
                [this](Ui& ui, Rect area) { draw_inspector(ui, area, run.now(), actions); }),
               352, 728) {}
  template <class Kind>
  const Kind* asked() const {
    for (const auto& action : actions) {
      if (const auto* found = std::get_if<Kind>(&action)) return found;
    }
    return nullptr;
  }
  std::size_t count(std::string_view start) const {
    const auto& items = driver.registry().items();
    return static_cast<std::size_t>(std::count_if(
        items.begin(), items.end(), [&](const Item& item) { return item.id.starts_with(start); }));
  }
  SampleRun& run;
  Actions actions;
  UiDriver driver;
};
}  // namespace

TEST_CASE("a tab that is clicked is asked for, and arrows move between tabs") {
  SampleRun run;
  run.before_accept();
  Inspector inspector(run, Sockets);
  inspector.driver.click("inspector/Calls");
  REQUIRE(inspector.asked<action::SetInspectorTab>() != nullptr);
  CHECK(inspector.asked<action::SetInspectorTab>()->tab == Calls);
  inspector.actions.clear();
  inspector.driver.tab_to("inspector/Sockets");
  inspector.driver.key(Key::Right);
  inspector.driver.frames(2);
  REQUIRE(inspector.asked<action::SetInspectorTab>() != nullptr);
  CHECK(inspector.asked<action::SetInspectorTab>()->tab == Packets);
}

TEST_CASE("each socket has its card, and a card selects the socket everywhere") {
  SampleRun run;
  run.before_accept();
  Inspector inspector(run, Sockets);
  CHECK(inspector.driver.item("socket/1").label == "server LISTEN");
  CHECK(inspector.driver.item("socket/3").label == "nobody yet ESTABLISHED");
  CHECK(inspector.driver.item("accept-queue/127.0.0.1:62893").label == "1");
  inspector.driver.click("socket/2");
  REQUIRE(inspector.asked<action::Select>() != nullptr);
  CHECK(inspector.asked<action::Select>()->what == "socket:2");
  run.now().selected = "socket:2";
  inspector.actions.clear();
  inspector.driver.frames(2);
  CHECK(inspector.driver.item("socket/2").on);
  inspector.driver.click("socket/2");
  CHECK(inspector.asked<action::Select>()->what.empty());
}

TEST_CASE("a question about a state hides that state until it is answered") {
  SampleRun run;
  run.before_accept();
  run.ask("state(s)");
  Inspector inspector(run, Sockets);
  CHECK(inspector.driver.item("socket/1").label == "server ?");
  CHECK(inspector.driver.item("socket/2").label == "client ESTABLISHED");
  CHECK_FALSE(inspector.driver.has("ss"));
  CHECK(inspector.count("accept-queue") == 0);
  run.predicted(std::nullopt, experiment::Result{SocketState::Listen});
  inspector.driver.frames(2);
  CHECK(inspector.driver.item("socket/1").label == "server LISTEN");
  CHECK(inspector.driver.has("ss"));
}

TEST_CASE("the ss block copies the whole table, also by keyboard") {
  SampleRun run;
  run.before_accept();
  Inspector inspector(run, Sockets);
  inspector.driver.click("ss/copy");
  REQUIRE(inspector.asked<action::CopyText>() != nullptr);
  const auto text = inspector.asked<action::CopyText>()->text;
  CHECK(text.find("users:((\"server\",pid=4125,fd=3))") != std::string::npos);
  inspector.actions.clear();
  inspector.driver.tab_to("ss");
  inspector.driver.key(Key::C, with_ctrl);
  inspector.driver.frames(2);
  REQUIRE(inspector.asked<action::CopyText>() != nullptr);
  CHECK(inspector.asked<action::CopyText>()->text == text);
}

TEST_CASE("a held packet and the packets that went by are listed and selected") {
  SampleRun run;
  run.syn_held();
  Inspector inspector(run, Packets);
  REQUIRE(inspector.count("packet/") == 1);
  const auto row =
      std::find_if(inspector.driver.registry().items().begin(), inspector.driver.registry().items().end(),
                   [](const Item& item) { return item.id.starts_with("packet/"); });
  CHECK(row->label == "SYN");
  const std::string id = row->id;
  inspector.driver.click(id);
  REQUIRE(inspector.asked<action::Select>() != nullptr);
  CHECK(inspector.asked<action::Select>()->what == "packet:" + id.substr(7));
}

TEST_CASE("calls show their results, and the one to come is not called") {
  SampleRun run;
  run.before_accept();
  Inspector inspector(run, Calls);
  CHECK(inspector.count("call/") == 6);
  CHECK(inspector.driver.item("call/5").label == "connect(3, 127.0.0.1:62893)");
  CHECK(inspector.driver.item("call/next").label.starts_with("send(c,"));
  run.now().selected = "call:5";
  inspector.driver.frames(3);
  inspector.driver.click("strace/copy");
  REQUIRE(inspector.asked<action::CopyText>() != nullptr);
  CHECK(inspector.asked<action::CopyText>()->text.find(
            "connect(3, {sa_family=AF_INET, sin_port=htons(62893)") != std::string::npos);
}

TEST_CASE("nothing that happened after the playhead is shown") {
  SampleRun run;
  run.before_accept();
  run.now().moment = std::chrono::microseconds{20};
  run.now().at_end = false;
  Inspector inspector(run, Calls);
  CHECK(inspector.count("call/") == 3);
}

TEST_CASE("the program of the process that comes next is shown with its line marked") {
  SampleRun run;
  run.before_accept();
  Inspector inspector(run, Code);
  CHECK(inspector.driver.item("code").label == "client.c");
  CHECK(inspector.driver.item("code/current").label.find("send(c,") != std::string::npos);
  inspector.driver.frames(3);
  const auto& line = inspector.driver.item("code/current");
  CHECK(line.clip.contains(line.area.centre()));
  inspector.driver.click("code/language/Python");
  inspector.driver.frames(2);
  CHECK(inspector.driver.item("code").label == "client.py");
  inspector.driver.click("code/process/server");
  inspector.driver.frames(2);
  CHECK(inspector.driver.item("code").label == "server.py");
  CHECK(inspector.driver.item("code/current").label.find("accept") != std::string::npos);
}

TEST_CASE("commands are those of the chosen system, and copy without the prompt") {
  SampleRun run("06-port-conflicts");
  Inspector inspector(run, TryIt);
  inspector.driver.click("commands/system/Windows");
  REQUIRE(inspector.asked<action::SetCommandSystem>() != nullptr);
  CHECK(inspector.asked<action::SetCommandSystem>()->system == "Windows");
  run.settings.command_system = "Windows";
  inspector.driver.frames(3);
  std::string id;
  for (const auto& item : inspector.driver.registry().items()) {
    if (id.empty() && item.id.starts_with("command/") && item.id.ends_with("/copy")) id = item.id;
  }
  REQUIRE_FALSE(id.empty());
  inspector.actions.clear();
  inspector.driver.click(id);
  REQUIRE(inspector.asked<action::CopyText>() != nullptr);
  const auto& all = run.lesson.commands;
  CHECK(std::any_of(all.begin(), all.end(), [&](const auto& command) {
    return command.command == inspector.asked<action::CopyText>()->text;
  }));
}

TEST_CASE("ten thousand calls and packets draw no more rows than can be seen") {
  SampleRun run;
  run.many(10000);
  for (const auto tab : {Calls, Packets}) {
    Inspector inspector(run, tab);
    const auto rows = inspector.count(tab == Calls ? "call/" : "packet/");
    CHECK(rows > 5);
    CHECK(rows < 40);
  }
}

TEST_CASE("no control of the inspector is cut off at its sides") {
  SampleRun run("06-port-conflicts");
  run.refused();
  for (const auto tab : {Sockets, Packets, Calls, Code, TryIt}) {
    Inspector inspector(run, tab);
    for (const auto& item : inspector.driver.registry().items()) {
      INFO(tab << ": " << item.id);
      CHECK(item.area.x0 >= item.clip.x0 - 1);
      CHECK(item.area.x1 <= item.clip.x1 + 1);
    }
  }
}
