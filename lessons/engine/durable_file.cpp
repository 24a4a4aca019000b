#include "lessons/engine/durable_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "sim/base/errno_name.hpp"
#include "sim/base/unique_fd.hpp"

namespace loopscope::lessons {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view unfinished = ".unfinished-";

std::string failure(std::string_view call, const std::string& path, int error) {
  return path + ": " + std::string(call) + ": " + errno_words(error) + " (" + errno_name(error) + ')';
}

/// What killed writers have left: theirs are older than any write takes.
void remove_leftovers(const fs::path& folder, const std::string& prefix) {
  std::error_code ignored;
  const auto old = fs::file_time_type::clock::now() - std::chrono::minutes(1);
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (entry.path().filename().string().starts_with(prefix) && entry.last_write_time(ignored) < old)
      fs::remove(entry.path(), ignored);
}

tl::expected<void, std::string> write_all(int fd, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return tl::unexpected(failure("write", path, errno));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(fd) != 0) return tl::unexpected(failure("fsync", path, errno));
  return {};
}

/// A rename is on the disk only once its folder is (fsync(2)).
tl::expected<void, std::string> sync_folder(const fs::path& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) return tl::unexpected(failure("open", folder.string(), errno));
  if (::fsync(fd.get()) != 0 && errno != EINVAL)  // EINVAL: a file system that syncs no folders
    return tl::unexpected(failure("fsync", folder.string(), errno));
  return {};
}

tl::expected<void, std::string> make_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::is_directory(folder, error)) return {};
  if (const fs::path above = folder.parent_path(); !above.empty() && above != folder)
    if (auto made = make_folder(above); !made) return made;
  // XDG Base Directory: 'created with permission 0700'.
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return tl::unexpected(failure("mkdir", folder.string(), errno));
  return {};
}

}  // namespace

tl::expected<void, std::string> write_durably(const std::string& path, std::string_view bytes,
                                              const std::function<void()>& before_rename) {
  const fs::path folder = fs::absolute(path).parent_path();
  if (auto made = make_folder(folder); !made) return made;
  const std::string prefix = fs::path(path).filename().string() + std::string(unfinished);
  remove_leftovers(folder, prefix);

  std::string temporary = (folder / (prefix + "XXXXXX")).string();
  UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd.valid()) return tl::unexpected(failure("mkostemp", temporary, errno));
  auto result = write_all(fd.get(), temporary, bytes);
  fd.reset();
  if (result && before_rename) before_rename();
  if (result && ::rename(temporary.c_str(), path.c_str()) != 0)
    result = tl::unexpected(failure("rename", path, errno));
  if (!result) {
    ::unlink(temporary.c_str());
    return result;
  }
  return sync_folder(folder);
}

tl::expected<std::string, std::string> keep_aside(const std::string& path) {
  for (int count = 1; count < 1000; ++count) {
    const std::string name = path + ".damaged" + (count == 1 ? "" : '-' + std::to_string(count));
    // Both fail where the name exists, so that nothing that was kept before is lost (rename(2), link(2)).
    if (::renameat2(AT_FDCWD, path.c_str(), AT_FDCWD, name.c_str(), RENAME_NOREPLACE) == 0) return name;
    if (errno == EINVAL && ::link(path.c_str(), name.c_str()) == 0) {  // a file system without that flag
      ::unlink(path.c_str());
      return name;
    }
    if (errno != EEXIST) return tl::unexpected(failure("rename", name, errno));
  }
  return tl::unexpected(path + ": a thousand damaged files are kept beside it already; remove some");
}

}  // namespace loopscope::lessons
