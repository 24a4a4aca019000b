#include "sim/tracer/memory.hpp"

#include <sys/uio.h>

namespace loopscope::tracer {

std::size_t Memory::read(std::uint64_t address, void* target, std::size_t size) const {
  if (address == 0 || size == 0) return 0;
  const iovec here{target, size};
  const iovec there{reinterpret_cast<void*>(address), size};
  const ssize_t got = ::process_vm_readv(process_, &here, 1, &there, 1, 0);
  return got < 0 ? 0 : static_cast<std::size_t>(got);
}

std::string Memory::bytes(std::uint64_t address, std::size_t size) const {
  std::string bytes(size, '\0');
  bytes.resize(read(address, bytes.data(), size));
  return bytes;
}

}  // namespace loopscope::tracer
