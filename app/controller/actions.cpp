#include <poll.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "app/controller/controller.hpp"
#include "app/controller/kernel_game.hpp"

namespace loopscope::app {
namespace {

std::optional<lab::StepBy> step_by_named(const std::string& name) {
  if (name == "chapter") return lab::StepBy::Chapter;
  if (name == "call") return lab::StepBy::Call;
  if (name == "packet") return lab::StepBy::Packet;
  return std::nullopt;
}

}  // namespace

void Controller::open_lesson(const std::string& id_or_number) {
  int number = -1;
  std::from_chars(id_or_number.data(), id_or_number.data() + id_or_number.size(), number);
  const auto named = [&](const lessons::Lesson& lesson) {
    return lesson.id == id_or_number || (std::to_string(number) == id_or_number && lesson.number == number);
  };
  const auto found = std::find_if(library_.lessons.begin(), library_.lessons.end(), named);
  if (found == library_.lessons.end()) return say("There is no lesson '" + id_or_number + "'.");
  if (!may_open(*found)) return;
  leave_game();
  leave_trial();
  end_run();
  close_file();
  run_file_.clear();
  lesson_ = &*found;
  screen_ = Screen::Lesson;
  progress_.last_lesson = lesson_->id;
  go_to_page(progress_.lessons[lesson_->id].page);
}

void Controller::go_to_page(int page) {
  if (lesson_ == nullptr || lesson_->pages.empty()) return;
  leave_trial();
  page_ = std::clamp(page, 0, static_cast<int>(lesson_->pages.size()) - 1);
  progress_.lessons[lesson_->id].page = page_;
  const lessons::Page& now = lesson_->pages[static_cast<std::size_t>(page_)];
  if (now.experiment != run_file_) start_run(now.experiment);
  if (const auto by = step_by_named(now.step_by)) {
    opening_by_ = *by;
    if (session_) session_->set_step_by(*by);
  }
  look_at_goal();
  keep_progress();
}

void Controller::go_home() {
  leave_game();
  leave_trial();
  end_run();
  close_file();
  run_file_.clear();
  lesson_ = nullptr;
  goal_ = {};
  selected_.clear();
  playhead_ = {};
  screen_ = Screen::Home;
}

void Controller::end_run() {
  opening_.reset();
  session_.reset();
}

void Controller::start_run(const std::string& file) {
  by_hand_.clear();
  put_away_.reset();
  run_file_ = file;
  begin_run();
}

/// A fresh world for the experiment; where there is none, nothing. It wakes up while the window goes on.
void Controller::begin_run() {
  const lab::StepBy by = opening_ ? opening_by_ : session_ ? session_->step_by() : lab::StepBy::Call;
  end_run();
  again_.reset();
  written_for_.reset();
  refusal_.clear();
  selected_.clear();
  playhead_ = {};
  delays_.clear();
  clock_ = {};
  clock_.frame_costs(frame_cost_);
  goal_ = {};
  surprises_noted_ = 0;
  reports_.clear();
  const auto* experiment = experiment_to_run();
  if (experiment == nullptr) return;
  const auto ground = on_this_machine_ ? sandbox::Ground::ThisMachine : sandbox::Ground::Private;
  opening_by_ = by;
  opening_ = std::make_unique<lab::Session::Opening>(launcher_, *experiment, ground);
  take_in();
}

/// True where the world that was being made is there now, or cannot be.
bool Controller::take_opened() {
  if (!opening_) return false;
  auto opened = opening_->take();
  if (!opened) return false;
  opening_.reset();
  if (!*opened) {
    refusal_ = sandbox::to_string(opened->error());
    return true;
  }
  session_ = std::move(**opened);
  session_->set_step_by(opening_by_);
  reasoning_.begin(session_->experiment());
  return true;
}

/// For what cannot be done before the world is there.
void Controller::finish_opening() {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::seconds(10);
  while (opening_ && !take_in() && Clock::now() < end) {
    pollfd wait{opening_->fd(), POLLIN, 0};
    (void)::poll(&wait, 1, 1000);
  }
}

void Controller::step_forward() {
  finish_opening();
  if (playhead_.forward() || !session_) return;
  playhead_.to_end();  // a replay of what came last ends here
  if (session_->phase() == lab::Phase::Ended) return say("The world has ended. Start over.");
  session_->go_on();
}

void Controller::perform(const std::vector<std::string>& lines) {
  finish_opening();
  if (!session_) return say("There is no live run to act in.");
  if (again_) return say("What was done before is being done again: in a moment.");
  playhead_.to_end();
  do_deed(lines);
}

struct Controller::Carry {
  Controller& on;
  using LabSession = lab::Session;

  void with_session(const auto& what) const {
    on.finish_opening();
    if (on.session_) what(*on.session_);
  }

  void operator()(const action::GoHome&) const { on.go_home(); }
  void operator()(const action::OpenLesson& open) const { on.open_lesson(open.id); }
  void operator()(const action::GoToPage& go) const { on.go_to_page(go.page); }
  void operator()(const action::StepForward&) const { on.step_forward(); }
  void operator()(const action::StepBack&) const { on.playhead_.back(); }
  void operator()(const action::JumpTo& jump) const { on.playhead_.jump_to(jump.moment); }
  void operator()(const action::JumpToStart&) const { on.playhead_.to_start(); }
  void operator()(const action::JumpToEnd&) const { on.playhead_.to_end(); }
  void operator()(const action::PlayPause&) const { on.playhead_.play_pause(); }
  void operator()(const action::StartOver&) const { on.original_ ? on.start_trial() : on.start_over(); }
  void operator()(const action::TryRemedy& remedy) const { on.try_remedy(remedy.index); }
  void operator()(const action::LeaveTrial&) const { on.leave_trial(); }
  void operator()(const action::ReportDisagreement&) const { on.report_disagreement(); }
  void operator()(const action::SetStepBy& set) const {
    with_session([&](LabSession& session) {
      if (set.by == lab::StepBy::Packet && !session.can_hold_packets()) return on.say(session.why_no_hold());
      session.set_step_by(set.by);
    });
  }
  void operator()(const action::SetSpeed& set) const {
    on.options_.settings.slower = std::clamp(set.slower, 1.0F, 1e7F);
  }
  void operator()(const action::Predict& predict) const {
    on.playhead_.to_end();
    with_session([&](LabSession& session) { session.predict(predict.guess); });
  }
  void operator()(const action::Perform& perform) const { on.perform(perform.lines); }
  void operator()(const action::SetOnThisMachine& set) const {
    if (set.on == on.on_this_machine_) return;
    on.leave_trial();
    on.on_this_machine_ = set.on;
    on.start_run(on.run_file_);
  }
  void operator()(const action::BlockListener& block) const { on.block(block); }
  void operator()(const action::AskForFile&) const { on.ask_for_file(false); }
  void operator()(const action::AskWhereToSave&) const { on.ask_for_file(true); }
  void operator()(const action::LookAtPath& look) const { on.look_at_path(look.text); }
  void operator()(const action::OpenFile& open) const { on.open_file(open.path); }
  void operator()(const action::AllowPrograms& allow) const { on.answer_programs(allow.yes); }
  void operator()(const action::SaveExperiment& save) const { on.save_experiment(save.path, save.replace); }
  void operator()(const action::CloseFiles&) const {
    on.files_.dialog.reset();
    on.files_.problems.reset();
    on.answer_programs(false);
  }
  void operator()(const action::Undo&) const { on.undo(); }
  void operator()(const action::Redo&) const { on.redo(); }
  void operator()(const action::LetGo& packet) const {
    on.playhead_.to_end();
    with_session([&](LabSession& session) { session.let_go(packet.id); });
  }
  void operator()(const action::DropPacket& packet) const {
    on.playhead_.to_end();
    with_session([&](LabSession& session) { session.drop(packet.id); });
  }
  void operator()(const action::DelayPacket& packet) const {
    on.playhead_.to_end();
    with_session([&](LabSession& session) { session.delay(packet.id, Milliseconds(packet.milliseconds)); });
    if (!on.session_) return;
    std::erase_if(on.delays_, [&](const Delay& old) { return old.packet == packet.id; });
    on.delays_.push_back({packet.id, on.run_time() + Milliseconds(packet.milliseconds)});
  }
  void operator()(const action::AnswerQuiz& answer) const { on.answer(answer.id, answer.choice); }
  void operator()(const action::OpenGame&) const { on.open_game(false); }
  void operator()(const action::OpenTest&) const { on.open_game(true); }
  void operator()(const action::AnswerCall& answer) const {
    if (on.game_) on.game_->answer(answer.choice);
  }
  void operator()(const action::NextCall&) const {
    if (on.game_) on.game_->next();
  }
  void operator()(const action::ExportTest&) const { on.export_test(); }
  void operator()(const action::ReplaySurprise& surprise) const { on.replay_surprise(surprise.index); }
  void operator()(const action::Select& select) const { on.selected_ = select.what; }
  void operator()(const action::OpenSettings&) const { on.settings_open_ = true; }
  void operator()(const action::CloseSettings&) const { on.settings_open_ = false; }
  void operator()(const action::SetTheme& set) const { on.options_.settings.dark = set.dark; }
  void operator()(const action::SetScale& set) const {
    on.options_.settings.scale = std::clamp(set.scale, 0.75F, 2.5F);
  }
  void operator()(const action::SetReducedMotion& set) const {
    on.options_.settings.reduced_motion = set.on;
    if (set.on && on.playhead_.at_end()) on.playhead_.to_end();
  }
  void operator()(const action::SetProjector& set) const { on.options_.settings.projector = set.on; }
  void operator()(const action::SetPanels& set) const {
    on.options_.settings.lesson_width = set.lesson_width;
    on.options_.settings.inspector_width = set.inspector_width;
    on.options_.settings.sequence_height = set.sequence_height;
  }
  void operator()(const action::SetInspectorTab& set) const { on.options_.settings.inspector_tab = set.tab; }
  void operator()(const action::SetCommandSystem& set) const {
    on.options_.settings.command_system = set.system;
  }
  void operator()(const action::CopyText&) const { on.say("Copied."); }
  void operator()(const action::DismissNotice& dismiss) const {
    if (dismiss.index < on.notices_.size())
      on.notices_.erase(on.notices_.begin() + static_cast<std::ptrdiff_t>(dismiss.index));
  }
  void operator()(const action::OpenCase& open) const { on.open_case(open.id); }
  void operator()(const action::CheckCase& check) const { on.do_with_case(check); }
  void operator()(const action::NextHint& hint) const { on.do_with_case(hint); }
  void operator()(const action::GiveUpCase& give_up) const { on.do_with_case(give_up); }
  void operator()(const action::NewShell&) const { on.do_with_case(action::NewShell{}); }
  void operator()(const action::RestartCase&) const { on.restart_case(); }
  void operator()(const action::TypeInTerminal& type) const { on.do_with_case(type); }
  void operator()(const action::ResizeTerminal& size) const { on.do_with_case(size); }
  void operator()(const action::Quit&) const {}  // the shell's
};

void Controller::carry_out(const Actions& actions) {
  for (const Action& one : actions) std::visit(Carry{*this}, one);
  take_in();
}

}  // namespace loopscope::app
