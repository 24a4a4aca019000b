#include "tests/lab/installed.hpp"

#include <unistd.h>

#include <iostream>

namespace loopscope::test {

bool installed(const std::string& program) {
  for (const char* folder : {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}) {
    if (::access((std::string(folder) + "/" + program).c_str(), X_OK) == 0) return true;
  }
  std::cout << "skipped: " << program << " is not installed\n";
  return false;
}

}  // namespace loopscope::test
