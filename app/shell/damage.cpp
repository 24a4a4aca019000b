#include "app/shell/damage.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace loopscope::app {
namespace {

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL;
  return hash ^ (hash >> 29);
}

std::uint64_t hash_of(const ImDrawVert& vertex) {
  std::uint64_t place = 0, texture = 0;
  static_assert(sizeof vertex.pos == sizeof place && sizeof vertex.uv == sizeof texture);
  std::memcpy(&place, &vertex.pos, sizeof place);
  std::memcpy(&texture, &vertex.uv, sizeof texture);
  return mix(mix(place, texture), vertex.col);
}

std::uint64_t hash_of(const ImDrawCmd& command) {
  std::uint64_t low = 0, high = 0;
  std::memcpy(&low, &command.ClipRect.x, sizeof low);
  std::memcpy(&high, &command.ClipRect.z, sizeof high);
  return mix(mix(low, high), reinterpret_cast<std::uintptr_t>(command.UserCallback));
}

struct Box {
  float x0, y0, x1, y1;
  [[nodiscard]] bool empty() const { return x0 >= x1 || y0 >= y1; }
};

Box intersected(const Box& a, const Box& b) {
  return {std::max(a.x0, b.x0), std::max(a.y0, b.y0), std::min(a.x1, b.x1), std::min(a.y1, b.y1)};
}

Box clip_of(const ImDrawCmd& command) {
  return {command.ClipRect.x, command.ClipRect.y, command.ClipRect.z, command.ClipRect.w};
}

/// One pixel wider than it is: edges are smoothed.
Box box_of(const ImVec2& a, const ImVec2& b, const ImVec2& c) {
  return {std::min({a.x, b.x, c.x}) - 1, std::min({a.y, b.y, c.y}) - 1, std::max({a.x, b.x, c.x}) + 1,
          std::max({a.y, b.y, c.y}) + 1};
}

/// Calls `take` with the indices and the box of each triangle of the command.
template <typename Take>
void each_triangle(const ImDrawList& list, const ImDrawCmd& command, const Take& take) {
  const ImDrawIdx* index = list.IdxBuffer.Data + command.IdxOffset;
  const ImDrawVert* vertex = list.VtxBuffer.Data + command.VtxOffset;
  for (unsigned i = 0; i + 2 < command.ElemCount; i += 3, index += 3) {
    take(index, box_of(vertex[index[0]].pos, vertex[index[1]].pos, vertex[index[2]].pos));
  }
}

}  // namespace

std::vector<PixelArea> Damage::compare(const ImDrawData& frame, int width, int height, std::uint32_t ground) {
  if (width != width_ || height != height_) forget();
  width_ = width;
  height_ = height;
  columns_ = (width + tile - 1) / tile;
  rows_ = (height + tile - 1) / tile;
  now_.assign(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_), mix(1, ground));
  const Box screen{0, 0, static_cast<float>(width), static_cast<float>(height)};
  for (int n = 0; n < frame.CmdListsCount; ++n) {
    const ImDrawList& list = *frame.CmdLists[n];
    vertices_.resize(static_cast<std::size_t>(list.VtxBuffer.Size));
    for (int i = 0; i < list.VtxBuffer.Size; ++i)
      vertices_[static_cast<std::size_t>(i)] = hash_of(list.VtxBuffer.Data[i]);
    for (const ImDrawCmd& command : list.CmdBuffer) {
      const std::uint64_t base = hash_of(command);
      const Box clip = intersected(clip_of(command), screen);
      if (clip.empty()) continue;
      each_triangle(list, command, [&](const ImDrawIdx* index, const Box& whole) {
        const Box box = intersected(whole, clip);
        if (box.empty()) return;
        std::uint64_t hash = base;
        for (int corner = 0; corner < 3; ++corner)
          hash = mix(hash, vertices_[command.VtxOffset + index[corner]]);
        const int x1 = std::min(columns_ - 1, static_cast<int>(box.x1) / tile);
        const int y1 = std::min(rows_ - 1, static_cast<int>(box.y1) / tile);
        for (int y = static_cast<int>(box.y0) / tile; y <= y1; ++y)
          for (int x = static_cast<int>(box.x0) / tile; x <= x1; ++x) {
            auto& cell = now_[static_cast<std::size_t>(y * columns_ + x)];
            cell = mix(cell, hash);
          }
      });
    }
  }
  auto areas = differing();
  before_.swap(now_);
  return areas;
}

/// Runs of tiles in a row; equal runs in rows that follow one another are one area.
std::vector<PixelArea> Damage::differing() const {
  if (before_.size() != now_.size()) return {{0, 0, width_, height_}};
  std::vector<PixelArea> done, open;
  const auto differs = [&](int x, int y) {
    const auto at = static_cast<std::size_t>(y * columns_ + x);
    return before_[at] != now_[at];
  };
  for (int y = 0; y < rows_; ++y) {
    std::vector<PixelArea> row;
    for (int x = 0; x < columns_;) {
      const int from = x;
      while (x < columns_ && differs(x, y)) ++x;
      if (x > from)
        row.push_back({from * tile, y * tile, std::min(width_, x * tile), std::min(height_, (y + 1) * tile)});
      else
        ++x;
    }
    for (PixelArea& area : row) {
      const auto above = std::find_if(open.begin(), open.end(), [&](const PixelArea& one) {
        return one.x0 == area.x0 && one.x1 == area.x1;
      });
      if (above == open.end()) continue;
      area.y0 = above->y0;
      open.erase(above);
    }
    done.insert(done.end(), open.begin(), open.end());
    open = std::move(row);
  }
  done.insert(done.end(), open.begin(), open.end());
  return done;
}

void Damage::reduce(ImDrawData& frame, const std::vector<PixelArea>& areas) {
  frame.TotalIdxCount = 0;
  for (int n = 0; n < frame.CmdListsCount; ++n) {
    ImDrawList& list = *frame.CmdLists[n];
    ImVector<ImDrawCmd> commands;
    ImVector<ImDrawIdx> indices;
    for (const ImDrawCmd& command : list.CmdBuffer) {
      for (const PixelArea& area : areas) {
        const Box clip =
            intersected(clip_of(command), {static_cast<float>(area.x0), static_cast<float>(area.y0),
                                           static_cast<float>(area.x1), static_cast<float>(area.y1)});
        if (clip.empty()) continue;
        ImDrawCmd one = command;
        one.ClipRect = {clip.x0, clip.y0, clip.x1, clip.y1};
        one.IdxOffset = static_cast<unsigned>(indices.Size);
        each_triangle(list, command, [&](const ImDrawIdx* index, const Box& box) {
          if (intersected(box, clip).empty()) return;
          for (int corner = 0; corner < 3; ++corner) indices.push_back(index[corner]);
        });
        one.ElemCount = static_cast<unsigned>(indices.Size) - one.IdxOffset;
        if (one.ElemCount > 0) commands.push_back(one);
      }
    }
    list.CmdBuffer.swap(commands);
    list.IdxBuffer.swap(indices);
    frame.TotalIdxCount += list.IdxBuffer.Size;
  }
}

}  // namespace loopscope::app
