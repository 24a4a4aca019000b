#pragma once

#include "app/notation/times.hpp"
#include "app/views/actions.hpp"
#include "app/views/snapshot.hpp"
#include "app/views/stage_layout.hpp"
#include "app/views/stage_model.hpp"
#include "app/views/stage_path.hpp"
#include "app/widgets/controls.hpp"
#include "app/widgets/icons.hpp"
#include "app/widgets/marks.hpp"
#include "app/widgets/ui.hpp"

/// The drawing of a stage model. Each function draws one kind of thing where the layout says.
namespace loopscope::app::stage {

struct Scene {
  Ui& ui;
  const Model& model;
  const Layout& at;
  const trace::Timeline& timeline;
  bool can_act = false;                             ///< live, and the playhead is at its end
  const std::vector<lessons::Act>* acts = nullptr;  ///< what the page offers; may be null
  const Snapshot* remedies = nullptr;               ///< null where nothing is offered that would have worked
  Actions& actions;
  // ---- beside other machines
  std::string_view host = {};  ///< whose box it is; empty: the only machine
  std::string_view title = "this machine";
  std::string_view addresses = "127.0.0.1   ::1";

  /// 'stage/door/62893', beside others 'stage/laptop/door/62893'
  [[nodiscard]] std::string id(std::string_view name) const {
    return "stage/" + (host.empty() ? std::string() : std::string(host) + "/") + std::string(name);
  }
  [[nodiscard]] const Painter& paint() const { return ui.paint(); }
  [[nodiscard]] const Palette& palette() const { return ui.palette(); }
  [[nodiscard]] Colour tone(Mood mood) const;
  /// The ground of the kernel's half of the machine.
  [[nodiscard]] Colour kernel() const;
  /// The ground of the user's half.
  [[nodiscard]] Colour user() const;
  [[nodiscard]] Colour bed() const;
};

[[nodiscard]] Tone tone_of(Mood mood);
[[nodiscard]] Provenance provenance_of(Known known);

void draw_machine(const Scene& scene);  ///< the box, its halves, labels, the wall
void draw_track(const Scene& scene);    ///< the U, lo, the gates, eth0
void draw_stems(const Scene& scene);    ///< process - socket - door
void draw_doors(const Scene& scene);
void draw_descriptors(const Scene& scene);  ///< fd 3 on the line of the calls
void draw_columns(const Scene& scene);      ///< processes and sockets
void draw_socket_card(const Scene& scene, const SocketPlace& place);
void draw_callout(const Scene& scene);  ///< what waits in the accept queue
void draw_knock(const Scene& scene);    ///< the refused bind, and whose door it is
void draw_packets(const Scene& scene);
/// A packet's name and sign, the middle at a point.
void draw_pill(const Scene& scene, const PacketView& packet, Point middle);
void draw_words_of_network(const Scene& scene);  ///< held and passed packets, with the buttons
void draw_verdict(const Scene& scene);

/// The U and lo on it, without gates.
void draw_loop(const Scene& scene);
/// Shields over the lanes that have rules, and the bar where a packet has been stopped.
void draw_guards(const Scene& scene);
/// 'SYN ×2 dropped at input' with the rule that did it, in one line.
void draw_stopped(const Scene& scene, float y);
/// The button that opens the firewall (F), and the sheet with its rules.
void draw_firewall(const Scene& scene);

/// What the learner may do to a process at any moment: call it, freeze it, kill it, take its port.
[[nodiscard]] bool can_break(const Scene& scene, const ProcessView& process);
/// The name of the process whose menu is open; empty: none.
[[nodiscard]] std::string& menu_of(const Scene& scene);
void draw_menu(const Scene& scene, const Snapshot& now);

/// 'SYN', 'SYN-ACK': the lane that a packet takes, and where on it a stop is.
[[nodiscard]] Lane lane_of(const Layout& at, bool reply);
[[nodiscard]] float distance_of(const Layout& at, const Lane& lane, bool reply, Stop stop);
/// Where the packet is now.
[[nodiscard]] float distance_of(const Layout& at, const Lane& lane, const PacketView& packet);

/// Words with *bold* and `code`, broken at spaces and newlines; returns the height.
float draw_marked(const Scene& scene, Point at, float width, std::string_view text, float line_height = 20);

}  // namespace loopscope::app::stage
