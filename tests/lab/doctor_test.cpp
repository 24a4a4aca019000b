#include "sim/lab/doctor.hpp"

#include <algorithm>

#include "sim/lab/lab.hpp"
#include "tests/lab/worlds.hpp"
#include "tests/support/catch.hpp"

namespace loopscope::test {

TEST_CASE("what this machine allows is found by trying it", "[lab]") {
  const auto findings = lab::examine(launcher());
  REQUIRE(findings.size() >= 5);
  for (const auto& finding : findings) {
    INFO(finding.id);
    CHECK_FALSE(finding.title.empty());
    CHECK_FALSE(finding.details.empty());
    if (finding.ability == lab::Ability::No) CHECK_FALSE(finding.remedy.empty());
  }
  const auto has = [&](const std::string& id) {
    return std::any_of(findings.begin(), findings.end(),
                       [&](const auto& finding) { return finding.id == id; });
  };
  for (const char* id :
       {"lab", "hold-packets", "bound-sockets", "capture", "firewall", "other-user", "hosts"})
    CHECK(has(id));
  CHECK(findings[0].ability == lab::Ability::Yes);
}

}  // namespace loopscope::test
