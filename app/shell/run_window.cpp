#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "app/shell/measure.hpp"
#include "app/shell/scale.hpp"
#include "app/shell/shell.hpp"
#include "app/shell/waker.hpp"
#include "app/shell/window.hpp"
#include "app/views/screens.hpp"

namespace loopscope::app {

namespace {

using Clock = std::chrono::steady_clock;
constexpr double frame_seconds = 1.0 / 60;  // also where vsync does not hold us back (Xvfb)

double processor_seconds() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

double seconds_since(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

/// The window's life: wait, take in, draw, carry out, keep the settings.
class Loop {
 public:
  Loop(const WindowOptions& options, Window& window, Canvas& canvas, Program& program, std::string path,
       Kept kept)
      : options_(options),
        window_(window),
        canvas_(canvas),
        program_(program),
        path_(std::move(path)),
        kept_(std::move(kept)),
        measure_(options.measure) {}

  int run() {
    open_lesson();
    Clock::time_point last = Clock::now();
    while (!window_.closing() && !quit_) {
      window_.wait(time_to_wait());
      const double passed = std::min(seconds_since(last), 0.1);
      last = Clock::now();
      const bool moving = program_.moving();
      if (program_.advance(moving ? passed : 0)) wanted_ = std::max(wanted_, 1);
      waker_.watch(program_.fd());
      if (auto dropped = window_.take_dropped()) carry_out({action::OpenFile{std::move(*dropped)}});
      if (window_.take_changed()) wanted_ = 2;  // the second shows what the first found out
      if (canvas_.animating()) wanted_ = std::max(wanted_, 1);
      if (wanted_ > 0 && window_.visible()) frame(static_cast<float>(passed));
      keep_settings(false);
      if (options_.quit_after > 0 && seconds_since(started_) > options_.quit_after) break;
    }
    keep_settings(true);
    measure_.report();
    return shell_exit::good;
  }

 private:
  // For ever while nothing moves: an idle window costs nothing. Whole milliseconds more than asked for, so
  // that what was to be done then can be done.
  [[nodiscard]] double time_to_wait() const {
    if (wanted_ > 0 || canvas_.animating() || program_.moving()) {
      if (!window_.visible()) return 0.25;
      return std::max(0.0, frame_seconds - seconds_since(drawn_));
    }
    double wait = options_.quit_after > 0 ? 0.25 : -1;
    const auto at_most = [&wait](double seconds) { wait = wait < 0 ? seconds : std::min(wait, seconds); };
    if (changed_since_ != Clock::time_point{}) at_most(0.5);
    if (const double next = program_.seconds_to_change(); next >= 0) at_most(next + 0.001);
    return wait;
  }

  void open_lesson() {
    if (options_.file) return program_.carry_out({action::OpenFile{*options_.file}});
    if (!options_.lesson) return;
    Actions actions{action::OpenLesson{*options_.lesson}};
    if (options_.page) actions.push_back(action::GoToPage{*options_.page - 1});
    program_.carry_out(actions);
  }

  void frame(float passed) {
    --wanted_;
    const Settings& settings = *program_.snapshot().settings;
    fit_scale(settings);
    const Point size = window_.size();
    window_.hand_input_to(canvas_);
    measure_.begin();
    Actions actions;
    canvas_.frame({.width = size.x,
                   .height = size.y,
                   .seconds = passed,
                   .dark = settings.dark,
                   .reduced_motion = settings.reduced_motion},
                  [&](Ui& ui, Rect area) { draw_screen(ui, area, program_.snapshot(), actions); });
    measure_.built();
    window_.show(canvas_, canvas_.ui().palette().ground);
    drawn_ = Clock::now();
    measure_.shown();
    if (!options_.dump_items.empty()) dump_items(canvas_.ui().registry(), options_.dump_items);
    carry_out(actions);
    note_cost();
  }

  void fit_scale(const Settings& settings) {
    const float wanted = pixels_a_point(settings, window_.content_scale(), window_.size());
    const float least = least_points(settings);
    if (std::abs(wanted - canvas_.scale()) < 0.01F && least == least_) return;
    least_ = least;
    if (auto done = canvas_.set_scale(wanted, least); !done) {
      std::fprintf(stderr, "loopscope: %s\n", done.error().c_str());
      return;
    }
    window_.upload_fonts();
  }

  void carry_out(const Actions& actions) {
    if (actions.empty()) return;
    for (const Action& one : actions) {
      if (const auto* copy = std::get_if<action::CopyText>(&one)) window_.copy(copy->text);
      if (std::holds_alternative<action::Quit>(one)) quit_ = true;
    }
    program_.carry_out(actions);
    waker_.watch(program_.fd());
    wanted_ = 2;
  }

  // A second after the last change, or at the end: dragging a panel does not write a file for each pixel.
  void keep_settings(bool now) {
    Kept current{*program_.snapshot().settings, window_.place()};
    if (options_.dark) current.settings.dark = kept_.settings.dark;
    if (options_.scale) current.settings.scale = kept_.settings.scale;
    if (current == kept_) {
      changed_since_ = {};
      return;
    }
    if (changed_since_ == Clock::time_point{} || current != seen_) changed_since_ = Clock::now();
    seen_ = current;
    if (!now && seconds_since(changed_since_) < 1) return;
    if (const std::string trouble = save_settings(path_, current); !trouble.empty()) tell_once(trouble);
    kept_ = current;
    changed_since_ = {};
  }

  void tell_once(const std::string& trouble) {
    if (told_) return;
    told_ = true;
    std::fprintf(stderr, "loopscope: settings are not kept: %s\n", trouble.c_str());
    program_.tell("Your settings cannot be kept: " + trouble + ". Everything works all the same.");
    wanted_ = 2;
  }

  // What the whole process used since the last frame, smoothed: drawing threads and input are in it.
  void note_cost() {
    const double used = processor_seconds();
    if (processor_before_ > 0) {
      cost_ += (std::min(used - processor_before_, 0.5) - cost_) * (cost_ == 0 ? 1 : 0.3);
      program_.frame_costs(cost_);
    }
    processor_before_ = used;
  }

  const WindowOptions& options_;
  Window& window_;
  Canvas& canvas_;
  Program& program_;
  std::string path_;
  Kept kept_, seen_;
  Measure measure_;
  Waker waker_{[] { Window::wake(); }};
  Clock::time_point started_ = Clock::now(), drawn_{}, changed_since_{};
  int wanted_ = 2;
  float least_ = 0;                         ///< points: see least_points()
  double cost_ = 0, processor_before_ = 0;  ///< of a frame; of the process until the last one. Seconds
  bool quit_ = false;
  bool told_ = false;
};

}  // namespace

int run_window(const WindowOptions& options, const MakeProgram& make_program) {
  const std::string path = settings_path();
  LoadedSettings loaded = load_settings(path);
  if (!loaded.trouble.empty()) std::fprintf(stderr, "loopscope: %s\n", loaded.trouble.c_str());
  auto window = Window::open(loaded.kept.window);
  if (!window) {
    std::fprintf(stderr, "loopscope: %s\n", window.error().c_str());
    return shell_exit::no_display;
  }
  Settings settings = loaded.kept.settings;
  if (options.dark) settings.dark = *options.dark;
  if (options.scale) settings.scale = *options.scale;
  auto canvas = Canvas::make(pixels_a_point(settings, (*window)->content_scale(), (*window)->size()));
  if (!canvas) {
    std::fprintf(stderr, "loopscope: %s\n", canvas.error().c_str());
    return shell_exit::failed;
  }
  for (const auto& words : (*canvas)->fonts().missing())
    std::fprintf(stderr, "loopscope: %s\n", words.c_str());
  if (auto done = (*window)->attach_renderer(); !done) {
    std::fprintf(stderr, "loopscope: %s\n", done.error().c_str());
    return shell_exit::no_display;
  }
  const std::unique_ptr<Program> program = make_program(settings);
  if (!loaded.trouble.empty()) program->tell(loaded.trouble);
  const int code =
      Loop(options, **window, **canvas, *program, loaded.may_be_written ? path : "", loaded.kept).run();
  (*window)->detach_renderer();
  return code;
}

}  // namespace loopscope::app
