#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/views/actions.hpp"
#include "app/views/induce_world.hpp"

/// What a learner can induce at any moment of a live run, each as the lines of the language that do it.
namespace loopscope::app {

struct Induction {
  std::string id;     ///< 'take/same'
  std::string label;  ///< 'Take the port: same address'
  const char* icon = nullptr;
  std::string tip;                             ///< what comes of it, in a sentence
  std::vector<std::string> lines;              ///< what is done, and written into the experiment
  std::optional<action::BlockListener> block;  ///< instead of lines: what the language has no word for
  std::string why_not;                         ///< why it makes no sense now; empty: it can be done
  bool ends_something = false;                 ///< a process, or its connections

  [[nodiscard]] bool possible() const { return why_not.empty(); }
  [[nodiscard]] Action action() const;
};

struct InductionGroup {
  std::string title;
  std::vector<Induction> items;
};

/// All there are, in their order; each says itself why it cannot be done. Pure.
[[nodiscard]] std::vector<InductionGroup> inductions_in(const InduceWorld& world);
/// The rules of a firewall that are worth trying on a port.
[[nodiscard]] std::vector<Induction> firewall_inductions(const std::string& host, Port port, bool udp);
/// What can be done to one process, a server among them, in its menu.
[[nodiscard]] std::vector<Induction> inductions_on(const InduceWorld& world, const std::string& process);

}  // namespace loopscope::app
