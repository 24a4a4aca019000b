#include "app/cli/tour.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iostream>

#include "app/cli/prose_text.hpp"
#include "lessons/engine/glossary.hpp"
#include "lessons/engine/goal.hpp"

namespace loopscope::app::cli {
namespace {

using lessons::Page;
using lessons::Stage;

constexpr Milliseconds for_a_goal{1500};  // a table comes a little after the step that changed it

std::optional<std::size_t> number_in(const std::string& line) {
  std::size_t number = 0;
  const char* end = line.data() + line.size();
  const auto [stop, error] = std::from_chars(line.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

}  // namespace

Tour::Tour(Context& context, const lessons::Library& library, const lessons::Lesson& lesson)
    : context_(context),
      library_(library),
      lesson_(lesson),
      typing_(somebody_types()),
      learner_(lesson, typing_),
      stepper_(context.terminal, typing_) {}

void Tour::say(const std::string& text) const { std::cout << text << std::flush; }

void Tour::say(Style style, const std::string& words, std::size_t indent) const {
  say(context_.terminal.paint(style, wrapped(words, indent, context_.terminal.columns)));
}

Status Tour::go() {
  headline();
  at_ = learner_.page();
  if (at_ > 0) say(Style::Faint, fmt::format("You were on page {}; `b` goes back.", at_ + 1));
  while (!quit_ && at_ < static_cast<int>(lesson_.pages.size())) {
    learner_.goes_to(at_);
    const Go go = page();
    if (go == Go::Quit) quit_ = true;
    if (go == Go::Next) ++at_;
    if (go == Go::Back) at_ = std::max(at_ - 1, 0);
    if (status_ == Status::NoLab) return status_;
  }
  if (quit_) return status_;
  try_it();
  glossary();
  summing_up();
  return status_;
}

void Tour::headline() {
  const Terminal& terminal = context_.terminal;
  say(terminal.paint(Style::Title, fmt::format("Lesson {}: {}", lesson_.number, lesson_.title)) + "\n");
  if (!lesson_.summary.empty()) say(wrapped(without_marks(lesson_.summary), 2, terminal.columns));
  say(Style::Faint,
      "Everything below is done by real processes in a private world of their own, and measured there.");
}

void Tour::page_text() {
  say("\n" +
      context_.terminal.paint(Style::Title,
                              fmt::format("Page {} of {} · {}: {}", at_ + 1, lesson_.pages.size(),
                                          to_string(now().stage), now().title)) +
      "\n\n" + text_of(now().markdown, context_.terminal));
}

Tour::Go Tour::page() {
  page_text();
  if (!enter_run()) return Go::Quit;
  if (run_ && !walk(stop_of_page())) return Go::Quit;
  if (!now().acts.empty()) show_acts();
  if (now().goal && !show_goal() && !typing_) open_goals_.push_back(now().title);
  if (now().goal && typing_) {
    const Go go = choose();
    if (go != Go::Next) return go;
  }
  if (!quizzes()) return Go::Quit;
  if (!typing_ || now().goal) return Go::Next;
  return choose();
}

// ---- the run

bool Tour::enter_run() {
  if (now().experiment != file_) {
    file_ = now().experiment;
    start_over();
  }
  if (status_ == Status::NoLab) return false;
  if (run_ && now().step_by == "packet") run_->step_by(lab::StepBy::Packet);
  if (run_ && !now().step_by.empty() && now().step_by != "packet") run_->step_by(lab::StepBy::Call);
  return true;
}

void Tour::start_over() {
  run_.reset();
  const auto* experiment = experiment_of(lesson_, file_);
  if (experiment == nullptr) return;
  auto run = LiveText::start(context_.launcher, *experiment, std::cout, context_.terminal);
  if (!run) {
    std::cerr
        << "loopscope tour: " << sandbox::to_string(run.error())
        << "\n`loopscope doctor` says more; `loopscope predict` gives the model's answers without a lab.\n";
    status_ = Status::NoLab;
    return;
  }
  run_ = std::move(*run);
  run_->hear([this](std::size_t statement) { return ask(statement); },
             [this](std::size_t statement, const auto& guess, const auto& kernel) {
               settle(statement, guess, kernel);
             });
}

/// The questions of this page are answered on it; the rest comes on the last page that shows the run.
std::size_t Tour::stop_of_page() const {
  const auto next = static_cast<std::size_t>(at_) + 1;
  const bool goes_on = next < lesson_.pages.size() && lesson_.pages[next].experiment == file_ &&
                       !now().goal && !lesson_.pages[next].goal;
  const std::size_t end = experiment_of(lesson_, file_)->statements.size();
  if (!goes_on) return end;
  std::size_t until = 0;
  for (const auto& forecast : lesson_.forecasts)
    if (forecast.page == static_cast<std::size_t>(at_) && forecast.experiment == file_)
      until = std::max(until, forecast.statement + 1);
  return until;
}

bool Tour::walk(std::size_t until) {
  while (run_->next_statement() < until && run_->come_to_next()) {
    if (run_->chapter_begins()) stepper_.chapter();
    const bool asks = run_->session().phase() == lab::Phase::Asking;
    if (!asks && !stepper_.wait_before(run_->next_words())) return false;
    run_->step();
  }
  if (until > 0) (void)run_->come_to_next();
  if (run_->session().phase() == lab::Phase::Ended) status_ = Status::NoLab;
  if (run_->differed()) status_ = std::max(status_, Status::Differs);
  say("\n");
  return true;
}

void Tour::walk_on() {
  if (!run_ || !run_->come_to_next())
    return say(Style::Faint, "The experiment is at its end; `o` starts over.");
  run_->step();
  (void)run_->come_to_next();
}

std::optional<Guess> Tour::ask(std::size_t statement) {
  question_ = std::make_unique<Question>(std::cout, context_.terminal, forecast_of(lesson_, file_, statement),
                                         run_->session().experiment().statements[statement]);
  question_->put();
  return typing_ ? question_->wait() : std::nullopt;
}

void Tour::settle(std::size_t statement, const std::optional<Guess>& guess,
                  const experiment::Result& kernel) {
  if (!question_) return;
  question_->settle(guess, kernel);
  question_->others(guess, kernel);
  question_.reset();
  const auto* forecast = forecast_of(lesson_, file_, statement);
  if (!guess || !guess->result || forecast == nullptr || agree(*guess->result, kernel)) return;
  learner_.is_surprised({.question = forecast->text,
                         .predicted = to_string(*guess->result),
                         .kernel = to_string(kernel),
                         .experiment = file_,
                         .statement = static_cast<int>(statement),
                         .call = call_text(run_->session().experiment().statements[statement])});
}

// ---- what the learner does

void Tour::show_acts() const {
  say(Style::Chapter, "What you can do:");
  for (std::size_t at = 0; at < now().acts.size(); ++at) {
    const lessons::Act& act = now().acts[at];
    say(wrapped(fmt::format("{}) {}", at + 1, without_marks(act.label)), 4, context_.terminal.columns));
    for (const std::string& line : act.lines)
      say(context_.terminal.paint(Style::Faint, "       " + line) + "\n");
  }
}

bool Tour::show_goal() {
  const lessons::Goal& goal = *now().goal;
  const auto state = [&] {
    return run_ ? lessons::look_at(goal, run_->session().timeline()) : lessons::GoalState{};
  };
  if (run_ && typing_)
    run_->wait_until([&] { return state().met; },
                     Milliseconds(state().missing.size() > 1 ? 0 : for_a_goal.count()));
  const lessons::GoalState found = state();
  say(Style::Ask,
      std::string("Goal") + (goal.in_order ? ", in this order: " : ": ") + without_marks(goal.words));
  for (const std::string& missing : found.missing)
    say(wrapped("· not yet: " + missing, 4, context_.terminal.columns));
  say(found.met ? Style::Good : Style::Faint, found.met
                                                  ? "✓ met: the kernel's own table and the steps show it"
                                                  : "It is met by what happens, not by pressing Enter.");
  say("\n");
  if (found.met) learner_.meets_goal(at_);
  return found.met;
}

Tour::Go Tour::choose() {
  const std::string acts = now().acts.empty() ? "" : fmt::format("1-{} acts, ", now().acts.size());
  const std::string prompt = "  Enter: next page (" + acts +
                             "s steps on, o starts over, t shows the page again, b goes back, q stops) › ";
  while (true) {
    const auto line = ::loopscope::app::cli::ask(context_.terminal.paint(Style::Ask, prompt));
    if (!line || *line == "q" || *line == "quit") return Go::Quit;
    Go go = Go::Next;
    if (line->find_first_not_of(" \t") == std::string::npos) return Go::Next;
    if (take_choice(*line, go)) return go;
    if (status_ == Status::NoLab) return Go::Quit;
  }
}

/// True: the page is left.
bool Tour::take_choice(const std::string& line, Go& go) {
  const auto number = number_in(line);
  if (line == "b") {
    go = Go::Back;
    return true;
  }
  if (line == "t") {
    page_text();
    show_acts();
  } else if (line == "s") {
    walk_on();
  } else if (line == "o") {
    start_over();
    if (run_) (void)walk(stop_of_page());
  } else if (number && *number >= 1 && *number <= now().acts.size() && run_) {
    run_->act(now().acts[*number - 1].lines);
    if (now().goal) (void)show_goal();
  } else {
    say(Style::Doubt, "'" + line + "' is none of these.");
  }
  return false;
}

bool Tour::quizzes() {
  for (const lessons::Quiz& quiz : now().quizzes) {
    say("\n" + context_.terminal.paint(Style::Ask, text_of(quiz.text, context_.terminal)));
    const auto choice_line = [&](std::size_t at) {
      return wrapped(fmt::format("{}) {}", at + 1, without_marks(quiz.choices[at].text)), 4,
                     context_.terminal.columns);
    };
    for (std::size_t at = 0; at < quiz.choices.size(); ++at) say(choice_line(at));
    bool answered = !typing_;
    std::optional<std::size_t> last;
    while (!answered) {
      const auto line = ::loopscope::app::cli::ask(context_.terminal.paint(
          Style::Ask, "  your answer (a number, or Enter to leave it open, q stops) › "));
      if (!line || *line == "q") return false;
      if (line->empty()) break;
      const auto number = number_in(*line);
      if (!number || *number < 1 || *number > quiz.choices.size()) continue;
      last = *number - 1;
      const lessons::Choice& choice = quiz.choices[*last];
      learner_.answers(quiz, static_cast<int>(*last));
      say(choice.right ? Style::Good : Style::Doubt,
          (choice.right ? "✓ right. " : "✗ not so. ") + without_marks(choice.feedback), 4);
      answered = choice.right;
    }
    if (!answered) continue;
    for (std::size_t at = 0; at < quiz.choices.size(); ++at) {
      if (last == at) continue;
      const lessons::Choice& choice = quiz.choices[at];
      say(Style::Faint,
          fmt::format("{} {}) {}", choice.right ? "✓" : "✗", at + 1, without_marks(choice.feedback)), 4);
    }
  }
  return true;
}

// ---- at the end

void Tour::try_it() const {
  if (lesson_.commands.empty()) return;
  say("\n" + context_.terminal.paint(Style::Title, "Try it: the commands") + "\n");
  std::string purpose, system;
  for (const lessons::Command& command : lesson_.commands) {
    if (command.purpose != purpose)
      say("\n" + context_.terminal.paint(Style::Chapter, "  " + without_marks(command.purpose)) + "\n");
    if (command.purpose != purpose || command.system != system)
      say(Style::Faint, command.system + ", " + without_marks(command.note) + ":", 4);
    purpose = command.purpose;
    system = command.system;
    say("      " +
        context_.terminal.paint(Style::Call, (system == "Windows" ? "> " : "$ ") + command.command) + "\n");
    std::string line;
    for (const char c : command.output.empty() ? std::string() : command.output + "\n") {
      if (c != '\n') {
        line += c;
        continue;
      }
      say("      " + line + "\n");
      line.clear();
    }
  }
}

void Tour::glossary() const {
  const auto terms = terms_of(lesson_, lessons::load_glossary(library_.folder));
  if (terms.empty()) return;
  say("\n" + context_.terminal.paint(Style::Title, "Words of this lesson") + "\n");
  for (const auto& term : terms) say(text_of("**" + term.name + ".** " + term.meaning, context_.terminal));
}

void Tour::summing_up() const {
  if (!typing_) {
    for (const std::string& title : open_goals_)
      say(Style::Faint, "'" + title + "' is yours to do: type in a terminal, or open the window.");
    return;
  }
  say("\n");
  say(learner_.done() ? Style::Good : Style::Faint,
      learner_.done() ? "✓ This lesson is done: its check is met and its questions are answered."
                      : "This lesson is not done yet: its check and the questions of the Check pages count.");
}

}  // namespace loopscope::app::cli
