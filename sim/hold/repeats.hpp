#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "sim/base/time.hpp"
#include "sim/trace/event.hpp"

namespace loopscope::hold {

/// Remembers the TCP packets that came to be held and recognises what the kernel sends again. Pure: time is a
/// parameter.
class Repeats {
 public:
  enum class What : std::uint8_t {
    New,      ///< nothing like it before
    Surplus,  ///< a copy that nobody needs: what it repeats is held, or was let go and its acknowledgment is
              ///< held or on its way
    Again,    ///< sent again because it was lost (or not answered): to be held like any other
  };
  struct Answer {
    What what = What::New;
    std::optional<trace::HeldId> of;  ///< the packet that it repeats
  };
  [[nodiscard]] Answer look_at(const trace::Packet& packet, Nanoseconds now) const;

  void held(trace::HeldId id, const trace::Packet& packet);
  void passed(trace::HeldId id, Nanoseconds now);
  void dropped(trace::HeldId id);

 private:
  enum class Fate : std::uint8_t { Held, Passed, Dropped };
  struct Known {
    trace::HeldId id = 0;
    trace::Packet packet;
    Fate fate = Fate::Held;
    Nanoseconds passed_at{};
  };
  [[nodiscard]] Known* find(trace::HeldId id);
  [[nodiscard]] bool acknowledgment_held(const trace::Packet& packet) const;

  std::deque<Known> known_;  ///< oldest first
};

}  // namespace loopscope::hold
