#include "tests/app/screens/sample.hpp"

namespace loopscope::app::test {

namespace {

lessons::Lesson lesson(const std::string& id, int number, int part, const std::string& title,
                       const std::string& summary, int minutes) {
  lessons::Lesson made;
  made.id = id;
  made.number = number;
  made.part = part;
  made.title = title;
  made.summary = summary;
  made.minutes = minutes;
  for (const auto stage :
       {lessons::Stage::Question, lessons::Stage::Predict, lessons::Stage::Watch, lessons::Stage::Watch,
        lessons::Stage::Why, lessons::Stage::Change, lessons::Stage::Check}) {
    lessons::Page page;
    page.stage = stage;
    page.title = "A page of " + title;
    page.markdown = "Some words.";
    made.pages.push_back(page);
  }
  return made;
}

}  // namespace

Sample::Sample() {
  library.parts = {{1, "The address and the port"}, {2, "When it does not work"}, {3, "Who can reach me"}};
  library.lessons = {
      lesson("01-home", 1, 1, "Home: 127.0.0.1", "lo, localhost, ::1: a request that never reaches a wire",
             15),
      lesson("03-journey", 3, 1, "The journey of a request",
             "Five steps, a handshake, and what waits in which queue", 25),
      lesson("05-nobody-home", 5, 2, "Nobody home",
             "Refused at once: wrong port, wrong address, wrong family", 15),
      lesson("06-conflicts", 6, 2, "Port conflicts", "Who has it, how to see it, stop it or move", 20)};
  library.planned = {{2, 1, "Ports"},
                     {4, 1, "The same thing with real programs"},
                     {7, 2, "The conflicts nobody explains"},
                     {8, 2, "Firewalls"},
                     {9, 2, "Is it me or the network?"},
                     {10, 3, "127.0.0.1, 0.0.0.0, or the network address"},
                     {11, 3, "Is loopback safe?"},
                     {12, 3, "Containers"}};
  findings = {
      {"lab", "A private world", lab::Ability::Yes, "User, network, mount and PID namespaces.", ""},
      {"hold-packets", "Packets can be held", lab::Ability::Yes, "nfnetlink_queue answers on lo.", ""},
      {"other-user", "A second user", lab::Ability::Limited,
       "newuidmap is missing: every process is the same user.", "sudo apt install uidmap"}};
  snapshot.settings = &settings;
  snapshot.library = &library;
  snapshot.lessons = &library.lessons;
  snapshot.progress = &progress;
  snapshot.findings = &findings;
  snapshot.files = &files;
}

void Sample::open(const std::string& id) {
  for (const auto& one : library.lessons)
    if (one.id == id) snapshot.lesson = &one;
  snapshot.screen = Screen::Lesson;
}

void Sample::carry_out_one(const Action& action) {
  std::visit(
      [this](const auto& a) {
        using A = std::decay_t<decltype(a)>;
        if constexpr (std::is_same_v<A, action::GoHome>) snapshot.screen = Screen::Home;
        if constexpr (std::is_same_v<A, action::OpenLesson>) open(a.id);
        if constexpr (std::is_same_v<A, action::OpenFile>) files.problems = FileProblems{a.path, {a.path}};
        if constexpr (std::is_same_v<A, action::CloseFiles>) files = {};
        if constexpr (std::is_same_v<A, action::OpenSettings>) snapshot.settings_open = true;
        if constexpr (std::is_same_v<A, action::CloseSettings>) snapshot.settings_open = false;
        if constexpr (std::is_same_v<A, action::SetTheme>) settings.dark = a.dark;
        if constexpr (std::is_same_v<A, action::SetScale>) settings.scale = a.scale;
        if constexpr (std::is_same_v<A, action::SetReducedMotion>) settings.reduced_motion = a.on;
        if constexpr (std::is_same_v<A, action::SetProjector>) settings.projector = a.on;
        if constexpr (std::is_same_v<A, action::SetSpeed>) settings.slower = a.slower;
        if constexpr (std::is_same_v<A, action::SetInspectorTab>) settings.inspector_tab = a.tab;
        if constexpr (std::is_same_v<A, action::SetPanels>) {
          settings.lesson_width = a.lesson_width;
          settings.inspector_width = a.inspector_width;
          settings.sequence_height = a.sequence_height;
        }
      },
      action);
}

void Sample::draw(Ui& ui, Rect area) {
  Actions actions;
  draw_screen(ui, area, snapshot, actions);
  carry_out(actions);
}

void Sample::carry_out(const Actions& actions) {
  for (const Action& action : actions) {
    carry_out_one(action);
    done.push_back(action);
  }
}

}  // namespace loopscope::app::test
