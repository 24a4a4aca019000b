#include "tests/app/views/live_desk.hpp"

#include <poll.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

#include "app/views/induce.hpp"
#include "app/views/screens.hpp"
#include "lessons/engine/library.hpp"
#include "sim/experiment/parser.hpp"
#include "sim/lab/lab.hpp"
#include "tests/support/catch.hpp"

namespace loopscope::app::test {
namespace {

sandbox::Launcher& launcher() {
  static sandbox::Launcher one = lab::make_launcher();
  return one;
}
const sandbox::Launcher& made_before_any_thread = launcher();

lessons::Lesson lesson_with(const std::string& text) {
  lessons::Lesson lesson;
  lesson.id = "01-desk";
  lesson.number = 1;
  lesson.title = "A desk";
  auto parsed = experiment::parse(text, "desk.lab");
  if (!parsed) throw std::runtime_error(to_string(parsed.error().front()));
  lesson.experiments.emplace_back("desk.lab", std::move(*parsed));
  lessons::Page page;
  page.stage = lessons::Stage::Watch;
  page.title = "A page";
  page.experiment = "desk.lab";
  lesson.pages = {page};
  return lesson;
}

lessons::Library library_of(const std::string& text) {
  lessons::Library library;
  library.lessons.push_back(lesson_with(text));
  return library;
}

std::filesystem::path folder() {
  return std::filesystem::temp_directory_path() / ("loopscope-desk-" + std::to_string(::getpid()));
}

Controller::Options options(Reasoning::Model model) {
  Controller::Options options;
  options.findings.resize(1);  // this machine is not examined
  options.settings.reduced_motion = true;
  options.reports_folder = folder() / "reports";
  options.model = std::move(model);
  return options;
}

}  // namespace

bool LiveDesk::has_lab() {
  auto world = launcher().make_world();
  if (!world) WARN("this machine makes no lab: " << to_string(world.error()));
  return world.has_value();
}

LiveDesk::LiveDesk(lessons::Library library, Reasoning::Model model, int width, int height)
    : controller_(launcher(), std::move(library), options(std::move(model))),
      driver_([this](Ui& ui, Rect area) { draw_screen(ui, area, controller_.snapshot(), actions_); }, width,
              height) {
  settle();
}

LiveDesk::LiveDesk(const std::string& experiment, int width, int height)
    : LiveDesk(library_of(experiment), &model::apply, width, height) {
  does(action::OpenLesson{"01-desk"});
}

LiveDesk::LiveDesk() : LiveDesk(lessons::Library{}, &model::apply, 1280, 800) {}

LiveDesk::LiveDesk(Reasoning::Model model)
    : LiveDesk(lessons::load_library(lessons::find_library().value()), std::move(model), 1280, 800) {}

LiveDesk::~LiveDesk() { std::filesystem::remove_all(folder()); }

bool LiveDesk::busy() {
  const Snapshot& seen = now();
  const bool running = seen.live && seen.live->phase == lab::Phase::Running;
  return seen.replaying || running || (seen.live && seen.trial != nullptr && seen.trial->after.empty());
}

void LiveDesk::settle() {
  for (int quiet = 0; quiet < 3; ++quiet) {
    driver_.frames();
    const auto asked = std::exchange(actions_, {});
    for (const Action& action : asked) {
      if (const auto* copy = std::get_if<action::CopyText>(&action)) copied_ = copy->text;
    }
    controller_.carry_out(asked);
    const bool running = busy();
    pollfd ready{controller_.fd(), POLLIN, 0};
    if (running && ready.fd >= 0) ::poll(&ready, 1, 5000);
    if (controller_.advance(1.0 / 60) || running || !asked.empty()) quiet = 0;
  }
}

void LiveDesk::does(Action action) {
  controller_.carry_out({std::move(action)});
  settle();
}

void LiveDesk::click(const std::string& id) {
  driver_.click(id);
  settle();
}

void LiveDesk::press(Key key, Mods mods) {
  driver_.key(key, mods);
  settle();
}

void LiveDesk::type(const std::string& text) {
  driver_.type(text);
  settle();
}

void LiveDesk::induce(const std::string& what) {
  press(Key::I);
  click("induce/" + what);
}

void LiveDesk::steps(int count) {
  for (int i = 0; i < count; ++i) does(action::StepForward{});
}

std::string LiveDesk::why_not(const std::string& what) {
  for (const InductionGroup& group : inductions_in(induce_world_of(now()))) {
    for (const Induction& item : group.items) {
      if (item.id != what) continue;
      press(Key::I);  // and the palette says so
      const bool enabled = driver_.item("induce/" + what).enabled;
      press(Key::Escape);
      return enabled == item.possible() ? item.why_not : "the palette shows it otherwise";
    }
  }
  return "there is no such item";
}

std::string LiveDesk::result_of(const std::string& words) {
  std::string result;
  std::uint64_t step = 0;
  for (const trace::Event& event : now().timeline->events()) {
    if (const auto* started = std::get_if<trace::StepStarted>(&event.fact)) {
      if (started->text.find(words) != std::string::npos) step = started->step, result.clear();
    } else if (const auto* finished = std::get_if<trace::StepFinished>(&event.fact)) {
      if (finished->step == step) result = finished->result;
    }
  }
  return result;
}

std::string LiveDesk::trouble_of(const std::string& words) {
  std::string trouble;
  std::uint64_t step = 0;
  for (const trace::Event& event : now().timeline->events()) {
    if (const auto* started = std::get_if<trace::StepStarted>(&event.fact)) {
      if (started->text.find(words) != std::string::npos) step = started->step;
    } else if (const auto* finished = std::get_if<trace::StepFinished>(&event.fact)) {
      if (finished->step == step) trouble = finished->trouble;
    }
  }
  return trouble;
}

bool LiveDesk::has_socket(const std::string& host, SocketState state, const std::string& local) {
  for (const auto& entry : now().timeline->sockets_at(host, now().timeline->end())) {
    if (entry.state == state && to_string(entry.local) == local) return true;
  }
  return false;
}

std::string LiveDesk::written() {
  return now().written == nullptr ? std::string() : now().written->file_text;
}

void LiveDesk::picture(const std::string& name) {
  for (const bool dark : {true, false}) {
    driver_.dark = dark;
    for (const bool large : {false, true}) {
      driver_.resize(large ? 1920 : 1280, large ? 1080 : 800);
      driver_.frames(3);
      driver_.keep_picture(name + (large ? "-large" : "") + (dark ? "-dark" : "-light"));
    }
  }
  driver_.dark = true;
  driver_.resize(1280, 800);
  driver_.frames(2);
}

}  // namespace loopscope::app::test
