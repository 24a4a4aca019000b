#include "tests/cases/player.hpp"

#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <map>

#include "sim/base/system_error.hpp"

namespace loopscope::test {
namespace {

UniqueFd file_in_memory(const std::string& text) {
  UniqueFd file(check("memfd_create", ::memfd_create("case", MFD_CLOEXEC)));
  check_long("write", ::write(file.get(), text.data(), text.size()));
  check_long("lseek", ::lseek(file.get(), 0, SEEK_SET));
  return file;
}

std::string text_of(const UniqueFd& file) {
  std::string text(65536, '\0');
  const ssize_t got = ::pread(file.get(), text.data(), text.size(), 0);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
}

}  // namespace

sandbox::Launcher& launcher() {
  static sandbox::Launcher made = lab::make_launcher();
  return made;
}

Play::Play(const lessons::Case& one, std::string script, bool checks_before)
    : session_(launcher(), one),
      script_(file_in_memory(script)),
      output_(file_in_memory("")),
      checks_before_(checks_before) {}

void Play::open_shell() {
  lessons::CaseSession::ShellPlace place;
  place.terminal.clear();
  place.streams = {script_.get(), output_.get(), output_.get()};
  session_.open_shell(place);
  act_ = Act::Typing;
}

bool Play::pump() {
  using State = lessons::CaseSession::State;
  session_.pump();
  if (session_.state() == State::Ended) act_ = Act::Over;
  const bool ready = session_.state() == State::Ready;
  if (act_ == Act::Making && ready) {
    if (checks_before_) {
      session_.check();
      act_ = Act::CheckingBefore;
    } else {
      open_shell();
    }
  } else if (act_ == Act::CheckingBefore && ready) {
    held_before_ = session_.solved();
    open_shell();
  } else if (act_ == Act::Typing && session_.shell()->ended()) {
    session_.check();
    act_ = Act::CheckingAfter;
  } else if (act_ == Act::CheckingAfter && ready) {
    act_ = Act::Over;
  }
  return act_ != Act::Over;
}

bool Play::holds() const { return session_.last_check() != nullptr && session_.last_check()->holds; }

std::string Play::story() const {
  std::string story = text_of(output_);
  if (!session_.trouble().empty()) story += "\ntrouble: " + session_.trouble();
  if (session_.last_check() != nullptr) story += "\nthe client:\n" + to_text(*session_.last_check());
  return story;
}

void play_all(std::size_t count, std::size_t at_a_time,
              const std::function<std::unique_ptr<Play>(std::size_t)>& make,
              const std::function<void(std::size_t, Play&)>& ended) {
  std::map<std::size_t, std::unique_ptr<Play>> playing;
  std::size_t next = 0;
  while (next < count || !playing.empty()) {
    while (next < count && playing.size() < at_a_time) {
      playing[next] = make(next);
      ++next;
    }
    std::vector<pollfd> wait;
    for (auto at = playing.begin(); at != playing.end();) {
      if (at->second->pump()) {
        wait.push_back({at->second->fd(), POLLIN, 0});
        ++at;
      } else {
        ended(at->first, *at->second);
        at = playing.erase(at);
      }
    }
    if (wait.size() == playing.size() && !wait.empty()) (void)::poll(wait.data(), wait.size(), 1000);
  }
}

bool pump_until(lessons::CaseSession& session, const std::function<bool()>& done) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  for (;;) {
    session.pump();
    if (done()) return true;
    if (std::chrono::steady_clock::now() > end || session.state() == lessons::CaseSession::State::Ended)
      return false;
    pollfd wait{session.fd(), POLLIN, 0};
    (void)::poll(&wait, 1, 1000);
  }
}

}  // namespace loopscope::test
