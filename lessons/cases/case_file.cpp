#include "lessons/cases/case_file.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "lessons/cases/case_text.hpp"
#include "lessons/engine/blocks.hpp"
#include "lessons/engine/lesson_source.hpp"
#include "lessons/engine/problems.hpp"
#include "sim/experiment/parser.hpp"

namespace loopscope::lessons {
namespace {

namespace fs = std::filesystem;
using namespace experiment;

bool is_plain_name(const std::string& name) {
  return !name.empty() && name.size() <= 60 && name.front() != '.' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
             std::string::npos;
}

bool begins_and_ends(const std::string& name, std::string_view begin, std::string_view end) {
  return name.size() > begin.size() + end.size() && name.rfind(begin, 0) == 0 &&
         name.compare(name.size() - end.size(), end.size(), end) == 0;
}

/// `here` is always there.
std::vector<HostDecl> hosts_of(const Experiment& experiment) {
  std::vector<HostDecl> hosts;
  for (const Statement& statement : experiment.statements) {
    if (const auto* host = std::get_if<HostDecl>(&statement.body)) hosts.push_back(*host);
  }
  return hosts;
}

std::set<std::string> processes_of(const Experiment& experiment) {
  std::set<std::string> names;
  for (const Statement& statement : experiment.statements) {
    if (const auto* process = std::get_if<ProcessDecl>(&statement.body)) names.insert(process->name);
    if (const std::string name = process_of(statement); !name.empty()) names.insert(name);
  }
  return names;
}

bool changes_the_world(const Body& body) {
  return std::holds_alternative<FirewallDecl>(body) || std::holds_alternative<SysctlDecl>(body) ||
         std::holds_alternative<AddressDecl>(body) || std::holds_alternative<DeviceDecl>(body) ||
         std::holds_alternative<PacketsDecl>(body) || std::holds_alternative<HeldClaim>(body);
}

void check_the_check(const Case& one, const std::string& path, Problems& problems) {
  const auto hosts = hosts_of(one.broken);
  const auto taken = processes_of(one.broken);
  bool looks = false;
  for (const Statement& statement : one.check.statements) {
    const int line = statement.place.line;
    if (changes_the_world(statement.body))
      problems.add_to(path, line, "a check only looks: this would change the world");
    if (const auto* host = std::get_if<HostDecl>(&statement.body);
        host != nullptr && std::find(hosts.begin(), hosts.end(), *host) == hosts.end())
      problems.add_to(path, line, "broken.lab has no such `host` line, with the same addresses");
    looks = looks || has_result(statement);
  }
  for (const std::string& name : processes_of(one.check)) {
    if (taken.contains(name))
      problems.add_to(path, 0, "broken.lab has a process " + name + " too: give the check's another name");
  }
  if (!looks) problems.add_to(path, 0, "it says nothing that must hold");
}

std::optional<Experiment> parse_into(const std::string& text, const std::string& path, Problems& problems) {
  auto parsed = parse(text, path);
  if (parsed) return std::move(*parsed);
  for (const Problem& problem : parsed.error()) problems.add_to(path, problem.place.line, problem.message);
  return std::nullopt;
}

void take_file(const std::string& name, const std::string& text, const std::string& path, Case& one,
               Problems& problems) {
  if (name == "solution.sh") {
    one.solution = text;
  } else if (begins_and_ends(name, "wrong-", ".sh")) {
    one.wrong.emplace_back(name, text);
  } else if (begins_and_ends(name, "", ".lab")) {
    problems.add_to(path, 0, "a case has two experiments, broken.lab and check.lab");
  } else if (text.find('\0') != std::string::npos) {
    problems.add_to(path, 0, "it is no text");
  } else {
    one.files.push_back({name, split_lines(text)});
  }
}

void take_files(const CaseSource& source, Case& one, Problems& problems) {
  const auto path_of = [&](const std::string& name) { return (fs::path(source.folder) / name).string(); };
  const auto text_of = [&](const char* name) {
    const auto found = std::find_if(source.files.begin(), source.files.end(),
                                    [&](const auto& file) { return file.first == name; });
    if (found == source.files.end()) problems.add_to(path_of(name), 0, "the case has no such file");
    return found == source.files.end() ? nullptr : &found->second;
  };
  if (const auto* text = text_of("case.md")) read_case_text(*text, one, problems);
  std::optional<Experiment> broken, check;
  if (const auto* text = text_of("broken.lab")) broken = parse_into(*text, path_of("broken.lab"), problems);
  if (const auto* text = text_of("check.lab")) check = parse_into(*text, path_of("check.lab"), problems);
  for (const auto& [name, text] : source.files) {
    if (name == "case.md" || name == "broken.lab" || name == "check.lab") continue;
    take_file(name, text, path_of(name), one, problems);
  }
  if (one.solution.empty())
    problems.add_to(path_of("solution.sh"), 0, "the commands that mend it are missing");
  if (one.wrong.size() < 2)
    problems.add_to(source.folder, 0,
                    "two or more wrong-NAME.sh are needed: what looks like a solution and is none");
  if (!broken || !check) return;
  one.broken = std::move(*broken);
  one.check = std::move(*check);
  check_the_check(one, path_of("check.lab"), problems);
  const auto hosts = hosts_of(one.broken);
  const bool known =
      one.host.empty() || one.host == here ||
      std::any_of(hosts.begin(), hosts.end(), [&](const HostDecl& host) { return host.name == one.host; });
  if (!known) problems.add(1, "the shell's host " + one.host + " is none of broken.lab");
}

}  // namespace

tl::expected<Case, std::vector<LessonProblem>> read_case(const CaseSource& source) {
  Problems problems((fs::path(source.folder) / "case.md").string());
  Case one{.id = source.id};
  for (const auto& [name, text] : source.files) {
    if (auto problem = limit_passed((fs::path(source.folder) / name).string(), text))
      problems.add_to(problem->file, problem->line, problem->message);
  }
  if (!problems.empty()) return tl::unexpected(problems.take());
  take_files(source, one, problems);
  if (!one.level.empty() && one.number != std::atoi(source.id.c_str()))
    problems.add(1,
                 "the table says case " + std::to_string(one.number) + ", the folder is called " + source.id);
  if (!problems.empty()) return tl::unexpected(problems.take());
  return one;
}

tl::expected<Case, std::vector<LessonProblem>> load_case(const std::string& folder) {
  const fs::path path = fs::path(folder).lexically_normal();
  CaseSource source{path.string(), (path.has_filename() ? path : path.parent_path()).filename().string(), {}};
  Problems problems(path.string());
  std::vector<fs::path> found;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(path, failed)) {
    found.push_back(entry.path());
    if (found.size() > max_case_files) break;
  }
  if (failed) problems.add(0, "the folder can't be read: " + failed.message());
  if (found.size() > max_case_files)
    problems.add(0, "a case has at most " + std::to_string(max_case_files) + " files");
  std::sort(found.begin(), found.end());
  for (const fs::path& file : found) {
    const std::string name = file.filename().string();
    if (!is_plain_name(name)) {
      problems.add_to(
          file.string(), 0,
          "a file's name is made of letters, digits, '.', '_', '-', and does not begin with a dot");
      continue;
    }
    auto text = read_small_file(file.string(), max_case_file_bytes);
    if (text)
      source.files.emplace_back(name, std::move(*text));
    else
      problems.add_to(file.string(), 0, "it can't be taken: " + text.error());
  }
  if (!problems.empty()) return tl::unexpected(problems.take());
  return read_case(source);
}

CaseLibrary load_cases(const std::string& lessons_folder) {
  CaseLibrary library;
  std::vector<fs::path> folders;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(fs::path(lessons_folder) / "cases", none)) {
    const std::string name = entry.path().filename().string();
    const bool numbered = name.size() > 3 && std::isdigit(static_cast<unsigned char>(name[0])) != 0 &&
                          std::isdigit(static_cast<unsigned char>(name[1])) != 0 && name[2] == '-';
    if (numbered && entry.is_directory(none)) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  for (const fs::path& folder : folders) {
    auto one = load_case(folder.string());
    if (one)
      library.cases.push_back(std::move(*one));
    else
      library.problems.insert(library.problems.end(), one.error().begin(), one.error().end());
  }
  return library;
}

const Case* find_case(const std::vector<Case>& cases, const std::string& name) {
  for (const Case& one : cases) {
    if (one.id == name || std::to_string(one.number) == name) return &one;
  }
  for (const Case& one : cases) {
    if (!name.empty() && one.id.find(name) != std::string::npos) return &one;
  }
  return nullptr;
}

}  // namespace loopscope::lessons
