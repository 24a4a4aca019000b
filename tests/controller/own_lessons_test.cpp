// A course of one's own in the window: asked about before it starts programs, and read again as it is saved.
#include <algorithm>
#include <fstream>

#include "lessons/check/template.hpp"
#include "tests/controller/desk.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

using namespace loopscope;
using namespace loopscope::app;
namespace fs = std::filesystem;

namespace {

struct Course {
  test::TemporaryFolder folder;
  std::string lesson =
      lessons::check::make_lesson((folder.path / "course" / "01-doors").string(), ".").value();

  void change(const std::string& file, const std::string& from, const std::string& to) const {
    std::string text = tests::read_file(lesson + "/" + file);
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    std::ofstream(lesson + "/" + file) << text.replace(at, from.size(), to);
  }
  [[nodiscard]] std::unique_ptr<Controller> program(bool preview) const {
    lessons::Library library;
    lessons::add_course(library, lesson);
    Controller::Options options;
    options.settings.reduced_motion = true;
    options.findings = {{"lab", "A private world", lab::Ability::Yes, "", ""}};
    if (preview) options.preview = lesson;
    return std::make_unique<Controller>(test::one_launcher(), std::move(library), std::move(options));
  }
};

std::string notices(Controller& program) {
  std::string all;
  for (const auto& notice : *program.snapshot().notices) all += notice + '\n';
  return all;
}

/// The watch has told once the file is closed: no time has to pass, only poll(2) to say so.
void take_in(Controller& program) {
  pollfd wait{program.fd(), POLLIN, 0};
  (void)::poll(&wait, 1, 2000);
  program.advance(0);
}

}  // namespace

TEST_CASE("A lesson that is being written is read again as it is saved", "[controller]") {
  const Course course;
  const auto program = course.program(true);
  program->carry_out({action::OpenLesson{"course/01-doors"}, action::GoToPage{3}});
  REQUIRE(program->snapshot().lesson);
  CHECK(program->snapshot().page == 3);
  course.change("lesson.md", "## Why: One door, one listener", "## Why: One door, and one listener");
  take_in(*program);
  CHECK(program->snapshot().lesson->pages[3].title == "One door, and one listener");
  CHECK(program->snapshot().page == 3);
  CHECK(notices(*program) == "");
}

TEST_CASE("What is wrong with it is told with its line, and the last good version stays", "[controller]") {
  const Course course;
  const auto program = course.program(true);
  program->carry_out({action::OpenLesson{"course/01-doors"}, action::GoToPage{1}});
  course.change("lesson.md", "## Watch: What happened", "## Wacht: What happened");
  take_in(*program);
  CHECK(notices(*program).find("lesson.md:28: '## Wacht: What happened' is no page") != std::string::npos);
  CHECK(program->snapshot().lesson->pages[2].title == "What happened");
  CHECK(program->snapshot().page == 1);
  course.change("lesson.md", "## Wacht: What happened", "## Watch: What has happened");
  take_in(*program);
  CHECK(notices(*program) == "");
  CHECK(program->snapshot().lesson->pages[2].title == "What has happened");
}

TEST_CASE("A lesson that cannot be read at first opens once it can", "[controller]") {
  const Course course;
  course.change("lesson.md", "# Doors", "Doors");
  const auto program = course.program(true);
  CHECK(program->snapshot().lesson == nullptr);
  CHECK(notices(*program).find("lesson.md:1: a lesson begins with its title") != std::string::npos);
  course.change("lesson.md", "Doors", "# Doors");
  take_in(*program);
  REQUIRE(program->snapshot().lesson);
  CHECK(program->snapshot().lesson->title == "Doors");
}

TEST_CASE("A course's lesson that starts programs is asked about first", "[controller]") {
  const Course course;
  course.change("both.lab", "server: listen(s, 16)                        = ok",
                "server: listen(s, 16) = ok\nother: run true = exit 0");
  const auto program = course.program(false);
  program->carry_out({action::OpenLesson{"course/01-doors"}});
  REQUIRE(program->snapshot().files->question);
  CHECK(program->snapshot().lesson == nullptr);
  CHECK(program->snapshot().files->question->programs.size() == 1);
  program->carry_out({action::AllowPrograms{false}});
  CHECK(program->snapshot().lesson == nullptr);
  program->carry_out({action::OpenLesson{"course/01-doors"}});
  program->carry_out({action::AllowPrograms{true}});
  REQUIRE(program->snapshot().lesson);
  CHECK_FALSE(program->snapshot().files->question);
}
