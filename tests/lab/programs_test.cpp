#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "tests/lab/installed.hpp"
#include "tests/lab/worlds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/ordinary_user.hpp"

/// Real programs in the lab. What is not installed is passed over, and says so.
namespace loopscope::test {
namespace {

/// Where Debian keeps PostgreSQL's own programs.
std::string postgres_folder() {
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
    if (::access((entry.path() / "bin/initdb").c_str(), X_OK) == 0) return (entry.path() / "bin").string();
  }
  return {};
}

bool all_installed(const std::vector<std::string>& programs) {
  return std::all_of(programs.begin(), programs.end(), installed);
}

lab::RunReport run_programs(const std::string& text) {
  const auto experiment = experiment_of(text);
  auto report = lab::run(launcher(), experiment, {}, {}, {false, false, true});
  if (!report) FAIL(sandbox::to_string(report.error()));
  for (const std::string& problem : disagreements(experiment, *report)) FAIL_CHECK(problem);
  return std::move(*report);
}

/// The calls of a process that have this name, as 'arguments = value' with the error's number.
struct Made {
  trace::CallEntered entered;
  trace::CallReturned returned;
};
std::vector<Made> calls_of(const lab::RunReport& report, const std::string& process,
                           const std::string& name) {
  std::vector<Made> made;
  const auto returned = facts<trace::CallReturned>(report.events);
  for (const auto& entered : facts<trace::CallEntered>(report.events)) {
    if (entered.process != process || entered.name != name) continue;
    const auto back = std::find_if(returned.begin(), returned.end(),
                                   [&](const auto& one) { return one.call == entered.call; });
    if (back != returned.end()) made.push_back({entered, *back});
  }
  return made;
}

/// What a process wrote to its standard output and error, as far as its calls show it.
std::string written_by(const lab::RunReport& report, const std::string& process) {
  std::string text;
  for (const auto& [entered, returned] : calls_of(report, process, "write")) {
    if (entered.fd == 1 || entered.fd == 2) text += entered.arguments + "\n";
  }
  return text;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a program runs to its end, and its exit status is the result", "[programs]") {
  const auto report =
      run_programs("p: run true = exit 0\np: run false = exit 1\nq: run sh -c \"exit 7\" = exit 7\n");
  const auto ended = facts<trace::ProcessEnded>(report.events);
  REQUIRE(ended.size() == 3);
  CHECK(ended[2].process == "q");
  CHECK(ended[2].exit_status == 7);
}

TEST_CASE("a program that is not there says so, and how to install it", "[programs]") {
  const auto experiment = experiment_of("p: run no-such-program-here\np: run /no/such/file\n");
  const auto report = lab::run(launcher(), experiment, {}, {}, {false, false, true});
  REQUIRE(report);
  CHECK(contains(report->outcomes[0].trouble, "no-such-program-here is not installed"));
  CHECK(contains(report->outcomes[0].trouble, "apt"));
  CHECK(contains(report->outcomes[1].trouble, "there is no program /no/such/file"));
}

TEST_CASE("a program that is stopped answers nothing, and answers when it goes on", "[programs]") {
  if (!installed("python3")) return;
  run_programs(R"(server: start python3 -m http.server --bind 127.0.0.1 7001 until 127.0.0.1:7001
kill server SIGSTOP
c: c = socket(AF_INET, SOCK_STREAM)
c: connect(c, 127.0.0.1:7001) = ok
c: send(c, "HEAD / HTTP/1.0\r\n\r\n") = 19
c: recv(c, 8) = blocks
kill server SIGCONT
c: returns within 8s = "HTTP/1.0"
kill server
)");
}

TEST_CASE("a connection between nc and nc is told from both sides", "[programs]") {
  if (!installed("nc")) return;
  const auto report = run_programs(R"(server: start nc -l 127.0.0.1 7000 until 127.0.0.1:7000
expect LISTEN 127.0.0.1:7000 by server
client: run sh -c "echo hello | nc -N 127.0.0.1 7000" = exit 0
expect no LISTEN 127.0.0.1:7000
expect packets 1 SYN to 127.0.0.1:7000
)");
  const auto bound = calls_of(report, "server", "bind");
  REQUIRE(bound.size() == 1);
  CHECK(contains(bound[0].entered.arguments, R"(sin_port=htons(7000), sin_addr=inet_addr("127.0.0.1")})"));
  CHECK(bound[0].returned.result == "ok");
  CHECK(bound[0].returned.value == 0);
  const auto read = calls_of(report, "server", "read");
  REQUIRE_FALSE(read.empty());
  CHECK(read[0].returned.result == R"("hello\n")");
  CHECK(contains(written_by(report, "server"), R"(1, "hello\n", 6)"));
  // A packet lies between its call's entry and the return of who received it.
  const auto connected = calls_of(report, "client", "connect");
  REQUIRE(connected.size() == 1);
  CHECK(connected[0].returned.error == EINPROGRESS);
}

TEST_CASE("a refused connection shows in the program's own calls", "[programs]") {
  if (!installed("curl")) return;
  const auto report = run_programs("c: run curl -s http://127.0.0.1:1/ = exit 7\n");
  const auto asked = calls_of(report, "c", "getsockopt");
  REQUIRE_FALSE(asked.empty());
  CHECK(asked[0].returned.result == "ECONNREFUSED");
}

TEST_CASE("curl fetches a page from Python's http.server", "[programs]") {
  if (!all_installed({"curl", "python3"})) return;
  const auto report = run_programs(R"(file index.html
home
end
web: start python3 -m http.server 8000 --bind 127.0.0.1 until 127.0.0.1:8000
expect LISTEN 127.0.0.1:8000 by web
c: run curl -s http://127.0.0.1:8000/index.html = exit 0
kill web
expect no LISTEN 127.0.0.1:8000
)");
  CHECK(contains(written_by(report, "c"), "home"));
  // It answers in a thread of its own.
  const auto accepted = calls_of(report, "web", "accept4");
  const auto received = calls_of(report, "web", "recvfrom");
  REQUIRE_FALSE(accepted.empty());
  REQUIRE_FALSE(received.empty());
  CHECK(accepted[0].entered.pid != received[0].entered.pid);
}

TEST_CASE("nginx becomes a daemon with workers and serves", "[programs]") {
  if (!all_installed({"nginx", "curl"})) return;
  const auto report = run_programs(R"(file nginx.conf
worker_processes 2;
pid nginx.pid;
error_log stderr;
events { }
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fast; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server { listen 127.0.0.1:8080; location / { return 200 "home\n"; } }
}
end
web: start nginx -p /tmp/lab -c /tmp/lab/nginx.conf until 127.0.0.1:8080
expect LISTEN 127.0.0.1:8080 by web
c: run curl -s http://127.0.0.1:8080/ = exit 0
expect TIME-WAIT *
kill web
expect no LISTEN 127.0.0.1:8080
)");
  CHECK(contains(written_by(report, "c"), "home"));
  const auto bound = calls_of(report, "web", "bind"), accepted = calls_of(report, "web", "accept4");
  REQUIRE_FALSE(bound.empty());
  REQUIRE_FALSE(accepted.empty());
  CHECK(bound[0].entered.pid != accepted[0].entered.pid);
}

TEST_CASE("redis answers redis-cli", "[programs]") {
  if (!all_installed({"redis-server", "redis-cli"})) return;
  const auto report =
      run_programs(R"(db: start redis-server --port 6390 --bind 127.0.0.1 --save "" until 127.0.0.1:6390
c: run redis-cli -p 6390 set answer 42 = exit 0
c: run redis-cli -p 6390 get answer = exit 0
exit db
expect no LISTEN 127.0.0.1:6390
)");
  CHECK(contains(written_by(report, "c"), "42"));
  bool asked = false;
  for (const auto& read : calls_of(report, "db", "read"))
    asked = asked || contains(read.returned.details, "answer");
  CHECK(asked);
}

TEST_CASE("PostgreSQL answers psql", "[programs]") {
  const std::string folder = postgres_folder();
  if (folder.empty()) std::cout << "skipped: postgresql is not installed\n";
  if (folder.empty() || !installed("psql")) return;
  const auto report = run_programs(
      "db: run " + folder + R"(/initdb -D data --auth=trust -U lab --no-sync --no-locale = exit 0
db: start )" +
      folder +
      R"(/postgres -D data -k /tmp/lab -p 5439 -c listen_addresses=127.0.0.1 -c fsync=off -c dynamic_shared_memory_type=mmap until 127.0.0.1:5439
c: run psql -h 127.0.0.1 -p 5439 -U lab -At -c "select 6 * 7" postgres = exit 0
expect LISTEN 127.0.0.1:5439 by db
kill db
expect no LISTEN 127.0.0.1:5439
)");
  CHECK(contains(written_by(report, "c"), "42"));
}

TEST_CASE("socat passes on what it is sent", "[programs]") {
  if (!all_installed({"socat", "nc"})) return;
  const auto report =
      run_programs(R"(echo: start socat TCP4-LISTEN:7001,bind=127.0.0.1,reuseaddr PIPE until 127.0.0.1:7001
c: run sh -c "echo back | nc -N 127.0.0.1 7001" = exit 0
)");
  CHECK(contains(written_by(report, "c"), "back"));
}

TEST_CASE("programs run on the host of their process, and a neighbour reaches them", "[programs]") {
  if (!all_installed({"python3", "curl"})) return;
  run_programs(R"(host far
process web on far
web: start python3 -m http.server 8000 --bind 0.0.0.0 until 0.0.0.0:8000
expect far LISTEN 0.0.0.0:8000 by web
c: run curl -s -o out http://192.0.2.2:8000/ = exit 0
c: run curl -s http://127.0.0.1:8000/ = exit 7
)");
}

TEST_CASE("programs and processes of the experiment talk to one another", "[programs]") {
  if (!installed("nc")) return;
  run_programs(R"(s: l = socket(AF_INET, SOCK_STREAM)
s: bind(l, 127.0.0.1:7002)
s: listen(l, 5)
c: start sh -c "echo hello | nc -N 127.0.0.1 7002"
s: a = accept(l)
s: recv(a) = "hello\n"
s: close(a)
)");
}

TEST_CASE("a program's child that outlives it is traced, and ends with kill", "[programs]") {
  if (!installed("nc")) return;
  run_programs(R"(p: run sh -c "nc -l 127.0.0.1 7003 >/dev/null 2>&1 &" = exit 0
expect LISTEN 127.0.0.1:7003 by p
kill p
expect no LISTEN 127.0.0.1:7003
)");
}

TEST_CASE("real programs run as an ordinary user as well", "[ordinary-user]") {
  const auto again = run_again_as_ordinary_user("[programs],[hostile]");
  if (!again.tried) return;
  INFO(again.output);
  CHECK(again.exit_status == 0);
}

}  // namespace loopscope::test
