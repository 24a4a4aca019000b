#include <algorithm>
#include <cerrno>
#include <charconv>
#include <sstream>

#include "sim/model/inside.hpp"

// The part of nft(8)'s language that experiments use, and what it does with a packet (net/netfilter,
// Linux 6.18).
namespace loopscope::model {
namespace {

using What = Match::What;

constexpr int tcp_number = 6, udp_number = 17;

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  const auto end = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || c == '\t' || c == '"') {
      end();
    } else if (c == '{' || c == '}' || c == ',') {
      end();
      words.emplace_back(1, c);
    } else {
      word += c;
    }
  }
  end();
  return words;
}

struct Reader {
  std::vector<std::string> words;
  std::size_t at = 0;
  std::string trouble;

  [[nodiscard]] bool more() const { return at < words.size(); }
  [[nodiscard]] std::string peek(std::size_t ahead = 0) const {
    return at + ahead < words.size() ? words[at + ahead] : std::string();
  }
  std::string next() { return at < words.size() ? words[at++] : std::string(); }

  /// One value, a list `{ a, b }`, or a comma list of connection states.
  std::vector<std::string> values() {
    std::vector<std::string> list;
    if (peek() == "{") {
      for (next(); more() && peek() != "}";) {
        const auto word = next();
        if (word != ",") list.push_back(word);
      }
      next();
    } else {
      list.push_back(next());
      while (peek() == ",") {
        next();
        list.push_back(next());
      }
    }
    return list;
  }
};

bool add_ports(Match& match, const std::vector<std::string>& values) {
  for (const auto& value : values) {
    const auto dash = value.find('-');
    try {
      const int low = std::stoi(value.substr(0, dash));
      match.numbers.emplace_back(low, dash == std::string::npos ? low : std::stoi(value.substr(dash + 1)));
    } catch (const std::exception&) {
      return false;
    }
  }
  return true;
}

bool add_addresses(Match& match, const std::vector<std::string>& values) {
  for (const auto& value : values) {
    const auto slash = value.find('/');
    const auto ip = IpAddress::parse(value.substr(0, slash));
    if (!ip) return false;
    const int longest = ip->is_v6() ? 128 : 32;
    int length = longest;
    if (slash != std::string::npos) {
      const auto* const end = value.data() + value.size();
      const auto read = std::from_chars(value.data() + slash + 1, end, length);
      if (read.ec != std::errc{} || read.ptr != end || length < 0 || length > longest) return false;
    }
    match.addresses.emplace_back(*ip, length);
  }
  return true;
}

bool add_protocols(Match& match, const std::vector<std::string>& values) {
  for (const auto& value : values) {
    if (value == "tcp" || value == "6")
      match.numbers.emplace_back(tcp_number, tcp_number);
    else if (value == "udp" || value == "17")
      match.numbers.emplace_back(udp_number, udp_number);
    else if (value == "icmp" || value == "1")
      match.numbers.emplace_back(1, 1);
    else if (value == "ipv6-icmp" || value == "icmpv6" || value == "58")
      match.numbers.emplace_back(58, 58);
    else
      return false;
  }
  return true;
}

Match protocol_match(int number) {
  Match match;
  match.what = What::Protocol;
  match.numbers.emplace_back(number, number);
  return match;
}

Match family_match(const std::string& family) {
  Match match;
  match.what = What::Family;
  match.words.push_back(family);
  return match;
}

bool read_match(Reader& in, FirewallRule& rule) {
  Match match;
  const auto first = in.next();
  const auto value = [&](auto add) {
    if (in.peek() == "!=" || in.peek() == "==") match.negated = in.next() == "!=";
    if (!add(match, in.values())) return false;
    rule.matches.push_back(match);
    return true;
  };
  const auto words = [&](Match& m, std::vector<std::string> list) {
    m.words = std::move(list);
    return true;
  };
  if (first == "tcp" || first == "udp") {
    rule.matches.push_back(protocol_match(first == "tcp" ? tcp_number : udp_number));
    const auto field = in.next();
    if (field == "flags") {
      match.what = What::Flags;
      return value(words);
    }
    match.what = field == "sport" ? What::SourcePort : What::DestinationPort;
    return (field == "dport" || field == "sport") && value(add_ports);
  }
  if (first == "ip" || first == "ip6") {
    const auto field = in.next();
    if (field == "protocol" || field == "nexthdr") {
      match.what = What::Protocol;
      return value(add_protocols);
    }
    match.what = field == "saddr" ? What::Source : What::Destination;
    return (field == "saddr" || field == "daddr") && value(add_addresses);
  }
  if (first == "meta") {
    const auto field = in.next();
    if (field == "l4proto") {
      match.what = What::Protocol;
      return value(add_protocols);
    }
    if (field == "nfproto") {
      match.what = What::Family;
      return value(words);
    }
    match.what = field == "iifname" || field == "iif" ? What::InDevice : What::OutDevice;
    return (field == "iifname" || field == "iif" || field == "oifname" || field == "oif") && value(words);
  }
  if (first == "iifname" || first == "iif" || first == "oifname" || first == "oif") {
    match.what = first[0] == 'i' ? What::InDevice : What::OutDevice;
    return value(words);
  }
  if (first == "ct" && in.next() == "state") {
    match.what = What::State;
    return value(words);
  }
  return false;
}

// nft(8), REJECT STATEMENT; net/ipv4/icmp.c, icmp_err_convert; net/ipv6/icmp.c, tab_unreach
bool read_reject(Reader& in, FirewallRule& rule) {
  rule.verdict = Verdict::Reject;
  rule.error = rule.error_v6 = ECONNREFUSED;
  if (in.peek() != "with") return true;
  in.next();
  const auto kind = in.next();
  if (kind == "tcp") {
    rule.reset = true;
    return in.next() == "reset";
  }
  if (in.peek() == "type" || in.peek() == "code") in.next();
  const auto code = in.next();
  static const std::vector<std::tuple<std::string, int, bool>> codes = {
      {"port-unreachable", ECONNREFUSED, true}, {"host-unreachable", EHOSTUNREACH, false},
      {"net-unreachable", ENETUNREACH, false},  {"prot-unreachable", ENOPROTOOPT, true},
      {"net-prohibited", ENETUNREACH, true},    {"host-prohibited", EHOSTUNREACH, true},
      {"admin-prohibited", EHOSTUNREACH, true}, {"addr-unreachable", EHOSTUNREACH, false},
      {"no-route", ENETUNREACH, false}};
  for (const auto& [name, error, hard] : codes) {
    if (name != code) continue;
    rule.error = rule.error_v6 = error;
    rule.hard = hard;
    if (name == "admin-prohibited") rule.error_v6 = EACCES;
    if (kind != "icmpx") rule.matches.push_back(family_match(kind == "icmp" ? "ipv4" : "ipv6"));
    return kind == "icmp" || kind == "icmpv6" || kind == "icmpx";
  }
  return false;
}

int protocol_of(const Packet& packet) {
  switch (packet.kind) {
    case Packet::Kind::Tcp:
      return tcp_number;
    case Packet::Kind::Udp:
      return udp_number;
    case Packet::Kind::IcmpError:
      return packet.to.ip.is_v6() ? 58 : 1;
  }
  return 0;
}

bool in_ranges(const std::vector<std::pair<int, int>>& ranges, int number) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const auto& range) { return range.first <= number && number <= range.second; });
}

const char* state_of(const Packet& packet) {
  switch (packet.track) {
    case Packet::Track::New:
      return "new";
    case Packet::Track::Established:
      return "established";
    case Packet::Track::Related:
      return "related";
    case Packet::Track::Unknown:
    case Packet::Track::Invalid:
      break;
  }
  return "invalid";
}

bool has_flag(const Packet& packet, const std::string& name) {
  return (name == "syn" && packet.syn) || (name == "ack" && packet.has_ack) ||
         (name == "fin" && packet.fin) || (name == "rst" && packet.rst) || (name == "psh" && packet.psh) ||
         (name == "urg" && packet.urg);
}

bool fits(const Host& host, const Match& match, const Packet& packet, bool input) {
  const bool icmp = packet.kind == Packet::Kind::IcmpError;
  const auto any_word = [&](const std::string& word) {
    return std::find(match.words.begin(), match.words.end(), word) != match.words.end();
  };
  const auto any_address = [&](const IpAddress& ip) {
    return std::any_of(match.addresses.begin(), match.addresses.end(),
                       [&](const auto& a) { return ip.within(a.first, a.second); });
  };
  const auto device = [&]() -> std::string {
    if (packet.local) return "lo";
    for (const auto& d : host.devices) {
      if (d.wire) return d.name;
    }
    return {};
  };
  switch (match.what) {
    case What::Protocol:
      return in_ranges(match.numbers, protocol_of(packet));
    case What::SourcePort:
      return !icmp && in_ranges(match.numbers, number(packet.from.port));
    case What::DestinationPort:
      return !icmp && in_ranges(match.numbers, number(packet.to.port));
    case What::Source:
      return any_address(icmp ? packet.to.ip : packet.from.ip);
    case What::Destination:
      return any_address(icmp ? packet.from.ip : packet.to.ip);
    case What::InDevice:
      return input && any_word(device());
    case What::OutDevice:
      return !input && any_word(device());
    case What::State:
      return any_word(state_of(packet));
    case What::Family:
      return any_word(packet.to.ip.is_v6() ? "ipv6" : "ipv4");
    case What::Flags:
      return std::any_of(match.words.begin(), match.words.end(),
                         [&](const auto& f) { return has_flag(packet, f); });
  }
  return false;
}

}  // namespace

std::optional<FirewallRule> read_firewall_rule(const std::string& text, std::string& trouble) {
  FirewallRule rule;
  rule.text = text;
  Reader in{words_of(text), 0, {}};
  while (in.more()) {
    const auto word = in.peek();
    bool good = true;
    if (word == "accept" || word == "drop" || word == "reject") {
      in.next();
      if (word == "accept") rule.verdict = Verdict::Accept;
      if (word == "drop") rule.verdict = Verdict::Drop;
      if (word == "reject") good = read_reject(in, rule);
    } else if (word == "counter") {
      in.next();
    } else if (word == "comment") {
      in.at = in.words.size();
    } else {
      good = read_match(in, rule);
    }
    if (!good) {
      trouble = "the firewall rule '" + text + "' uses words of nftables that are not covered";
      return std::nullopt;
    }
  }
  if (rule.reset) rule.matches.push_back(protocol_match(tcp_number));
  return rule;
}

Judged judge_packet(const Host& host, const std::vector<FirewallRule>& chain, const Packet& packet,
                    bool input) {
  for (const auto& rule : chain) {
    if (rule.verdict == Verdict::None) continue;
    if (std::all_of(rule.matches.begin(), rule.matches.end(),
                    [&](const Match& m) { return fits(host, m, packet, input) != m.negated; })) {
      return {rule.verdict, &rule};
    }
  }
  return {};
}

}  // namespace loopscope::model
