#include "sim/experiment/parser.hpp"

namespace loopscope::experiment {
namespace {

/// The comment of a `file` block belongs to its first line: the block's own lines keep every `#`.
std::string print_line(const Statement& statement) {
  std::string text = to_string(statement);
  if (statement.comment.empty()) return text + "\n";
  const std::string comment = "  #" + statement.comment;
  text.insert(std::min(text.find('\n'), text.size()), comment);
  return text + "\n";
}

}  // namespace

std::string print(const Experiment& experiment) {
  std::string text;
  auto aside = experiment.asides.begin();
  const auto print_asides_before = [&](std::size_t statement) {
    for (; aside != experiment.asides.end() && aside->before <= statement; ++aside)
      text += aside->text + "\n";
  };
  for (std::size_t index = 0; index < experiment.statements.size(); ++index) {
    print_asides_before(index);
    text += print_line(experiment.statements[index]);
  }
  print_asides_before(experiment.statements.size());
  return text;
}

}  // namespace loopscope::experiment
