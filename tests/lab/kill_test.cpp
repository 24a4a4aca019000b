#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <iostream>
#include <random>
#include <set>

#include "sim/sandbox/identity.hpp"
#include "tests/lab/installed.hpp"
#include "tests/lab/machine.hpp"
#include "tests/lab/stepper.hpp"
#include "tests/lab/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ordinary_user.hpp"

/// Killed at any moment, the program leaves nothing. The 'machine' that is looked at before and after is a
/// set of namespaces of this test's own, so that what else goes on here does not count.
namespace loopscope::test {
namespace {

constexpr int kills = 200;
constexpr int at_a_time = 10;
constexpr unsigned seed = 62893;
constexpr int gone_within_ms = 5000;

/// An experiment, and when at the latest it is killed: some time after it holds packets.
struct Busy {
  std::string text;
  int latest_us;
  bool holds = true;                 ///< it has packets held and rules of a firewall
  std::set<std::string> programs{};  ///< the real programs that it starts, by name
};

const Busy busy{R"(sysctl net.ipv4.ip_local_port_range = 40000 40100
device eth1
address lo 192.0.2.1/32
file a.conf
x
end
patience 15ms
packets hold
firewall input tcp dport 62894 drop
firewall output ct state invalid reject
s: l = socket(AF_INET, SOCK_STREAM)
s: bind(l, 127.0.0.1:62893)
s: listen(l, 5)
c: c = socket(AF_INET, SOCK_STREAM)
c: connect(c, 127.0.0.1:62893) = blocks
packets pass
s: accept(l) = blocks
packets pass all
s: returns = blocks
)",
                200'000};

const Busy busy_hosts{R"(host far
sysctl far net.ipv4.ip_local_port_range = 40000 40100
device far eth1
address far lo 198.51.100.1/32
patience 15ms
packets hold
packets wire hold
firewall far input tcp dport 62894 drop
process s on far
s: l = socket(AF_INET, SOCK_STREAM)
s: bind(l, 0.0.0.0:62893)
s: listen(l, 5)
c: c = socket(AF_INET, SOCK_STREAM)
c: connect(c, 192.0.2.2:62893) = blocks
packets wire pass
s: accept(l) = blocks
packets wire pass all
s: returns = blocks
)",
                      500'000};

/// Two machines with real programs: a server that answers a real client, one with children of its own, and
/// one that heeds no SIGTERM.
Busy busy_programs() {
  Busy made{R"(host far
patience 15ms
packets wire hold
process tree on far
process server on far
firewall far input tcp dport 62894 drop
tree: start sh -c "echo x > left; sleep 1000 & sleep 1000 & wait"
stubborn: start sh -c "trap : TERM HUP INT; while :; do sleep 1000; done"
packets wire flow
)",
            900'000,
            false,
            {"sleep"}};
  if (installed("python3")) {
    made.text +=
        "server: start python3 -m http.server 8000 --bind 0.0.0.0 until 0.0.0.0:8000\n"
        "c: c = socket(AF_INET, SOCK_STREAM)\nc: connect(c, 192.0.2.2:8000)\n"
        "c: send(c, \"GET / HTTP/1.0\\r\\n\\r\\n\")\nc: recv(c)\n";
    made.programs.insert("python3");
  } else if (installed("nc")) {
    made.text += "server: start nc -l 0.0.0.0 8000 until 0.0.0.0:8000\n";
    made.programs.insert("nc");
  }
  made.text += "wait 100ms\n";
  return made;
}

/// The program: worlds, one after the other, until it is killed. All its processes but real programs hold
/// `life` as their standard error.
[[noreturn]] void live(int life, const experiment::Experiment& experiment) {
  ::dup2(life, STDERR_FILENO);
  auto own_launcher = lab::make_launcher();
  for (;;) (void)lab::run(own_launcher, experiment, {}, {}, {false, false, true});
}

struct Program {
  pid_t pid;
  UniqueFd life;  ///< ends when the last process that holds the other end has ended
  std::chrono::microseconds until;
};

Program start_program(std::chrono::microseconds until, const experiment::Experiment& experiment) {
  int life[2];
  if (::pipe2(life, O_CLOEXEC) != 0) ::_exit(1);
  Program program{0, UniqueFd(life[0]), until};
  const UniqueFd lived(life[1]);
  program.pid = ::fork();
  if (program.pid == 0) live(lived.get(), experiment);
  return program;
}

/// In how many of the kills the program's world held packets: the kernel had a queue and rules for it …
struct Caught {
  int with_queue = 0;
  int with_firewall = 0;  ///< … or had rules of its own
  int with_programs = 0;  ///< … or real programs were running
};

void interrupt(int) {}

/// Everybody, real programs too: whoever outlived the program has become a child of this, the machine's first
/// process. False where somebody stays.
bool all_are_gone() {
  struct sigaction stop {};
  stop.sa_handler = interrupt;
  ::sigaction(SIGALRM, &stop, nullptr);
  ::alarm(gone_within_ms / 1000);
  while (::waitpid(-1, nullptr, 0) > 0) {
  }
  const bool gone = errno == ECHILD;
  ::alarm(0);
  return gone;
}

/// Starts some programs, kills each at its moment, and waits for the end of all that they started. Empty
/// where all went well.
std::string kill_some(std::vector<std::chrono::microseconds> moments,
                      const experiment::Experiment& experiment, const std::set<std::string>& names,
                      Caught& caught) {
  std::sort(moments.begin(), moments.end());
  std::vector<Program> programs;
  for (const auto moment : moments) programs.push_back(start_program(moment, experiment));
  std::chrono::microseconds slept{0};
  for (const Program& program : programs) {
    ::usleep(static_cast<useconds_t>((program.until - slept).count()));  // the random moment itself
    slept = program.until;
    const auto rules = rules_below(program.pid);
    if (rules.contains("loopscope_hold")) ++caught.with_queue;
    if (rules.contains("loopscope")) ++caught.with_firewall;
    if (!names.empty() && programs_below(program.pid, names) > 0) ++caught.with_programs;
    ::kill(program.pid, SIGKILL);
  }
  for (const Program& program : programs) {
    pollfd wait{program.life.get(), 0, 0};  // no event asked for: only the end of all who hold it
    if (::poll(&wait, 1, gone_within_ms) != 1) return "a process outlived the program by five seconds";
  }
  if (!all_are_gone()) return "a real program outlived its lab by five seconds";
  return {};
}

std::string kill_many(bool can_hold, const Busy& busy_with) {
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("proc", "/proc", "proc", 0, nullptr) != 0 ||
      ::mount("tmpfs", "/tmp", "tmpfs", 0, nullptr) != 0) {
    return "cannot make the machine's mounts";
  }
  const auto experiment = experiment_of(busy_with.text);
  const auto before = look_around();
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> microseconds(0, busy_with.latest_us);
  Caught caught;
  for (int killed = 0; killed < kills; killed += at_a_time) {
    std::vector<std::chrono::microseconds> moments;
    for (int i = 0; i < at_a_time; ++i) moments.emplace_back(microseconds(random));
    const std::string problem = kill_some(moments, experiment, busy_with.programs, caught);
    if (!problem.empty()) return problem + " (after " + std::to_string(killed) + " kills)";
  }
  std::cout << "packets were held at " << caught.with_queue << " of " << kills
            << " kills, a firewall had rules at " << caught.with_firewall << ", and programs ran at "
            << caught.with_programs << "\n"
            << std::flush;
  if (!busy_with.programs.empty() && caught.with_programs < kills / 10)
    return "hardly any kill met a world with programs";
  if (busy_with.holds && can_hold && (caught.with_queue < kills / 40 || caught.with_firewall < kills / 40))
    return "hardly any kill met a world with held packets and a firewall";
  return differences(before, look_around());
}

/// pid 1 of a PID namespace, with its own network, mounts and /tmp; tells through `result`.
[[noreturn]] void be_machine(int result, bool can_hold, const Busy& experiment) {
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  std::string text;
  if (::unshare((user == 0 ? 0 : CLONE_NEWUSER) | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID) != 0) {
    text = "unshare";
  } else {
    if (user != 0) sandbox::map_self(user, group);
    const pid_t first = ::fork();
    if (first != 0) {
      ::waitpid(first, nullptr, 0);
      ::_exit(0);
    }
    text = kill_many(can_hold, experiment);
  }
  text += '.';
  (void)!::write(result, text.data(), text.size());
  ::_exit(0);
}

/// "." where nothing is.
std::string what_is_left_of(const Busy& experiment) {
  const bool can = can_hold();
  const auto start = std::chrono::steady_clock::now();
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  const pid_t machine = ::fork();
  if (machine == 0) be_machine(writing.get(), can, experiment);
  writing.reset();
  std::string text;
  char part[4096];
  for (ssize_t got; (got = ::read(reading.get(), part, sizeof part)) > 0;)
    text.append(part, static_cast<std::size_t>(got));
  ::waitpid(machine, nullptr, 0);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::cout << kills << " runs killed in " << took.count() << " s (seed " << seed << ")\n";
  return text;
}

}  // namespace

TEST_CASE("two hundred runs killed at random moments leave nothing behind", "[kill]") {
  CHECK(what_is_left_of(busy) == ".");
}

TEST_CASE("nor do two hundred runs with several machines in them", "[kill]") {
  CHECK(what_is_left_of(busy_hosts) == ".");
}

TEST_CASE("nor do two hundred runs with several machines and real programs on them", "[kill]") {
  CHECK(what_is_left_of(busy_programs()) == ".");
}

TEST_CASE("nor an ordinary user's", "[again]") {
  const Rerun rerun = run_again_as_ordinary_user("[kill]");
  INFO(rerun.output);
  CHECK(rerun.exit_status == 0);
}

}  // namespace loopscope::test
