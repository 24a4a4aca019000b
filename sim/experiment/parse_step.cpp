#include <fmt/format.h>

#include "sim/experiment/parse_call.hpp"
#include "sim/experiment/parse_line.hpp"
#include "sim/experiment/parse_result.hpp"

/// The steps: what a process does.
namespace loopscope::experiment {
namespace {

using Kind = Mention::Kind;

/// `= RESULT` or `?= RESULT`; nothing where neither comes next.
std::optional<Stated> parse_stated(Cursor& cursor, ParsedLine& line) {
  Stated stated;
  stated.asked = cursor.take('?');
  if (!cursor.take('=')) {
    if (stated.asked) cursor.fail("`?` here: a question is written `?= RESULT`");
    return std::nullopt;
  }
  line.result_column = cursor.column();
  stated.result = parse_result_term(cursor, line.mentions);
  if (std::holds_alternative<Claimed>(stated.result) || std::holds_alternative<NotModelled>(stated.result)) {
    Cursor::fail_at(line.result_column,
                    fmt::format("{} is never stated of a step", cite(to_string(stated.result))));
  }
  return stated;
}

Body parse_call_step(Cursor& cursor, const std::string& process, ParsedLine& line) {
  CallStep step;
  step.process = process;
  Cursor ahead = cursor;
  const std::string_view first = ahead.name();
  const int variable_column = cursor.column();
  if (!first.empty() && ahead.take('=')) {
    step.variable = parse_new_name(cursor, "a variable");
    cursor.take('=');
  }
  step.call = parse_call(cursor, line.mentions);
  const bool gives_descriptor =
      std::holds_alternative<SocketCall>(step.call) || std::holds_alternative<AcceptCall>(step.call);
  if (!step.variable.empty() && !gives_descriptor) {
    Cursor::fail_at(variable_column, fmt::format("{} returns no descriptor to keep in `{}`: only socket and "
                                                 "accept do; a RESULT stands after the call",
                                                 name_of(step.call), step.variable));
  }
  step.stated = parse_stated(cursor, line);
  if (step.stated) {
    auto fitted = fit_result(step.call, step.stated->result);
    if (!fitted) Cursor::fail_at(line.result_column, fitted.error());
    step.stated->result = *fitted;
  }
  return step;
}

Body parse_returns(Cursor& cursor, const std::string& process, ParsedLine& line) {
  ReturnsStep step;
  step.process = process;
  if (cursor.take_name("within")) step.within = cursor.duration("a time to wait");
  step.stated = parse_stated(cursor, line);
  return step;
}

/// One word of an argument vector: bare, in quotes, or both together (--x="a b").
std::string parse_word(Cursor& cursor) {
  std::string word;
  const int column = cursor.column();
  do {
    if (cursor.peek_at_once() == '"') {
      word += cursor.string();
    } else {
      word += cursor.until_any("\"'\\");
      const char stop = cursor.peek_at_once();
      if (stop == '\'') cursor.fail("single quotes do not quote here: write \"…\"");
      if (stop == '\\') cursor.fail("a backslash stands only inside \"…\": no shell reads these words");
    }
  } while (cursor.peek_at_once() != '\0' && cursor.peek_at_once() != ' ' && cursor.peek_at_once() != '\t');
  if (word.find('\0') != std::string::npos)
    Cursor::fail_at(column, "an argument of a program holds no NUL byte");
  return word;
}

std::vector<std::string> parse_words(Cursor& cursor, std::string_view form, bool stop_at_until) {
  std::vector<std::string> words;
  while (!cursor.at_end()) {
    const std::string_view next = cursor.peek_word();
    if (next == "=" || next == "?=" || (stop_at_until && next == "until")) break;
    words.push_back(parse_word(cursor));
  }
  if (words.empty() || words.front().empty()) cursor.fail(fmt::format("the program is missing: {}", form));
  return words;
}

Body parse_run(Cursor& cursor, const std::string& process, ParsedLine& line) {
  RunStep step;
  step.process = process;
  step.words = parse_words(cursor, "`PROCESS: run PROGRAM ARGUMENTS… [= exit N]`", false);
  step.stated = parse_stated(cursor, line);
  if (step.stated) {
    if (auto fitted = fit_run_result(step.stated->result); !fitted)
      Cursor::fail_at(line.result_column, fitted.error());
  }
  return step;
}

Body parse_start(Cursor& cursor, const std::string& process, ParsedLine& line) {
  StartStep step;
  step.process = process;
  step.words = parse_words(cursor, "`PROCESS: start PROGRAM ARGUMENTS… [until ADDRESS]`", true);
  if (cursor.take_name("until")) step.until = parse_address(cursor, AddressUse::Pattern, line.mentions);
  if (cursor.peek() == '=' || cursor.peek() == '?') {
    cursor.fail("a `start` has no RESULT: its program is left running; `run` waits for its end");
  }
  return step;
}

std::string parse_known_process(Cursor& cursor, Mentions& mentions) {
  const int column = cursor.column();
  std::string process = parse_new_name(cursor, "a process");
  mentions.push_back({Kind::Process, "", process, column});
  return process;
}

}  // namespace

Body parse_kill(Cursor& cursor, Mentions& mentions) {
  KillStep step{parse_known_process(cursor, mentions)};
  if (cursor.at_end()) return step;
  if (cursor.take_name("SIGSTOP")) {
    step.signal = Signal::Stop;
  } else if (cursor.take_name("SIGCONT")) {
    step.signal = Signal::Continue;
  } else if (!cursor.take_name("SIGKILL")) {
    cursor.fail(
        "`kill PROCESS` sends SIGKILL; SIGSTOP (freeze it) and SIGCONT (let it go on) may follow, not " +
        cite_next(cursor));
  }
  return step;
}
Body parse_exit(Cursor& cursor, Mentions& mentions) {
  return ExitStep{parse_known_process(cursor, mentions)};
}
Body parse_wait(Cursor& cursor, Mentions&) { return WaitStep{cursor.duration("a time to wait")}; }

Body parse_process_step(Cursor& cursor, const std::string& process, ParsedLine& line) {
  if (cursor.at_end())
    cursor.fail(fmt::format("nothing after `{}:`; a step is written `PROCESS: CALL(ARGUMENTS)`", process));
  Cursor ahead = cursor;
  const std::string_view verb = ahead.name();
  // `run = socket(…)` and `run(…)` are no programs: the first names a variable, the second is reported as no
  // call.
  const bool is_verb = ahead.peek() != '(' && (ahead.peek() != '=' || verb == "returns");
  if (is_verb && verb == "returns") return cursor.name(), parse_returns(cursor, process, line);
  if (is_verb && verb == "run") return cursor.name(), parse_run(cursor, process, line);
  if (is_verb && verb == "start") return cursor.name(), parse_start(cursor, process, line);
  return parse_call_step(cursor, process, line);
}

}  // namespace loopscope::experiment
