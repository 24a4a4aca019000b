#include "app/views/game_screen.hpp"

#include <array>
#include <cmath>

#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/scroll_area.hpp"
#include "lessons/game/catalogue.hpp"

namespace loopscope::app {

namespace {

constexpr std::array<Key, 6> answer_keys{Key::One, Key::Two, Key::Three, Key::Four, Key::Five, Key::Six};

float draw_heading(Ui& ui, Rect area, const GameView& game, const Snapshot& now) {
  const Palette& p = ui.palette();
  const bool first = now.progress == nullptr || now.progress->tests.empty();
  const std::string title = !game.test ? "You are the kernel"
                            : first    ? "The test before the course"
                                       : "The test after the course";
  std::string words;
  if (game.test) {
    words = "Question " + std::to_string(game.number) + " of " + std::to_string(game.of);
  } else if (now.progress != nullptr) {
    words = std::to_string(game.right) + " of " + std::to_string(game.asked) + " right   run " +
            std::to_string(now.progress->game.run) + "   best " + std::to_string(now.progress->game.best_run);
  }
  const float wide = ui.paint().width(Type::SmallBold, words);
  ui.paint().text(Type::SmallBold, {area.x1, area.y0 + 16}, p.muted, words, AlignX::Right);
  ui.note("game/score", words, Rect::at(area.x1 - wide, area.y0, wide, 32));
  ui.paint().text_fit(Type::H1, {area.x0, area.y0 + 16}, p.text, title, area.width() - wide - 24);
  if (!game.test) return 40;
  const float cell = (area.width() + 4) / static_cast<float>(std::max(1, game.of)) - 4;
  for (int i = 0; i < game.of; ++i)
    ui.paint().fill(Rect::at(area.x0 + static_cast<float>(i) * (cell + 4), area.y0 + 40, cell, 4),
                    i + 1 < game.number ? p.accent : p.strong_border, 2);
  return 56;
}

struct Columns {
  float transport = 0, state = 0, local = 0, peer = 0, socket = 0;
};

Columns columns_of(Ui& ui, float x, const std::vector<game::Holder>& world) {
  float state = ui.paint().width(Type::SmallMono, "LISTEN"),
        local = ui.paint().width(Type::SmallMono, "Local");
  float peer = 0;
  for (const auto& holder : world) {
    state = std::max(state, ui.paint().width(Type::SmallMono, holder.state));
    local = std::max(local, ui.paint().width(Type::SmallMono, holder.local));
    peer = std::max(peer, ui.paint().width(Type::SmallMono, holder.peer));
  }
  Columns at;
  at.transport = x;
  at.state = x + ui.paint().width(Type::SmallMono, "udp6") + 14;
  at.local = at.state + state + 14;
  at.peer = at.local + local + 14;
  at.socket = peer > 0 ? at.peer + peer + 14 : at.peer;
  return at;
}

float draw_world(Ui& ui, Rect area, const GameView& game) {
  const Palette& p = ui.palette();
  constexpr float line = 24;
  const auto& world = game.question->world;
  const float tall = 40 + line * static_cast<float>(std::max<std::size_t>(1, world.size())) + 10;
  const Rect card = Rect::at(area.x0, area.y0, area.width(), tall);
  draw_panel(ui, card);
  const Columns at = columns_of(ui, card.x0 + 20, world);
  float y = card.y0 + 20;
  const auto head = [&](float x, std::string_view words) {
    ui.paint().text(Type::Caption, {x, y}, p.muted, words);
  };
  head(at.transport, "Netid");
  head(at.state + 4, "State");
  head(at.local, "Local");
  if (at.peer != at.socket) head(at.peer, "Peer");
  head(at.socket, "Socket");
  y += line;
  if (world.empty()) ui.paint().text(Type::Small, {at.transport, y}, p.muted, "No socket holds a port.");
  for (std::size_t i = 0; i < world.size(); ++i, y += line) {
    const game::Holder& holder = world[i];
    const bool lit = game.verdict && holder.decides;
    const Rect row = Rect::at(card.x0 + 8, y - line / 2, card.width() - 16, line);
    if (lit) ui.paint().fill(row, p.ground_of(Tone::Waiting), 6);
    if (holder.of_the_call) ui.paint().fill(Rect::at(row.x0, row.y0 + 3, 3, line - 6), p.accent, 1.5F);
    const Colour ink = holder.of_the_call ? p.accent : p.text;
    ui.paint().text(Type::SmallMono, {at.transport, y}, p.muted, holder.transport);
    ui.paint().text(Type::SmallMono, {at.state, y}, holder.state == "LISTEN" ? p.of(Tone::Good) : p.text,
                    holder.state);
    ui.paint().text(Type::SmallMono, {at.local, y}, p.text, holder.local.empty() ? "-" : holder.local);
    ui.paint().text(Type::SmallMono, {at.peer, y}, p.muted, holder.peer);
    const std::string who = holder.process.empty() ? "nobody's" : holder.process + "  " + holder.variable;
    const float named = ui.paint().text(Type::SmallMono, {at.socket, y}, ink, who) + 14;
    ui.paint().text_fit(Type::SmallMono, {at.socket + named, y}, p.of(Tone::Call), holder.options,
                        row.x1 - at.socket - named - 6);
    ui.note("game/socket/" + std::to_string(i),
            holder.transport + " " + holder.state + " " + holder.local + " " + who + " " + holder.options,
            row, lit);
  }
  return tall;
}

float draw_calls(Ui& ui, Rect area, const GameView& game) {
  const Palette& p = ui.palette();
  float y = area.y0;
  for (const auto& setting : game.question->settings) {
    ui.paint().text_fit(Type::SmallBold, {area.x0, y + 10}, p.of(Tone::Waiting), setting, area.width());
    y += 22;
  }
  // In two columns where there is room: the whole question is to be seen at once.
  const auto& calls = game.question->earlier;
  const std::size_t columns = area.width() > 720 && calls.size() > 3 ? 2 : 1;
  const std::size_t lines = (calls.size() + columns - 1) / columns;
  const float wide = area.width() / static_cast<float>(columns);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const Point at{area.x0 + static_cast<float>(i / lines) * wide,
                   y + static_cast<float>(i % lines) * 19 + 9};
    ui.paint().text_fit(Type::SmallMono, at, p.muted, calls[i], wide - 16);
  }
  return y + static_cast<float>(lines) * 19 - area.y0;
}

float draw_call(Ui& ui, Rect area, const GameView& game) {
  const Palette& p = ui.palette();
  const Rect card = Rect::at(area.x0, area.y0, area.width(), 52);
  ui.paint().fill(card, p.ground_of(Tone::Call), radius::card);
  ui.paint().stroke(card, p.of(Tone::Call), radius::card);
  float x = card.x0 + 20;
  x += ui.paint().text(Type::H3, {x, card.mid_y()}, p.of(Tone::Call), game.question->process) + 16;
  const std::string answer = !game.answered ? "?" : game.verdict ? game.verdict->answer : "\xe2\x80\xa6";
  const std::string call = game.question->call + " = " + answer;
  ui.paint().text_fit(Type::BodyMono, {x, card.mid_y()}, p.text, call, card.x1 - x - 16);
  ui.note("game/call", game.question->process + ": " + call, card);
  return 52;
}

ChoiceState state_of(const GameView& game, std::size_t i) {
  if (!game.answered) return ChoiceState::Open;
  const bool chosen = game.chosen == i;
  if (!game.verdict) return chosen ? ChoiceState::Selected : ChoiceState::Open;
  if (game.verdict->right == i) return chosen ? ChoiceState::Right : ChoiceState::Missed;
  return chosen ? ChoiceState::Wrong : ChoiceState::Open;
}

float draw_answers(Ui& ui, Rect area, const GameView& game, Actions& actions) {
  constexpr float tall = 44, gap = 8;
  const auto& answers = game.question->answers;
  const std::size_t columns = area.width() >= 560 ? 3 : 2;
  const float wide = (area.width() + gap) / static_cast<float>(columns) - gap;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const float x = area.x0 + static_cast<float>(i % columns) * (wide + gap);
    const float y = area.y0 + static_cast<float>(i / columns) * (tall + gap);
    const std::string id = "game/answer/" + std::to_string(i + 1), note = std::to_string(i + 1);
    const bool pressed = choice(ui, Rect::at(x, y, wide, tall),
                                {.id = id,
                                 .label = answers[i].name,
                                 .note = note,
                                 .state = state_of(game, i),
                                 .enabled = !game.answered,
                                 .mono = true});
    ui.tooltip(game.answered ? "" : answers[i].words);
    if (pressed) actions.push_back(action::AnswerCall{i});
  }
  const std::size_t lines = (answers.size() + columns - 1) / columns;
  return static_cast<float>(lines) * (tall + gap);
}

float draw_foot(Ui& ui, Rect area, const GameView& game, Actions& actions) {
  const Palette& p = ui.palette();
  const Button none{
      .id = "game/no-idea", .label = "I don't know", .look = Look::Ghost, .tip = "Counts as not known (0)"};
  const float wide = button_width(ui, none);
  if (button(ui, Rect::at(area.x0, area.y0, wide, 32), none)) actions.push_back(action::AnswerCall{});
  ui.paint().text_fit(Type::Caption, {area.x0 + wide + 16, area.y0 + 16}, p.muted,
                      game.test ? "1 to 6 answer, 0 is 'I don't know'. What was right is told at the end."
                                : "1 to 6 answer, 0 is 'I don't know', Enter goes on, Escape leads home.",
                      area.width() - wide - 16);
  return 40;
}

/// Where the question's rule is taught.
const lessons::Lesson* lesson_of(const GameView& game, const Snapshot& now) {
  const auto* topic = game::find_topic(game.question->rule);
  if (topic == nullptr || now.lessons == nullptr) return nullptr;
  for (const auto& lesson : *now.lessons)
    if (lesson.id == topic->lesson) return &lesson;
  return nullptr;
}

/// What was answered beside what happened, and why.
float draw_verdict(Ui& ui, Rect area, const GameView& game, const Snapshot& now, Actions& actions) {
  const Palette& p = ui.palette();
  if (!game.verdict) {
    ui.paint().text(Type::Small, {area.x0, area.y0 + 16}, p.muted, "The kernel makes the call \xe2\x80\xa6");
    return 40;
  }
  const bool right = game.chosen == game.verdict->right;
  float& tall = ui.state<float>("game/verdict/height", 120);
  const Rect card = Rect::at(area.x0, area.y0, area.width(), tall);
  draw_card(ui, card, {.tone = right ? Tone::Good : Tone::Bad, .toned = true});
  Rect in = card.inset(20, 14);
  const Button go{.id = "game/next",
                  .label = "Next",
                  .icon = icon::ArrowRight,
                  .look = Look::Primary,
                  .icon_after = true,
                  .tip = "The next call (Enter)"};
  const float wide = button_width(ui, go) + 8;
  if (button(ui, Rect::at(in.x1 - wide, in.y0, wide, 36), go)) actions.push_back(action::NextCall{});
  const std::string says =
      std::string(game.verdict->by_kernel ? "The kernel: " : "The model: ") + game.verdict->answer;
  const std::string mine = right         ? ", as you said"
                           : game.chosen ? ", not " + game.question->answers[*game.chosen].name
                                         : "";
  ui.paint().icon({in.x0 + 10, in.y0 + 16}, 20, p.of(right ? Tone::Good : Tone::Bad),
                  right ? icon::CheckCircle : icon::Cancel);
  const float words = ui.paint().text(Type::H3, {in.x0 + 30, in.y0 + 16}, p.text, says + mine);
  ui.note("game/verdict", says + mine, Rect::at(in.x0, in.y0, words + 30, 32), right);
  draw_provenance(ui, {in.x0 + 30 + words + 18, in.y0 + 16},
                  game.verdict->by_kernel ? Provenance::Measured : Provenance::Predicted);
  float y = in.y0 + 44;
  const auto say = [&](Type type, Colour ink, const std::string& text, std::string_view id) {
    if (text.empty()) return;
    const float high = ui.paint().paragraph(type, {in.x0, y}, in.width(), ink, text);
    ui.note(id, text, Rect::at(in.x0, y, in.width(), high));
    y += high + 6;
  };
  say(Type::Body, p.text, game.feedback, "game/feedback");
  say(Type::Body, right || game.feedback.empty() ? p.text : p.muted, game.question->why, "game/why");
  if (game.verdict->differs)
    say(Type::Small, p.of(Tone::Waiting),
        "The model expected " + game.question->answers[game.question->predicted].name +
            ": its rule does not fit here. What the kernel did counts.",
        "game/differs");
  if (!game.no_kernel.empty())
    say(Type::Small, p.of(Tone::Waiting), "No kernel could be asked: " + game.no_kernel, "game/no-kernel");
  say(Type::Caption, p.muted, "Rule " + game.question->rule + "   " + game.question->source, "game/rule");
  if (const auto* lesson = lesson_of(game, now)) {
    const std::string where = "Lesson " + std::to_string(lesson->number) + ": " + lesson->title;
    if (link(ui, {in.x0, y + 10}, "game/lesson", where)) actions.push_back(action::OpenLesson{lesson->id});
    y += 26;
  }
  tall = y + 8 - card.y0;
  return tall;
}

void take_keys(Ui& ui, const GameView& game, Actions& actions) {
  if (ui.shortcut(Key::Escape)) actions.push_back(action::GoHome{});
  if (game.question == nullptr) return;
  if (!game.answered) {
    for (std::size_t i = 0; i < std::min(answer_keys.size(), game.question->answers.size()); ++i)
      if (ui.shortcut(answer_keys[i])) actions.push_back(action::AnswerCall{i});
    if (ui.shortcut(Key::Zero)) actions.push_back(action::AnswerCall{});
  } else if (game.verdict) {
    bool go = false;
    for (const Key key : {Key::Enter, Key::Space, Key::Right}) go = ui.shortcut(key) || go;
    if (go) actions.push_back(action::NextCall{});
  }
}

/// A new question begins at the top; its verdict is brought into sight, and then the learner may scroll.
void scroll_along(Ui& ui, ScrollArea& scroll, const GameView& game, float end) {
  int& number = ui.state<int>("game/shown", 0);
  int& frames = ui.state<int>("game/bring", 0);  // its height is known after the first
  if (number != game.number) {
    number = game.number;
    scroll.to_top();
  }
  if (!game.verdict) {
    frames = 3;
  } else if (frames > 0) {
    --frames;
    scroll.show(end - 60, end - 4);
    ui.animate();
  }
}

float draw_question(Ui& ui, Rect at, const GameView& game, const Snapshot& now, Actions& actions) {
  const float top = at.y0;
  at.y0 += draw_heading(ui, at, game, now) + 8;
  at.y0 += draw_world(ui, at, game) + 12;
  at.y0 += draw_calls(ui, at, game) + 12;
  at.y0 += draw_call(ui, at, game) + 12;
  at.y0 += draw_answers(ui, at, game, actions) + 4;
  at.y0 += game.answered ? draw_verdict(ui, at, game, now, actions) : draw_foot(ui, at, game, actions);
  return at.y0 - top;
}

}  // namespace

void draw_game(Ui& ui, Rect area, const Snapshot& now, Actions& actions) {
  if (now.game == nullptr) return;
  const GameView& game = *now.game;
  const bool scores = !game.test && now.progress != nullptr;
  const bool beside = scores && area.width() >= 1100;
  if (beside) {
    const Rect column = area.cut_right(std::min(400.0F, area.width() * 0.3F)).inset(gutter, gutter);
    draw_panel(ui, column);
    ScrollArea list(ui, "game/rules", column.inset(4, 4), ui.palette().panel);
    const Rect at = list.content().inset(12, 8);
    list.end_at(at.y0 + draw_rule_scores(ui, at, now.progress->game));
  }
  ScrollArea scroll(ui, "game", area, ui.palette().ground);
  Rect at = scroll.content();
  const float margin = std::max(area.width() < 1100 ? 16.0F : 28.0F, (at.width() - 980) / 2);
  at = {at.x0 + margin, at.y0 + 16, at.x1 - margin, at.y1};
  at.y0 += game.question == nullptr ? draw_test_results(ui, at, now, actions)
                                    : draw_question(ui, at, game, now, actions);
  const float end = at.y0;
  if (scores && !beside) at.y0 += draw_rule_scores(ui, {at.x0, at.y0 + 16, at.x1, at.y1}, now.progress->game);
  scroll_along(ui, scroll, game, end);
  scroll.end_at(at.y0 + 16);
  take_keys(ui, game, actions);
}

}  // namespace loopscope::app
