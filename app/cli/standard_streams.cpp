#include "app/cli/standard_streams.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace loopscope::app::cli {

void keep_standard_streams() noexcept {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) < 0) (void)::open("/dev/null", O_RDONLY);  // gets the lowest number: this one
  }
}

}  // namespace loopscope::app::cli
