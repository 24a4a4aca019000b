#include <poll.h>

#include <list>

#include "lessons/game/catalogue.hpp"
#include "lessons/game/kernel_answer.hpp"
#include "lessons/game/question.hpp"
#include "sim/base/errno_name.hpp"
#include "sim/experiment/parser.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;

namespace {

constexpr std::size_t side_by_side = 8;

struct Running {
  game::Question question;
  std::unique_ptr<game::KernelAnswer> answer;
};

std::vector<game::Question> questions(std::uint64_t seeds) {
  std::vector<game::Question> all;
  for (const auto& topic : game::topics()) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      auto question = game::make_question(topic.rule, seed * 7919, static_cast<int>(seed % 4));
      REQUIRE(question);
      all.push_back(std::move(*question));
    }
  }
  return all;
}

}  // namespace

TEST_CASE("The model and the kernel give the same answer to every question", "[game][kernel]") {
  auto launcher = lab::make_launcher();
  auto waiting = questions(6);
  const std::size_t all = waiting.size();
  std::list<Running> running;
  std::string differences;
  std::size_t agreed = 0;
  while (!waiting.empty() || !running.empty()) {
    while (!waiting.empty() && running.size() < side_by_side) {
      auto experiment = waiting.back().experiment;
      running.push_back(
          {std::move(waiting.back()), std::make_unique<game::KernelAnswer>(launcher, std::move(experiment))});
      waiting.pop_back();
    }
    std::vector<pollfd> ready;
    bool moved = false;
    for (auto one = running.begin(); one != running.end();) {
      if (!one->answer->pump()) {
        ready.push_back({one->answer->fd(), POLLIN, 0});
        ++one;
        continue;
      }
      moved = true;
      const auto& result = one->answer->result();
      const auto index = result ? answer_of(one->question, *result) : std::nullopt;
      if (index == one->question.predicted) {
        ++agreed;
      } else {
        differences += one->question.rule + ": the model says " +
                       one->question.answers[one->question.predicted].name + ", the kernel " +
                       (result ? to_string(*result) : one->answer->trouble()) + "\n" +
                       print(one->question.experiment) + "\n";
      }
      one = running.erase(one);
    }
    if (!moved && !ready.empty()) (void)::poll(ready.data(), ready.size(), 1000);
  }
  INFO(differences);
  CHECK(differences.empty());
  CHECK(agreed == all);
  CHECK(all >= 250);
}
