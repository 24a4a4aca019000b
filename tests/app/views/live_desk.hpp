#pragma once

#include <string>

#include "app/controller/controller.hpp"
#include "tests/support/ui_driver.hpp"

namespace loopscope::app::test {

/// The whole program but its window: the real screen, driven by names, keys and mouse, over a real controller
/// with a real lab behind it.
class LiveDesk {
 public:
  /// The experiment is that of a lesson with one page, which is open.
  explicit LiveDesk(const std::string& experiment, int width = 1280, int height = 800);
  /// The home screen.
  LiveDesk();
  /// The home screen of the lessons that learners get, with a model of the test's own.
  explicit LiveDesk(Reasoning::Model model);
  virtual ~LiveDesk();
  LiveDesk(const LiveDesk&) = delete;
  LiveDesk& operator=(const LiveDesk&) = delete;
  /// Whether this machine makes a lab; where not, a warning says so.
  [[nodiscard]] static bool has_lab();

  [[nodiscard]] const Snapshot& now() { return controller_.snapshot(); }
  UiDriver& driver() { return driver_; }
  void does(Action action);
  void click(const std::string& id);
  void press(Key key, Mods mods = {});
  void type(const std::string& text);
  /// Opens the palette with the key I and chooses.
  void induce(const std::string& what);
  void steps(int count);
  /// Until the lab wants something.
  void settle();
  /// What is said of an item of the palette that cannot be chosen.
  [[nodiscard]] std::string why_not(const std::string& what);

  /// What became of the last step by that process whose text contains the words; "" where none has finished.
  [[nodiscard]] std::string result_of(const std::string& words);
  /// Why it could not be done.
  [[nodiscard]] std::string trouble_of(const std::string& words);
  [[nodiscard]] bool has_socket(const std::string& host, SocketState state, const std::string& local);
  [[nodiscard]] std::string written();  ///< the file's text
  [[nodiscard]] const std::string& copied() const { return copied_; }
  /// In both themes, at two sizes, where LOOPSCOPE_TEST_PICTURES names a folder.
  void picture(const std::string& name);

 private:
  LiveDesk(lessons::Library library, Reasoning::Model model, int width, int height);
  [[nodiscard]] bool busy();

  Controller controller_;
  Actions actions_;
  std::string copied_;
  UiDriver driver_;
};

}  // namespace loopscope::app::test
