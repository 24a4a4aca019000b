#include "app/notation/code_text.hpp"

#include <algorithm>
#include <cerrno>

#include "tests/app/notation/programs.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::app::notation;
using namespace loopscope::experiment;
using namespace loopscope::tests;

namespace {

AddressTerm home(unsigned short port) { return {false, IpAddress::loopback_v4(), Port{port}}; }
AddressTerm home6(unsigned short port) { return {false, IpAddress::loopback_v6(), Port{port}}; }
Statement step(std::string process, Call call, std::string variable = "") {
  return {{}, CallStep{std::move(process), std::move(variable), std::move(call), {}}, ""};
}
Statement words(Body body) { return {{}, std::move(body), ""}; }

/// A whole request, with every helper that the programs may need.
Experiment journey() {
  return {"",
          {words(Chapter{"Application initialization"}), step("server", SocketCall{}, "s"),
           step("server", SetsockoptCall{"s", {"SO_REUSEADDR"}, std::int64_t{1}}),
           step("server", BindCall{"s", home(62893)}), step("server", ListenCall{"s", 16}),
           words(Chapter{"A client"}), step("client", SocketCall{}, "c"),
           step("client", ConnectCall{"c", home(62893)}), step("server", AcceptCall{"s"}, "a"),
           step("client", SendCall{"c", {"GET / HTTP/1.0\r\n\r\n", 1}, {}, 0}),
           step("server", RecvCall{"a", false, {}, {}}),
           step("server", SendCall{"a", {"HTTP/1.0 200 OK\r\n\r\nhome", 1}, {}, 0}),
           step("server", CloseCall{"a"}), step("client", RecvCall{"c", false, {}, {}}),
           step("client", RecvCall{"c", false, {}, {}})},
          {}};
}

/// Every call, option shape and address of the language once, and names that a language forbids.
Experiment everything() {
  const PortOf own{"", "int"};
  const PortOf other{"client", "c"};
  auto all = journey().statements;
  const auto p = [&](Call call, std::string variable = "") {
    all.push_back(step("server", std::move(call), std::move(variable)));
  };
  p(SocketCall{Domain::Inet6, SocketType::Datagram, true}, "int");
  p(SocketCall{Domain::Inet6, SocketType::Datagram, true}, "address1");
  p(BindCall{"int", home6(0)});
  p(ConnectCall{"address1", {false, IpAddress::loopback_v6(), own}});
  p(ConnectCall{"address1", {true, Any{}, Any{}}});
  const AddressTerm there{false, IpAddress::loopback_v4(), other};
  SendCall with_target{"int", {"hi", 1}, {}, 0x4000};
  with_target.to = there;
  p(std::move(with_target));
  p(SendCall{"int", {std::string("a\0\"\\?\?/\xff", 8), 1}, {}, 0});
  p(WriteCall{"int", {"x", 100000}});
  p(SetsockoptCall{"int", {"SO_LINGER"}, Linger{1, 0}});
  p(SetsockoptCall{"int", {"SO_RCVTIMEO"}, Timeval{0, 150000}});
  p(SetsockoptCall{"int", {"IP_LOCAL_PORT_RANGE"}, PortRange{Port{40000}, Port{40009}}});
  p(SetsockoptCall{"int", {"SO_BINDTODEVICE"}, DeviceName{"lo"}});
  p(SetsockoptCall{"int", {"TCP_NODELAY"}, std::int64_t{99999999999}});
  for (const char* option : {"SO_LINGER", "SO_RCVTIMEO", "IP_LOCAL_PORT_RANGE", "SO_BINDTODEVICE", "SO_ERROR",
                             "SO_TYPE", "IPV6_FREEBIND"}) {
    p(GetsockoptCall{"int", {option}});
  }
  p(RecvCall{"int", true, 100, 2});
  p(ReadCall{"int", 1});
  p(FcntlCall{"int", true});
  p(PollCall{"int", {1 | 4}});
  p(GetsocknameCall{"int"});
  p(GetpeernameCall{"int"});
  p(StateCall{"s"});
  p(ShutdownCall{"int", 2});
  p(ListenCall{"int", -99999999999});
  all.push_back(words(WaitStep{std::chrono::milliseconds{250}}));
  all.push_back(words(RunStep{"server", {"echo", "a \"word\""}, {}}));
  all.push_back(words(StartStep{"server", {"true"}, {}}));
  all.push_back(words(KillStep{"server"}));
  return {"", std::move(all), {}};
}

}  // namespace

TEST_CASE("a program has the calls of its process, in order, and the chapters between") {
  const auto code = code_for(journey(), "server", Language::C);
  const auto text = code.text();
  CHECK(code.file_name == "server.c");
  const auto bind = text.find("bind(s, (struct sockaddr *)&address1, sizeof address1)");
  REQUIRE(bind != std::string::npos);
  CHECK(bind < text.find("listen(s, 16)"));
  CHECK(text.find("/* Application initialization */") < bind);
  CHECK(text.find("connect(") == std::string::npos);
}

TEST_CASE("each call of a process knows its lines and no others") {
  const auto experiment = journey();
  for (const auto language : {Language::C, Language::Python}) {
    const auto code = code_for(experiment, "server", language);
    for (std::size_t i = 0; i < experiment.statements.size(); ++i) {
      const bool own = process_of(experiment.statements[i]) == "server";
      INFO(i);
      REQUIRE(code.lines_of(i).has_value() == own);
      if (!own) continue;
      const auto [first, last] = *code.lines_of(i);
      CHECK(std::all_of(code.lines.begin() + static_cast<long>(first),
                        code.lines.begin() + static_cast<long>(last) + 1,
                        [&](const CodeLine& line) { return line.statement == i; }));
    }
  }
}

TEST_CASE("a program gives no result away") {
  auto experiment = journey();
  std::get<CallStep>(experiment.statements[3].body).stated = Stated{Errno{EADDRINUSE}, true};
  for (const auto language : {Language::C, Language::Python}) {
    CHECK(code_for(experiment, "server", language).text().find("EADDRINUSE") == std::string::npos);
  }
}

TEST_CASE("processes are listed in the order of their first steps") {
  CHECK(processes_of(journey()) == std::vector<std::string>{"server", "client"});
}

TEST_CASE("every call of the language becomes C that compiles without a warning") {
  const ScratchFolder folder;
  for (const char* process : {"server", "client"}) {
    const auto code = code_for(everything(), process, Language::C);
    INFO(code.text());
    const auto file = folder.write(code.file_name, code.text());
    CHECK(run({"cc", "-std=gnu17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", file}) == 0);
  }
}

TEST_CASE("every call of the language becomes Python that compiles") {
  const ScratchFolder folder;
  const auto code = code_for(everything(), "server", Language::Python);
  INFO(code.text());
  CHECK(run({"python3", "-m", "py_compile", folder.write(code.file_name, code.text())}) == 0);
}

TEST_CASE("the programs of a journey really make it on a loopback of their own") {
  const auto language = GENERATE(Language::C, Language::Python);
  const ScratchFolder folder;
  const auto command = [&](const char* process) -> std::vector<std::string> {
    const auto code = code_for(journey(), process, language);
    const auto file = folder.write(code.file_name, code.text());
    if (language == Language::Python) return {"python3", file};
    REQUIRE(run({"cc", "-std=gnu17", file, "-o", folder.path(process)}) == 0);
    return {folder.path(process)};
  };
  const auto server = command("server");
  const auto client = command("client");
  std::string said;
  if (!talk_on_own_loopback(server, client, said)) {
    WARN("this machine makes no private network namespace: not run");
    return;
  }
  INFO(said);
  const auto has = [&](const char* word) { return said.find(word) != std::string::npos; };
  CHECK(has("HTTP/1.0 200 OK"));
  CHECK(has("GET / HTTP/1.0"));
  CHECK_FALSE(has("refused"));
  CHECK_FALSE(has("REFUSED"));
}
