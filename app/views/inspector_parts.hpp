#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/notation/mask.hpp"
#include "app/views/actions.hpp"
#include "app/views/snapshot.hpp"
#include "app/widgets/marks.hpp"
#include "app/widgets/ui.hpp"

/// The tabs of the inspector. Each draws from `column.y0` down, within `visible`, and returns the y where it
/// ends.
namespace loopscope::app {

struct InspectorPlace {
  Rect column;   ///< x from its sides; y0: where the content begins, above the edge where it is scrolled
  Rect visible;  ///< what can be seen: long lists draw no more
  /// A tab puts the part here that must come into sight: the current line, the newest call. Nothing: leave it
  /// as it is.
  std::optional<std::pair<float, float>>* show = nullptr;
};

float draw_sockets_tab(Ui& ui, InspectorPlace place, const Snapshot& now, Actions& actions);
float draw_packets_tab(Ui& ui, InspectorPlace place, const Snapshot& now, Actions& actions);
float draw_calls_tab(Ui& ui, InspectorPlace place, const Snapshot& now, Actions& actions);
float draw_code_tab(Ui& ui, InspectorPlace place, const Snapshot& now, Actions& actions);
float draw_commands_tab(Ui& ui, InspectorPlace place, const Snapshot& now, Actions& actions);

// ---- shared by the tabs
/// What a pending question hides; nothing where none is pending.
[[nodiscard]] notation::Mask mask_of(const Snapshot& now);
/// The machines of the experiment, this one first; one alone where there are no others.
[[nodiscard]] std::vector<std::string> machines_of(const Snapshot& now);
/// 'this machine', 'laptop'
[[nodiscard]] std::string_view title_of(std::string_view host);
/// The socket table of a machine at the playhead.
[[nodiscard]] std::span<const trace::SocketEntry> sockets_of(const Snapshot& now, std::string_view host);
[[nodiscard]] Tone tone_of(SocketState state);
/// 'socket:1234', as action::Select names it; empty where the kernel gave no identity.
[[nodiscard]] std::string selection_of(const trace::SocketEntry& socket);

/// 'name ……… value' with the mark of its provenance; returns the height.
struct Field {
  std::string_view name;
  std::string value;
  Provenance provenance = Provenance::Measured;
  std::optional<Tone> tone = {};
};
float draw_field(Ui& ui, Point at, float width, const Field& field);
/// A line of words in the middle of an empty list; returns the height.
float draw_nothing(Ui& ui, Point at, float width, std::string_view words);
/// A machine's socket table as ss prints it, in a box to copy from; returns the height.
float draw_ss_box(Ui& ui, Point at, float width, const Rect& visible, const Snapshot& now,
                  std::string_view host, Actions& actions);
/// All fields of a packet with a heading; returns the height.
float draw_packet_fields(Ui& ui, Point at, float width, std::string_view title, const trace::Packet& packet,
                         Nanoseconds made, const notation::Mask& mask);
/// The packet that is held, with its fields; nothing where none is. Returns the height.
float draw_held_packet(Ui& ui, Point at, float width, const Snapshot& now);

}  // namespace loopscope::app
