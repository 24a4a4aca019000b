#pragma once

#include "sim/trace/event.hpp"

/// The names of all fields of all facts, once: the writer and the reader of JSON both walk through them.
/// FORMAT.md lists them.
namespace loopscope::trace {

// clang-format off
template <class Walk, class F> void fields(Walk&& walk, F& fact) requires std::is_same_v<std::remove_const_t<F>, RunStarted> {
  walk("program_version", fact.program_version); walk("kernel", fact.kernel); walk("experiment", fact.experiment);
  walk("file", fact.file); walk("unix_nanoseconds", fact.unix_nanoseconds);
}
template <class Walk, class F> void fields(Walk&& walk, F& fact) requires std::is_same_v<std::remove_const_t<F>, RunEnded> {
  walk("reason", fact.reason);
}
template <class Walk, class F> void fields(Walk&& walk, F& fact) requires std::is_same_v<std::remove_const_t<F>, ProcessStarted> {
  walk("process", fact.process); walk("host", fact.host); walk("pid", fact.pid); walk("root", fact.root);
  walk("outside", fact.outside); walk("user", fact.user);
}
template <class Walk, class F> void fields(Walk&& walk, F& fact) requires std::is_same_v<std::remove_const_t<F>, ProcessEnded> {
  walk("process", fact.process); walk("pid", fact.pid); walk("exit_status", fact.exit_status); walk("signal", fact.signal);
}
template <class Walk, class F> void fields(Walk&& walk, F& fact) requires std::is_same_v<std::remove_const_t<F>, StepStarted> {
  walk("step", fact.step); walk("statement", fact.statement); walk("line", fact.line); walk("process", fact.process);
  walk("text", fact.text);
}
template <class Walk, class F> void fields(Walk&& walk, F& fact) requires std::is_same_v<std::remove_const_t<F>, StepFinished> {
  walk("step", fact.step); walk("result", fact.result); walk("trouble", fact.trouble);
}
template <class Walk, class F> void fields(Walk&& walk, F& fact) requires std::is_same_v<std::remove_const_t<F>, CallEntered> {
  walk("call", fact.call); walk("process", fact.process); walk("pid", fact.pid); walk("name", fact.name);
  walk("arguments", fact.arguments); walk("fd", fact.fd); walk("variable", fact.variable); walk("host", fact.host);
}
template <class Walk, class F> void fields(Walk&& walk, F& fact) requires std::is_same_v<std::remove_const_t<F>, CallReturned> {
  walk("call", fact.call); walk("process", fact.process); walk("name", fact.name); walk("value", fact.value);
  walk("error", fact.error); walk("result", fact.result); walk("details", fact.details); walk("host", fact.host);
}
template <class Walk, class F> void fields(Walk&& walk, F& fact) requires std::is_same_v<std::remove_const_t<F>, PacketSeen> {
  walk("host", fact.host); walk("device", fact.device); walk("packet", fact.packet); walk("held", fact.held); walk("leaves", fact.leaves);
  walk("derived", fact.derived);
}
template <class Walk, class F> void fields(Walk&& walk, F& fact) requires std::is_same_v<std::remove_const_t<F>, PacketHeld> {
  walk("id", fact.id); walk("host", fact.host); walk("hook", fact.hook); walk("packet", fact.packet);
}
template <class Walk, class F> void fields(Walk&& walk, F& fact) requires std::is_same_v<std::remove_const_t<F>, PacketLetGo> {
  walk("id", fact.id); walk("verdict", fact.verdict); walk("by_timer", fact.by_timer);
}
template <class Walk, class F> void fields(Walk&& walk, F& fact) requires std::is_same_v<std::remove_const_t<F>, Retransmission> {
  walk("of", fact.of); walk("host", fact.host); walk("packet", fact.packet);
}
template <class Walk, class F> void fields(Walk&& walk, F& fact) requires std::is_same_v<std::remove_const_t<F>, SocketTable> {
  walk("host", fact.host); walk("sockets", fact.sockets);
}
template <class Walk, class F> void fields(Walk&& walk, F& fact) requires std::is_same_v<std::remove_const_t<F>, WorldChanged> {
  walk("host", fact.host); walk("what", fact.what);
}
template <class Walk, class F> void fields(Walk&& walk, F& fact) requires std::is_same_v<std::remove_const_t<F>, FirewallJudged> {
  walk("host", fact.host); walk("hook", fact.hook); walk("judgement", fact.judgement); walk("rule", fact.rule); walk("packet", fact.packet);
}
template <class Walk, class F> void fields(Walk&& walk, F& packet) requires std::is_same_v<std::remove_const_t<F>, Packet> {
  walk("transport", packet.transport); walk("source", packet.source); walk("destination", packet.destination);
  walk("flags", packet.flags); walk("sequence", packet.sequence); walk("acknowledgment", packet.acknowledgment);
  walk("window", packet.window); walk("ttl", packet.ttl); walk("length", packet.length);
  walk("payload_length", packet.payload_length); walk("payload", packet.payload); walk("mss", packet.mss);
  walk("window_scale", packet.window_scale); walk("sack_permitted", packet.sack_permitted);
  walk("timestamps", packet.timestamps); walk("icmp_type", packet.icmp_type); walk("icmp_code", packet.icmp_code);
  walk("raw", packet.raw);
}
template <class Walk, class F> void fields(Walk&& walk, F& entry) requires std::is_same_v<std::remove_const_t<F>, SocketEntry> {
  walk("transport", entry.transport); walk("state", entry.state); walk("local", entry.local); walk("peer", entry.peer);
  walk("inode", entry.inode); walk("cookie", entry.cookie); walk("uid", entry.uid); walk("receive_queue", entry.receive_queue);
  walk("send_queue", entry.send_queue); walk("timer", entry.timer); walk("timer_left_ms", entry.timer_left);
  walk("retransmits", entry.retransmits); walk("v6only", entry.v6only); walk("device", entry.device);
  walk("process", entry.process); walk("pid", entry.pid); walk("fd", entry.fd);
}
// clang-format on

}  // namespace loopscope::trace
