#include "sim/experiment/parse_line.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/experiment/parse_call.hpp"

namespace loopscope::experiment {
namespace {

std::string_view trimmed(std::string_view text) { return Cursor(text).rest(); }

bool is_line_of_words(std::string_view line) {
  Cursor cursor(line);
  return cursor.peek() == '>' || cursor.peek_word().starts_with("==") || cursor.peek_name() == "title";
}

Body parse_title(Cursor& cursor, Mentions&) {
  if (cursor.at_end()) cursor.fail("the title is missing: `title WORDS`");
  return Title{std::string(cursor.rest())};
}

Body parse_chapter(Cursor& cursor) {
  cursor.take('=');
  cursor.take('=');
  if (cursor.at_end()) cursor.fail("the chapter has no name: `== WORDS`");
  return Chapter{std::string(cursor.rest())};
}

Body parse_narration(Cursor& cursor) {
  cursor.take('>');
  return Narration{std::string(cursor.rest())};
}

const std::vector<Keyword>& all_keywords() {
  static const std::vector<Keyword> keywords = [] {
    std::vector<Keyword> all{{"title", parse_title},
                             {"expect", parse_claim},
                             {"kill", parse_kill},
                             {"exit", parse_exit},
                             {"wait", parse_wait}};
    all.insert(all.end(), world_keywords().begin(), world_keywords().end());
    return all;
  }();
  return keywords;
}

[[noreturn]] void unknown_statement(Cursor& cursor, std::string_view word, int column) {
  if (is_call(word) && cursor.peek() == '(') {
    Cursor::fail_at(column, fmt::format("a step names its process first: `p: {}(…)`", word));
  }
  if (word == "end") Cursor::fail_at(column, "`end` without a `file NAME` before it");
  if (cursor.peek() == '=') {
    Cursor::fail_at(column, fmt::format("a step names its process first: `p: {} = …`", word));
  }
  std::vector<std::string_view> words{"file"};
  for (const Keyword& keyword : all_keywords()) words.push_back(keyword.word);
  std::string hint = did_you_mean(word, words);
  if (hint.empty()) hint = "; a step is written `PROCESS: CALL(ARGUMENTS)`";
  Cursor::fail_at(column, fmt::format("{} begins no statement{}", cite(word), hint));
}

Body parse_body(Cursor& cursor, ParsedLine& line) {
  if (cursor.peek() == '>') return parse_narration(cursor);
  if (cursor.peek_word().starts_with("==")) return parse_chapter(cursor);
  const int column = cursor.column();
  const std::string_view word = cursor.name();
  if (word.empty()) cursor.fail(fmt::format("{} begins no statement", cite(cursor.peek_word())));
  if (cursor.take(':')) {
    Cursor name(word, column);
    std::string process = parse_new_name(name, "a process");
    line.mentions.push_back({Mention::Kind::Process, "", process, column});
    return parse_process_step(cursor, process, line);
  }
  for (const Keyword& keyword : all_keywords()) {
    if (keyword.word == word) return keyword.read(cursor, line.mentions);
  }
  unknown_statement(cursor, word, column);
}

}  // namespace

SplitLine split_comment(std::string_view line) {
  const bool words = is_line_of_words(line);
  bool in_string = false;
  for (std::size_t index = 0; index < line.size(); ++index) {
    const char letter = line[index];
    if (in_string && letter == '\\' && !words)
      ++index;
    else if (letter == '"' && (in_string || !words || line.find('"', index + 1) != std::string_view::npos))
      in_string = !in_string;
    else if (letter == '#' && !in_string) {
      return {trimmed(line.substr(0, index)).empty() ? std::string_view{} : line.substr(0, index),
              line.substr(index + 1), true};
    }
  }
  return {trimmed(line).empty() ? std::string_view{} : line, {}, false};
}

ParsedLine parse_line(std::string_view code) {
  ParsedLine line;
  Cursor cursor(code);
  line.statement.place.column = cursor.column();
  line.statement.body = parse_body(cursor, line);
  cursor.finish("a whole statement");
  return line;
}

BrokenLine guess_names(std::string_view code) {
  BrokenLine guess;
  Cursor cursor(code);
  const std::string_view first = cursor.name();
  if (cursor.take(':')) {
    guess.process = first;
    const std::string_view variable = cursor.name();
    if (cursor.take('=')) guess.variable = variable;
    return guess;
  }
  if (first == "process" || first == "host" || first == "device") guess.declared = cursor.name();
  return guess;
}

}  // namespace loopscope::experiment
