#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>

#include "app/cli/command.hpp"
#include "app/cli/keyboard.hpp"
#include "app/cli/signals.hpp"
#include "lessons/cases/case_session.hpp"
#include "lessons/engine/library.hpp"
#include "lessons/engine/progress.hpp"

/// `loopscope cases` and `loopscope case CASE`: broken worlds to mend, with a shell in them.
namespace loopscope::app::cli {
namespace {

using lessons::Case;
using lessons::CaseSession;

/// The terminal passes every key on while this lives.
class RawTerminal {
 public:
  RawTerminal() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios raw = before_;
    ::cfmakeraw(&raw);
    on_ = ::tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
  }
  ~RawTerminal() {
    if (on_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
  }
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;

 private:
  termios before_{};
  bool on_ = false;
};

/// What of a case is kept between visits; where it can't be, it is said once.
class Record {
 public:
  explicit Record(std::string id) : id_(std::move(id)), path_(lessons::usual_progress_path()) {
    if (path_.empty()) return;
    auto loaded = lessons::load_progress(path_);
    if (loaded)
      progress_ = std::move(*loaded);
    else
      std::cerr << "loopscope case: " << loaded.error() << "\n";
  }
  [[nodiscard]] lessons::CaseProgress before() { return progress_.cases[id_]; }
  void keep(const CaseSession& session) {
    lessons::CaseProgress& mine = progress_.cases[id_];
    const lessons::CaseProgress now{mine.done || (session.solved() && !session.given_up()),
                                    std::max(mine.hints, static_cast<int>(session.hints()))};
    if (path_.empty() || (now.done == mine.done && now.hints == mine.hints)) return;
    mine = now;
    if (const auto saved = lessons::save_progress(path_, progress_); !saved)
      std::cerr << "loopscope case: your progress cannot be kept: " << saved.error() << "\n";
  }

 private:
  std::string id_, path_;
  lessons::Progress progress_;
};

bool write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) {
      pollfd wait{STDOUT_FILENO, POLLOUT, 0};
      (void)::poll(&wait, 1, -1);
      continue;
    }
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

winsize size_of_terminal() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
    size.ws_col = 80, size.ws_row = 24;
  return size;
}

class Visit {
 public:
  Visit(Context& context, const Case& one)
      : context_(context),
        record_(one.id),
        session_(context.launcher, one, static_cast<std::size_t>(record_.before().hints)) {}

  Status go() {
    const bool typing = somebody_types();
    if (typing) introduce();
    wait_for([this] { return session_.state() == CaseSession::State::Ready; });
    if (session_.refusal()) {
      std::cerr << "loopscope case: " << to_string(*session_.refusal())
                << "\n`loopscope doctor` says more.\n";
      return Status::NoLab;
    }
    if (session_.state() == CaseSession::State::Ended) return complain();
    typing ? work() : read_commands();
    record_.keep(session_);
    if (!session_.trouble().empty()) return complain();
    return session_.solved() && !session_.given_up() ? Status::Agreed : Status::Differs;
  }

 private:
  Status complain() {
    std::cerr << "loopscope case: " << session_.trouble() << "\n";
    return Status::Wrong;
  }

  void introduce() {
    const Case& one = session_.the_case();
    const Terminal& terminal = context_.terminal;
    std::cout
        << terminal.paint(Style::Title, fmt::format("Case {}: {}", one.number, one.title)) << "\n\n"
        << one.symptom << "\n\n"
        << terminal.paint(Style::Chapter, "Where to look") << "\n"
        << one.places << "\n\n"
        << terminal.paint(
               Style::Faint,
               "Below is a shell in the lab, where all of this really runs. `hint`, `check`, `give-up` and "
               "`exit` are commands there.")
        << "\n\n"
        << std::flush;
  }

  template <typename Done>
  void wait_for(Done done) {
    while (!done() && session_.state() != CaseSession::State::Ended) {
      pollfd wait{session_.fd(), POLLIN, 0};
      (void)::poll(&wait, 1, 1000);
      session_.pump();
    }
  }

  /// A person at a terminal.
  void work() {
    const Signals signals{SIGWINCH, SIGTERM, SIGHUP, SIGINT};  // and what ends us
    const RawTerminal raw;
    const winsize size = size_of_terminal();
    CaseSession::ShellPlace place;
    const char* name = std::getenv("TERM");
    if (name != nullptr && name[0] != '\0') place.terminal = name;
    place.columns = size.ws_col;
    place.rows = size.ws_row;
    place.checks_at_exit = true;
    session_.open_shell(place);
    while (!session_.shell()->ended() && session_.state() != CaseSession::State::Ended) {
      pollfd wait[]{{session_.fd(), POLLIN, 0}, {signals.fd(), POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
      (void)::poll(wait, 3, -1);
      while (const int signal = signals.take()) {
        if (signal != SIGWINCH) return;
        const winsize now = size_of_terminal();
        session_.shell()->resize(now.ws_col, now.ws_row);
      }
      if (wait[2].revents != 0 && !pass_keys()) return;
      session_.pump();
      if (!write_all(session_.shell()->take_output())) return;
      record_.keep(session_);
    }
  }

  bool pass_keys() {
    char keys[4096];
    const ssize_t got = ::read(STDIN_FILENO, keys, sizeof keys);
    if (got > 0) session_.shell()->type({keys, static_cast<std::size_t>(got)});
    return got > 0 || (got < 0 && errno == EINTR);
  }

  /// A file or a program types.
  void read_commands() {
    CaseSession::ShellPlace place;
    place.terminal.clear();
    place.streams = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
    session_.open_shell(place);
    wait_for([this] { return session_.shell()->ended() && session_.state() == CaseSession::State::Ready; });
    if (!session_.shell()->trouble().empty())
      std::cerr << "loopscope case: " << session_.shell()->trouble() << "\n";
    if (session_.is_explained()) return;
    const int checks = session_.checks();
    session_.check();
    wait_for([&] { return session_.checks() > checks; });
    if (session_.last_check() == nullptr) return;
    std::cout << "What a client outside sees:\n" << to_text(*session_.last_check());
    std::cout << (session_.solved() ? "Solved.\n" : "Not solved.\n") << std::flush;
  }

  Context& context_;
  Record record_;
  CaseSession session_;
};

Status visit(Context& context, const std::string& name) {
  const auto folder = lessons::find_library();
  if (!folder) return std::cerr << "loopscope case: " << folder.error() << "\n", Status::Wrong;
  const auto library = lessons::load_cases(*folder);
  const Case* one = lessons::find_case(library.cases, name);
  if (one == nullptr) {
    for (const lessons::LessonProblem& problem : library.problems) std::cerr << to_string(problem) << "\n";
    std::cerr << "loopscope case: there is no case '" << name << "'; `loopscope cases` lists them\n";
    return Status::Wrong;
  }
  return Visit(context, *one).go();
}

Status list_cases(Context& context) {
  const auto folder = lessons::find_library();
  if (!folder) return std::cerr << "loopscope cases: " << folder.error() << "\n", Status::Wrong;
  const auto library = lessons::load_cases(*folder);
  const std::string path = lessons::usual_progress_path();
  const auto loaded =
      path.empty() ? lessons::Progress{} : lessons::load_progress(path).value_or(lessons::Progress{});
  const Terminal& terminal = context.terminal;
  for (const Case& one : library.cases) {
    const auto known = loaded.cases.find(one.id);
    const bool done = known != loaded.cases.end() && known->second.done;
    std::cout << fmt::format("  {:>2}  {}  {}", one.number,
                             terminal.paint(done ? Style::Good : Style::Faint, done ? "done" : "    "),
                             one.title)
              << terminal.paint(Style::Faint, fmt::format("  {}, about {} minutes", one.level, one.minutes))
              << "\n"
              << terminal.paint(Style::Faint, wrapped(one.summary, 12, terminal.columns));
  }
  std::cout << "\n`loopscope case NUMBER` opens one: the symptom, and a shell in the lab.\n";
  for (const lessons::LessonProblem& problem : library.problems) std::cerr << to_string(problem) << "\n";
  return library.problems.empty() ? Status::Agreed : Status::Wrong;
}

}  // namespace

void add_cases(CLI::App& program, Chosen& chosen) {
  program.add_subcommand("cases", "List the case files: broken worlds to mend")->callback([&chosen] {
    chosen.action = list_cases;
  });
  CLI::App* command =
      program.add_subcommand("case", "Open a case: its symptom, and a shell in the lab where it is broken");
  auto name = std::make_shared<std::string>();
  command->add_option("CASE", *name, "its number or name, as `loopscope cases` lists them")->required();
  command->footer(
      "In the shell: `hint`, `check`, `give-up`, `exit`. Where standard input is no terminal the shell reads "
      "its commands "
      "from there, and then a client outside looks.\nExit status: 0 solved, 1 not.");
  command->callback(
      [name, &chosen] { chosen.action = [name](Context& context) { return visit(context, *name); }; });
}

}  // namespace loopscope::app::cli
