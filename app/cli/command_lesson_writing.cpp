#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/command.hpp"
#include "app/cli/courses.hpp"
#include "app/cli/handout.hpp"
#include "lessons/check/check.hpp"
#include "lessons/check/template.hpp"
#include "lessons/engine/lesson_folders.hpp"

/// `loopscope lessons new`, `check`, `preview`, `export`: for who writes lessons of his own.
namespace loopscope::app::cli {
namespace {

namespace fs = std::filesystem;
namespace check = lessons::check;

// ---- new

Status make_new(const std::string& wish) {
  const auto made = check::make_lesson(wish, ".");
  if (!made) return std::cerr << "loopscope lessons new: " << made.error() << "\n", Status::Wrong;
  std::cout << "Made " << *made << ": a small lesson that works as it is. Write yours over it.\n\n"
            << "  loopscope lessons preview " << *made << "   shows it, and reads it again as you save\n"
            << "  loopscope lessons check " << *made << "     says everything that is not in order yet\n";
  return Status::Agreed;
}

// ---- check

struct CheckOptions {
  std::vector<std::string> folders;
  bool allow_programs = false, json = false, form = false;
};

bool is_lesson(const fs::path& folder) {
  std::error_code none;
  return fs::exists(fs::symlink_status(folder / "lesson.md", none));
}

/// A lesson, the course that it is in, and whether it is one of the program's.
struct Subject {
  std::string folder, course;
  bool own = false;
};

/// A folder is a lesson, or a course with lessons in it. Nothing: it is neither, and that is a problem.
void add_subjects(const std::string& folder, const std::string& programs_own, std::vector<Subject>& subjects,
                  check::Report& report) {
  std::error_code none;
  const fs::path here = fs::path(folder).lexically_normal();
  const auto add = [&](const fs::path& lesson) {
    fs::path course = fs::absolute(lesson, none).lexically_normal();
    course = (course.has_filename() ? course : course.parent_path()).parent_path();
    const bool own = fs::equivalent(course, programs_own, none);
    subjects.push_back({lesson.string(), course.string(), own});
  };
  if (is_lesson(here)) return add(here);
  const auto before = subjects.size();
  lessons::Library course;
  lessons::add_course(course, here.string());
  for (const auto& path : lessons::lesson_folders(here.string())) add(path);
  if (subjects.size() == before)
    report.problems.push_back(
        {folder, 0, "there is no lesson here: a folder with lesson.md, or one with such folders in it"});
  for (auto& problem : course.problems)
    if (fs::path(problem.file).parent_path() == here || problem.line == 0) report.problems.push_back(problem);
}

check::Report look_at(Context& context, const CheckOptions& options, const std::string& programs_own,
                      const Subject& subject) {
  check::Options wanted = check::options_for(subject.course, programs_own);
  if (subject.own) {
    wanted.wanted = check::wanted_of_the_program;
    wanted.origin = lessons::Origin::Program;
  }
  wanted.programs = subject.own || options.allow_programs;
  return options.form ? check::check_form(subject.folder, wanted)
                      : check::check_lesson(context.launcher, subject.folder, wanted);
}

void say_json(const check::Report& report, std::size_t count) {
  nlohmann::json all = {{"lessons", count},
                        {"problems", nlohmann::json::array()},
                        {"passed_over", report.passed_over},
                        {"programs", report.programs},
                        {"no_lab", report.no_lab}};
  for (const auto& problem : report.problems)
    all["problems"].push_back({{"file", problem.file},
                               {"line", problem.line},
                               {"column", problem.column},
                               {"message", problem.message}});
  std::cout << all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
}

void say_text(const Terminal& terminal, const check::Report& report, std::size_t count) {
  for (const auto& problem : report.problems) std::cout << to_string(problem) << "\n";
  for (const auto& words : report.passed_over) std::cerr << "passed over: " << words << "\n";
  for (const auto& words : report.programs) std::cerr << words << "\n";
  if (!report.programs.empty())
    std::cerr << "loopscope lessons check: these start real programs of this machine, and were not run. They "
                 "would run in "
                 "the private lab,\nread-only and without any network but the lab's; if you trust the "
                 "lesson: loopscope lessons "
                 "check --allow-programs …\n";
  if (!report.no_lab.empty())
    std::cerr << "loopscope lessons check: nothing was run: " << report.no_lab
              << "\n`loopscope doctor` says more.\n";
  const std::string words =
      counted(count, "lesson") + ": " +
      (report.problems.empty() ? "nothing found" : counted(report.problems.size(), "problem"));
  std::cout << terminal.paint(report.problems.empty() ? Style::Good : Style::Bad, words) << "\n";
}

Status status_of(const check::Report& report) {
  if (!report.problems.empty()) return Status::Differs;
  if (!report.programs.empty()) return Status::Wrong;
  return report.no_lab.empty() ? Status::Agreed : Status::NoLab;
}

Status check_lessons(Context& context, const CheckOptions& options) {
  const auto own = lessons::find_library();
  if (!own && options.folders.empty())
    return std::cerr << "loopscope lessons check: " << own.error() << "\n", Status::Wrong;
  const std::string programs_own = own ? *own : "";
  check::Report report;
  std::vector<Subject> subjects;
  if (options.folders.empty()) add_subjects(programs_own, programs_own, subjects, report);
  for (const auto& folder : options.folders) add_subjects(folder, programs_own, subjects, report);
  for (const auto& subject : subjects) {
    if (context.terminal.moves && !options.json) std::cerr << "… " << subject.folder << "\n";
    report.add(look_at(context, options, programs_own, subject));
  }
  options.json ? say_json(report, subjects.size()) : say_text(context.terminal, report, subjects.size());
  return status_of(report);
}

// ---- export

struct ExportOptions {
  std::string lesson, out, all;
  CourseOptions course;
};

Status export_one(Context& context, const lessons::Library& library, const lessons::Lesson& lesson,
                  const std::string& out) {
  const auto done = write_handout(context.launcher, library, lesson, out);
  if (!done) return std::cerr << "loopscope lessons export: " << done.error() << "\n", Status::Wrong;
  std::cout << "Written: " << out << (done->empty() ? "" : " (" + *done + ")") << "\n";
  return Status::Agreed;
}

Status export_lessons(Context& context, const ExportOptions& options) {
  const auto library = load_all(options.course);
  if (!library) return std::cerr << "loopscope lessons export: " << library.error() << "\n", Status::Wrong;
  if (options.all.empty()) {
    if (options.out.empty())
      return std::cerr << "loopscope lessons export: it is LESSON OUT.html, or --all DIR\n", Status::Wrong;
    const auto* lesson = find_or_say("lessons export", *library, options.lesson);
    if (lesson == nullptr || !may_start_programs("lessons export", *lesson, options.course))
      return Status::Wrong;
    return export_one(context, *library, *lesson, options.out);
  }
  Status worst = Status::Agreed;
  for (const auto& lesson : library->lessons) {
    std::string name = lesson.id;
    std::replace(name.begin(), name.end(), '/', '-');
    if (!may_start_programs("lessons export", lesson, options.course)) return Status::Wrong;
    worst = std::max(worst, export_one(context, *library, lesson, options.all + "/" + name + ".html"));
  }
  return worst;
}

void add_check_command(CLI::App& lessons, Chosen& chosen) {
  CLI::App* command =
      lessons.add_subcommand("check", "Say everything that is wrong with lessons, as FILE:LINE");
  auto options = std::make_shared<CheckOptions>();
  command->add_option("FOLDER", options->folders,
                      "a lesson, or a course of lessons (default: the program's own)");
  command->add_flag("--allow-programs", options->allow_programs,
                    "start the real programs that the lessons name");
  command->add_flag("--json", options->json, "one JSON object for other programs");
  command->add_flag("--form", options->form, "the files alone: nothing is run");
  command->callback([options, &chosen] {
    chosen.action = [options](Context& context) { return check_lessons(context, *options); };
  });
}

void add_export_command(CLI::App& lessons, Chosen& chosen) {
  CLI::App* command = lessons.add_subcommand("export", "Write a lesson as one HTML page, for a hand-out");
  auto options = std::make_shared<ExportOptions>();
  command->add_option("LESSON", options->lesson, "its name or number");
  command->add_option("OUT.html", options->out, "the page to write");
  command->add_option("--all", options->all, "every lesson, into this folder")->option_text("DIR");
  add_course_options(*command, options->course);
  command->callback([options, &chosen] {
    chosen.action = [options](Context& context) { return export_lessons(context, *options); };
  });
}

}  // namespace

void add_lesson_writing(CLI::App& lessons, Chosen& chosen) {
  CLI::App* fresh = lessons.add_subcommand("new", "Make a small lesson that works, to write yours over it");
  auto wish = std::make_shared<std::string>();
  fresh->add_option("FOLDER|TITLE", *wish, "'course/03-doors', or a title: 'My first socket'")->required();
  fresh->callback([wish, &chosen] { chosen.action = [wish](Context&) { return make_new(*wish); }; });
  add_check_command(lessons, chosen);
  CLI::App* preview =
      lessons.add_subcommand("preview", "Show a lesson in the window, and read it again as it is saved");
  auto folder = std::make_shared<std::string>();
  auto allow = std::make_shared<bool>(false);
  preview->add_option("FOLDER", *folder, "the lesson")->required();
  preview->add_flag("--allow-programs", *allow,
                    "start the real programs that the lesson names without asking");
  preview->callback([folder, allow, &chosen] {
    chosen.action = [folder, allow](Context& context) { return preview_lesson(context, *folder, *allow); };
  });
  add_export_command(lessons, chosen);
}

}  // namespace loopscope::app::cli
