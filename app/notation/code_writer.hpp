#pragma once

#include <map>
#include <set>
#include <span>
#include <string>

#include "app/notation/code_text.hpp"

namespace loopscope::app::notation {

/// A character as it stands between quotes in both languages: itself, or with a backslash. Empty where the
/// languages differ: a byte that is neither printable nor of `\r \n \t`.
[[nodiscard]] std::string as_written(char c);

/// What the writers of both languages share: lines with their statements, names that the language allows,
/// ports to remember.
class CodeWriter {
 public:
  CodeWriter(const experiment::Experiment& experiment, std::string_view process, Language language,
             std::span<const std::string_view> reserved);
  virtual ~CodeWriter() = default;
  [[nodiscard]] Code write();

 protected:
  virtual void begin() = 0;
  virtual void end() = 0;
  virtual void add(const experiment::CallStep& step) = 0;
  virtual void add_run(std::span<const std::string> words, bool wait) = 0;
  virtual void add_wait(std::chrono::microseconds time) = 0;
  virtual void comment(const std::string& words) = 0;

  void line(std::string text) { code_.lines.push_back({std::move(text), statement_}); }
  [[nodiscard]] const experiment::Experiment& experiment() const { return experiment_; }
  [[nodiscard]] const std::string& process() const { return code_.process; }
  /// A variable of the language as the program calls it: reserved words get an underscore.
  [[nodiscard]] std::string name(const std::string& variable) const;
  /// True the first time that a variable is assigned.
  [[nodiscard]] bool is_new(const std::string& variable) { return assigned_.insert(variable).second; }
  /// The variable that holds the port of `term`: 'port_s' or 'port_client_c'.
  [[nodiscard]] std::string port_name(const experiment::PortOf& term) const;
  /// Own variables whose port is used later, so that it is noted after bind and connect.
  [[nodiscard]] const std::set<std::string>& noted_ports() const { return noted_; }
  /// Ports of other processes' sockets: arguments of the program, in order.
  [[nodiscard]] const std::vector<experiment::PortOf>& foreign_ports() const { return foreign_; }

 private:
  void look_for_ports();
  void take(const experiment::Statement& statement);

  const experiment::Experiment& experiment_;
  std::set<std::string, std::less<>> reserved_;
  std::set<std::string> assigned_;
  std::set<std::string> noted_;
  std::vector<experiment::PortOf> foreign_;
  std::optional<std::size_t> statement_;
  std::size_t last_ = 0;  ///< index of the process's last statement
  Code code_;
};

/// The address that a call is given; null where it has none.
[[nodiscard]] const experiment::AddressTerm* address_of(const experiment::Call& call);

[[nodiscard]] Code write_c(const experiment::Experiment& experiment, std::string_view process);
[[nodiscard]] Code write_python(const experiment::Experiment& experiment, std::string_view process);

}  // namespace loopscope::app::notation
