#include "sim/lab/doctor.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>

#include "sim/lab/lab.hpp"

namespace loopscope::lab {
namespace {

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

constexpr int worlds_to_time = 3;  // the best counts

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

Finding firewall(const Lab& lab) {
  const std::string& why = lab.found().why_no_firewall;
  if (why.empty())
    return {"firewall", "A firewall", Ability::Yes, "nftables, with rules of its own in the private world",
            ""};
  return {
      "firewall", "A firewall", Ability::No, why,
      "A kernel with nftables (CONFIG_NF_TABLES, CONFIG_NF_TABLES_INET): sudo modprobe nf_tables, where it "
      "is a module"};
}

/// `took`: milliseconds, of a world with two.
Finding further_hosts(const tl::expected<std::unique_ptr<Lab>, sandbox::Refusal>& lab, double took) {
  if (lab)
    return {"hosts", "Further machines", Ability::Yes,
            fmt::format("each with a network of its own, joined by one; a world with two: {:.0f} ms", took),
            ""};
  return {
      "hosts", "Further machines", Ability::No, sandbox::to_string(lab.error()),
      "A kernel with veth and AF_PACKET (CONFIG_VETH, CONFIG_PACKET): sudo modprobe veth af_packet, where "
      "they are modules"};
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

const char* const here_id = "here";
const char* const here_title = "This machine's own loopback";

Finding here_finding(const Lab& lab) {
  const std::string& why = lab.found().why_no_capture;
  const std::string runs = "experiments run on it without a lab (`loopscope run --here`)";
  if (why.empty()) return {here_id, here_title, Ability::Yes, runs + "; packets are seen", ""};
  return {here_id, here_title, Ability::Limited, runs + "; " + why,
          "Nothing is needed; with sudo packets are seen there too"};
}

Finding no_here_finding(const sandbox::Refusal& refusal) {
  return {here_id, here_title, Ability::No,
          sandbox::to_string(sandbox::Refusal{refusal.step, refusal.error_number, {}}), refusal.remedy};
}

std::vector<Finding> found_in(const Lab& lab, double milliseconds) {
  return {{"lab", "A private world", Ability::Yes,
           fmt::format("user, network, mount and PID namespaces with a loopback of their own; {:.1f} ms",
                       milliseconds),
           ""},
          holding(lab),
          capturing(lab),
          firewall(lab),
          bound_sockets(lab),
          other_user(lab),
          ipv6(lab)};
}

}  // namespace

bool Examination::time_a_world() {
  const auto start = std::chrono::steady_clock::now();
  if (const auto world = launcher_.make_world(); !world) {
    findings_ = {world_finding(world.error())};
    world_known_ = true;
    return false;
  }
  const double took = milliseconds_since(start);
  best_ms_ = worlds_ == 0 ? took : std::min(best_ms_, took);
  ++worlds_;
  return false;
}

bool Examination::pump() {
  if (world_known_) return look_at_this_machine();
  if (worlds_ < worlds_to_time) return time_a_world();
  if (!opening_) {
    Lab::Options options;
    options.stepping = findings_so_far_.empty();
    if (!options.stepping) options.experiment = "host neighbour\n";
    opened_at_ = std::chrono::steady_clock::now();
    opening_.emplace(launcher_, options);
    return false;
  }
  const auto lab = opening_->take();
  if (!lab) return false;
  opening_.reset();
  if (findings_so_far_.empty()) {
    findings_so_far_ = *lab ? found_in(***lab, best_ms_) : std::vector{world_finding(lab->error())};
    if (*lab) return false;
  } else {
    findings_so_far_.push_back(further_hosts(*lab, milliseconds_since(opened_at_)));
  }
  findings_ = std::move(findings_so_far_);
  world_known_ = true;
  return false;
}

/// What `--here` has: it needs no world.
bool Examination::look_at_this_machine() {
  if (!findings_.empty() && findings_.back().id == here_id) return true;
  if (!opening_) {
    Lab::Options options;
    options.here = true;
    opening_.emplace(launcher_, options);
  }
  const auto lab = opening_->take();
  if (!lab) return false;
  findings_.push_back(*lab ? here_finding(***lab) : no_here_finding(lab->error()));
  opening_.reset();
  return true;
}

std::vector<Finding> examine(sandbox::Launcher& launcher) {
  Examination examination(launcher);
  while (!examination.pump()) {
    pollfd wait{examination.fd(), POLLIN, 0};
    if (wait.fd >= 0) (void)::poll(&wait, 1, 1000);
  }
  return examination.findings();
}

}  // namespace loopscope::lab
