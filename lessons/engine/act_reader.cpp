#include "lessons/engine/page_reader.hpp"
#include "sim/experiment/parser.hpp"

namespace loopscope::lessons {
namespace {

using experiment::Statement;

/// What follows the first '**…**' of a paragraph.
std::string words_after_mark(const Block& block) {
  const std::string text = joined(block);
  const auto end = text.find("**", 2);
  return end == std::string::npos ? "" : std::string(trimmed(std::string_view(text).substr(end + 2)));
}

const Block* take_fence(std::span<const Block> blocks, std::size_t& at, const Block& mark,
                        Problems& problems) {
  if (at < blocks.size() && blocks[at].kind == Block::Kind::Fence && blocks[at].info == "lab")
    return &blocks[at++];
  problems.add(mark.line, "a block of lines in the experiment language must follow: ```lab … ```");
  return nullptr;
}

/// Where in the line as it is written.
int column_in(const std::string& written, const experiment::Problem& problem) {
  const auto indent = written.find_first_not_of(" \t");
  return problem.place.column + static_cast<int>(indent == std::string::npos ? 0 : indent);
}

bool is_act(const Statement& statement) {
  return std::visit(
      [](const auto& body) {
        using T = std::decay_t<decltype(body)>;
        return !std::is_same_v<T, experiment::Title> && !std::is_same_v<T, experiment::Chapter> &&
               !std::is_same_v<T, experiment::Narration> && !std::is_same_v<T, experiment::SocketClaim> &&
               !std::is_same_v<T, experiment::PacketsClaim> && !std::is_same_v<T, experiment::HeldClaim> &&
               !std::is_same_v<T, experiment::FileDecl>;
      },
      statement.body);
}

bool depends_on_a_variable(const std::optional<experiment::AddressTerm>& address) {
  return address && std::holds_alternative<experiment::PortOf>(address->port);
}

/// Puts a goal's line where it belongs; false where it can be no part of a goal.
bool sort_into(Goal& goal, const Statement& statement) {
  if (const auto* sockets = std::get_if<experiment::SocketClaim>(&statement.body)) {
    goal.claims.push_back(statement);
    return !depends_on_a_variable(sockets->local) && !depends_on_a_variable(sockets->peer);
  }
  if (const auto* packets = std::get_if<experiment::PacketsClaim>(&statement.body)) {
    goal.claims.push_back(statement);
    return !depends_on_a_variable(packets->from) && !depends_on_a_variable(packets->to);
  }
  if (!is_act(statement)) return false;
  goal.calls.push_back(statement);
  return true;
}

}  // namespace

Act read_act(std::span<const Block> blocks, std::size_t& at, Problems& problems) {
  const Block& mark = blocks[at++];
  Act act{.label = words_after_mark(mark), .line = mark.line};
  if (act.label.empty()) problems.add(mark.line, "an act needs a label: '**Do:** Start a rival on the port'");
  const Block* fence = take_fence(blocks, at, mark, problems);
  if (!fence) return act;
  for (std::size_t line = 0; line < fence->lines.size(); ++line) {
    const std::string text(trimmed(fence->lines[line]));
    if (text.empty()) continue;
    const int where = fence->line + 1 + static_cast<int>(line);
    const auto statement = experiment::parse_statement(text);
    if (!statement)
      problems.add_at(where, column_in(fence->lines[line], statement.error()), statement.error().message);
    else if (!is_act(*statement))
      problems.add(where, "an act is made of steps, 'kill', 'wait' and world statements only");
    act.lines.push_back(text);
  }
  if (act.lines.empty()) problems.add(mark.line, "the act does nothing; put its steps into the ```lab block");
  return act;
}

Goal read_goal(std::span<const Block> blocks, std::size_t& at, Problems& problems) {
  const Block& mark = blocks[at++];
  Goal goal{.words = words_after_mark(mark),
            .in_order = joined(mark).starts_with("**Goal, in this order:**"),
            .line = mark.line};
  if (goal.words.empty())
    problems.add(mark.line, "a goal needs words: '**Goal:** The rival listens on a port of its own.'");
  const Block* fence = take_fence(blocks, at, mark, problems);
  if (!fence) return goal;
  for (std::size_t line = 0; line < fence->lines.size(); ++line) {
    if (trimmed(fence->lines[line]).empty()) continue;
    const int where = fence->line + 1 + static_cast<int>(line);
    const auto statement = experiment::parse_statement(trimmed(fence->lines[line]));
    if (!statement) {
      problems.add_at(where, column_in(fence->lines[line], statement.error()), statement.error().message);
    } else if (!sort_into(goal, *statement)) {
      problems.add(where, "a goal is made of steps and of 'expect' for sockets and packets, without port(…)");
    } else if (trimmed(statement->comment).empty()) {
      problems.add(where, "say behind a # what this line wants, in the learner's words");
    }
  }
  if (goal.calls.empty() && goal.claims.empty())
    problems.add(mark.line, "the goal wants nothing; put steps or claims into its block");
  return goal;
}

}  // namespace loopscope::lessons
