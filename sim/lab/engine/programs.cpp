#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "sim/base/errno_name.hpp"
#include "sim/lab/engine/box.hpp"

/// Which file a program's name means, and where it comes from.
namespace loopscope::lab {
namespace {

struct Package {
  std::string_view program, package;
};
// Debian's packages of programs that experiments like to start.
constexpr std::array packages{
    Package{"nginx", "nginx-light"},
    Package{"curl", "curl"},
    Package{"wget", "wget"},
    Package{"redis-server", "redis-server"},
    Package{"redis-cli", "redis-tools"},
    Package{"psql", "postgresql-client"},
    Package{"postgres", "postgresql"},
    Package{"initdb", "postgresql"},
    Package{"socat", "socat"},
    Package{"nc", "netcat-openbsd"},
    Package{"ncat", "ncat"},
    Package{"python3", "python3"},
    Package{"ssh-keyscan", "openssh-client"},
    Package{"sshd", "openssh-server"},
    Package{"ab", "apache2-utils"},
    Package{"dig", "bind9-dnsutils"},
    Package{"telnet", "telnet"},
    Package{"openssl", "openssl"},
    Package{"perl", "perl"},
    Package{"ruby", "ruby"},
    Package{"node", "nodejs"},
    Package{"php", "php-cli"},
    Package{"memcached", "memcached"},
    Package{"lighttpd", "lighttpd"},
    Package{"iperf3", "iperf3"},
    Package{"mosquitto", "mosquitto"},
    Package{"ping", "iputils-ping"},
    Package{"ss", "iproute2"},
};

bool is_program(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

std::string not_installed(const std::string& word) {
  const auto known =
      std::find_if(packages.begin(), packages.end(), [&](const Package& one) { return one.program == word; });
  if (known != packages.end())
    return word + " is not installed: `sudo apt install " + std::string(known->package) + "`";
  return word + " is not installed, or not in " + usual_search + ": `apt-file search bin/" + word +
         "` says which package has it";
}

}  // namespace

tl::expected<std::string, std::string> find_program(const std::string& word, const std::string& search) {
  if (word.find('/') != std::string::npos) {
    if (is_program(word)) return word;
    struct stat status {};
    if (::stat(word.c_str(), &status) != 0)
      return tl::unexpected("there is no program " + word + ": " + errno_words(errno));
    return tl::unexpected(word + " is no program that may be started: " + errno_words(EACCES));
  }
  for (std::size_t start = 0; start <= search.size();) {
    const auto end = std::min(search.find(':', start), search.size());
    const std::string path = search.substr(start, end - start) + "/" + word;
    if (end > start && is_program(path)) return path;
    start = end + 1;
  }
  return tl::unexpected(not_installed(word));
}

}  // namespace loopscope::lab
