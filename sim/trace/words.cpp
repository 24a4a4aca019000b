#include "sim/trace/words.hpp"

#include "sim/base/errno_name.hpp"
#include "sim/trace/json_words.hpp"

namespace loopscope::trace {

std::string packet_end(const SocketAddress& address) {
  return number(address.port) == 0 ? to_string(address.ip) : to_string(address);
}

std::string words_of(const CallEntered& entered, const CallReturned& returned) {
  std::string text = entered.name + "(" + entered.arguments + ") = ";
  if (returned.error != 0)
    return text + "-1 " + errno_name(returned.error) + " (" + errno_words(returned.error) + ")";
  text += std::to_string(returned.value);
  return returned.details.empty() ? text : text + " (" + returned.details + ")";
}

std::string words_of(const FirewallJudged& judged) {
  const auto word = [](const auto& names, auto value) {
    return std::string(names.at(static_cast<std::size_t>(value)));
  };
  const std::string host = judged.host.empty() || judged.host == "here" ? "" : judged.host + " ";
  const std::string by = judged.rule.empty() ? "as no rule matched" : "by `" + judged.rule + "`";
  return host + word(hook_names, judged.hook) + " " + word(judgement_names, judged.judgement) + " " +
         label(judged.packet) + " " + packet_end(judged.packet.source) + " > " +
         packet_end(judged.packet.destination) + " " + by;
}

}  // namespace loopscope::trace
