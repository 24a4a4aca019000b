#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <random>

#include "app/cli/command.hpp"
#include "app/shell/shell.hpp"
#include "lessons/engine/library.hpp"

/// `loopscope` without a command: the window, or a picture of it; and `loopscope shots`.
namespace loopscope::app::cli {
namespace {

struct Options {
  WindowOptions window;
  ShotOptions shot;
  std::string file, lesson, theme, size;
  int page = 0;
  std::optional<std::uint64_t> seed;
  CourseOptions course;
  std::string preview;
  float scale = 0;
};

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool has_display() { return is_set("DISPLAY") || is_set("WAYLAND_DISPLAY"); }

MakeProgram program_for(Context& context, const ProgramWish& wish) {
  return [&context, wish](const Settings& settings) { return context.make_program(settings, wish); };
}

/// Other numbers in the questions each time the program starts: nobody learns an answer by heart.
std::uint64_t drawn_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) + device() + 1;
}

Status status_of(int shell_code) {
  if (shell_code == shell_exit::good) return Status::Agreed;
  return shell_code == shell_exit::no_display ? Status::NoLab : Status::Differs;
}

/// False where the size is not WIDTHxHEIGHT.
bool take_size(const std::string& size, ShotOptions& shot) {
  char rest = 0;
  const int read = std::sscanf(size.c_str(), "%dx%d%c", &shot.width, &shot.height, &rest);
  return read == 2 && shot.width >= 320 && shot.height >= 240 && shot.width <= 7680 && shot.height <= 4320;
}

Status take_picture(Context& context, Options& options) {
  ShotOptions& shot = options.shot;
  shot.lesson = options.lesson;
  shot.file = options.file;
  if (options.page > 0) shot.page = options.page;
  if (options.scale > 0) shot.scale = options.scale;
  shot.dark = options.theme != "light";
  if (!options.size.empty() && !take_size(options.size, shot)) {
    std::cerr << "loopscope: --size " << options.size
              << ": it is WIDTHxHEIGHT in pixels, from 320x240 to 7680x4320\n";
    return Status::Wrong;
  }
  return status_of(
      take_screenshot(shot, program_for(context, {.keeps_progress = false,
                                                  .seed = options.seed.value_or(0),
                                                  .course = options.course.folder,
                                                  .allow_programs = options.course.allow_programs,
                                                  .preview = options.preview})));
}

Status open_window(Context& context, Options& options) {
  WindowOptions& window = options.window;
  if (!options.lesson.empty()) window.lesson = options.lesson;
  if (!options.file.empty()) window.file = options.file;
  if (options.page > 0) window.page = options.page;
  if (options.scale > 0) window.scale = options.scale;
  if (!options.theme.empty()) window.dark = options.theme == "dark";
  return status_of(run_window(window, program_for(context, {.keeps_progress = options.preview.empty(),
                                                            .seed = options.seed              ? *options.seed
                                                                    : options.preview.empty() ? drawn_seed()
                                                                                              : 0,
                                                            .course = options.course.folder,
                                                            .allow_programs = options.course.allow_programs,
                                                            .preview = options.preview})));
}

/// A file was to be shown, and there is no window for it.
Status without_window(const std::string& file) {
  std::cerr << "loopscope: there is no display to show " << file << " on; in the terminal `loopscope run "
            << file << "` runs an experiment.\n";
  return Status::NoLab;
}

Status without_command(Context& context, Options& options) {
  if (!options.shot.path.empty()) return take_picture(context, options);
  if (has_display()) {
    const Status status = open_window(context, options);
    if (status != Status::NoLab) return status;
    if (!options.file.empty()) return without_window(options.file);
    std::cerr << "Here is the tour in the terminal instead.\n\n";
  }
  if (!options.file.empty()) return without_window(options.file);
  return run_tour(context, options.lesson, options.course);
}

Status take_all_pictures(Context& context, const std::string& folder) {
  const auto found = lessons::find_library();
  if (!found) return std::cerr << "loopscope shots: " << found.error() << "\n", Status::Wrong;
  std::vector<std::string> ids;
  for (const lessons::Lesson& lesson : lessons::load_library(*found).lessons) ids.push_back(lesson.id);
  return status_of(take_screenshots(all_shots(folder, ids), program_for(context, {.keeps_progress = false})));
}

}  // namespace

Status preview_lesson(Context& context, const std::string& folder, bool allow_programs) {
  std::error_code none;
  if (!std::filesystem::exists(std::filesystem::path(folder) / "lesson.md", none)) {
    std::cerr << "loopscope lessons preview: " << folder
              << " holds no lesson.md; `loopscope lessons new TITLE` makes a lesson\n";
    return Status::Wrong;
  }
  if (!has_display()) {
    std::cerr << "loopscope lessons preview: there is no display; `loopscope lessons check " << folder
              << "` says what is wrong, `loopscope tour --lessons " << folder << "` shows it here\n";
    return Status::NoLab;
  }
  Options options;
  options.course = {folder, allow_programs};
  options.preview = folder;
  lessons::Library course;
  lessons::add_course(course, folder);
  if (!course.lessons.empty())
    options.lesson = course.lessons.front().id;  // else it opens once it can be read
  return open_window(context, options);
}

void add_window(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  auto* file = program.add_option("FILE", options->file,
                                  "an experiment (.lab) or a trace (.jsonl) to open in the window");
  auto* lesson =
      program.add_option("--lesson", options->lesson, "open this lesson, by name or number")->excludes(file);
  program.add_option("--page", options->page, "open this page of it, counted from 1")
      ->needs(lesson)
      ->check(CLI::Range(1, 99));
  program.add_option("--theme", options->theme, "dark or light")->check(CLI::IsMember({"dark", "light"}));
  program.add_option("--scale", options->scale, "size of everything, 1 being as designed")
      ->check(CLI::Range(0.5, 4.0));
  auto* shot =
      program.add_option("--screenshot", options->shot.path, "draw one picture, without a display, and end")
          ->option_text("OUT.png");
  program.add_option("--steps", options->shot.steps, "take that many steps of the live run first")
      ->needs(shot)
      ->check(CLI::Range(0, 1000));
  program.add_option("--step-by", options->shot.step_by, "chapter, call or packet")
      ->needs(shot)
      ->check(CLI::IsMember({"chapter", "call", "packet"}));
  program.add_option("--tab", options->shot.inspector_tab, "the inspector's tab, counted from 0")
      ->needs(shot)
      ->check(CLI::Range(0, 9));
  program
      .add_option("--predict", options->shot.predictions,
                  "answer the questions on the way with these choices, counted from 1; 0: 'I don't know'")
      ->needs(shot)
      ->needs(lesson)
      ->delimiter(',')
      ->check(CLI::Range(0, 9))
      ->option_text("CHOICE,...");
  program.add_option("--seed", options->seed, "draws the numbers in questions; 0: as they are written")
      ->option_text("NUMBER");
  program.add_flag("--settings", options->shot.settings_open, "with the settings open")->needs(shot);
  program.add_option("--size", options->size, "of the picture, in pixels")
      ->needs(shot)
      ->option_text("WIDTHxHEIGHT");
  add_course_options(program, options->course);
  program.add_option("--preview", options->preview)->group("")->needs(shot);
  // For tests and measurements; an empty group keeps them out of --help.
  program.add_flag("--measure", options->window.measure)->group("");
  program.add_option("--dump-items", options->window.dump_items)->group("");
  program.add_option("--quit-after", options->window.quit_after)->group("");
  chosen.action = [options](Context& context) { return without_command(context, *options); };
}

void add_shots(CLI::App& program, Chosen& chosen) {
  CLI::App* command = program.add_subcommand("shots", "Draw a picture of every screen into a folder");
  auto folder = std::make_shared<std::string>("out/shots");
  command->add_option("FOLDER", *folder, "made where it is missing (default: out/shots)");
  command->callback([folder, &chosen] {
    chosen.action = [folder](Context& context) { return take_all_pictures(context, *folder); };
  });
}

}  // namespace loopscope::app::cli
