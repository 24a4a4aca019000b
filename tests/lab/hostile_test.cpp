#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/lab/installed.hpp"
#include "tests/lab/worlds.hpp"
#include "tests/support/catch.hpp"

/// Experiments that mean no good: each ends in a clear message, and nothing of it is left.
namespace loopscope::test {
namespace {

namespace fs = std::filesystem;

/// Processes of this machine whose command line holds this word.
int processes_with(const std::string& word) {
  int count = 0;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("/proc", none)) {
    std::ifstream file(entry.path() / "cmdline", std::ios::binary);
    std::string line;
    std::getline(file, line, '\x01');
    if (entry.path().filename().string().find_first_not_of("0123456789") == std::string::npos &&
        line.find(word) != std::string::npos && entry.path().filename() != std::to_string(::getpid()))
      ++count;
  }
  return count;
}

/// Whoever was killed may take a moment to be gone.
bool all_gone(const std::string& word) {
  for (int i = 0; i < 500; ++i) {
    if (processes_with(word) == 0) return true;
    (void)::poll(nullptr, 0, 10);
  }
  return false;
}

lab::RunReport run_hostile(const std::string& text) {
  auto report = lab::run(launcher(), experiment_of(text), {}, {}, {false, false, true});
  if (!report) FAIL(sandbox::to_string(report.error()));
  return std::move(*report);
}

std::string trouble_in(const std::string& text) {
  const auto report = run_hostile(text);
  for (const lab::Outcome& outcome : report.outcomes) {
    if (!outcome.trouble.empty()) return outcome.trouble;
  }
  return {};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

int exit_of(const lab::RunReport& report, std::size_t statement) {
  const auto& result = report.outcomes[statement].result;
  const auto* status = result ? std::get_if<experiment::ExitStatus>(&*result) : nullptr;
  return status != nullptr ? status->status : -1;
}

}  // namespace

TEST_CASE("a fork bomb is ended, and says so", "[hostile]") {
  CHECK(contains(trouble_in("file bomb.sh\nb() { b | b & }\nb\nsleep 946289301\nend\np: run sh bomb.sh\n"),
                 "more than 64 processes"));
  CHECK(all_gone("946289301"));
}

TEST_CASE("endless output is ended, and says so", "[hostile]") {
  CHECK(contains(trouble_in("p: run yes 946289304\n"), "more than 1 MiB"));
  CHECK(all_gone("946289304"));
}

TEST_CASE("a line of output without end is told in parts only", "[hostile]") {
  const auto report = run_hostile("p: run sh -c \"head -c 1000000 /dev/zero\" = exit 0\n");
  CHECK(exit_of(report, 0) == 0);
  for (const auto& call : facts<trace::CallEntered>(report.events)) CHECK(call.arguments.size() < 1000);
}

TEST_CASE("a program writes nowhere but in the lab's own folders", "[hostile]") {
  const auto report = run_hostile(R"(p: run sh -c "echo x > /etc/loopscope-was-here"
p: run sh -c "echo x > /var/tmp/loopscope-was-here"
p: run sh -c "echo x > /home/loopscope-was-here"
p: run sh -c "echo x > /run/loopscope-was-here"
p: run sh -c "echo x > /proc/sys/net/ipv4/ip_forward"
p: run sh -c "echo x > mine && cat mine" = exit 0
)");
  for (std::size_t i = 0; i < 5; ++i) {
    CAPTURE(i);
    CHECK(exit_of(report, i) > 0);
  }
  CHECK(exit_of(report, 5) == 0);
  for (const char* folder : {"/etc", "/var/tmp", "/home", "/run", "/tmp"}) {
    CHECK_FALSE(fs::exists(std::string(folder) + "/loopscope-was-here"));
  }
}

TEST_CASE("a program sees no home folder, no socket of the machine's services and no device", "[hostile]") {
  const auto report = run_hostile(R"(p: run sh -c "test -z \"$(ls -A /home /root /run | grep -v :)\"" = exit 0
p: run sh -c "test ! -e /dev/sda && test ! -e /dev/tty && test ! -e /dev/kvm && test -c /dev/null" = exit 0
p: run sh -c "test -z \"$(env | grep -v -E '^(PATH|HOME|TMPDIR|PWD|LANG|TERM|USER|PYTHON[A-Z]*|OLDPWD|_|SHLVL)=')\"" = exit 0
)");
  for (std::size_t i = 0; i < 3; ++i) {
    CAPTURE(i);
    CHECK(exit_of(report, i) == 0);
  }
}

TEST_CASE("not even root's program writes what the kernel keeps for the whole machine", "[hostile]") {
  const auto report = run_hostile(R"(process p as root
p: run sh -c "cat /proc/sys/kernel/panic > /proc/sys/kernel/panic" = exit 2
p: run sh -c ": >> /proc/sysrq-trigger" = exit 2
p: run sh -c ": >> /sys/kernel/profiling" = exit 2
p: run sh -c "cat /proc/sys/net/ipv4/tcp_fin_timeout" = exit 0
)");
  for (std::size_t i = 1; i < 4; ++i) CHECK(exit_of(report, i) == 2);
  CHECK(exit_of(report, 4) == 0);
}

TEST_CASE("a program reaches no network but the lab's", "[hostile]") {
  if (!installed("curl")) return;
  const auto report = run_hostile("p: run curl -s -m 5 http://192.0.2.77/ = exit 7\n");
  CHECK(exit_of(report, 0) == 7);
}

TEST_CASE("a program has no capability and gains none", "[hostile]") {
  const auto report =
      run_hostile(R"x(p: run sh -c "grep -q '^CapEff:.0000000000000000' /proc/self/status" = exit 0
p: run sh -c "grep -q '^CapPrm:.0000000000000000' /proc/self/status" = exit 0
p: run sh -c "grep -q '^NoNewPrivs:.1' /proc/self/status" = exit 0
p: run unshare -U true
p: run mount -t tmpfs none /tmp
p: run python3 -c "import socket; socket.socket(40, 1)"
)x");
  for (std::size_t i = 0; i < 3; ++i) {
    CAPTURE(i);
    CHECK(exit_of(report, i) == 0);
  }
  CHECK(exit_of(report, 3) > 0);
  CHECK(exit_of(report, 4) > 0);
  CHECK(exit_of(report, 5) != 0);  // AF_VSOCK knows no network namespace
}

TEST_CASE("a program can neither see nor kill the lab", "[hostile]") {
  const auto report =
      run_hostile(R"(p: run sh -c "kill -9 $PPID; kill -9 1; kill -9 -1; sleep 0.1; exit 5" = exit 5
p: run sh -c "test $(ls /proc | grep -c '^[0-9]') -lt 8" = exit 0
p: run true = exit 0
)");
  CHECK(exit_of(report, 0) == 5);
  CHECK(exit_of(report, 1) == 0);
  CHECK(exit_of(report, 2) == 0);
  CHECK(report.trouble.empty());
}

TEST_CASE("a program that ignores SIGTERM is told of, and ends with the lab", "[hostile]") {
  if (!installed("python3")) return;
  // It listens once it has become deaf.
  const auto report = run_hostile(R"lab(file deaf.py
import signal, socket, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
s = socket.create_server(('127.0.0.1', 7004))
time.sleep(946289305)
end
p: start python3 deaf.py 946289305 until 127.0.0.1:7004
exit p
)lab");
  CHECK(contains(report.outcomes.back().trouble, "does not heed SIGTERM"));
  CHECK(all_gone("946289305"));
}

TEST_CASE("a program that takes memory without end ends by itself, not the machine", "[hostile]") {
  if (!installed("python3")) return;
  const auto report = run_hostile("p: run python3 -c \"x = bytearray(3 << 30)\"\n");
  CHECK(exit_of(report, 0) == 1);  // MemoryError
}

TEST_CASE("what was started in the background ends with the lab", "[hostile]") {
  run_hostile("p: start sleep 946289306\nq: run sh -c \"setsid sleep 946289306 &\"\n");
  CHECK(all_gone("946289306"));
}

}  // namespace loopscope::test
