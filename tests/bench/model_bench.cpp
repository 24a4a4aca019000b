#include <benchmark/benchmark.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sim/experiment/parser.hpp"
#include "sim/model/machine.hpp"
#include "sim/model/remedies.hpp"

/// `./dev bench model`: steps a second on the conformance cases, one bind among many sockets, one search for
/// remedies.
namespace {

using namespace loopscope;
namespace fs = std::filesystem;

std::vector<experiment::Experiment> cases() {
  std::vector<experiment::Experiment> all;
  for (const auto& entry : fs::recursive_directory_iterator(LOOPSCOPE_CONFORMANCE)) {
    if (entry.path().extension() != ".lab") continue;
    std::ifstream in(entry.path());
    std::stringstream text;
    text << in.rdbuf();
    if (auto parsed = experiment::parse(text.str(), entry.path().string())) all.push_back(std::move(*parsed));
  }
  return all;
}

experiment::Statement line(const std::string& text) { return *experiment::parse_statement(text); }

model::World crowded(std::int64_t sockets) {
  model::World world;
  for (std::int64_t i = 0; i < sockets; ++i) {
    model::Existing existing;
    existing.state = i % 2 == 0 ? SocketState::Listen : SocketState::Bound;
    existing.local = {IpAddress::v4(127, 0, static_cast<std::uint8_t>(i / 60000), 1),
                      Port{static_cast<std::uint16_t>(1025 + i % 60000)}};
    existing.process = "crowd";
    existing.variable = "s" + std::to_string(i);
    model::add_existing(world, existing);
  }
  (void)model::apply(world, line("p: a = socket(AF_INET, SOCK_STREAM)"));
  return world;
}

void steps(benchmark::State& state) {
  const auto all = cases();
  std::int64_t count = 0;
  for (auto _ : state) {
    for (const auto& one : all) {
      benchmark::DoNotOptimize(model::predict(one));
      count += static_cast<std::int64_t>(one.statements.size());
    }
  }
  state.SetItemsProcessed(count);
}

void bind_among(benchmark::State& state) {
  auto world = crowded(state.range(0));
  const auto bind = line("p: bind(a, 127.0.0.1:62893)"), close = line("p: close(a)"),
             open = line("p: a = socket(AF_INET, SOCK_STREAM)");
  for (auto _ : state) {
    benchmark::DoNotOptimize(model::apply(world, bind));
    state.PauseTiming();
    (void)model::apply(world, close);
    (void)model::apply(world, open);
    state.ResumeTiming();
  }
}

void refused_bind_among(benchmark::State& state) {
  auto world = crowded(state.range(0));
  const auto bind = line("p: bind(a, 127.0.0.1:1025)");
  for (auto _ : state) benchmark::DoNotOptimize(model::apply(world, bind));
}

void copy_of(benchmark::State& state) {
  const auto world = crowded(state.range(0));
  for (auto _ : state) {
    model::World copy = world;
    benchmark::DoNotOptimize(copy.next_socket);
  }
}

void remedies(benchmark::State& state) {
  const auto world = crowded(state.range(0));
  const auto bind = line("p: bind(a, 127.0.0.1:1025)");
  for (auto _ : state) benchmark::DoNotOptimize(model::what_would_work(world, bind));
}

/// A connect that nobody answers among so many listeners.
void connect_remedies(benchmark::State& state) {
  auto world = crowded(state.range(0));
  const auto connect = line("p: connect(a, 127.9.9.9:62893)");
  for (auto _ : state) benchmark::DoNotOptimize(model::what_would_work(world, connect));
}

BENCHMARK(steps)->Unit(benchmark::kMillisecond);
BENCHMARK(bind_among)->Arg(10)->Arg(1000)->Arg(100000);
BENCHMARK(refused_bind_among)->Arg(10)->Arg(1000)->Arg(100000);
BENCHMARK(copy_of)->Arg(10)->Arg(1000)->Arg(100000);
BENCHMARK(connect_remedies)->Arg(10)->Arg(1000)->Arg(100000)->Unit(benchmark::kMicrosecond);
BENCHMARK(remedies)->Arg(10)->Arg(1000)->Arg(100000)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
