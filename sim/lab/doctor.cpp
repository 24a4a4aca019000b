#include "sim/lab/doctor.hpp"

#include <fmt/format.h>

#include <chrono>

#include "sim/lab/lab.hpp"

namespace loopscope::lab {
namespace {

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

/// Best of three, in milliseconds.
tl::expected<double, sandbox::Refusal> time_of_a_world(sandbox::Launcher& launcher) {
  double best = 0;
  for (int i = 0; i < 3; ++i) {
    const auto start = std::chrono::steady_clock::now();
    if (const auto world = launcher.make_world(); !world) return tl::unexpected(world.error());
    const double took = milliseconds_since(start);
    if (i == 0 || took < best) best = took;
  }
  return best;
}

Finding world_finding(const sandbox::Refusal& refusal) {
  const std::string what = sandbox::to_string(sandbox::Refusal{refusal.step, refusal.error_number, {}});
  const std::string remedy = refusal.remedy.empty() ? "None is known; please report it" : refusal.remedy;
  return {"lab", "A private world", Ability::No, what, remedy};
}

Finding holding(const Lab& lab) {
  Finding finding{"hold-packets", "Packets held one by one", Ability::Yes,
                  "each packet on lo waits until it is let go", ""};
  if (lab.can_hold()) return finding;
  finding.ability = Ability::No;
  finding.details = lab.why_no_hold() + "; stepping is by chapter and by call";
  finding.remedy =
      "A kernel with nft_queue or xt_NFQUEUE: sudo modprobe nft_queue nfnetlink_queue, where they are "
      "modules";
  return finding;
}

Finding capturing(const Lab& lab) {
  const std::string& why = lab.found().why_no_capture;
  if (why.empty()) return {"capture", "Packets seen", Ability::Yes, "libpcap sees every packet on lo", ""};
  return {"capture", "Packets seen", Ability::No, why,
          "A kernel with AF_PACKET (CONFIG_PACKET): sudo modprobe af_packet"};
}

Finding bound_sockets(const Lab& lab) {
  if (lab.found().shows_bound) {
    return {"bound-sockets", "Sockets that are only bound", Ability::Yes,
            "the kernel shows them (TCP_BOUND_INACTIVE)", ""};
  }
  return {"bound-sockets", "Sockets that are only bound", Ability::Limited,
          "the kernel does not show them before Linux 6.8; the lab asks the processes that own them", ""};
}

Finding other_user(const Lab& lab) {
  if (lab.found().second_user) {
    return {"other-user", "Processes of a second user", Ability::Yes, "ordinary processes are not root's",
            ""};
  }
  return {"other-user", "Processes of a second user", Ability::Limited,
          "all processes are yours, with or without capabilities: only root may map a second user",
          "Nothing is needed for the lessons; as root ordinary processes are another user's"};
}

Finding ipv6(const Lab& lab) {
  if (lab.found().ipv6) return {"ipv6", "IPv6", Ability::Yes, "::1 is there", ""};
  return {"ipv6", "IPv6", Ability::No, "this kernel was started without IPv6; steps with [::1] will fail",
          "Remove ipv6.disable=1 from the kernel's command line"};
}

}  // namespace

std::vector<Finding> examine(sandbox::Launcher& launcher) {
  Lab::Options options;
  options.stepping = true;
  const auto took = time_of_a_world(launcher);
  if (!took) return {world_finding(took.error())};
  const auto lab = Lab::open(launcher, options);
  if (!lab) return {world_finding(lab.error())};
  return {
      {"lab", "A private world", Ability::Yes,
       fmt::format("user, network, mount and PID namespaces with a loopback of their own; {:.1f} ms", *took),
       ""},
      holding(**lab),
      capturing(**lab),
      bound_sockets(**lab),
      other_user(**lab),
      ipv6(**lab)};
}

}  // namespace loopscope::lab
