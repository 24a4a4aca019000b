// Whatever bytes come in: the parser says what is wrong, or what it made of them prints and parses to the
// same again.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "sim/experiment/parser.hpp"

using namespace loopscope::experiment;

namespace {

[[noreturn]] void broken(const char* what, const std::string& text) {
  std::fprintf(stderr, "%s:\n%s\n", what, text.c_str());
  std::abort();
}

void check_file(std::string_view text) {
  const auto first = parse(text, "first.lab");
  if (!first) {
    if (first.error().empty()) broken("an error without a problem", std::string(text));
    for (const Problem& problem : first.error()) {
      if (problem.place.line < 1 || problem.place.column < 1 || problem.message.empty()) {
        broken("a problem without a place or words", to_string(problem));
      }
    }
    return;
  }
  const std::string printed = print(*first);
  const auto second = parse(printed, "second.lab");
  // Printing may lengthen a line past the limit; that is the one error it may cause.
  if (!second && printed.size() > max_line_bytes) return;
  if (!second) broken("what was printed does not parse", printed + "\n" + to_string(second.error().front()));
  if (!(*second == *first)) broken("what was printed parses to something else", printed);
  if (print(*second) != printed) broken("printing again gives another text", printed);
}

void check_line(std::string_view line) {
  if (const auto statement = parse_statement(line)) {
    const auto again = parse_statement(to_string(*statement));
    if (again ? !(*again == *statement) : to_string(*statement).size() <= max_line_bytes)
      broken("a statement changes", to_string(*statement));
    (void)call_text(*statement);
  }
  const auto result = parse_result(line);
  if (!result) return;
  const bool states_a_result = is_known(*result);
  if (states_a_result && !agree(*result, *result)) broken("a result differs from itself", to_string(*result));
  const auto again = parse_result(to_string(*result));
  if (again && states_a_result && !agree(*again, *result))
    broken("a printed result differs", to_string(*result));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_file(text);
  check_line(text);
  return 0;
}
