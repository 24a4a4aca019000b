#include "tests/app/cli/example.hpp"

#include <sstream>

namespace loopscope::tests {

const std::string example = R"(title  Who gets the port?

== Application initialization
> The server asks for 127.0.0.1:62893. Nobody has it, so the kernel says yes.
server: s = socket(AF_INET, SOCK_STREAM)
server: bind(s, 127.0.0.1:62893)              = ok
server: listen(s, 16)

== A second server
> Same address, same port, while the first is listening.
rival: r = socket(AF_INET, SOCK_STREAM)
rival: setsockopt(r, SO_REUSEADDR, 1)
rival: bind(r, 127.0.0.1:62893)               ?= EADDRINUSE

== A client
client: c = socket(AF_INET, SOCK_STREAM)
client: connect(c, 127.0.0.1:62893)
server: a = accept(s)
client: send(c, "GET / HTTP/1.0\r\n\r\n")
server: recv(a)                               = "GET / HTTP/1.0\r\n\r\n"
server: send(a, "HTTP/1.0 200 OK\r\n\r\nhome")
server: close(a)
client: recv(c)                               = "HTTP/1.0 200 OK\r\n\r\nhome"
client: recv(c)                               = ""
expect TIME-WAIT 127.0.0.1:62893
)";

std::vector<nlohmann::json> lines_of(const std::string& text) {
  std::vector<nlohmann::json> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

}  // namespace loopscope::tests
