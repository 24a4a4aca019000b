#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "sim/experiment/parser.hpp"
#include "tests/cases/player.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::lessons;

namespace {

/// A program that has a case open whose shell has started things, and waits to be killed. Says so by a byte.
[[noreturn]] void open_a_case(int ready) {
  auto made = lab::make_launcher();
  Case one{.id = "01-test"};
  one.host = "here";
  one.administrator = true;
  one.broken =
      *experiment::parse("host far\nserver: start python3 -m http.server 8080 until 0.0.0.0:8080\n", "a.lab");
  one.check = *experiment::parse("process client\nclient: run true\n", "b.lab");
  CaseSession session(made, one);
  const auto ready_for = [&] { return session.state() == CaseSession::State::Ready; };
  if (!test::pump_until(session, ready_for)) ::_exit(1);
  session.open_shell({});
  session.shell()->type(
      "sleep 1000 & setsid sleep 1000 & nft add table inet t; touch left; echo al''l there\n");
  std::string screen;
  const bool all = test::pump_until(session, [&] {
    screen += session.shell()->take_output();
    return screen.find("all there") != std::string::npos;
  });
  if (all) (void)!::write(ready, "x", 1);
  for (;;) ::pause();
}

struct Process {
  pid_t parent = 0;
  std::string since, name;  ///< starttime of proc(5): a number alone may be somebody else's by now
  bool operator==(const Process&) const = default;
};

std::map<pid_t, Process> processes() {
  std::map<pid_t, Process> found;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", none)) {
    const pid_t pid = std::atoi(entry.path().filename().c_str());
    std::ifstream file(entry.path() / "stat");
    std::string text;
    if (pid <= 0 || !std::getline(file, text)) continue;
    const auto open = text.find('('), close = text.rfind(')');
    std::istringstream rest(text.substr(close + 2));
    std::vector<std::string> words;
    for (std::string word; rest >> word;) words.push_back(word);
    if (words.size() > 19)
      found[pid] = {std::stoi(words[1]), words[19], text.substr(open + 1, close - open - 1)};
  }
  return found;
}

std::map<pid_t, Process> descendants_of(pid_t program) {
  const auto all = processes();
  std::map<pid_t, Process> below;
  for (const auto& [pid, process] : all) {
    pid_t at = process.parent;
    while (at != program && all.contains(at)) at = all.at(at).parent;
    if (at == program) below.emplace(pid, process);
  }
  return below;
}

std::string mounts() {
  std::ifstream file("/proc/self/mountinfo");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("A program that is killed with a case open leaves nothing on the machine", "[cases][kernel]") {
  const std::string mounts_before = mounts();
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const pid_t program = ::fork();
  if (program == 0) open_a_case(ends[1]);
  ::close(ends[1]);
  char byte = 0;
  CHECK(::read(ends[0], &byte, 1) == 1);
  ::close(ends[0]);
  const auto below = descendants_of(program);
  const auto count = [&](const std::string& name) {
    return std::count_if(below.begin(), below.end(),
                         [&](const auto& one) { return one.second.name == name; });
  };
  CHECK(count("sleep") == 2);
  CHECK(count("bash") == 1);
  CHECK(count("python3") == 1);
  ::kill(program, SIGKILL);
  ::waitpid(program, nullptr, 0);
  // Whatever dies with it takes the kernel a moment. Its namespaces, networks and tmpfs go with the last
  // process.
  const auto living = [&] {
    const auto now = processes();
    std::string names;
    for (const auto& [pid, process] : below) {
      const auto found = now.find(pid);
      if (found != now.end() && found->second.since == process.since) names += process.name + " ";
    }
    return names;
  };
  for (int turn = 0; turn < 500 && !living().empty(); ++turn) (void)::poll(nullptr, 0, 20);
  CHECK(living() == "");
  CHECK(mounts() == mounts_before);
}
