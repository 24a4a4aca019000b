// Whatever an experiment asks for: the model answers each step, and a copy of its world answers the same.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "sim/experiment/parser.hpp"
#include "sim/model/world.hpp"

using namespace loopscope;

namespace {

[[noreturn]] void broken(const char* what, const experiment::Statement& statement) {
  std::fprintf(stderr, "%s: %s\n", what, experiment::to_string(statement).c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = experiment::parse({reinterpret_cast<const char*>(data), size}, "random.lab");
  if (!parsed) return 0;
  model::World world;
  for (const auto& statement : parsed->statements) {
    const model::World before = world;
    const auto prediction = model::apply(world, statement);
    model::World again = before;
    const auto second = model::apply(again, statement);
    if (prediction.result.has_value() != second.result.has_value() ||
        (prediction.result && !(to_string(*prediction.result) == to_string(*second.result))))
      broken("the same step in a copied world gives something else", statement);
    (void)model::because(prediction);
    (void)model::socket_table(world, 0);
  }
  return 0;
}
