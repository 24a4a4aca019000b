#include <benchmark/benchmark.h>

#include <optional>

#include "sim/experiment/parser.hpp"
#include "sim/lab/lab.hpp"
#include "sim/lab/run.hpp"

/// `./dev bench world`: a world of some hosts, made, used for nothing, and gone; and what the wire carries.
namespace {

using namespace loopscope;

std::optional<sandbox::Launcher> launcher;  // made before any thread

experiment::Experiment hosts(std::int64_t count) {
  std::string text;
  for (std::int64_t i = 2; i <= count; ++i) text += "host h" + std::to_string(i) + "\n";
  return *experiment::parse(text, "world.lab");
}

void made_and_gone(benchmark::State& state) {
  const auto world = hosts(state.range(0));
  for (auto _ : state) {
    const auto report = lab::run(*launcher, world);
    if (!report) return state.SkipWithError(to_string(report.error()).c_str());
  }
}

/// Bytes a second between two processes, on one host and on two.
void carried(benchmark::State& state) {
  const bool two = state.range(0) == 2;
  const std::string server = two ? "192.0.2.2" : "127.0.0.1";
  const auto experiment = experiment::parse(
      std::string(two ? "host far\nprocess s on far\n" : "") +
          "patience 9s\ns: l = socket(AF_INET, SOCK_STREAM)\ns: bind(l, " + server +
          ":5000)\ns: listen(l, 5)\nc: c = socket(AF_INET, SOCK_STREAM)\nc: connect(c, " + server +
          ":5000)\ns: a = accept(l)\nc: send(c, \"0123456789\" * 5000)\n"
          "s: recv(a, 50000, MSG_WAITALL)\n",
      "carried.lab");
  if (!experiment) return state.SkipWithError(experiment.error().front().message.c_str());
  for (auto _ : state) {
    const auto report = lab::run(*launcher, *experiment);
    if (!report || !report->trouble.empty()) return state.SkipWithError("it was not carried");
  }
}

BENCHMARK(made_and_gone)->Arg(1)->Arg(2)->Arg(3)->Arg(16)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(carried)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

int main(int count, char** words) {
  launcher.emplace(lab::make_launcher());
  benchmark::Initialize(&count, words);
  benchmark::RunSpecifiedBenchmarks();
  launcher.reset();
  return 0;
}
