#include <fmt/format.h>

#include "sim/experiment/print.hpp"

namespace loopscope::experiment {
namespace {

/// ' NAME', or nothing where it is left out.
std::string optional_word(std::string_view word) { return word.empty() ? "" : " " + std::string(word); }

std::string print_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += " " + print_word(word);
  return text;
}

/// The statement without its process and its RESULT.
struct CorePrinter {
  std::string operator()(const Title& title) const { return "title " + title.words; }
  std::string operator()(const Chapter& chapter) const { return "== " + chapter.words; }
  std::string operator()(const Narration& narration) const { return ">" + optional_word(narration.words); }
  std::string operator()(const HostDecl& host) const {
    std::string text = "host " + host.name;
    for (const IpAddress& address : host.addresses) text += " " + loopscope::to_string(address);
    return text;
  }
  std::string operator()(const ProcessDecl& process) const {
    return "process " + process.name + (process.host.empty() ? "" : " on " + process.host) +
           (process.as_root ? " as root" : "");
  }
  std::string operator()(const DeviceDecl& device) const {
    return "device" + optional_word(device.host) + " " + device.name;
  }
  std::string operator()(const AddressDecl& address) const {
    return fmt::format("address{} {} {}/{}", optional_word(address.host), address.device,
                       loopscope::to_string(address.ip), address.prefix_length);
  }
  std::string operator()(const SysctlDecl& sysctl) const {
    return fmt::format("sysctl{} {} = {}", optional_word(sysctl.host), sysctl.name, sysctl.value);
  }
  std::string operator()(const FirewallDecl& firewall) const {
    const std::string start = "firewall" + optional_word(firewall.host);
    return firewall.clear ? start + " clear" : start + " " + firewall.chain + " " + firewall.rule;
  }
  std::string operator()(const FileDecl& file) const {
    std::string text = "file " + file.name;
    for (const std::string& line : file.lines) text += "\n" + line;
    return text + "\nend";
  }
  std::string operator()(const PatienceDecl& patience) const {
    return "patience " + print_duration(patience.time);
  }
  std::string operator()(const PacketsDecl& packets) const {
    const std::string start = "packets" + optional_word(packets.where);
    if (packets.action == PacketsAction::Hold) return start + " hold";
    if (packets.action == PacketsAction::Flow) return start + " flow";
    const std::string verb = packets.action == PacketsAction::Pass ? " pass" : " drop";
    if (packets.count == 1) return start + verb;
    return start + verb + " " + (packets.count ? std::to_string(*packets.count) : "all");
  }
  std::string operator()(const CallStep& step) const {
    return (step.variable.empty() ? "" : step.variable + " = ") + to_string(step.call);
  }
  std::string operator()(const ReturnsStep& step) const {
    return step.within ? "returns within " + print_duration(*step.within) : "returns";
  }
  std::string operator()(const KillStep& step) const {
    const char* signal = step.signal == Signal::Stop       ? " SIGSTOP"
                         : step.signal == Signal::Continue ? " SIGCONT"
                                                           : "";
    return "kill " + step.process + signal;
  }
  std::string operator()(const ExitStep& step) const { return "exit " + step.process; }
  std::string operator()(const WaitStep& step) const { return "wait " + print_duration(step.time); }
  std::string operator()(const RunStep& step) const { return "run" + print_words(step.words); }
  std::string operator()(const StartStep& step) const {
    return "start" + print_words(step.words) + (step.until ? " until " + to_string(*step.until) : "");
  }
  std::string operator()(const SocketClaim& claim) const {
    return fmt::format("expect{}{} {} {}{}{}", claim.none ? " no" : "", optional_word(claim.host),
                       loopscope::to_string(claim.state), to_string(claim.local),
                       claim.peer ? " " + to_string(*claim.peer) : "",
                       claim.by.empty() ? "" : " by " + claim.by);
  }
  std::string operator()(const PacketsClaim& claim) const {
    return fmt::format("expect packets{} {} {}{}{}", optional_word(claim.host), claim.count,
                       print_packet_kind(claim.kind), claim.from ? " from " + to_string(*claim.from) : "",
                       claim.to ? " to " + to_string(*claim.to) : "");
  }
  std::string operator()(const HeldClaim& claim) const {
    return fmt::format("expect held{} {}{}", optional_word(claim.where), claim.count,
                       claim.kind ? optional_word(print_packet_kind(*claim.kind)) : "");
  }
};

/// 'PROCESS: ' in front of the steps that are written so.
struct Prefix {
  std::string operator()(const CallStep& step) const { return step.process + ": "; }
  std::string operator()(const ReturnsStep& step) const { return step.process + ": "; }
  std::string operator()(const RunStep& step) const { return step.process + ": "; }
  std::string operator()(const StartStep& step) const { return step.process + ": "; }
  template <class Other>
  std::string operator()(const Other&) const {
    return "";
  }
};

}  // namespace

std::string_view print_packet_kind(PacketKind kind) {
  switch (kind) {
    case PacketKind::Syn:
      return "SYN";
    case PacketKind::SynAck:
      return "SYN-ACK";
    case PacketKind::Rst:
      return "RST";
    case PacketKind::Fin:
      return "FIN";
    case PacketKind::Any:
      break;
  }
  return "any";
}

std::string call_text(const Statement& statement) { return std::visit(CorePrinter{}, statement.body); }

std::string to_string(const Statement& statement) {
  std::string text = std::visit(Prefix{}, statement.body) + call_text(statement);
  if (const Stated* stated = stated_of(statement)) {
    text += (stated->asked ? " ?= " : " = ") + print_result(stated->result);
  }
  return text;
}

}  // namespace loopscope::experiment
