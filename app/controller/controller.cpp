#include "app/controller/controller.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "app/controller/kernel_game.hpp"
#include "lessons/engine/learning.hpp"
#include "sim/lab/doctor.hpp"

namespace loopscope::app {
namespace {

constexpr auto message_stays = std::chrono::seconds(4);
constexpr auto delay_pause = Milliseconds(100);  // the words count tenths of seconds

/// This program's folder below one of the XDG Base Directory Specification; empty where none is known.
std::string own_folder(const char* variable, const char* below_home) {
  const auto from = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value != nullptr && value[0] == '/' ? value : "");  // relative ones are to be ignored
  };
  std::string folder = from(variable);
  if (folder.empty() && !from("HOME").empty()) folder = from("HOME") + below_home;
  return folder.empty() ? "" : folder + "/loopscope";
}

}  // namespace

Controller::Controller(sandbox::Launcher& launcher, lessons::Library library, Options options)
    : launcher_(launcher),
      library_(std::move(library)),
      options_(std::move(options)),
      reasoning_(options_.model) {
  if (!options_.clock) {
    options_.clock = [] { return Nanoseconds(std::chrono::steady_clock::now().time_since_epoch()); };
  }
  if (!library_.folder.empty()) cases_ = lessons::load_cases(library_.folder);
  library_.problems.insert(library_.problems.end(), cases_.problems.begin(), cases_.problems.end());
  examined_ = !options_.findings.empty();
  load_progress();
  if (options_.preview.empty()) return;
  preview_.emplace(options_.preview);
  if (!preview_->trouble().empty()) tell(preview_->trouble());
  reload_preview();  // tells what is wrong with it
}

Controller::~Controller() = default;

std::string Controller::usual_progress_path() { return lessons::usual_progress_path(); }

std::string Controller::usual_reports_folder() {
  const std::string folder = own_folder("XDG_DATA_HOME", "/.local/share");
  return folder.empty() ? "" : folder + "/reports";
}

int Controller::fd() const {
  const int in_case = case_fd();
  const int own = in_case >= 0                ? in_case
                  : opening_                  ? opening_->fd()
                  : session_                  ? session_->fd()
                  : game_ && game_->fd() >= 0 ? game_->fd()
                  : examination_              ? examination_->fd()
                                              : -1;
  return preview_ ? preview_->fd_with(own) : own;
}

void Controller::say(std::string message) {
  message_ = std::move(message);
  message_until_ = options_.clock() + message_stays;
}

void Controller::tell(std::string notice) {
  if (std::find(notices_.begin(), notices_.end(), notice) == notices_.end())
    notices_.push_back(std::move(notice));
}

void Controller::frame_costs(double processor_seconds) {
  frame_cost_ = std::chrono::duration_cast<Nanoseconds>(std::chrono::duration<double>(processor_seconds));
  clock_.frame_costs(frame_cost_);
}

bool Controller::take_in() {
  const bool opened = take_opened();
  if (!session_) return opened;
  if (opened && again_) do_again();
  const bool waited = session_->phase() == lab::Phase::Holding;
  if (!session_->pump()) return opened;
  if (hurrying_) hurry_on();
  if (again_) do_again();
  // What the kernel sends again while the learner holds its first is counted, not replayed each time.
  const bool by_itself = waited && session_->phase() == lab::Phase::Holding;
  playhead_.take_in(session_->timeline(),
                    options_.settings.reduced_motion || original_ || by_itself || again_);
  clock_.take_in(session_->timeline(), session_->phase() != lab::Phase::Ended);
  reasoning_.take_in(session_->timeline());
  if (original_) return note_trial(), true;  // what happens in it is not the learner's doing
  note_surprises();
  look_at_goal();
  return true;
}

/// The playhead follows what happens and has caught up with it.
bool Controller::shows_now() const {
  return session_ && clock_.running() && playhead_.at_end() && !playhead_.moving();
}

Nanoseconds Controller::run_time() const { return options_.clock() - session_->origin(); }

bool Controller::go_on_with_the_clock() {
  if (!shows_now()) return false;
  const Nanoseconds now = run_time();
  if (clock_.takes_table(now)) session_->look();
  return clock_.advance(now, options_.settings.reduced_motion);
}

/// Where a packet is delayed something does change: its time runs out.
bool Controller::go_on_with_delays() {
  if (delays_.empty()) return false;
  if (!session_) return delays_.clear(), true;
  const Nanoseconds now = run_time();
  const auto& timeline = session_->timeline();
  const auto held = timeline.held_at(timeline.end());
  std::erase_if(delays_, [&](const Delay& delay) {
    return std::none_of(held.begin(), held.end(), [&](const auto& one) {
      return std::get<trace::PacketHeld>(one.event->fact).id == delay.packet;
    });
  });
  if (delays_.empty()) return true;
  if (now < delay_shown_ + delay_pause) return false;
  delay_shown_ = now;
  return true;
}

double Controller::seconds_to_change() const {
  // The examination is over in a moment; where the session's descriptor is watched it is asked again and
  // again.
  if (!examined_ && home_shown_ && (!examination_ || examination_->fd() < 0)) return 0;
  if (examination_ && (session_ || opening_ || game_)) return 0.02;
  if (game_ && game_->restless()) return 0.02;  // two worlds may be under way, one descriptor is watched
  const auto in_seconds = [](Nanoseconds time) { return std::chrono::duration<double>(time).count(); };
  const Nanoseconds delay_left = delays_.empty() || !session_
                                     ? Nanoseconds(-1)
                                     : std::max(Nanoseconds(0), delay_shown_ + delay_pause - run_time());
  double next = shows_now() ? in_seconds(clock_.until_next(run_time())) : -1;
  if (delay_left >= Nanoseconds(0))
    next = next < 0 ? in_seconds(delay_left) : std::min(next, in_seconds(delay_left));
  if (!message_.empty()) {
    const double left = in_seconds(std::max(Nanoseconds(0), message_until_ - options_.clock()));
    next = next < 0 ? left : std::min(next, left);
  }
  return next;
}

bool Controller::advance(double seconds) {
  bool changed = look_at_preview();
  changed = take_in_case() || changed;
  changed = take_in() || changed;
  changed = playhead_.advance(seconds, options_.settings.slower, options_.settings.reduced_motion) || changed;
  changed = go_on_with_the_clock() || changed;
  changed = go_on_with_delays() || changed;
  changed = go_on_with_the_game() || changed;
  if (!message_.empty() && options_.clock() >= message_until_) {
    message_.clear();
    changed = true;
  }
  return examine() || changed;
}

/// One piece between two frames, once the home screen has been shown. True where it is done.
bool Controller::examine() {
  if (examined_ || !home_shown_) return false;
  if (!examination_) examination_.emplace(launcher_);
  if (!examination_->pump()) return false;
  options_.findings = examination_->findings();
  examination_.reset();
  examined_ = true;
  return true;
}

bool Controller::moving() const { return playhead_.moving(); }

const Snapshot& Controller::snapshot() {
  if (screen_ == Screen::Home) home_shown_ = true;
  if (shows_now()) clock_.touch(run_time());
  Snapshot& now = snapshot_;
  now = Snapshot{};
  now.screen = screen_;
  now.settings_open = settings_open_;
  now.settings = &options_.settings;
  now.library = &library_;
  now.lessons = &library_.lessons;
  now.progress = &progress_;
  now.findings = &options_.findings;
  now.game = game_ ? &game_->view() : nullptr;
  now.lesson = lesson_;
  now.page = page_;
  now.session = session_.get();
  if (session_) now.live = live_of(*session_);
  if (opening_) {
    now.live = Live{};
    now.live->phase = lab::Phase::Running;
    now.live->step_by = opening_by_;
    now.live->opening = true;
  }
  now.refusal = refusal_;
  now.on_this_machine = on_this_machine_;
  now.timeline = session_ ? &session_->timeline() : files_.recording ? &recorded_ : &no_timeline_;
  now.experiment = session_ ? &session_->experiment() : files_.recording ? &*opened_ : experiment_to_run();
  now.files = &files_;
  now.moment = shows_now() ? std::max(playhead_.moment(), clock_.moment()) : playhead_.moment();
  now.at_end = playhead_.at_end();
  now.playing = playhead_.playing();
  now.progress_of_motion = options_.settings.reduced_motion ? 1.0F : playhead_.motion();
  show_reasoning(now);
  show_written(now);
  now.delays = delays_;
  now.goal = goal_;
  now.selected = selected_;
  now.message = message_;
  now.notices = &notices_;
  show_case(now);
  return now;
}

}  // namespace loopscope::app
