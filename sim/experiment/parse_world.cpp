#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/experiment/parse_line.hpp"

/// The statements that make or change the world.
namespace loopscope::experiment {
namespace {

using Kind = Mention::Kind;
constexpr std::size_t longest_device = 15;  // IFNAMSIZ - 1, linux/if.h

void mention_host(Mentions& mentions, std::string_view host, int column) {
  mentions.push_back({Kind::Host, "", std::string(host), column});
}

Body parse_host(Cursor& cursor, Mentions&) {
  const int column = cursor.column();
  HostDecl host{parse_new_name(cursor, "a host"), {}};
  constexpr std::array<std::string_view, 10> taken{"wire",   "no",    "packets", "held", "input",
                                                   "output", "clear", "hold",    "pass", "flow"};
  const bool is_taken = std::find(taken.begin(), taken.end(), host.name) != taken.end();
  if (is_taken || host.name == "drop" || parse_socket_state(host.name)) {
    Cursor::fail_at(column,
                    fmt::format("{} is a word of the language and can't name a host", cite(host.name)));
  }
  while (!cursor.at_end()) {
    const int at = cursor.column();
    const std::string_view word = cursor.word();
    if (word.find('/') != std::string_view::npos) {
      Cursor::fail_at(at, fmt::format("{}: an address of a host has no length; its network is a /24 or a /64",
                                      cite(word)));
    }
    host.addresses.push_back(parse_ip(word, at));
  }
  return host;
}

Body parse_process(Cursor& cursor, Mentions& mentions) {
  ProcessDecl process;
  process.name = parse_new_name(cursor, "a process");
  while (!cursor.at_end()) {
    if (process.host.empty() && cursor.take_name("on")) {
      const int column = cursor.column();
      process.host = parse_new_name(cursor, "a host");
      mention_host(mentions, process.host, column);
    } else if (!process.as_root && cursor.take_name("as")) {
      if (!cursor.take_name("root"))
        cursor.fail(fmt::format("{} after `as`: only `as root` is known", cite_next(cursor)));
      process.as_root = true;
    } else {
      cursor.fail(
          fmt::format("{} here; it is written `process NAME [on HOST] [as root]`", cite_next(cursor)));
    }
  }
  return process;
}

std::string parse_device_word(std::string_view word, int column) {
  const bool odd =
      word.empty() || word == "." || word == ".." || word.find_first_of("/:\"") != std::string_view::npos;
  if (odd || word.size() > longest_device) {
    Cursor::fail_at(
        column,
        fmt::format("{} is no name of a device: at most {} characters without / : and blanks, like eth1",
                    word.empty() ? "nothing" : cite(word), longest_device));
  }
  return std::string(word);
}

Body parse_device(Cursor& cursor, Mentions& mentions) {
  DeviceDecl device;
  int column = cursor.column();
  std::string_view word = cursor.word();
  if (!cursor.at_end()) {
    device.host = word;
    mention_host(mentions, word, column);
    column = cursor.column();
    word = cursor.word();
  }
  device.name = parse_device_word(word, column);
  return device;
}

Body parse_address_line(Cursor& cursor, Mentions& mentions) {
  AddressDecl address;
  int column = cursor.column();
  std::string_view device = cursor.word();
  Cursor ahead = cursor;
  ahead.word();
  if (!ahead.at_end()) {
    address.host = device;
    mention_host(mentions, device, column);
    column = cursor.column();
    device = cursor.word();
  }
  address.device = parse_device_word(device, column);
  mentions.push_back({Kind::Device, address.host, address.device, column});
  const int at = cursor.column();
  if (cursor.at_end())
    cursor.fail(
        "the address is missing: `address [HOST] DEVICE ADDRESS/LENGTH`, as in `address lo 192.0.2.9/32`");
  const std::string_view written = cursor.word();
  const std::size_t slash = std::min(written.find('/'), written.size());
  address.ip = parse_ip(written.substr(0, slash), at);
  const int bits = address.ip.is_v6() ? 128 : 32;
  if (slash == written.size()) {
    Cursor::fail_at(at, fmt::format("the length is missing: {}/{} for this address alone", written, bits));
  }
  Cursor length(written.substr(slash + 1), at + static_cast<int>(slash) + 1);
  address.prefix_length = static_cast<int>(length.integer("a length of the network's part", 0, bits));
  length.finish("the length");
  return address;
}

bool is_sysctl_name(std::string_view name) {
  if (!name.starts_with("net.") || name.ends_with('.') || name.find("..") != std::string_view::npos)
    return false;
  return std::all_of(name.begin(), name.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '.' || letter == '_' || letter == '-';
  });
}

Body parse_sysctl(Cursor& cursor, Mentions& mentions) {
  SysctlDecl sysctl;
  int column = cursor.column();
  std::string_view word = cursor.until_any("=");
  if (!cursor.at_end() && cursor.peek() != '=') {
    sysctl.host = word;
    mention_host(mentions, word, column);
    column = cursor.column();
    word = cursor.until_any("=");
  }
  if (!is_sysctl_name(word)) {
    Cursor::fail_at(
        column,
        fmt::format(
            "{} is no network setting: its name begins with `net.`, as in net.ipv4.ip_local_port_range",
            word.empty() ? "nothing" : cite(word)));
  }
  sysctl.name = word;
  if (!cursor.take('='))
    cursor.fail(fmt::format("{} instead of `=`: `sysctl [HOST] NAME = VALUE`", cite_next(cursor)));
  sysctl.value = cursor.rest();
  if (sysctl.value.empty()) cursor.fail("the value is missing: `sysctl [HOST] NAME = VALUE`");
  return sysctl;
}

bool is_chain(std::string_view word) { return word == "input" || word == "output"; }

/// nftables' words are kept as they are; only an open string is noticed, because `#` would be read as part of
/// it.
void check_strings(Cursor rule) {
  while (!rule.at_end()) {
    rule.until_any("\"");
    if (rule.peek_at_once() == '"') (void)rule.string();
  }
}

Body parse_firewall(Cursor& cursor, Mentions& mentions) {
  constexpr std::string_view form = "`firewall [HOST] input|output RULE` or `firewall [HOST] clear`";
  FirewallDecl firewall;
  const int column = cursor.column();
  if (cursor.at_end()) cursor.fail(fmt::format("the rule is missing: {}", form));
  std::string_view word = cursor.name();
  if (!is_chain(word) && word != "clear") {
    const std::string_view second = cursor.peek_name();
    if (word.empty() || (!is_chain(second) && second != "clear")) {
      constexpr std::array<std::string_view, 2> chains{"input", "output"};
      Cursor::fail_at(column,
                      fmt::format("no chain here: it is written {}{}", form, did_you_mean(word, chains)));
    }
    firewall.host = word;
    mention_host(mentions, word, column);
    word = cursor.name();
  }
  if (word == "clear") {
    firewall.clear = true;
    return firewall;
  }
  firewall.chain = word;
  if (cursor.at_end()) cursor.fail("the rule is missing, in nftables' words: `tcp dport 62893 drop`");
  check_strings(cursor);
  firewall.rule_column = cursor.column();
  firewall.rule = cursor.rest();
  return firewall;
}

Body parse_file(Cursor& cursor, Mentions&) {
  const int column = cursor.column();
  FileDecl file;
  file.name = cursor.word();
  const bool plain = !file.name.empty() && file.name != "." && file.name != ".." && file.name.size() <= 255 &&
                     file.name.find_first_of("/\"") == std::string::npos;
  if (!plain)
    Cursor::fail_at(
        column,
        "a file lies in the processes' folder itself: a name without `/` and `\"`, as in `file server.conf`");
  return file;
}

Body parse_patience(Cursor& cursor, Mentions&) {
  const int column = cursor.column();
  const PatienceDecl patience{cursor.duration("a patience")};
  if (patience.time.count() == 0)
    Cursor::fail_at(column, "a patience of 0 would let no call return: at least 1us");
  return patience;
}

std::optional<PacketsAction> packets_action(std::string_view word) {
  if (word == "hold") return PacketsAction::Hold;
  if (word == "pass") return PacketsAction::Pass;
  if (word == "drop") return PacketsAction::Drop;
  if (word == "flow") return PacketsAction::Flow;
  return std::nullopt;
}

Body parse_packets(Cursor& cursor, Mentions& mentions) {
  constexpr std::array<std::string_view, 4> actions{"hold", "pass", "drop", "flow"};
  PacketsDecl packets;
  int column = cursor.column();
  std::string_view word = cursor.name();
  std::optional<PacketsAction> action = packets_action(word);
  if (!action && !cursor.at_end()) {
    packets.where = word;
    mentions.push_back({Kind::Where, "", packets.where, column});
    column = cursor.column();
    word = cursor.name();
    action = packets_action(word);
  }
  if (!action) {
    Cursor::fail_at(column, fmt::format("{} where `hold`, `pass`, `drop` or `flow` belongs{}",
                                        word.empty() ? "nothing" : cite(word),
                                        word.empty() ? "" : did_you_mean(word, actions)));
  }
  packets.action = *action;
  const bool counts = *action == PacketsAction::Pass || *action == PacketsAction::Drop;
  if (!counts || cursor.at_end()) return packets;
  if (cursor.take_name("all"))
    packets.count = std::nullopt;
  else
    packets.count = static_cast<std::uint64_t>(cursor.integer("a count of packets", 1, 1'000'000));
  return packets;
}

constexpr std::array keywords{
    Keyword{"host", parse_host},       Keyword{"process", parse_process},
    Keyword{"device", parse_device},   Keyword{"address", parse_address_line},
    Keyword{"sysctl", parse_sysctl},   Keyword{"firewall", parse_firewall},
    Keyword{"file", parse_file},       Keyword{"patience", parse_patience},
    Keyword{"packets", parse_packets},
};

}  // namespace

std::span<const Keyword> world_keywords() { return keywords; }

}  // namespace loopscope::experiment
