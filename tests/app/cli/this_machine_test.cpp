#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/app/cli/example.hpp"
#include "tests/app/cli/program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/matchers.hpp"
#include "tests/support/sockets.hpp"

/// `loopscope run --here`: this machine's own loopback.
using namespace loopscope;
using namespace loopscope::tests;

namespace {

/// A port that nobody has at this moment.
SocketAddress free_address() { return name_of(listener(at("127.0.0.1:0"))); }

std::string server_on(const SocketAddress& address) {
  return "patience 20s\nserver: s = socket(AF_INET, SOCK_STREAM)\nserver: setsockopt(s, SO_REUSEADDR, 1)\n"
         "server: bind(s, " +
         to_string(address) + ") = ok\nserver: listen(s, 4)\nserver: a = accept(s) = ok\n" +
         "server: recv(a) = \"hello\"\n";
}

/// Connects, says hello, and waits for the other side's end.
void say_hello(const SocketAddress& address) {
  const UniqueFd client = socket_for(address, SOCK_STREAM);
  check("connect", connect_to(client, address));
  send_text(client, "hello");
  (void)readable(client.get(), 20'000);
}

/// The pid of a process called `comm` that descends from this one; 0 where there is none.
int descendant(const std::string& comm) {
  const auto field = [](int pid, const std::string& name) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with(name + ":\t")) return line.substr(name.size() + 2);
    }
    return std::string();
  };
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const int pid = std::atoi(entry.path().filename().c_str());
    if (pid == 0 || field(pid, "Name") != comm) continue;
    for (int above = pid; above > 1; above = std::atoi(field(above, "PPid").c_str())) {
      if (above == ::getpid()) return pid;
    }
  }
  return 0;
}

}  // namespace

TEST_CASE("run --here refuses what leaves the loopback, all of it, before anything is run", "[cli]") {
  const Ran ran = run_program({"run", "--here", "-"},
                              "server: s = socket(AF_INET, SOCK_STREAM)\nserver: bind(s, 0.0.0.0:0)\n"
                              "sysctl net.ipv4.tcp_tw_reuse = 1\n");
  CHECK(ran.status == 2);
  CHECK(ran.out.empty());
  CHECK_THAT(ran.err, ContainsText("-:2: 0.0.0.0:0 would be open to the network"));
  CHECK_THAT(ran.err, ContainsText("-:3: `sysctl` would change this machine"));
}

TEST_CASE("run --here tells who joins from outside", "[cli]") {
  const SocketAddress address = free_address();
  std::thread client;
  const auto listens = once_told("listen(s, 4)", [&] { client = std::thread(say_hello, address); });
  const Ran ran = run_program({"run", "--here", "-"}, server_on(address), "", listens);
  REQUIRE(client.joinable());
  client.join();
  INFO(ran.out << ran.err);
  CHECK(ran.status == 0);
  CHECK_THAT(ran.out, ContainsText("(pid " + std::to_string(::getpid()) + ", "));
  CHECK_THAT(ran.out, ContainsText(") joins: ESTABLISHED 127.0.0.1:"));
}

TEST_CASE("run --here names who really has a port that is taken", "[cli]") {
  const UniqueFd holder = listener(at("127.0.0.1:0"));
  const std::string taken = to_string(name_of(holder));
  const std::string text =
      "rival: r = socket(AF_INET, SOCK_STREAM)\nrival: bind(r, " + taken + ") = EADDRINUSE\n";
  const std::string me = "(pid " + std::to_string(::getpid()) + ", ";
  const Ran ran = run_program({"run", "--here", "-"}, text);
  INFO(ran.out << ran.err);
  CHECK(ran.status == 0);
  CHECK_THAT(ran.out, ContainsText("held by ") && ContainsText(me) && ContainsText("): LISTEN " + taken));
  const auto lines = lines_of(run_program({"run", "--here", "--json", "-"}, text).out);
  REQUIRE(lines.size() == 3);
  CHECK(lines[1]["kernel"] == "EADDRINUSE");
  REQUIRE(lines[1]["holders"].size() == 1);
  CHECK_THAT(lines[1]["holders"][0].get<std::string>(), ContainsText(me));
}

TEST_CASE("run --here keeps the packets where the machine shows them, and else says why not", "[cli]") {
  const Folder folder;
  const std::string pcap = folder.path("out.pcap");
  const std::string text = "p: s = socket(AF_INET, SOCK_STREAM)\np: connect(s, " + to_string(free_address()) +
                           ") = ECONNREFUSED\n";
  const Ran ran = run_program({"run", "--here", "--pcap", pcap, "-"}, text);
  INFO(ran.out << ran.err);
  if (ran.status == 0) {
    CHECK(std::filesystem::file_size(pcap) > 24);  // more than the file's header
    return;
  }
  CHECK(ran.status == 3);
  CHECK_THAT(ran.err, ContainsText("CAP_NET_RAW") && ContainsText("sudo"));
  CHECK_THAT(ran.err, !ContainsText("private world cannot be made"));
}

TEST_CASE("a lab that is killed while it runs is told as that, and is no fault of the experiment", "[cli]") {
  const std::string text = "p: s = socket(AF_INET, SOCK_STREAM)\nwait 60s\np: close(s)\n";
  for (const auto& [arguments, victim] :
       {std::pair{std::vector<std::string>{"run", "-"}, "loopscope-keep"},
        std::pair{std::vector<std::string>{"check", "-"}, "loopscope-keep"},
        std::pair{std::vector<std::string>{"run", "--here", "-"}, "loopscope-here"}}) {
    INFO(arguments[0] << " " << victim);
    const auto runs = once_told("SOCK_STREAM", [victim = victim] {
      const int pid = descendant(victim);
      if (pid != 0) ::kill(pid, SIGKILL);
    });
    const Ran ran = run_program(arguments, text, "", runs);
    INFO(ran.out << ran.err);
    CHECK(ran.status == 3);
    CHECK_THAT(ran.out + ran.err, ContainsText("the lab ended unexpectedly") && ContainsText("killed"));
  }
}
