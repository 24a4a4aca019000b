#pragma once

#include <map>
#include <string>

#include "app/views/screens.hpp"
#include "tests/support/ui_driver.hpp"

namespace loopscope::app::test {

/// A snapshot made by hand, and the little of a controller that the screens around the lesson need.
class Sample {
 public:
  Sample();

  Settings settings;
  lessons::Library library;
  lessons::Progress progress;
  std::vector<lab::Finding> findings;
  Files files;  ///< what is dropped or opened is only named
  Snapshot snapshot;
  Actions done;  ///< everything that was asked for

  void draw(Ui& ui, Rect area);
  [[nodiscard]] UiDriver::Draw drawing() {
    return [this](Ui& ui, Rect area) { draw(ui, area); };
  }
  /// The last action, where it is of this kind.
  template <class A>
  [[nodiscard]] const A* last() const {
    return done.empty() ? nullptr : std::get_if<A>(&done.back());
  }
  void open(const std::string& lesson);
  void carry_out(const Actions& actions);

 private:
  void carry_out_one(const Action& action);
};

}  // namespace loopscope::app::test
