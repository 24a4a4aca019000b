#include <fmt/format.h>

#include <array>

#include "sim/experiment/parse_line.hpp"

/// The claims: `expect …`.
namespace loopscope::experiment {
namespace {

using Kind = Mention::Kind;
constexpr std::int64_t most_packets = 1'000'000'000;

std::vector<std::string_view> claimable_states() {
  std::vector<std::string_view> names;
  for (int index = 1; index <= static_cast<int>(SocketState::Unconnected); ++index) {
    names.push_back(to_string(static_cast<SocketState>(index)));
  }
  return names;
}

SocketState parse_claimed_state(std::string_view word, int column) {
  const auto state = parse_socket_state(word);
  if (!state) {
    Cursor::fail_at(column, fmt::format("{} is no state of a socket{}", word.empty() ? "nothing" : cite(word),
                                        did_you_mean(word, claimable_states())));
  }
  if (*state == SocketState::Closed)
    Cursor::fail_at(column, "a closed socket is in no table: write `expect no …` with the state it had");
  return *state;
}

std::optional<PacketKind> packet_kind(std::string_view word) {
  if (word == "SYN") return PacketKind::Syn;
  if (word == "SYN-ACK") return PacketKind::SynAck;
  if (word == "RST") return PacketKind::Rst;
  if (word == "FIN") return PacketKind::Fin;
  if (word == "any") return PacketKind::Any;
  return std::nullopt;
}

PacketKind parse_packet_kind(Cursor& cursor) {
  constexpr std::array<std::string_view, 5> kinds{"SYN", "SYN-ACK", "RST", "FIN", "any"};
  const int column = cursor.column();
  const std::string next = cite_next(cursor);
  const std::string_view word = cursor.name();
  const auto kind = packet_kind(word);
  if (!kind) {
    Cursor::fail_at(column, fmt::format("{} names no TCP packets{}", word.empty() ? next : cite(word),
                                        did_you_mean(word, kinds)));
  }
  return *kind;
}

/// The host or place in front of a count; empty where the count comes at once.
std::string parse_place(Cursor& cursor, Mentions& mentions, Kind kind) {
  const char first = cursor.peek();
  if (first == '\0' || (first >= '0' && first <= '9') || first == '-') return "";
  const int column = cursor.column();
  std::string place = parse_new_name(cursor, "a host");
  mentions.push_back({kind, "", place, column});
  return place;
}

Body parse_packets_claim(Cursor& cursor, Mentions& mentions) {
  PacketsClaim claim;
  claim.host = parse_place(cursor, mentions, Kind::Host);
  claim.count = static_cast<std::uint64_t>(cursor.integer("a count of packets", 0, most_packets));
  claim.kind = parse_packet_kind(cursor);
  while (!cursor.at_end()) {
    if (!claim.from && cursor.take_name("from"))
      claim.from = parse_address(cursor, AddressUse::Pattern, mentions);
    else if (!claim.to && cursor.take_name("to"))
      claim.to = parse_address(cursor, AddressUse::Pattern, mentions);
    else
      cursor.fail(fmt::format(
          "{} here; it is written `expect packets [HOST] COUNT FLAGS [from ADDRESS] [to ADDRESS]`",
          cite_next(cursor)));
  }
  return claim;
}

Body parse_held_claim(Cursor& cursor, Mentions& mentions) {
  HeldClaim claim;
  claim.where = parse_place(cursor, mentions, Kind::Where);
  claim.count = static_cast<std::uint64_t>(cursor.integer("a count of packets", 0, most_packets));
  if (!cursor.at_end()) claim.kind = parse_packet_kind(cursor);
  return claim;
}

Body parse_socket_claim(Cursor& cursor, Mentions& mentions, bool none) {
  SocketClaim claim;
  claim.none = none;
  int column = cursor.column();
  std::string_view word = cursor.name();
  if (!parse_socket_state(word) && parse_socket_state(cursor.peek_name())) {
    Cursor name(word, column);
    claim.host = parse_new_name(name, "a host");
    mentions.push_back({Kind::Host, "", claim.host, column});
    column = cursor.column();
    word = cursor.name();
  }
  claim.state = parse_claimed_state(word, column);
  claim.local = parse_address(cursor, AddressUse::Pattern, mentions);
  const char next = cursor.peek();
  if (next != '\0' && next != '=' && next != '?' && cursor.peek_name() != "by")
    claim.peer = parse_address(cursor, AddressUse::Pattern, mentions);
  if (cursor.take_name("by")) {
    const int at = cursor.column();
    claim.by = parse_new_name(cursor, "a process");
    mentions.push_back({Kind::Process, "", claim.by, at});
  }
  if (!cursor.at_end()) {
    cursor.fail(fmt::format(
        "{} here; it is written `expect [no] [HOST] STATE LOCAL [PEER] [by PROCESS]` and states no RESULT",
        cite_next(cursor)));
  }
  return claim;
}

}  // namespace

Body parse_claim(Cursor& cursor, Mentions& mentions) {
  if (cursor.at_end())
    cursor.fail(
        "the claim is missing: `expect STATE LOCAL`, `expect packets COUNT FLAGS` or `expect held COUNT`");
  const int column = cursor.column();
  const bool none = cursor.take_name("no");
  const std::string_view word = cursor.peek_name();
  if (none && (word == "packets" || word == "held")) {
    Cursor::fail_at(column, fmt::format("that no packets are there is `expect {} 0 …`", word));
  }
  if (cursor.take_name("packets")) return parse_packets_claim(cursor, mentions);
  if (cursor.take_name("held")) return parse_held_claim(cursor, mentions);
  return parse_socket_claim(cursor, mentions, none);
}

}  // namespace loopscope::experiment
