#include "app/cli/input_files.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <tl/expected.hpp>

#include "sim/base/errno_name.hpp"
#include "sim/experiment/parser.hpp"
#include "sim/lab/run.hpp"

namespace loopscope::app::cli {
namespace {

namespace fs = std::filesystem;

/// At most one byte more than the limit: the parser then says that it is too long, and no file fills the
/// memory.
std::string read_all(std::istream& in) {
  std::string text(experiment::max_file_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

std::string why(const std::error_code& error) {
  return errno_name(error.value()) + " (" + errno_words(error.value()) + ")";
}

tl::expected<std::vector<std::string>, std::string> labs_below(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    if (at->path().extension() == ".lab" && at->is_regular_file(ignored))
      files.push_back(at->path().string());
  }
  if (error) return tl::unexpected(folder + ": can't look into this folder: " + why(error));
  if (files.empty()) return tl::unexpected(folder + ": there is no .lab file in this folder or below it");
  std::sort(files.begin(), files.end());
  return files;
}

void parse_into(Input& input, const std::string& text, const std::string& name) {
  auto parsed = experiment::parse(text, name);
  if (parsed) {
    input.experiments.push_back(std::move(*parsed));
    return;
  }
  for (const auto& problem : parsed.error()) input.problems.push_back(to_string(problem));
}

void read_file(Input& input, const std::string& name) {
  errno = 0;
  std::ifstream in(name, std::ios::binary);
  if (!in) {
    const std::string hint = errno == ENOENT ? "; `-` reads standard input" : "";
    input.problems.push_back(name + ": can't open it: " + why({errno, std::generic_category()}) + hint);
    return;
  }
  parse_into(input, read_all(in), name);
}

}  // namespace

bool refuse_programs(const std::string& command, const Input& input) {
  std::vector<std::string> all;
  for (const auto& experiment : input.experiments) {
    for (std::string& one : lab::programs_of(experiment)) all.push_back(std::move(one));
  }
  if (all.empty()) return false;
  for (const std::string& one : all) std::cerr << one << "\n";
  std::cerr << "loopscope " << command
            << ": these steps start real programs of this machine. Nothing was run. They would run in the "
               "private lab,\n"
               "read-only and without any network but the lab's; if you trust the file: loopscope "
            << command << " --allow-programs …\n";
  return true;
}

Input read_experiments(const std::vector<std::string>& arguments) {
  Input input;
  bool read_stdin = false;
  for (const std::string& argument : arguments) {
    std::error_code ignored;
    if (argument == "-") {
      if (read_stdin)
        input.problems.emplace_back("-: standard input can be read only once");
      else
        parse_into(input, read_all(std::cin), "-");
      read_stdin = true;
    } else if (fs::is_directory(argument, ignored)) {
      const auto files = labs_below(argument);
      if (!files)
        input.problems.push_back(files.error());
      else
        for (const std::string& file : *files) read_file(input, file);
    } else {
      read_file(input, argument);
    }
  }
  return input;
}

}  // namespace loopscope::app::cli
