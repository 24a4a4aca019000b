#include "app/views/stage_layout.hpp"

#include <algorithm>
#include <cmath>

#include "app/views/sequence_model.hpp"
#include "app/views/sequence_view.hpp"
#include "app/views/stage_path.hpp"
#include "sim/experiment/parser.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/journey_timeline.hpp"

namespace loopscope::app::stage {
namespace {

bool overlap(const Rect& a, const Rect& b) { return !a.intersected(b).empty(); }

/// A world of so many processes, each with a socket and a door; the last one listens.
Model crowd(std::size_t processes, std::size_t sockets_each) {
  Model model;
  for (std::size_t i = 0; i < processes; ++i) {
    ProcessView process;
    process.name = "p" + std::to_string(i);
    process.serves = i + 1 == processes;
    model.columns.push_back({model.processes.size(), {}});
    model.processes.push_back(process);
    for (std::size_t k = 0; k < sockets_each; ++k) {
      SocketView socket;
      socket.column = i;
      socket.entry.local.port = Port{static_cast<std::uint16_t>(40000 + 10 * i + k)};
      model.columns[i].sockets.push_back(model.sockets.size());
      model.sockets.push_back(socket);
      Door door;
      door.port = socket.entry.local.port;
      door.column = i;
      model.doors.push_back(door);
    }
  }
  return model;
}

const std::vector<Rect> areas{{0, 0, 876, 460}, {10, 20, 1130, 628}, {0, 0, 540, 400}, {0, 0, 1500, 900}};

}  // namespace

TEST_CASE("nothing on the stage covers anything else, and what finds no place is counted") {
  for (const Rect& area : areas) {
    for (std::size_t processes = 1; processes <= 9; ++processes) {
      for (std::size_t sockets = 0; sockets <= 4; ++sockets) {
        const Model model = crowd(processes, sockets);
        const Layout at = lay_out(model, area);
        INFO("area " << area.width() << "x" << area.height() << ", " << processes << " processes, " << sockets
                     << " sockets");
        CHECK(at.columns.size() + at.more_processes == processes);
        CHECK(at.doors.size() + at.more_doors == model.doors.size());
        std::vector<Rect> cards;
        for (const ColumnPlace& column : at.columns) {
          CHECK(column.sockets.size() + column.more_sockets == sockets);
          cards.push_back(column.process);
          for (const SocketPlace& socket : column.sockets) cards.push_back(socket.area);
          if (column.more_sockets > 0) cards.push_back(column.more);
        }
        for (std::size_t i = 0; i < cards.size(); ++i) {
          CHECK(at.box.contains(cards[i]));
          for (std::size_t k = i + 1; k < cards.size(); ++k) CHECK_FALSE(overlap(cards[i], cards[k]));
        }
        for (std::size_t i = 0; i < at.doors.size(); ++i) {
          CHECK(at.box.contains(at.doors[i].area));
          if (i > 0) CHECK(at.doors[i].area.x0 >= at.doors[i - 1].area.x1);
        }
        CHECK(area.contains(at.box));
        CHECK(at.plate.y1 <= at.box.y1);
        CHECK(at.plate.y0 >= at.wall.y1);
      }
    }
  }
}

TEST_CASE("doors stand in the order of their ports whatever the columns' order is") {
  Model model = crowd(3, 1);
  std::swap(model.doors[0].column, model.doors[2].column);
  const Layout at = lay_out(model, {0, 0, 1100, 600});
  REQUIRE(at.doors.size() == 3);
  CHECK(at.doors[0].area.x1 < at.doors[1].area.x0);
  CHECK(at.doors[1].area.x1 < at.doors[2].area.x0);
}

TEST_CASE("a lane goes from door to door and is measured by its length") {
  const Lane lane(200, 600, 100, 300, 40, 7);
  CHECK(lane.at(0) == Point{193, 100});
  CHECK(lane.at(lane.length()) == Point{607, 100});
  const Point middle = lane.at(lane.length() / 2);
  CHECK(std::abs(middle.x - 400) < 0.5F);
  CHECK(std::abs(middle.y - 307) < 0.5F);
  CHECK(lane.direction(1).y > 0.99F);
  CHECK(lane.direction(lane.length() / 2).x > 0.99F);
  CHECK(lane.at(-5) == lane.at(0));
  const auto piece = lane.piece(10, lane.length() - 10);
  CHECK(piece.size() > 10);
  CHECK(piece.front() == lane.at(10));
}

TEST_CASE("the sequence keeps the playhead in sight and maps places to moments and back") {
  const tests::Journey j = tests::journey();
  const experiment::Experiment parsed = experiment::parse(tests::journey_text, "t.lab").value();
  const sequence::Model model = sequence::model_of(j.timeline, &parsed);
  const Rect lanes{150, 60, 850, 170};
  sequence::View view;
  for (const trace::Event& event : j.timeline.events()) {
    const sequence::Frame frame(model, event.at, j.timeline.end(), lanes, view);
    const float x = frame.x(event.at);
    CHECK(x >= lanes.x0 - 0.5F);
    CHECK(x <= lanes.x1);
    CHECK(std::abs(frame.x(frame.moment_at(x)) - x) < 1);
  }
}

TEST_CASE("zooming leaves in place what lies under the pointer") {
  const tests::Journey j = tests::journey();
  const sequence::Model model = sequence::model_of(j.timeline, nullptr);
  const Rect lanes{150, 60, 850, 170};
  sequence::View view;
  const sequence::Frame before(model, j.accepted, j.timeline.end(), lanes, view);
  const double under = before.shown_at(500);
  sequence::Frame::zoom_at(view, before, 500, 2);
  const sequence::Frame after(model, j.accepted, j.timeline.end(), lanes, view);
  CHECK(std::abs(after.shown_at(500) - under) * after.scale() < 1);
  CHECK(after.scale() > before.scale() * 1.9);
}

TEST_CASE("lanes: client above lo, server below, one for each socket that lived at the same time") {
  const tests::Journey j = tests::journey();
  const experiment::Experiment parsed = experiment::parse(tests::journey_text, "t.lab").value();
  const sequence::Model model = sequence::model_of(j.timeline, &parsed);
  std::vector<std::string> names;
  for (const sequence::Lane& lane : model.lanes) names.push_back(lane.name);
  CHECK(names ==
        std::vector<std::string>{"client", "client socket", "lo", "server fd 3", "server fd 4", "server"});
  for (const sequence::Lane& lane : model.lanes) {
    for (std::size_t i = 1; i < lane.states.size(); ++i) {
      REQUIRE(lane.states[i - 1].to);
      CHECK(*lane.states[i - 1].to <= lane.states[i].from);
    }
  }
}

}  // namespace loopscope::app::stage
