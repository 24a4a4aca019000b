#include <algorithm>
#include <filesystem>
#include <random>
#include <regex>

#include "lessons/engine/draw_lesson.hpp"
#include "lessons/engine/evidence.hpp"
#include "lessons/engine/lesson_source.hpp"
#include "lessons/engine/page_reader.hpp"
#include "lessons/engine/settle.hpp"
#include "sim/experiment/parser.hpp"

namespace loopscope::lessons {
namespace {

namespace fs = std::filesystem;
constexpr const char* lesson_file = "lesson.md";

/// '# Title', one paragraph, and '| Lesson | Part | Minutes |' with one row.
void read_front(std::span<const Block> blocks, Lesson& lesson, Problems& problems) {
  static const std::regex row(R"(^\|\s*(\d{1,4})\s*\|\s*(\d{1,4})\s*\|\s*(\d{1,4})\s*\|\s*$)");
  if (blocks.empty() || blocks[0].kind != Block::Kind::Heading || blocks[0].level != 1) {
    problems.add(1, "a lesson begins with its title: '# Home: 127.0.0.1'");
    return;
  }
  lesson.title = blocks[0].lines[0];
  bool table = false;
  for (const Block& block : blocks.subspan(1)) {
    std::smatch match;
    if (is_numbers(block)) continue;
    if (block.kind == Block::Kind::Paragraph && lesson.summary.empty()) {
      lesson.summary = joined(block);
    } else if (block.kind == Block::Kind::Table && block.lines.size() == 3 && !table &&
               std::regex_match(block.lines[2], match, row)) {
      lesson.number = std::stoi(match[1]);
      lesson.part = std::stoi(match[2]);
      lesson.minutes = std::stoi(match[3]);
      table = true;
    } else {
      problems.add(block.line,
                   "before the first page stand one paragraph (the summary) and the table | Lesson | Part | "
                   "Minutes |");
    }
  }
  if (lesson.summary.empty()) problems.add(1, "one sentence about the lesson is missing below its title");
  if (!table)
    problems.add(
        1, "the table is missing: '| Lesson | Part | Minutes |', '| --- | --- | --- |', '| 1 | 1 | 10 |'");
}

void parse_experiments(const LessonSource& source, Lesson& lesson, Problems& problems) {
  for (const auto& [name, text] : source.experiments) {
    const std::string path = (fs::path(source.folder) / name).string();
    auto experiment = experiment::parse(text, path);
    if (experiment) {
      lesson.experiments.emplace_back(name, std::move(*experiment));
      continue;
    }
    for (const auto& problem : experiment.error())
      problems.add_to(path, problem.place.line, problem.message, problem.place.column);
  }
}

/// The groups of blocks that each begin with a heading of level 2; what stands before the first is group 0.
std::vector<std::span<const Block>> sections(const std::vector<Block>& blocks) {
  std::vector<std::span<const Block>> groups;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= blocks.size(); ++at)
    if (at == blocks.size() ||
        (at > begin && blocks[at].kind == Block::Kind::Heading && blocks[at].level == 2)) {
      groups.emplace_back(blocks.data() + begin, at - begin);
      begin = at;
    }
  return groups;
}

void read_sections(const std::vector<Block>& blocks, std::uint64_t seed, Lesson& lesson,
                   std::vector<ReadPage>& pages, Problems& problems) {
  std::mt19937_64 random(seed);
  const auto groups = sections(blocks);
  read_front(groups[0], lesson, problems);
  for (const auto& group : std::span(groups).subspan(1)) {
    if (group[0].lines[0] == "Try it") {
      lesson.commands = read_commands(group, problems);
    } else {
      pages.push_back(read_page(group, seed == 0 ? nullptr : &random, problems));
      lesson.pages.push_back(pages.back().page);
    }
  }
}

/// The .lab files of the folder; what else lies there is a problem.
void read_files(const fs::path& folder, Origin origin, LessonSource& source, Problems& problems) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) files.push_back(entry.path());
  if (files.size() > max_experiments) {
    problems.add_to(folder.string(), 0,
                    "more than " + std::to_string(max_experiments) + " files are no lesson any more");
    return;
  }
  std::sort(files.begin(), files.end());
  for (const auto& path : files) {
    const std::string name = path.filename().string();
    if (name == lesson_file || name.starts_with('.') || name.ends_with('~')) continue;
    if (path.extension() != ".lab") {
      problems.add_to(path.string(), 0,
                      "a lesson's folder holds lesson.md and .lab files only; move it elsewhere");
      continue;
    }
    auto text = read_small_file(path.string(), experiment::max_file_bytes, origin);
    if (text)
      source.experiments.emplace_back(name, std::move(*text));
    else
      problems.add_to(path.string(), 0, "the experiment can't be taken: " + text.error());
  }
}

}  // namespace

tl::expected<Lesson, std::vector<LessonProblem>> read_lesson(const LessonSource& written,
                                                             std::uint64_t seed) {
  const std::string file = (fs::path(written.folder) / lesson_file).string();
  if (auto problem = limit_passed(file, written.text))
    return tl::unexpected(std::vector{std::move(*problem)});
  Problems problems(file);
  const LessonSource source = draw_lesson(written, seed, problems);
  Lesson lesson{.id = source.id, .folder = source.folder};
  const auto blocks = split_blocks(source.text);
  for (const auto& block : blocks)
    if (block.kind == Block::Kind::Unclosed)
      problems.add(block.line, "this ``` block is not closed; end it with ```");
  std::vector<ReadPage> pages;
  read_sections(blocks, seed, lesson, pages, problems);
  parse_experiments(source, lesson, problems);
  settle(lesson, pages, problems);
  check_evidence(read_evidence(blocks, problems), lesson, problems);
  if (std::to_string(lesson.number) != std::to_string(std::atoi(lesson.id.c_str())))
    problems.add(
        1, "the table says lesson " + std::to_string(lesson.number) + ", the folder is called " + lesson.id);
  if (!problems.empty()) return tl::unexpected(problems.take());
  return lesson;
}

tl::expected<Lesson, std::vector<LessonProblem>> load_lesson(const std::string& folder, std::uint64_t seed,
                                                             Origin origin) {
  const fs::path path = fs::path(folder).lexically_normal();
  LessonSource source{.folder = path.string(),
                      .id = (path.has_filename() ? path : path.parent_path()).filename().string()};
  Problems problems((path / lesson_file).string());
  auto text = read_small_file((path / lesson_file).string(), max_lesson_bytes, origin);
  if (!text) {
    problems.add(0, "a lesson's folder holds a lesson.md that can be read; here " + text.error());
    return tl::unexpected(problems.take());
  }
  source.text = std::move(*text);
  read_files(path, origin, source, problems);
  auto lesson = read_lesson(source, seed);
  if (problems.empty()) return lesson;
  auto all = problems.take();
  if (!lesson) all.insert(all.end(), lesson.error().begin(), lesson.error().end());
  return tl::unexpected(std::move(all));
}

}  // namespace loopscope::lessons
