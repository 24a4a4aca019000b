#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace loopscope::lessons {

/// Replaces `path` by a file with these bytes: written beside it, synced (fsync(2)), renamed over it
/// (rename(2)), and the folder synced, so that a crash, a kill or a full disk at any moment leaves either the
/// old file or the new one, whole. Makes missing folders (mode 0700). Error: a sentence that names the file
/// and the call. `before_rename` is for tests of that moment.
[[nodiscard]] tl::expected<void, std::string> write_durably(const std::string& path, std::string_view bytes,
                                                            const std::function<void()>& before_rename = {});

/// Renames a file that cannot be read aside, to `path`.damaged (or .damaged-2, … where that exists). Returns
/// its new name.
[[nodiscard]] tl::expected<std::string, std::string> keep_aside(const std::string& path);

}  // namespace loopscope::lessons
