#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

/// What tracing costs: round trips of a ping-pong client and server, untraced, under `loopscope watch`, and
/// under strace, which stops at the same calls, one after the other in the same run so that all meet the same
/// load. The median of the rounds counts. `tracer_bench [COUNT [ROUNDS]]`.
namespace {

struct Way {
  const char* name;
  std::vector<std::string> before;  ///< the words before the program's own
  std::vector<double> microseconds;
};

/// Nanoseconds a round trip, as the client says; 0 where it could not be run.
double once(const Way& way, const std::string& count, bool pinned) {
  int ends[2];
  if (::pipe(ends) != 0) return 0;
  const pid_t child = ::fork();
  if (child == 0) {
    if (pinned) {
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(static_cast<unsigned>(std::max(0, ::sched_getcpu())), &one);
      (void)::sched_setaffinity(0, sizeof one, &one);
    }
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    std::vector<std::string> words = way.before;
    words.insert(words.end(), {LOOPSCOPE_PINGPONG, count});
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    ::execvp(pointers[0], pointers.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  std::string text;
  char bytes[256];
  for (ssize_t got = 0; (got = ::read(ends[0], bytes, sizeof bytes)) > 0;)
    text.append(bytes, static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? std::atof(text.c_str()) / 1000 : 0;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void measure(const std::string& count, int rounds, bool pinned) {
  std::vector<Way> ways{
      {"untraced", {}, {}},
      {"loopscope watch", {LOOPSCOPE_PROGRAM, "watch", "--here", "-o", "/dev/null", "--"}, {}},
      {"strace", {"strace", "-f", "--seccomp-bpf", "-e", "trace=network", "-o", "/dev/null"}, {}}};
  for (int round = 0; round < rounds; ++round) {
    for (Way& way : ways) {
      if (const double took = once(way, count, pinned); took > 0) way.microseconds.push_back(took);
    }
  }
  std::printf("%s, %s round trips, median of %d\n", pinned ? "on one processor" : "placed freely",
              count.c_str(), rounds);
  const double untraced = median(ways[0].microseconds), strace = median(ways[2].microseconds);
  for (const Way& way : ways) {
    const double took = median(way.microseconds);
    if (took <= 0) {
      std::printf("  %-16s could not be run\n", way.name);
      continue;
    }
    std::printf("  %-16s %8.1f us   %5.2f of untraced", way.name, took, took / untraced);
    if (strace > 0) std::printf("   %5.2f of strace", took / strace);
    std::printf("\n");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string count = argc > 1 ? argv[1] : "20000";
  const int rounds = argc > 2 ? std::max(1, std::atoi(argv[2])) : 5;
  measure(count, rounds, false);
  measure(count, rounds, true);
}
