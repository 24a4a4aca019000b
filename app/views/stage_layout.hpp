#pragma once

#include <optional>
#include <vector>

#include "app/views/stage_model.hpp"
#include "app/widgets/geometry.hpp"

/// Where everything of the stage stands, in points: a pure function of the model and the area. What doesn't
/// fit is counted.
namespace loopscope::app::stage {

enum class CardSize : std::uint8_t { Full, Half };

struct SocketPlace {
  std::size_t socket = 0;  ///< index in Model::sockets
  Rect area;
  CardSize size = CardSize::Full;
};

struct ColumnPlace {
  std::size_t column = 0;  ///< index in Model::columns
  float x = 0;             ///< its middle
  Rect process;
  Rect sockets_area;
  std::vector<SocketPlace> sockets;
  std::size_t more_sockets = 0;  ///< that found no place
  Rect more;                     ///< where their number is written
};

struct DoorPlace {
  std::size_t door = 0;  ///< index in Model::doors
  Rect area;             ///< from above the wall down to its lower edge
};

struct Layout {
  Rect area;
  bool compact = false;
  bool folded = false;
  Rect box;  ///< this machine
  float title_y = 0;
  float calls_y = 0;  ///< the line of the system calls
  Rect wall;
  std::vector<ColumnPlace> columns;
  std::size_t more_processes = 0;  ///< that found no place
  std::vector<DoorPlace> doors;
  std::size_t more_doors = 0;
  Rect gap;      ///< between two columns, for labels; empty where there are more
  Rect callout;  ///< in the gap: what waits in the accept queue; empty where nothing does or no room is
  float left_x = 0, right_x = 0;  ///< the legs of the U
  float gate_y = 0, bed_y = 0, radius = 0;
  Rect plate;  ///< lo
  Rect eth0;
  Rect free;     ///< room for words and buttons about what moves
  Rect verdict;  ///< below the box; empty where the network is not folded away
  // ---- beside other machines only
  bool boxed = false;
  bool eth0_right = false;  ///< the cable leaves to the right
  bool loop = true;         ///< the U has two legs; else lo stands by itself
  float cable_y = 0;        ///< what goes by eth0 runs below what goes by lo
  [[nodiscard]] float cable_x() const { return eth0_right ? eth0.x1 : eth0.x0; }  ///< where the cable begins

  [[nodiscard]] const DoorPlace* find_door(std::size_t door) const;
  [[nodiscard]] const ColumnPlace* find_column(std::size_t column) const;
};

[[nodiscard]] Layout lay_out(const Model& model, const Rect& area);

/// A machine beside others: the box is given, and there is less room in it.
struct Box {
  Rect area;
  bool eth0_right = false;
  bool folded = false;  ///< it ends below the wall
};
[[nodiscard]] Layout lay_out_in(const Model& model, const Box& box);
/// The width that its columns want in a box.
[[nodiscard]] float box_width_for(std::size_t columns);

}  // namespace loopscope::app::stage
