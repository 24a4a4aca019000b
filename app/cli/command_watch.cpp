#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <memory>

#include "app/cli/command.hpp"
#include "app/cli/signals.hpp"
#include "sim/base/errno_name.hpp"
#include "sim/lab/watch.hpp"

/// `loopscope watch -- PROGRAM ARGUMENTS…`: the network calls of a real program.
namespace loopscope::app::cli {
namespace {

constexpr int not_found = 127;  // as shells say it
constexpr int by_signal = 128;  // and the signal's number

struct Options {
  std::vector<std::string> words;
  bool here = false, json = false;
  std::string output;
};

UniqueFd copy_of(int fd) { return UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, 3)); }

lab::WatchRequest request_from(const Options& options) {
  lab::WatchRequest request;
  request.words = options.words;
  for (char** one = environ; *one != nullptr; ++one) request.environment.emplace_back(*one);
  std::error_code none;
  request.folder = std::filesystem::current_path(none).string();
  request.here = options.here;
  request.json = options.json;
  request.streams[0] = copy_of(STDIN_FILENO);
  // With --json standard output is the calls' alone.
  request.streams[1] = copy_of(options.json && options.output.empty() ? STDERR_FILENO : STDOUT_FILENO);
  request.streams[2] = copy_of(STDERR_FILENO);
  if (options.output.empty()) {
    request.streams[3] = copy_of(options.json ? STDOUT_FILENO : STDERR_FILENO);
  } else {
    request.streams[3].reset(::open(options.output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  }
  return request;
}

Status status_of(int wait_status) {
  const int status = WIFSIGNALED(wait_status) ? by_signal + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
  return static_cast<Status>(status);
}

Status run(Context& context, const Options& options) {
  if (options.words.empty()) {
    std::cerr << "loopscope watch: which program? `loopscope watch -- curl http://127.0.0.1:8000/`\n";
    return Status::Wrong;
  }
  auto request = request_from(options);
  if (!request.streams[3].valid()) {
    std::cerr << "loopscope watch: " << options.output << ": can't be written: " << errno_words(errno)
              << "\n";
    return Status::Wrong;
  }
  const Signals signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};  // the program's to answer
  auto watch = lab::Watch::start(context.launcher, std::move(request));
  if (!watch && watch.error().step.empty()) {
    std::cerr << "loopscope watch: " << watch.error().remedy << "\n";
    return static_cast<Status>(not_found);
  }
  if (!watch) {
    std::cerr << "loopscope watch: " << to_string(watch.error())
              << "\n`loopscope watch --here` does without one, on this machine's own network.\n";
    return Status::NoLab;
  }
  while (watch->pump()) {
    pollfd wait[]{{watch->fd(), POLLIN, 0}, {signals.fd(), POLLIN, 0}};
    (void)::poll(wait, 2, -1);
    while (const int signal = signals.take()) watch->send_signal(signal);
  }
  const lab::WatchEnd& end = watch->end();
  if (end.trouble.empty()) return status_of(end.wait_status);
  std::cerr << "loopscope watch: " << end.trouble << "\n";
  return static_cast<Status>(not_found);
}

}  // namespace

void add_watch(CLI::App& program, Chosen& chosen) {
  CLI::App* command = program.add_subcommand(
      "watch", "Show the network calls of a real program, in a lab or on this machine");
  auto options = std::make_shared<Options>();
  command->add_option("PROGRAM", options->words, "the program and its arguments, after --");
  command->footer(
      "PROGRAM ARGUMENTS... stand after --: loopscope watch --here -- curl -s http://127.0.0.1:8000/");
  command->add_flag("--here", options->here, "on this machine's own network instead of a private lab's");
  command->add_flag("--json", options->json, "one JSON object a call, on standard output");
  command->add_option("-o,--output", options->output, "write the calls into this file")->option_text("FILE");
  command->callback(
      [options, &chosen] { chosen.action = [options](Context& context) { return run(context, *options); }; });
}

}  // namespace loopscope::app::cli
