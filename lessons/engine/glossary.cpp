#include "lessons/engine/glossary.hpp"

#include <algorithm>

#include "lessons/engine/blocks.hpp"
#include "lessons/engine/lesson_source.hpp"

namespace loopscope::lessons {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Names in capitals are taken as they are written, others in small letters as well.
bool says(const std::string& text, const std::string& name) {
  const bool any_case = std::any_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  const auto same = [&](char one, char other) {
    return any_case ? lower(one) == lower(other) : one == other;
  };
  for (auto at = text.begin();;) {
    at = std::search(at, text.end(), name.begin(), name.end(), same);
    if (at == text.end()) return false;
    const auto end = at + static_cast<std::ptrdiff_t>(name.size());
    if ((at == text.begin() || !is_letter(*(at - 1))) && (end == text.end() || !is_letter(*end))) return true;
    ++at;
  }
}

std::string all_words(const Lesson& lesson) {
  std::string text;
  for (const auto& page : lesson.pages) {
    text += page.markdown + '\n';
    for (const auto& quiz : page.quizzes) {
      text += quiz.text + '\n';
      for (const auto& choice : quiz.choices) text += choice.text + '\n' + choice.feedback + '\n';
    }
  }
  for (const auto& forecast : lesson.forecasts) {
    text += forecast.text + '\n';
    for (const auto& choice : forecast.choices) text += choice.text + '\n' + choice.feedback + '\n';
  }
  return text;
}

}  // namespace

std::vector<Term> load_glossary(const std::string& folder) {
  std::vector<Term> terms;
  const auto text = read_small_file(folder + "/glossary.md", max_lesson_bytes);
  if (!text) return terms;
  for (const auto& block : split_blocks(*text)) {
    const std::string words = joined(block);
    const auto end = words.find(".**");
    if (block.kind != Block::Kind::Paragraph || !words.starts_with("**") || end == std::string::npos)
      continue;
    terms.push_back(
        {words.substr(2, end - 2), std::string(trimmed(std::string_view(words).substr(end + 3)))});
  }
  return terms;
}

std::vector<Term> terms_of(const Lesson& lesson, const std::vector<Term>& glossary) {
  const std::string text = all_words(lesson);
  std::vector<Term> said;
  for (const Term& term : glossary)
    if (says(text, term.name)) said.push_back(term);
  return said;
}

}  // namespace loopscope::lessons
