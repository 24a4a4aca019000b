#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/controller/controller.hpp"
#include "lessons/engine/durable_file.hpp"
#include "sim/base/errno_name.hpp"
#include "sim/experiment/parser.hpp"
#include "sim/lab/run.hpp"
#include "sim/trace/json.hpp"

/// Experiments and traces of the user's own: opened, asked about, kept.
namespace loopscope::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_entries = 60;
constexpr std::uintmax_t most_trace_bytes = 256U << 20U;

/// '~/' is the home directory, as a shell has it.
std::string whole(const std::string& typed) {
  const char* home = std::getenv("HOME");
  if (home != nullptr && (typed == "~" || typed.starts_with("~/"))) return home + typed.substr(1);
  return typed;
}

bool is_trace(const std::string& path) { return path.ends_with(".jsonl") || path.ends_with(".json"); }
bool can_be_opened(const std::string& name) { return name.ends_with(".lab") || is_trace(name); }

std::string why(const std::error_code& error) {
  return errno_words(error.value()) + " (" + errno_name(error.value()) + ")";
}

/// Why it cannot be read as a file; empty: it can. A pipe or a device would keep the window waiting.
std::string why_no_file(const std::string& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return path + ": there is no such file";
  if (error) return path + ": " + why(error);
  if (fs::is_directory(status)) return path + ": this is a folder; choose a .lab file or a trace (.jsonl)";
  if (!fs::is_regular_file(status)) return path + ": this is no file with a text in it";
  errno = 0;
  if (!std::ifstream(path)) return path + ": cannot open it: " + why({errno, std::generic_category()});
  if (is_trace(path) && fs::file_size(path, error) > most_trace_bytes)
    return path +
           ": the trace has more than 256 MiB; `loopscope run --trace` writes shorter ones of one experiment";
  return {};
}

std::string read_all(const std::string& path, std::size_t most) {
  std::ifstream in(path, std::ios::binary);
  std::string text(most, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

/// The folder that a half-typed path is in, with its slash, and the name so far.
std::pair<std::string, std::string> parts_of(const std::string& typed) {
  const auto slash = typed.rfind('/');
  if (slash == std::string::npos) return {"", typed};
  return {typed.substr(0, slash + 1), typed.substr(slash + 1)};
}

std::string folder_of(const std::string& path) {
  const std::string folder = parts_of(path).first;
  std::error_code ignored;
  return folder.empty() ? fs::current_path(ignored).string() + "/" : folder;
}

}  // namespace

const experiment::Experiment* Controller::experiment_to_run() const {
  if (files_.recording) return nullptr;
  if (opened_) return &*opened_;
  return lesson_ == nullptr || run_file_.empty() ? nullptr : experiment_of(*lesson_, run_file_);
}

void Controller::close_file() {
  files_.path.clear();
  files_.recording = false;
  opened_.reset();
  recorded_.clear();
}

void Controller::open_file(const std::string& typed) {
  const std::string path = whole(typed);
  files_.problems.reset();
  files_.question.reset();
  asked_about_.reset();
  asked_lesson_.clear();
  if (const std::string trouble = why_no_file(path); !trouble.empty()) {
    if (files_.dialog)
      files_.dialog->trouble = trouble;
    else
      files_.problems = FileProblems{path, {trouble}};
    return;
  }
  files_.dialog.reset();
  is_trace(path) ? read_recording(path) : read_experiment(path);
}

void Controller::read_experiment(const std::string& path) {
  const std::string text = read_all(path, experiment::max_file_bytes + 1);
  auto parsed = experiment::parse(text, path);
  if (!parsed) {
    files_.problems = FileProblems{path, {}};
    for (const auto& problem : parsed.error()) files_.problems->lines.push_back(to_string(problem));
    return;
  }
  auto programs = lab::programs_of(*parsed);
  if (programs.empty()) return open_experiment(std::move(*parsed));
  // What a stranger's file would start is shown first. Nothing of it has been run, and nothing is until
  // 'yes'.
  files_.question = ProgramsQuestion{path, std::move(programs), text};
  asked_about_ = std::move(*parsed);
}

void Controller::answer_programs(bool yes) {
  files_.question.reset();
  if (!asked_lesson_.empty()) return answer_lesson(yes);
  auto asked = std::exchange(asked_about_, std::nullopt);
  if (!asked) return;
  if (yes) return open_experiment(std::move(*asked));
  say("Nothing of " + asked->file + " was run.");
}

void Controller::open_experiment(experiment::Experiment experiment) {
  leave_trial();
  end_run();
  close_file();
  lesson_ = nullptr;
  files_.path = experiment.file;
  opened_ = std::move(experiment);
  leave_game();
  screen_ = Screen::File;
  on_this_machine_ =
      false;  // what nobody here has looked at yet begins where nothing of the user's can be reached
  start_run(files_.path);
}

void Controller::read_recording(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  auto events = trace::read_trace(in, path);
  if (!events) {
    files_.problems = FileProblems{path, {to_string(events.error())}};
    return;
  }
  experiment::Experiment experiment;
  for (const trace::Event& event : *events) {
    const auto* started = std::get_if<trace::RunStarted>(&event.fact);
    if (started == nullptr) continue;
    // A trace of an experiment in an older form of the language can still be looked at.
    if (auto parsed = experiment::parse(started->experiment, started->file)) experiment = std::move(*parsed);
    break;
  }
  leave_trial();
  end_run();
  close_file();
  lesson_ = nullptr;
  by_hand_.clear();
  run_file_.clear();
  begin_run();
  files_.path = path;
  files_.recording = true;
  opened_ = std::move(experiment);
  for (trace::Event& event : *events) recorded_.add(std::move(event));
  leave_game();
  screen_ = Screen::File;
  playhead_.take_in(recorded_, true);
  playhead_.to_start();
}

void Controller::ask_for_file(bool saves) {
  if (saves && written_for_ == std::nullopt) return say("There is no experiment to keep here.");
  FileDialog dialog;
  dialog.saves = saves;
  dialog.number = ++dialogs_;
  const bool own = !files_.path.empty() && !files_.recording;
  if (saves && own)
    dialog.path = files_.path;
  else if (saves)
    dialog.path = folder_of("") +
                  (lesson_ == nullptr ? "" : fs::path(lesson_->id).filename().string() + "-") +
                  (run_file_.empty() ? "experiment.lab" : fs::path(run_file_).filename().string());
  else
    dialog.path = folder_of(files_.path);
  const std::string first = dialog.path;
  files_.dialog = std::move(dialog);
  look_at_path(first);
}

/// What the typed path can become: folders, and what can be opened.
void Controller::look_at_path(const std::string& text) {
  if (!files_.dialog) return;
  FileDialog& dialog = *files_.dialog;
  dialog.looked_at = text;
  dialog.entries.clear();
  dialog.trouble.clear();
  dialog.more = 0;
  const auto [folder, name] = parts_of(text);
  std::error_code error;
  const std::string there = whole(folder.empty() ? "./" : folder);
  for (fs::directory_iterator at(there, fs::directory_options::skip_permission_denied, error), end;
       !error && at != end; at.increment(error)) {
    const std::string found = at->path().filename().string();
    if (!found.starts_with(name) || (found.starts_with('.') && !name.starts_with('.'))) continue;
    std::error_code ignored;
    const bool is_folder = at->is_directory(ignored);
    if (!is_folder && !(dialog.saves ? found.ends_with(".lab") : can_be_opened(found))) continue;
    dialog.entries.push_back(
        {found + (is_folder ? "/" : ""), folder + found + (is_folder ? "/" : ""), is_folder});
  }
  std::sort(dialog.entries.begin(), dialog.entries.end(), [](const FileEntry& a, const FileEntry& b) {
    return std::pair(!a.folder, a.name) < std::pair(!b.folder, b.name);
  });
  if (dialog.entries.size() > most_entries) {
    dialog.more = dialog.entries.size() - most_entries;
    dialog.entries.resize(most_entries);
  }
  const std::string path = whole(text);
  dialog.replaces = dialog.saves && !name.empty() && path != files_.path && fs::is_regular_file(path, error);
}

void Controller::save_experiment(const std::string& typed, bool replace) {
  if (!files_.dialog) return;
  FileDialog& dialog = *files_.dialog;
  std::string path = whole(typed);
  if (!path.ends_with(".lab")) path += ".lab";
  std::error_code ignored;
  if (!fs::is_directory(folder_of(path), ignored)) {
    dialog.trouble = "There is no folder " + folder_of(path);
    return;
  }
  // A link stays one: what it points to is written.
  if (fs::is_symlink(path, ignored)) path = fs::weakly_canonical(path, ignored).string();
  if (path != files_.path && fs::exists(path, ignored) && !replace) {
    dialog.replaces = true;
    dialog.trouble = path + " is there already: Replace writes over it";
    return;
  }
  if (auto kept = lessons::write_durably(path, written_.file_text); !kept) {
    dialog.trouble = kept.error();
    return;
  }
  files_.dialog.reset();
  say("Kept in " + path);
}

}  // namespace loopscope::app
