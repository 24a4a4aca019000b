#include "app/notation/code_colour.hpp"

#include <string>

#include "tests/support/catch.hpp"

using namespace loopscope::app::notation;

namespace {
std::string marked(std::string_view line, Language language) {
  std::string out;
  for (const auto& token : tokens(line, language)) {
    constexpr char letters[] = {' ', 'K', 'F', 'S', 'N', '#', 'C'};
    out += std::string(token.text.size(), letters[static_cast<std::size_t>(token.kind)]);
  }
  return out;
}
}  // namespace

TEST_CASE("a line of C is told apart into its parts") {
  CHECK(marked("  int s = said(\"socket\", 0); /* x */", Language::C) ==
        "  KKK     FFFF SSSSSSSS  N   #######");
  CHECK(marked("socket(AF_INET)", Language::C) == "FFFFFF CCCCCCC ");
  CHECK(marked("#include <stdio.h>", Language::C) == " KKKKKKK SSSSSSSSS");
  CHECK(marked("a < b \"un\\\"closed", Language::C) == "      SSSSSSSSSSS");
}

TEST_CASE("a line of Python is told apart into its parts") {
  CHECK(marked("attempt(s.bind, (\"127.0.0.1\", 62893))  # home", Language::Python) ==
        "FFFFFFF          SSSSSSSSSSS  NNNNN    ######");
}
