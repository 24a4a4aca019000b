#include "app/cli/visitors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace loopscope::app::cli {
namespace {

std::string socket_words(const trace::SocketEntry& entry) {
  std::string words = fmt::format("{} {}{}", entry.transport == trace::Transport::Udp ? "UDP " : "",
                                  to_string(entry.state), " " + to_string(entry.local));
  words.erase(0, words.find_first_not_of(' '));
  if (number(entry.peer.port) != 0) words += " > " + to_string(entry.peer);
  if (entry.timer == trace::SocketTimer::TimeWait) {
    words +=
        fmt::format(", for {} s more", std::chrono::ceil<std::chrono::seconds>(entry.timer_left).count());
  }
  return words;
}

bool is_own_deed(const std::string& what) { return what.starts_with("IP_MINTTL"); }

}  // namespace

std::string Visitors::who(const trace::SocketEntry& entry) const {
  const auto found = known_.find(entry.process);
  if (found == known_.end()) return entry.process.empty() ? "no process" : entry.process;
  const trace::ProcessStarted& one = found->second;
  return one.pid == 0 ? one.process : fmt::format("{} (pid {}, {})", one.process, one.pid, one.user);
}

std::vector<std::string> Visitors::take(const trace::Event& event) {
  std::vector<std::string> news;
  if (const auto* started = std::get_if<trace::ProcessStarted>(&event.fact); started && started->outside) {
    known_[started->process] = *started;
    new_.push_back(started->process);
  } else if (const auto* changed = std::get_if<trace::WorldChanged>(&event.fact)) {
    if (is_own_deed(changed->what)) news.push_back(changed->what);
  } else if (const auto* table = std::get_if<trace::SocketTable>(&event.fact)) {
    table_ = table->sockets;
    std::erase_if(new_, [&](const std::string& name) {
      bool seen = false;
      for (const trace::SocketEntry& entry : table_) {
        if (entry.process != name || number(entry.peer.port) == 0) continue;
        seen = true;
        news.push_back(who(entry) + " joins: " + socket_words(entry));
      }
      return seen;
    });
  }
  return news;
}

std::vector<std::string> Visitors::holders_of(Port port) const {
  std::vector<std::string> words;
  for (const trace::SocketEntry& entry : table_) {
    if (entry.local.port != port || (!entry.process.empty() && !known_.contains(entry.process))) continue;
    words.push_back(who(entry) + ": " + socket_words(entry));
  }
  return words;
}

}  // namespace loopscope::app::cli
