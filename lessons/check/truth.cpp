#include "lessons/check/truth.hpp"

#include <algorithm>
#include <array>

#include "lessons/engine/blocks.hpp"
#include "lessons/engine/evidence.hpp"

namespace loopscope::lessons::check {
namespace {

/// A heading and what stands below it, up to the next.
struct Section {
  const Block* heading = nullptr;
  std::string text;       ///< without evidence
  std::string documents;  ///< that it rests on
  bool shown = false, ends_in_evidence = false;
};

struct System {
  const char* name;
  std::array<const char*, 2> documented_by;
};
constexpr std::array systems = {
    System{"Windows", {"Microsoft", "Windows"}}, System{"macOS", {"Apple", "macOS"}},
    System{"FreeBSD", {"FreeBSD", "FreeBSD"}}, System{"OpenBSD", {"OpenBSD", "OpenBSD"}},
    System{"NetBSD", {"NetBSD", "NetBSD"}}};

std::vector<Section> sections_of(const std::vector<Block>& blocks) {
  std::vector<Section> sections(1);
  for (const Block& block : blocks) {
    if (block.kind == Block::Kind::Heading) {
      sections.push_back({.heading = &block});
      continue;
    }
    Section& now = sections.back();
    const std::string text = joined(block);
    if (is_evidence(block)) {
      (text.starts_with("*Rests on ") ? now.documents : now.text) +=
          text.starts_with("*Rests on ") ? text : "";
      now.shown = now.shown || text.starts_with("*Shown by ");
      now.ends_in_evidence = true;
    } else if (block.kind == Block::Kind::Paragraph &&
               (text.starts_with("*Solved by ") || text.starts_with("Experiment:"))) {
      continue;
    } else if (block.kind != Block::Kind::Fence) {
      now.text += text + '\n';
      now.ends_in_evidence = false;
    }
  }
  return sections;
}

void check_reasons(const Section& section, Problems& problems) {
  const std::string& heading = section.heading->lines[0];
  const bool why = heading.starts_with("Why:");
  if (!why && !heading.starts_with("Quiz:")) return;
  if (!section.ends_in_evidence)
    problems.add(
        section.heading->line,
        "'" + heading +
            "' ends in words that rest on nothing; write below them '*Shown by [name.lab](name.lab): "
            "`step = result`.*' or '*Rests on ip(7).*'");
  else if (why && !section.shown && section.documents.empty())
    problems.add(section.heading->line, "'" + heading + "' names neither an experiment nor a document");
}

void check_elsewhere(const Section& section, Problems& problems) {
  for (const System& system : systems) {
    if (section.text.find(system.name) == std::string::npos) continue;
    const auto names = [&](const char* who) { return section.documents.find(who) != std::string::npos; };
    if (std::none_of(system.documented_by.begin(), system.documented_by.end(), names))
      problems.add(section.heading->line,
                   "what '" + section.heading->lines[0] + "' says of " + system.name +
                       " was not measured here; name its documentation: '*Rests on …*'");
  }
}

bool speaks_of_a_kernel(const std::string& text) {
  static constexpr std::array words = {"kernel", "Linux",     "ECONN", "EADDR",
                                       "EACCES", "ETIMEDOUT", "ENET",  "EHOST"};
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return text.find(word) != std::string::npos; });
}

/// A page with an experiment shows what it says; one without needs a tag.
void check_pages(const Lesson& lesson, const std::vector<Section>& sections, Problems& problems) {
  for (const auto& section : sections) {
    if (section.heading == nullptr || section.heading->level != 2) continue;
    const auto page = std::find_if(lesson.pages.begin(), lesson.pages.end(),
                                   [&](const Page& one) { return one.line == section.heading->line; });
    if (page == lesson.pages.end() || !page->experiment.empty() || page->stage == Stage::Question) continue;
    if (speaks_of_a_kernel(section.text) && !section.shown && section.documents.empty())
      problems.add(section.heading->line,
                   "this page says what a kernel does and shows it by nothing; add "
                   "'Experiment: …', or '*Shown by …*'");
  }
}

}  // namespace

void check_truth(const Lesson& lesson, const std::string& text, Problems& problems) {
  const auto blocks = split_blocks(text);
  const auto sections = sections_of(blocks);
  for (const auto& section : sections) {
    if (section.heading == nullptr) continue;
    if (section.heading->lines[0] == "Try it") break;  // its notes say where each command is from
    check_reasons(section, problems);
    check_elsewhere(section, problems);
  }
  check_pages(lesson, sections, problems);
}

}  // namespace loopscope::lessons::check
