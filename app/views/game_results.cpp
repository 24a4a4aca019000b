#include "app/views/game_screen.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "lessons/game/catalogue.hpp"
#include "lessons/game/results.hpp"
#include "lessons/game/schedule.hpp"

namespace loopscope::app {

namespace {

void draw_mark(Ui& ui, Point centre, bool right) {
  ui.paint().icon(centre, 18, ui.palette().of(right ? Tone::Good : Tone::Bad),
                  right ? icon::CheckCircle : icon::Cancel);
}

/// Buttons below the results.
float draw_ways_on(Ui& ui, Rect area, Actions& actions) {
  const Button ways[] = {
      {.id = "test/export", .label = "Export as CSV", .tip = "All tests, one line an answer"},
      {.id = "test/again", .label = "Take it again", .tip = "The same rules, other numbers"},
      {.id = "test/home", .label = "Home", .look = Look::Primary, .tip = "All lessons (Esc)"}};
  float x = area.x0;
  for (const Button& way : ways) {
    const float wide = button_width(ui, way) + 8;
    if (button(ui, Rect::at(x, area.y0, wide, 36), way)) {
      if (way.id == "test/export") actions.push_back(action::ExportTest{});
      if (way.id == "test/again") actions.push_back(action::OpenTest{});
      if (way.id == "test/home") actions.push_back(action::GoHome{});
    }
    x += wide + 12;
  }
  return 52;
}

float draw_result(Ui& ui, Rect area, std::size_t index, const lessons::TestAnswer& answer,
                  const lessons::TestTaken* before) {
  const Palette& p = ui.palette();
  ui.paint().line({area.x0, area.y0}, {area.x1, area.y0}, p.border);
  float x = area.x0 + 12;
  if (before != nullptr) {
    bool right = false;
    for (const auto& old : before->answers) right = right || (old.rule == answer.rule && old.right);
    draw_mark(ui, {x, area.y0 + 22}, right);
    ui.paint().icon({x + 26, area.y0 + 22}, 16, p.muted, icon::ArrowRight);
    x += 52;
  }
  draw_mark(ui, {x, area.y0 + 22}, answer.right);
  x += 26;
  std::string words = answer.call + " = " + answer.right_answer;
  if (!answer.right) words += answer.answer.empty() ? "   (not known)" : "   (not " + answer.answer + ")";
  ui.paint().text_fit(Type::Mono, {x, area.y0 + 22}, p.text, words, area.x1 - x);
  const float high = ui.paint().paragraph(Type::Small, {x, area.y0 + 36}, area.x1 - x, p.muted,
                                          game::sentence_of(answer.rule));
  ui.note("test/result/" + std::to_string(index + 1), words, {area.x0, area.y0, area.x1, area.y0 + 36 + high},
          answer.right);
  return 36 + high + 10;
}

}  // namespace

float draw_test_results(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  const Palette& p = ui.palette();
  const float top = area.y0;
  if (now.progress == nullptr || now.progress->tests.empty()) {
    ui.paint().text(Type::Body, {area.x0, area.y0 + 16}, p.muted, "The kernel makes the calls \xe2\x80\xa6");
    return 40;
  }
  const auto& tests = now.progress->tests;
  const auto& last = tests.back();
  const lessons::TestTaken* before = tests.size() > 1 ? &tests.front() : nullptr;
  const std::string count =
      std::to_string(game::right_of(last)) + " of " + std::to_string(last.answers.size());
  const std::string title =
      before == nullptr ? count + " right"
                        : count + " right, " + std::to_string(game::right_of(*before)) + " in the first test";
  ui.paint().text_fit(Type::H1, {area.x0, area.y0 + 16}, p.text, title, area.width());
  ui.note("test/title", title, Rect::at(area.x0, area.y0, area.width(), 32));
  area.y0 += 44;
  area.y0 +=
      ui.paint().paragraph(
          Type::Body, {area.x0, area.y0}, area.width(), p.muted,
          before == nullptr
              ? "This was the test before the course. Take it again afterwards: the same rules, other "
                "worlds and numbers. What you answered stays on this machine."
              : "Rule by rule, the first test and this one. What you answered stays on this machine.") +
      16;
  area.y0 += draw_ways_on(ui, area, actions);
  for (std::size_t i = 0; i < last.answers.size(); ++i)
    area.y0 += draw_result(ui, area, i, last.answers[i], before);
  return area.y0 - top;
}

float draw_rule_scores(Ui& ui, Rect area, const lessons::GameRecord& record) {
  const Palette& p = ui.palette();
  const float top = area.y0;
  const auto score = game::score_of(record);
  struct Group {
    game::Knowledge knowledge;
    std::string title;
    Tone tone;
    int count;
  };
  const Group groups[] = {{game::Knowledge::Shaky, "Shaky: these come again", Tone::Waiting, score.shaky},
                          {game::Knowledge::Known, "Known", Tone::Good, score.known},
                          {game::Knowledge::New, "New", Tone::Neutral, score.unasked}};
  for (const Group& group : groups) {
    if (group.count == 0) continue;
    const std::string title = group.title + "  \xc2\xb7  " + std::to_string(group.count);
    ui.paint().text(Type::SmallBold, {area.x0, area.y0 + 12}, p.of(group.tone), title);
    ui.note("game/rules/" + std::string(to_string(group.knowledge)), title,
            Rect::at(area.x0, area.y0, area.width(), 24));
    area.y0 += 28;
    for (const auto& topic : game::topics()) {
      if (game::knowledge_of(record, topic.rule) != group.knowledge) continue;
      const auto found = record.rules.find(std::string(topic.rule));
      const std::string times = found == record.rules.end() ? ""
                                                            : std::to_string(found->second.right) + "/" +
                                                                  std::to_string(found->second.asked);
      ui.paint().disc({area.x0 + 5, area.y0 + 10}, 3.5F, p.of(group.tone));
      // A rule that has not been asked yet must not give its answer away.
      const bool unasked = group.knowledge == game::Knowledge::New;
      const std::string words = unasked ? std::string(topic.rule) : game::sentence_of(topic.rule);
      const float wide = area.width() - 18 - 44;
      const float high = ui.paint().paragraph(Type::Caption, {area.x0 + 18, area.y0}, wide,
                                              unasked ? p.muted : p.text, words, 17, 2);
      ui.paint().text(Type::Caption, {area.x1, area.y0 + 10}, p.muted, times, AlignX::Right);
      area.y0 += std::max(20.0F, high) + 4;
    }
    area.y0 += 10;
  }
  return area.y0 - top;
}

}  // namespace loopscope::app
