#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace loopscope::lessons::check {

/// Files of a small, complete lesson that passes check_lesson(): for who writes a first one of his own.
struct Template {
  std::vector<std::pair<std::string, std::string>> files;  ///< name and text
};
[[nodiscard]] Template template_for(int number, const std::string& title);

/// 'my-first-socket' of 'My first socket!'
[[nodiscard]] std::string folder_name_of(const std::string& title);

/// Makes a new lesson and lists it in README.md of the folder that it is in, which is made where there is
/// none. `wish`: a title ('My first socket': the next free number in `here`) or a folder ('course/03-doors').
/// Nothing that is there is written over. The new folder, or what hindered it.
[[nodiscard]] tl::expected<std::string, std::string> make_lesson(const std::string& wish,
                                                                 const std::string& here);

}  // namespace loopscope::lessons::check
