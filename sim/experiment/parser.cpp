#include "sim/experiment/parser.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/experiment/checker.hpp"
#include "sim/experiment/parse_line.hpp"
#include "sim/experiment/parse_result.hpp"
#include "sim/experiment/utf8.hpp"

namespace loopscope::experiment {
namespace {

constexpr std::size_t most_problems = 1000;  // a file that is no experiment at all has one in each line

/// A byte or character that has no place in a text file, or nothing.
std::optional<Fault> odd_character(std::string_view line) {
  for (std::size_t offset = 0; offset < line.size();) {
    const int column = static_cast<int>(offset) + 1;
    const std::size_t length = utf8_length(line, offset);
    const auto byte = static_cast<unsigned char>(line[offset]);
    if (length == 0)
      return Fault{
          column,
          fmt::format("the byte 0x{:02x} is not UTF-8: save the file as UTF-8; in a string write `\\x{:02x}`",
                      byte, byte)};
    if (byte == 0) return Fault{column, "a NUL byte; in a string write `\\x00`"};
    if (byte == '\r') return Fault{column, "a carriage return inside a line; in a string write `\\r`"};
    if (is_control(line, offset, length))
      return Fault{column, fmt::format("a control character (0x{:02x}); in a string write it as `\\xNN`",
                                       static_cast<unsigned char>(line[offset + length - 1]))};
    offset += length;
  }
  return std::nullopt;
}

std::optional<Fault> bad_line(std::string_view line) {
  if (line.size() > max_line_bytes) {
    return Fault{static_cast<int>(max_line_bytes) + 1,
                 fmt::format("the line has {} bytes; a line has at most {}", line.size(), max_line_bytes)};
  }
  return odd_character(line);
}

/// Takes a file apart, line by line.
class FileReader {
 public:
  explicit FileReader(Experiment& experiment) : experiment_(experiment) {}

  void read(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf"))
      text.remove_prefix(3);  // the byte order mark that some editors write
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (line.ends_with('\r')) line.remove_suffix(1);
      ++line_;
      take_line(line);
    }
    if (file_line_ != 0) {
      complain(file_line_,
               {file_column_,
                fmt::format("this `file` block has no end: a line with nothing but `end` closes it")});
    }
    checker_.finish();
  }

  [[nodiscard]] std::vector<Problem> problems() {
    for (Checker::Finding& finding : checker_.findings()) complain(finding.line, std::move(finding.fault));
    std::stable_sort(problems_.begin(), problems_.end(), [](const Problem& one, const Problem& other) {
      return std::pair(one.place.line, one.place.column) < std::pair(other.place.line, other.place.column);
    });
    if (problems_.size() > most_problems) {
      problems_.resize(most_problems);
      problems_.push_back(
          {experiment_.file, problems_.back().place,
           fmt::format("there are more than {} problems; the rest is not shown", most_problems)});
    }
    return std::move(problems_);
  }

 private:
  void complain(int line, Fault fault) {
    problems_.push_back({experiment_.file, {line, fault.column}, std::move(fault.message)});
  }

  void take_line(std::string_view line) {
    const auto bad = bad_line(line);
    if (bad) complain(line_, *bad);
    if (file_line_ != 0)
      take_file_line(line);
    else if (bad)
      checker_.take_broken(guess_names(line.substr(0, max_line_bytes)));
    else
      take_statement_line(line);
  }

  void take_file_line(std::string_view line) {
    if (Cursor(line).rest() == "end")
      file_line_ = 0;
    else if (file_ != nullptr)
      file_->lines.emplace_back(line);
  }

  void take_statement_line(std::string_view line) {
    const SplitLine split = split_comment(line);
    if (split.code.empty()) {
      experiment_.asides.push_back(
          {experiment_.statements.size(), split.has_comment ? "#" + std::string(split.comment) : ""});
      return;
    }
    const bool opens_file =
        Cursor(split.code).peek_name() == "file" && guess_names(split.code).process.empty();
    if (opens_file) {
      file_line_ = line_;
      file_column_ = Cursor(split.code).column();
      file_ = nullptr;
    }
    try {
      ParsedLine parsed = parse_line(split.code);
      parsed.statement.place.line = line_;
      parsed.statement.comment = split.comment;
      checker_.take(parsed);
      experiment_.statements.push_back(std::move(parsed.statement));
      // No other statement comes before the block's end, so the pointer stays good.
      if (opens_file) file_ = std::get_if<FileDecl>(&experiment_.statements.back().body);
    } catch (const Fault& fault) {
      complain(line_, fault);
      checker_.take_broken(guess_names(split.code));
    }
  }

  Experiment& experiment_;
  Checker checker_;
  std::vector<Problem> problems_;
  int line_ = 0;
  int file_line_ = 0;  ///< where the open `file` block began; 0 outside
  int file_column_ = 0;
  FileDecl* file_ = nullptr;
};

Problem too_long(std::string_view text, std::string file) {
  const auto line = std::count(text.begin(), text.begin() + max_file_bytes, '\n') + 1;
  return {std::move(file),
          {static_cast<int>(line), 1},
          fmt::format("the file has {} bytes and passes the limit of {} in this line", text.size(),
                      max_file_bytes)};
}

/// One line on its own; `read` gets it without its end.
template <class Value, class Read>
tl::expected<Value, Problem> read_alone(std::string_view line, Read read) {
  try {
    if (line.ends_with('\n')) line.remove_suffix(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return read(line);
  } catch (const Fault& fault) {
    return tl::unexpected(Problem{"", {1, fault.column}, fault.message});
  }
}

}  // namespace

std::string to_string(const Problem& problem) {
  return fmt::format("{}:{}:{}: {}", problem.file, problem.place.line, problem.place.column, problem.message);
}

tl::expected<Experiment, std::vector<Problem>> parse(std::string_view text, std::string file) {
  if (text.size() > max_file_bytes) return tl::unexpected(std::vector{too_long(text, std::move(file))});
  Experiment experiment;
  experiment.file = std::move(file);
  FileReader reader(experiment);
  reader.read(text);
  if (auto problems = reader.problems(); !problems.empty()) return tl::unexpected(std::move(problems));
  return experiment;
}

tl::expected<Statement, Problem> parse_statement(std::string_view line) {
  return read_alone<Statement>(line, [](std::string_view text) {
    if (const auto bad = bad_line(text)) throw *bad;
    const SplitLine split = split_comment(text);
    if (split.code.empty()) throw Fault{1, "nothing here: a statement is like `p: listen(s, 16)`"};
    ParsedLine parsed = parse_line(split.code);
    if (std::holds_alternative<FileDecl>(parsed.statement.body))
      throw Fault{1, "a `file` block takes several lines and stands in a file only"};
    parsed.statement.place.line = 1;
    parsed.statement.comment = split.comment;
    return parsed.statement;
  });
}

tl::expected<Result, Problem> parse_result(std::string_view text) {
  return read_alone<Result>(text, [](std::string_view line) {
    // What a call received may be longer than a line of a file.
    if (const auto bad = odd_character(line)) throw *bad;
    Cursor cursor(line);
    Mentions mentions;
    Result result = parse_result_term(cursor, mentions);
    cursor.finish("the RESULT");
    return result;
  });
}

}  // namespace loopscope::experiment
