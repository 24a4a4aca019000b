#include "app/notation/strace_text.hpp"

#include <fmt/format.h>

#include <regex>

#include "app/notation/times.hpp"
#include "sim/base/errno_name.hpp"

namespace loopscope::app::notation {

using trace::CallEntered;
using trace::CallReturned;

std::string strace_result(const CallReturned& returned) {
  if (returned.error != 0)
    return fmt::format("-1 {} ({})", errno_name(returned.error), errno_words(returned.error));
  auto text = std::to_string(returned.value);
  return returned.details.empty() ? text : text + " (" + returned.details + ")";
}

Nanoseconds duration(const trace::Timeline::CallSpan& call) {
  return call.returned == nullptr ? Nanoseconds{0} : call.returned->at - call.entered->at;
}

std::string strace_line(const trace::Timeline::CallSpan& call) {
  const auto& entered = std::get<CallEntered>(call.entered->fact);
  const auto start = fmt::format("[pid {}] {} {}({}", entered.pid, seconds(call.entered->at), entered.name,
                                 entered.arguments);
  if (call.returned == nullptr) return start + " <unfinished ...>";
  return fmt::format("{}) = {} <{}>", start, strace_result(std::get<CallReturned>(call.returned->fact)),
                     seconds(duration(call)));
}

std::string shorten(std::string_view arguments) {
  static const std::regex v4(
      R"re(\{sa_family=AF_INET, sin_port=htons\((\d+)\), sin_addr=inet_addr\("([^"]*)"\)\}(?:, (?:\d+|\[[^\]]*\]))?)re");
  static const std::regex v6(
      R"re(\{sa_family=AF_INET6, sin6_port=htons\((\d+)\)[^}]*inet_pton\(AF_INET6, "([^"]*)"[^}]*\}(?:, (?:\d+|\[[^\]]*\]))?)re");
  static const std::regex unspec(R"re(\{sa_family=AF_UNSPEC[^}]*\}(?:, \d+)?)re");
  auto text = std::regex_replace(std::string(arguments), v4, "$2:$1");
  text = std::regex_replace(text, v6, "[$2]:$1");
  return std::regex_replace(text, unspec, "AF_UNSPEC");
}

std::string short_call(const CallEntered& entered) {
  return entered.name + "(" + shorten(entered.arguments) + ")";
}

}  // namespace loopscope::app::notation
