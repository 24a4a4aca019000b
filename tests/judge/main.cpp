#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "sim/experiment/parser.hpp"
#include "sim/lab/lab.hpp"
#include "tests/judge/generator.hpp"
#include "tests/judge/judge.hpp"

/// `./dev judge [COUNT] [--seed S]`: random experiments on the model and the kernel. Differences are shrunk
/// and written to out/judge/. Exit status 0: none; 1: some; 3: no lab here.
int main(int argc, char** argv) {
  using namespace loopscope;
  auto launcher = lab::make_launcher();
  std::uint64_t count = 1000, seed = 1;
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]) == "--seed" && i + 1 < argc) {
      seed = std::strtoull(argv[++i], nullptr, 10);
    } else {
      count = std::strtoull(argv[i], nullptr, 10);
    }
  }
  std::size_t steps = 0, not_modelled = 0, differences = 0, heard = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto experiment = judge::read(judge::random_experiment(seed + i));
    if (!experiment) continue;
    const auto hearing = judge::hear(launcher, *experiment);
    if (!hearing) {
      std::cerr << "judge: this machine cannot run a lab\n";
      return 3;
    }
    ++heard;
    steps += hearing->steps;
    not_modelled += hearing->not_modelled;
    if (!hearing->difference) continue;
    ++differences;
    const auto least = judge::shrink(launcher, *experiment);
    std::filesystem::create_directories("out/judge");
    const auto path = "out/judge/" + std::to_string(seed + i) + ".lab";
    std::ofstream(path) << experiment::print(least);
    std::cout << path << ": " << hearing->difference->words << "\n"
              << experiment::print(least) << "\n"
              << std::flush;
  }
  std::cout << heard << " experiments from seed " << seed << ", " << steps << " steps: " << differences
            << " differ, " << not_modelled << " steps not modelled\n";
  return differences == 0 ? 0 : 1;
}
