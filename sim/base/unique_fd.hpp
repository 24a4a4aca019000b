#pragma once

namespace loopscope {

/// Owns one file descriptor and closes it. Move-only; never converts to int by itself.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) noexcept : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  ~UniqueFd() { reset(); }

  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool valid() const noexcept { return fd_ >= 0; }
  /// Gives the descriptor away; the caller closes it.
  [[nodiscard]] int release() noexcept;
  /// Closes what is owned and takes `fd` (or nothing). An error of close(2) is ignored: nothing can be done
  /// about it.
  void reset(int fd = -1) noexcept;

 private:
  int fd_ = -1;
};

}  // namespace loopscope
