#include "tests/judge/generator.hpp"

#include <array>
#include <utility>

#include "tests/judge/scenes.hpp"

namespace loopscope::judge {

std::string random_experiment(std::uint64_t seed, const Language& language) {
  using Scene = void (*)(Writer&);
  struct Weighted {
    Scene scene;
    int weight;
  };
  constexpr std::array<Weighted, 9> scenes = {{{scene_anything, 22},
                                               {scene_connection, 24},
                                               {scene_binds, 16},
                                               {scene_ports, 9},
                                               {scene_datagrams, 9},
                                               {scene_waiting, 8},
                                               {scene_devices, 6},
                                               {scene_queue, 4},
                                               {scene_packets, 2}}};
  Writer writer(seed, language);
  writer.say("title random " + std::to_string(seed));
  writer.say("patience 150ms");
  if (language.firewall) {
    scene_firewall(writer);
    return writer.text();
  }
  int throw_of_dice = writer.dice.between(0, 99);
  for (const auto& [scene, weight] : scenes) {
    if ((throw_of_dice -= weight) >= 0) continue;
    scene(writer);
    break;
  }
  return writer.text();
}

}  // namespace loopscope::judge
