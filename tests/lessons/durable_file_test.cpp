#include "lessons/engine/durable_file.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "lessons/engine/progress.hpp"
#include "tests/lessons/scratch.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

using namespace loopscope;
using namespace loopscope::lessons;
namespace fs = std::filesystem;

namespace {

/// Runs `what` in a child process and returns its wait status; `what` returns the exit status.
template <typename What>
int in_a_child(What what) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(what());
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  return status;
}

std::size_t files_in(const std::string& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("A durable write makes the folders it needs, for their owner alone", "[lessons]") {
  const tests::Scratch scratch;
  const std::string path = scratch.path("state/loopscope/progress.json");
  REQUIRE(write_durably(path, "one"));
  REQUIRE(write_durably(path, "two"));
  CHECK(tests::read_file(path) == "two");
  CHECK(fs::status(scratch.path("state/loopscope")).permissions() == fs::perms::owner_all);
  CHECK(files_in(scratch.path("state/loopscope")) == 1);
}

TEST_CASE("A full disk leaves the old file whole and nothing beside it", "[lessons]") {
  const tests::Scratch scratch;
  const std::string path = scratch.path("progress.json");
  REQUIRE(write_durably(path, "the old file"));
  const int status = in_a_child([&] {
    // RLIMIT_FSIZE stands for the full disk: write(2) fails half way, with EFBIG instead of ENOSPC.
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{4096, 4096};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
    const auto written = write_durably(path, std::string(100'000, 'x'));
    return !written && written.error().find("EFBIG") != std::string::npos ? 0 : 1;
  });
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(tests::read_file(path) == "the old file");
  CHECK(files_in(scratch.path("")) == 1);
}

TEST_CASE("A kill before the rename leaves the old file, and the next write works", "[lessons]") {
  const tests::Scratch scratch;
  const std::string path = scratch.path("progress.json");
  REQUIRE(write_durably(path, "the old file"));
  const int status = in_a_child([&] {
    (void)write_durably(path, "the new file", [] { ::raise(SIGKILL); });
    return 0;
  });
  CHECK(WIFSIGNALED(status));
  CHECK(tests::read_file(path) == "the old file");
  CHECK(files_in(scratch.path("")) == 2);  // what the killed writer left

  // A minute later the leftover is nobody's any more.
  for (const auto& entry : fs::directory_iterator(scratch.path("")))
    fs::last_write_time(entry.path(), fs::file_time_type::clock::now() - std::chrono::minutes(2));
  REQUIRE(write_durably(path, "the next file"));
  CHECK(tests::read_file(path) == "the next file");
  CHECK(files_in(scratch.path("")) == 1);
}

TEST_CASE("A folder that cannot be made is an error that names it", "[lessons]") {
  const tests::Scratch scratch;
  REQUIRE(write_durably(scratch.path("file"), "not a folder"));
  const auto written = write_durably(scratch.path("file/progress.json"), "x");
  REQUIRE_FALSE(written);
  CHECK(written.error().find(scratch.path("file")) != std::string::npos);
}

TEST_CASE("Keeping aside never overwrites what was kept before", "[lessons]") {
  const tests::Scratch scratch;
  const std::string path = scratch.path("progress.json");
  for (const char* bytes : {"first", "second"}) {
    REQUIRE(write_durably(path, bytes));
    REQUIRE(keep_aside(path));
    CHECK_FALSE(fs::exists(path));
  }
  CHECK(tests::read_file(path + ".damaged") == "first");
  CHECK(tests::read_file(path + ".damaged-2") == "second");
}
