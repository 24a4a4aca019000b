#include "app/controller/by_hand.hpp"

#include <algorithm>

#include "sim/experiment/parser.hpp"
#include "sim/lab/plan.hpp"

namespace loopscope::app {
namespace {

using namespace experiment;

std::string in_words(const action::BlockListener& block) {
  return "# " + block.process + "'s listener " + block.variable +
         (block.on ? " is made deaf: IP_MINTTL = 255" : " hears again: IP_MINTTL = 0") +
         " (no line of the language does it)";
}

/// Each of its lines as a comment.
std::string commented(const std::string& text) {
  std::string out = "# ";
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "# ";
  }
  return out;
}

std::size_t lines_in(const std::string& text) {
  return 1 + static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// What a question states, hidden until it has happened.
std::string masked(const std::string& text) {
  const auto at = text.find("?= ");
  return at == std::string::npos ? text : text.substr(0, at) + "?= ?";
}

std::string with_comment(const Statement& statement) {
  std::string text = to_string(statement);
  // The comment of a `file` block belongs to its first line.
  if (!statement.comment.empty())
    text.insert(std::min(text.find('\n'), text.size()), "  #" + statement.comment);
  return text;
}

}  // namespace

void ByHand::begin_anew() {
  events_seen_ = 0;
  for (Deed& deed : deeds_) {
    for (Line& line : deed.lines) line.step.reset(), line.result.clear(), line.trouble.clear();
  }
  left_out_.reset();
}

void ByHand::add(Deed deed) {
  if (deed.lines.empty() && !deed.block) return;
  undone_.clear();
  deeds_.push_back(std::move(deed));
  left_out_.reset();
}

bool ByHand::take_back() {
  if (deeds_.empty()) return false;
  undone_.push_back(std::move(deeds_.back()));
  deeds_.pop_back();
  left_out_.reset();
  return true;
}

std::optional<ByHand::Deed> ByHand::take_again() {
  if (undone_.empty()) return std::nullopt;
  Deed deed = std::move(undone_.back());
  undone_.pop_back();
  return deed;
}

void ByHand::restore(Deed deed) {
  for (Line& line : deed.lines) line.step.reset(), line.result.clear(), line.trouble.clear();
  deeds_.push_back(std::move(deed));
  left_out_.reset();
}

void ByHand::take_in(const trace::Timeline& timeline) {
  const auto& events = timeline.events();
  for (; events_seen_ < events.size(); ++events_seen_) {
    const trace::Event& event = events[events_seen_];
    if (const auto* started = std::get_if<trace::StepStarted>(&event.fact)) {
      if (started->statement) continue;
      // Lines on different processes may be taken in another order: they are known by their words.
      [&] {
        for (Deed& deed : deeds_) {
          for (Line& line : deed.lines) {
            if (line.step == started->step) return;
            if (line.step || line.text != started->text) continue;
            line.step = started->step;
            return;
          }
        }
      }();
    } else if (const auto* finished = std::get_if<trace::StepFinished>(&event.fact)) {
      finish(finished->step, *finished);
    }
  }
}

void ByHand::finish(std::uint64_t step, const trace::StepFinished& finished) {
  for (Deed& deed : deeds_) {
    for (Line& line : deed.lines) {
      if (line.step != step) continue;
      line.result = finished.result;
      line.trouble = finished.trouble;
      if (!line.trouble.empty()) left_out_.reset();
    }
  }
}

std::vector<ByHand::Part> ByHand::parts(const Experiment& experiment) const {
  std::vector<Part> all;
  auto aside = experiment.asides.begin();
  const auto add_deeds = [&](std::size_t before, bool last) {
    for (const Deed& deed : deeds_) {
      if (deed.before != before && !(last && deed.before > before)) continue;
      if (deed.block) all.push_back({in_words(*deed.block), nullptr, std::nullopt, true, false});
      for (const Line& line : deed.lines)
        all.push_back({line.text, &line, std::nullopt, false, !line.trouble.empty()});
    }
  };
  for (std::size_t i = 0; i <= experiment.statements.size(); ++i) {
    const bool last = i == experiment.statements.size();
    add_deeds(i, last);
    for (; aside != experiment.asides.end() && (aside->before <= i || last); ++aside)
      all.push_back({aside->text, nullptr, std::nullopt, true, false});
    if (!last) all.push_back({with_comment(experiment.statements[i]), nullptr, i, false, false});
  }
  return all;
}

/// Until what is left is a file without errors: an end of a process takes its later steps with it.
void ByHand::leave_out(std::vector<Part>& parts) {
  if (!left_out_) {
    for (bool again = !deeds_.empty(); again;) {
      again = false;
      std::string text;
      for (const Part& part : parts) text += (part.left_out ? commented(part.text) : part.text) + "\n";
      const auto parsed = parse(text, "");
      if (parsed) break;
      for (const Problem& problem : parsed.error()) {
        std::size_t line = 1;
        for (Part& part : parts) {
          const std::size_t next = line + lines_in(part.text);
          const auto at = static_cast<std::size_t>(problem.place.line);
          if (at >= line && at < next && !part.left_out && !part.comment) part.left_out = again = true;
          line = next;
        }
      }
    }
    left_out_.emplace();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].left_out) left_out_->push_back(i);
    }
  }
  for (const std::size_t i : *left_out_) {
    if (i < parts.size()) parts[i].left_out = true;
  }
}

Written ByHand::written(const Experiment& experiment, const trace::Timeline& timeline) {
  take_in(timeline);
  Written written;
  written.title = experiment.title();
  auto all = parts(experiment);
  leave_out(all);
  for (const Part& part : all) {
    written.file_text += (part.left_out ? commented(part.text) : part.text) + "\n";
    WrittenLine line;
    line.text = part.text;
    line.left_out = part.left_out;
    line.words = part.comment;
    line.statement = part.statement;
    if (part.line != nullptr) {
      line.by_hand = true;
      line.result = part.line->result;
      line.trouble = part.line->trouble;
      ++written.by_hand;
    } else if (part.statement) {
      const Statement& statement = experiment.statements[*part.statement];
      line.words = lab::is_words(statement);
      const auto result = timeline.result_of_statement(*part.statement, timeline.end());
      line.result = result.value_or("");
      const Stated* stated = stated_of(statement);
      if (stated != nullptr && stated->asked && !result) line.text = masked(line.text);
    } else if (part.comment && part.text.starts_with("# ") &&
               part.text.find("IP_MINTTL") != std::string::npos) {
      line.by_hand = true;
    }
    written.lines.push_back(std::move(line));
  }
  const auto first_line = [](const Deed& deed) {
    return deed.block ? in_words(*deed.block).substr(2) : deed.lines.front().text;
  };
  if (!deeds_.empty()) written.can_undo = first_line(deeds_.back());
  if (!undone_.empty()) written.can_redo = first_line(undone_.back());
  return written;
}

}  // namespace loopscope::app
