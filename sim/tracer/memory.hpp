#pragma once

#include <sys/types.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <type_traits>

namespace loopscope::tracer {

/// The memory of a traced process (process_vm_readv(2)).
class Memory {
 public:
  explicit Memory(pid_t process) : process_(process) {}

  /// What can be read of `size` bytes there; shorter where the memory ends.
  [[nodiscard]] std::string bytes(std::uint64_t address, std::size_t size) const;
  /// Nothing where not all of it can be read.
  template <typename Value>
  [[nodiscard]] std::optional<Value> value(std::uint64_t address) const {
    static_assert(std::is_trivially_copyable_v<Value>);
    Value value;
    if (read(address, &value, sizeof value) != sizeof value) return std::nullopt;
    return value;
  }

 private:
  [[nodiscard]] std::size_t read(std::uint64_t address, void* target, std::size_t size) const;
  pid_t process_;
};

}  // namespace loopscope::tracer
