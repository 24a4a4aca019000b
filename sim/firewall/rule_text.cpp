#include "sim/firewall/rule_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace loopscope::firewall {
namespace {

struct Word {
  std::size_t at = 0;
  std::string_view text;
};

bool in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.';
}

/// The words outside quotation marks.
std::vector<Word> words_of(std::string_view rule) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < rule.size();) {
    if (rule[at] == '"') {
      const auto end = rule.find('"', at + 1);
      at = end == std::string_view::npos ? rule.size() : end + 1;
      continue;
    }
    std::size_t end = at;
    while (end < rule.size() && in_word(rule[end])) ++end;
    if (end > at) words.push_back({at, rule.substr(at, end - at)});
    at = std::max(end, at + 1);
  }
  return words;
}

RuleProblem at_column(std::size_t at, std::string message) {
  return {static_cast<int>(at) + 1, std::move(message)};
}

std::optional<RuleProblem> wrong_character(std::string_view rule) {
  bool quoted = false;
  std::size_t opened = 0;
  for (std::size_t at = 0; at < rule.size(); ++at) {
    const auto c = static_cast<unsigned char>(rule[at]);
    if (c < ' ' && c != '\t') return at_column(at, "a rule is one line of plain text");
    if (c == 0x7F) return at_column(at, "a rule is one line of plain text");
    if (c == '\\') return at_column(at, "nftables has no escapes: a rule holds no `\\`");
    if (c == '"') {
      quoted = !quoted;
      opened = at;
    }
    if (quoted) continue;
    if (c == ';')
      return at_column(at,
                       "one rule a line: `;` would begin something else. Write a `firewall` line for each");
    if (c == '$') return at_column(at, "there are no variables here: write the value itself");
    if (c == '#') return at_column(at, "`#` would hide the rest of the rule from nftables");
  }
  if (quoted) return at_column(opened, "this quotation mark is never closed");
  return std::nullopt;
}

using Reason = std::pair<std::string_view, std::string_view>;

/// Statements of nft(8) that take a packet away from where the lab looks, or depend on what the lab has not.
constexpr std::array<Reason, 8> not_here{{
    {"queue", "packets are held by `packets hold`, not by a rule with `queue`"},
    {"jump", "there are only the chains `input` and `output`: a rule can't lead to another"},
    {"goto", "there are only the chains `input` and `output`: a rule can't lead to another"},
    {"synproxy", "`synproxy` would answer in the server's place; it is not part of the lab"},
    {"tproxy", "`tproxy` is for the prerouting chain, which the lab has not"},
    {"dup", "`dup` is for the network's edge and not part of the lab"},
    {"fwd", "`fwd` is for the network's edge and not part of the lab"},
    {"nftrace", "`nftrace` is how the lab itself sees the verdicts"},
}};
constexpr std::array<std::string_view, 3> places{"position", "handle", "index"};

}  // namespace

std::optional<RuleProblem> problem_of(std::string_view rule) {
  if (auto wrong = wrong_character(rule)) return wrong;
  const auto words = words_of(rule);
  if (words.empty()) return at_column(0, "the rule is missing, in nftables' words: `tcp dport 62893 drop`");
  if (std::find(places.begin(), places.end(), words.front().text) != places.end() &&
      rule.find_first_not_of(" \t") == words.front().at) {
    return at_column(words.front().at, "a rule always goes to the end of its chain");
  }
  for (const Word& word : words) {
    const auto* found = std::find_if(not_here.begin(), not_here.end(),
                                     [&](const Reason& reason) { return reason.first == word.text; });
    if (found != not_here.end()) return at_column(word.at, std::string(found->second));
  }
  return std::nullopt;
}

bool has_word(std::string_view rule, std::string_view word) {
  const auto words = words_of(rule);
  return std::any_of(words.begin(), words.end(), [&](const Word& one) { return one.text == word; });
}

/// `Error: syntax error, unexpected string`, then a line and, below it, a row of `^` where the rule is wrong.
RuleProblem from_nft(std::string_view nft_words, int rule_begins_at) {
  constexpr std::string_view error = "Error: ";
  RuleProblem problem{1, "nftables does not take this rule"};
  const auto said = nft_words.find(error);
  if (said == std::string_view::npos) return problem;
  const auto line_end = std::min(nft_words.find('\n', said), nft_words.size());
  problem.message = nft_words.substr(said + error.size(), line_end - said - error.size());
  for (auto rest = nft_words.substr(line_end); !rest.empty();) {
    const auto end = std::min(rest.find('\n', 1), rest.size());
    const auto row = rest.substr(1, end - 1);
    rest.remove_prefix(end);
    const auto mark = row.find('^');
    if (mark == std::string_view::npos || row.find_first_not_of(" \t^~") != std::string_view::npos) continue;
    problem.column = std::max(static_cast<int>(mark) + 2 - rule_begins_at, 1);
    break;
  }
  return problem;
}

}  // namespace loopscope::firewall
