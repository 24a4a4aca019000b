#include "app/cli/sequence_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "app/cli/html.hpp"

namespace loopscope::app::cli {
namespace {

using namespace sequence;

constexpr int column = 150, margin = 20, head = 56, row_height = 24, time_width = 70;

struct Row {
  enum class Kind : std::uint8_t { State, Call, Arrow };
  Nanoseconds at{};
  Kind kind{};
  std::size_t lane = 0;
  std::optional<std::size_t> to;
  std::string words;
  bool failed = false;
};

std::string call_words(const CallMark& call) {
  return call.name + (call.result.empty() ? "" : (call.result.starts_with("=") ? " " : " → ") + call.result);
}

std::vector<Row> rows_of(const Model& model) {
  std::vector<Row> rows;
  for (std::size_t lane = 0; lane < model.lanes.size(); ++lane) {
    for (const CallMark& call : model.lanes[lane].calls)
      rows.push_back({call.from, Row::Kind::Call, lane, {}, call_words(call), call.failed});
    for (const StateBar& state : model.lanes[lane].states)
      rows.push_back({state.from, Row::Kind::State, lane, {}, state.label, false});
  }
  for (const PacketArrow& arrow : model.arrows) {
    const std::size_t from = arrow.from.value_or(arrow.via);
    rows.push_back({arrow.at, Row::Kind::Arrow, from, arrow.to.value_or(arrow.via), arrow.label,
                    arrow.label.starts_with("RST")});
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& one, const Row& other) { return one.at < other.at; });
  return rows;
}

class Drawing {
 public:
  Drawing(const Model& model, std::vector<Row> rows) : model_(model), rows_(std::move(rows)) {}

  std::string take(const std::string& title) {
    const int width =
        2 * margin + time_width + column * static_cast<int>(std::max<std::size_t>(model_.lanes.size(), 1));
    bottom_ = head + row_height * (static_cast<int>(rows_.size()) + 1);
    text_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sequence\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
        "role=\"img\" "
        "aria-label=\"{2}\">\n<title>{2}</title>\n",
        width, bottom_ + margin, escaped(title));
    for (std::size_t lane = 0; lane < model_.lanes.size(); ++lane) draw_lane(lane);
    for (std::size_t row = 0; row < rows_.size(); ++row)
      draw_row(rows_[row], head + row_height * (static_cast<int>(row) + 1));
    return text_ + "</svg>\n";
  }

 private:
  [[nodiscard]] static int x_of(std::size_t lane) {
    return margin + time_width + column / 2 + column * static_cast<int>(lane);
  }

  void text(int x, int y, const std::string& words, const char* kind, const char* anchor = "middle") {
    text_ += fmt::format("<text x=\"{}\" y=\"{}\" class=\"{}\" text-anchor=\"{}\">{}</text>\n", x, y, kind,
                         anchor, escaped(words));
  }

  void draw_lane(std::size_t index) {
    const Lane& lane = model_.lanes[index];
    const int x = x_of(index);
    text(x, 20, lane.name, lane.kind == LaneKind::Process ? "name" : "socket");
    const std::string below =
        lane.kind == LaneKind::Socket && lane.process != lane.name ? lane.process : lane.host;
    if (!below.empty()) text(x, 36, below, "host");
    text_ += fmt::format("<line x1=\"{0}\" y1=\"44\" x2=\"{0}\" y2=\"{1}\" class=\"lane\" />\n", x, bottom_);
  }

  void draw_row(const Row& row, int y) {
    const double milliseconds = static_cast<double>(row.at.count()) * 1e-6;
    text(margin + time_width - 12, y + 4, fmt::format("{:.2f} ms", milliseconds), "time", "end");
    const int x = x_of(row.lane);
    if (row.kind == Row::Kind::Arrow) return draw_arrow(row, x, x_of(*row.to), y);
    if (row.kind == Row::Kind::State) {
      text_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"18\" rx=\"4\" class=\"state\" />\n",
                           x - 62, y - 9, 124);
      return text(x, y + 4, row.words, "word");
    }
    text_ += fmt::format("<path d=\"M{} {}l5 5l-5 5l-5 -5z\" class=\"{}\" />\n", x, y - 5,
                         row.failed ? "bad" : "call");
    text(x + 10, y + 4, row.words, row.failed ? "word bad-word" : "word", "start");
  }

  void draw_arrow(const Row& row, int from, int to, int y) {
    const char* kind = row.failed ? "bad" : "packet";
    if (from == to) to = from + column / 3;  // to a lane that is not drawn, or itself
    const int back = to > from ? -8 : 8;
    text_ +=
        fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" class=\"{}\" />\n", from, y, to, y, kind);
    text_ += fmt::format("<path d=\"M{} {}l{} -4v8z\" class=\"{}\" />\n", to, y, back, kind);
    text((from + to) / 2, y - 4, row.words, "packet-word");
  }

  const Model& model_;
  std::vector<Row> rows_;
  std::string text_;
  int bottom_ = 0;
};

}  // namespace

std::string sequence_svg(const Model& model, const std::string& title) {
  return Drawing(model, rows_of(model)).take(title);
}

}  // namespace loopscope::app::cli
