#include "sim/experiment/parser.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

using namespace loopscope;

namespace {

experiment::Experiment parse_or_fail(const std::string& text, const std::string& file) {
  auto parsed = experiment::parse(text, file);
  if (parsed) return std::move(*parsed);
  std::string all;
  for (const auto& problem : parsed.error()) all += to_string(problem) + "\n";
  FAIL(all);
  return {};
}

bool has_unordered_flags(const std::string& text) {
  const auto holds = [&](const char* part) { return text.find(part) != std::string::npos; };
  return holds("POLLPRI|POLLIN") || holds("MSG_OOB|MSG_PEEK") || holds("MSG_TRUNC|MSG_PEEK");
}

}  // namespace

TEST_CASE("Every conformance case parses, and printing gives it back", "[experiment]") {
  const auto files = tests::files_below(LOOPSCOPE_CONFORMANCE, ".lab");
  REQUIRE(files.size() >= 449);
  for (const auto& file : files) {
    INFO(file.string());
    const std::string text = tests::read_file(file);
    const auto experiment = parse_or_fail(text, file.filename().string());
    // They are written in the canonical form, so printing gives the very bytes back; three join flags in
    // another order.
    if (!has_unordered_flags(text)) CHECK(print(experiment) == text);
    CHECK(print(parse_or_fail(print(experiment), "printed")) == print(experiment));
    CHECK(parse_or_fail(print(experiment), "printed") == experiment);
    CHECK_FALSE(experiment.title().empty());
  }
}
