#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "sim/capture/capture.hpp"
#include "tests/support/fresh_network.hpp"
#include "tests/support/sockets.hpp"

/// Whether the capture keeps up: datagrams on `lo` of a network namespace of its own at a fixed rate, taken
/// and decoded by the capture while tcpdump, beside it, writes them to nowhere. `capture_bench [RATE
/// [SECONDS]]`. Exit status 1: packets are missing that tcpdump has.
namespace {

using namespace loopscope;
using namespace std::chrono_literals;

struct Tcpdump {
  pid_t pid = -1;
  UniqueFd err;
};

/// What this process may, the program that it becomes may too (capabilities(7), ambient).
void hand_on(unsigned capability) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> sets{};
  check_long("capget", ::syscall(SYS_capget, &header, sets.data()));
  sets[capability / 32].inheritable |= 1U << (capability % 32);
  check_long("capset", ::syscall(SYS_capset, &header, sets.data()));
  check("prctl(PR_CAP_AMBIENT)", ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0));
}

Tcpdump start_tcpdump() {
  std::array<int, 2> ends{};
  check("pipe2", ::pipe2(ends.data(), O_CLOEXEC));
  const pid_t pid = check("fork", ::fork());
  if (pid == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    hand_on(CAP_NET_RAW);
    hand_on(CAP_NET_ADMIN);
    ::execlp("tcpdump", "tcpdump", "-i", "lo", "-n", "-w", "/dev/null", "udp", nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  Tcpdump started{pid, UniqueFd(ends[0])};
  std::string words;  // 'listening on lo, …'
  char byte = 0;
  while (words.find("listening") == std::string::npos && ::read(started.err.get(), &byte, 1) == 1)
    words += byte;
  if (words.find("listening") != std::string::npos) return started;
  std::printf("%s\n", words.c_str());
  return {};
}

/// What it says at its end: 'N packets captured', 'N packets received by filter', 'N packets dropped by
/// kernel'.
std::string end(Tcpdump& tcpdump) {
  ::kill(tcpdump.pid, SIGINT);
  std::string words;
  std::array<char, 512> bytes{};
  for (ssize_t got = 0; (got = ::read(tcpdump.err.get(), bytes.data(), bytes.size())) > 0;)
    words.append(bytes.data(), static_cast<std::size_t>(got));
  ::waitpid(tcpdump.pid, nullptr, 0);
  return words;
}

std::uint64_t number_before(const std::string& words, const std::string& what) {
  const auto at = words.find(what);
  if (at == std::string::npos) return 0;
  const auto from = words.rfind('\n', at);
  return std::strtoull(words.c_str() + (from == std::string::npos ? 0 : from + 1), nullptr, 10);
}

/// In portions of a millisecond; what a portion is late by the next ones make up for.
void send_steadily(const UniqueFd& sender, std::uint64_t count, std::uint64_t rate) {
  const std::string data(64, 'x');
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint64_t sent = 0; sent < count;) {
    const auto passed = std::chrono::steady_clock::now() - begin;
    const auto due =
        static_cast<std::uint64_t>(std::chrono::duration<double>(passed).count() * static_cast<double>(rate));
    for (; sent < std::min(due, count); ++sent) tests::send_text(sender, data);
    if (sent < count) std::this_thread::sleep_for(1ms);
  }
}

/// tcpdump would give up root's rights, which it cannot in a user namespace of one user: so nobody runs it.
void become_nobody() {
  constexpr unsigned nobody = 65534;
  if (::geteuid() != 0) return;
  check("setresgid", ::setresgid(nobody, nobody, nobody));
  check("setresuid", ::setresuid(nobody, nobody, nobody));
  check("prctl(PR_SET_DUMPABLE)", ::prctl(PR_SET_DUMPABLE, 1));
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t rate = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 50'000;
  const std::uint64_t count = rate * (argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 5);
  if (count == 0) return std::fprintf(stderr, "usage: capture_bench [RATE [SECONDS]]\n"), 2;
  become_nobody();
  tests::enter_fresh_network();
  auto capture = capture::Capture::open("lo");
  if (!capture) return std::fprintf(stderr, "%s\n", capture.error().c_str()), 3;
  const auto address = tests::at("127.0.0.1:5000");
  const auto receiver = tests::socket_for(address, SOCK_DGRAM);
  tests::bind_to(receiver, address);
  const auto sender = tests::socket_for(address, SOCK_DGRAM);
  check("connect", tests::connect_to(sender, address));
  Tcpdump tcpdump = start_tcpdump();
  const auto begin = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point sent_at;
  std::thread sending([&] {
    send_steadily(sender, count, rate);
    sent_at = std::chrono::steady_clock::now();
  });
  std::uint64_t taken = 0;
  pollfd wait{capture->fd(), POLLIN, 0};
  while (taken + capture->counters().lost<count&& ::poll(&wait, 1, 1000)> 0) taken += capture->take().size();
  sending.join();
  const double seconds = std::chrono::duration<double>(sent_at - begin).count();
  std::printf("%llu datagrams in %.2f s: %.0f a second\n", static_cast<unsigned long long>(count), seconds,
              static_cast<double>(count) / seconds);
  std::printf("  capture  %llu taken and decoded, %llu lost\n", static_cast<unsigned long long>(taken),
              static_cast<unsigned long long>(capture->counters().lost));
  if (tcpdump.pid < 0) return std::printf("  tcpdump  could not be run\n"), taken == count ? 0 : 1;
  const std::string words = end(tcpdump);
  const auto theirs = number_before(words, " packets captured");
  std::printf("  tcpdump  %llu captured, %llu dropped\n", static_cast<unsigned long long>(theirs),
              static_cast<unsigned long long>(number_before(words, " packets dropped")));
  std::printf("  %s\n", taken >= theirs ? "nothing is missing that tcpdump has"
                                        : "packets are missing that tcpdump has");
  return taken >= theirs ? 0 : 1;
}
