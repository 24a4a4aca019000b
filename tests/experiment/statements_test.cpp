#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "sim/experiment/options.hpp"
#include "tests/experiment/parse_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/matchers.hpp"

using namespace loopscope;
using namespace loopscope::experiment;
using namespace std::chrono_literals;
using tests::parsed_as;

namespace {

AddressTerm address(IpAddress ip, PortTerm port) { return AddressTerm{false, ip, std::move(port)}; }
const IpAddress home = IpAddress::loopback_v4();

template <class Kind>
Kind call_of(std::string_view line) {
  return std::get<Kind>(parsed_as<CallStep>(line).call);
}
Result result_of(std::string_view line) { return parsed_as<CallStep>(line).stated.value().result; }

}  // namespace

TEST_CASE("What the learner sees is kept in its own words", "[experiment]") {
  CHECK(parsed_as<Title>("title  Who gets the port?").words == "Who gets the port?");
  CHECK(parsed_as<Chapter>("==A client").words == "A client");
  CHECK(parsed_as<Narration>(">").words.empty());
  CHECK(parsed_as<Narration>("> It says \"a#b\", 5\" wide # a comment").words == "It says \"a#b\", 5\" wide");
}

TEST_CASE("Each statement of the world reads as its struct", "[experiment]") {
  CHECK(parsed_as<HostDecl>("host far 192.0.2.7 2001:db8::7") ==
        HostDecl{"far", {*IpAddress::parse("192.0.2.7"), *IpAddress::parse("2001:db8::7")}});
  CHECK(parsed_as<ProcessDecl>("process p as root on far") == ProcessDecl{"p", "far", true});
  CHECK(parsed_as<DeviceDecl>("device eth1") == DeviceDecl{"", "eth1"});
  CHECK(parsed_as<DeviceDecl>("device far eth1") == DeviceDecl{"far", "eth1"});
  CHECK(parsed_as<AddressDecl>("address lo 192.0.2.9/32") ==
        AddressDecl{"", "lo", *IpAddress::parse("192.0.2.9"), 32});
  CHECK(parsed_as<AddressDecl>("address far eth1 2001:db8::/0") ==
        AddressDecl{"far", "eth1", *IpAddress::parse("2001:db8::"), 0});
  CHECK(parsed_as<SysctlDecl>("sysctl here net.ipv4.ip_local_port_range = 40000 40009") ==
        SysctlDecl{"here", "net.ipv4.ip_local_port_range", "40000 40009"});
  CHECK(parsed_as<SysctlDecl>("sysctl net.ipv4.tcp_tw_reuse=1") ==
        SysctlDecl{"", "net.ipv4.tcp_tw_reuse", "1"});
  CHECK(parsed_as<FirewallDecl>(
            "firewall far input  ip saddr { 192.0.2.2, 192.0.2.3 } log prefix \"#1\" drop # why") ==
        FirewallDecl{"far", false, "input", "ip saddr { 192.0.2.2, 192.0.2.3 } log prefix \"#1\" drop"});
  CHECK(parsed_as<FirewallDecl>("firewall clear") == FirewallDecl{"", true, "", ""});
  CHECK(parsed_as<PatienceDecl>("patience 1.5s").time == 1500ms);
  CHECK(parsed_as<PacketsDecl>("packets wire drop all") ==
        PacketsDecl{"wire", PacketsAction::Drop, std::nullopt});
  CHECK(parsed_as<PacketsDecl>("packets pass") == PacketsDecl{"", PacketsAction::Pass, 1});
  CHECK(parsed_as<PacketsDecl>("packets here hold") == PacketsDecl{"here", PacketsAction::Hold, 1});
  const auto file = tests::parsed("file a.conf # c\n# kept\n  x = \"\n end \nwait 10us\n");
  CHECK(std::get<FileDecl>(file.statements.front().body) == FileDecl{"a.conf", {"# kept", "  x = \""}});
  CHECK(std::get<WaitStep>(file.statements.back().body).time == 10us);
}

TEST_CASE("Each call reads as its struct", "[experiment]") {
  CHECK(call_of<SocketCall>("p: s = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK)") ==
        SocketCall{Domain::Inet6, SocketType::Datagram, true});
  CHECK(parsed_as<CallStep>("p: s = socket(AF_INET, SOCK_STREAM)").variable == "s");
  CHECK(call_of<BindCall>("p: bind(s, 127.0.0.1:62893)") == BindCall{"s", address(home, Port{62893})});
  CHECK(call_of<BindCall>("p: bind(s, [::ffff:127.0.0.1]:0)").address == address(home.mapped(), Port{0}));
  CHECK(call_of<ConnectCall>("p: connect(s, AF_UNSPEC)").address.unspec);
  CHECK(call_of<ConnectCall>("p: connect(s, 127.0.0.1:port(web.l))").address ==
        address(home, PortOf{"web", "l"}));
  CHECK(call_of<ListenCall>("p: listen(s, -1)") == ListenCall{"s", -1});
  CHECK(call_of<ListenCall>("p: listen(s, 0x10)") == ListenCall{"s", 16});
  CHECK(call_of<AcceptCall>("p: accept(s)") == AcceptCall{"s"});
  CHECK(call_of<SetsockoptCall>("p: setsockopt(s, SO_LINGER, {1, -1})").value == OptionValue{Linger{1, -1}});
  CHECK(call_of<SetsockoptCall>("p: setsockopt(s, SO_RCVTIMEO, {-9223372036854775808, 150000})").value ==
        OptionValue{Timeval{INT64_MIN, 150000}});
  CHECK(call_of<SetsockoptCall>("p: setsockopt(s, SO_BINDTODEVICE, \"\")").value ==
        OptionValue{DeviceName{""}});
  CHECK(call_of<SetsockoptCall>("p: setsockopt(s, IP_LOCAL_PORT_RANGE, 40000-40009)").value ==
        OptionValue{PortRange{Port{40000}, Port{40009}}});
  CHECK(call_of<SetsockoptCall>("p: setsockopt(s, TCP_USER_TIMEOUT, 4294967295)").value ==
        OptionValue{std::int64_t{4294967295}});
  CHECK(call_of<SendCall>("p: send(s, \"a\\r\\n\\t\\\\\\\"\\x00\\xfF\" * 3, MSG_OOB|MSG_MORE)") ==
        SendCall{"s", Text{std::string("a\r\n\t\\\"\0\xff", 8), 3}, std::nullopt, MSG_OOB | MSG_MORE});
  CHECK(call_of<SendCall>("p: sendto(s, \"\", 127.0.0.1:9, 0)") ==
        SendCall{"s", Text{"", 1}, address(home, Port{9}), 0});
  CHECK(call_of<RecvCall>("p: recv(s)") == RecvCall{"s", false, std::nullopt, std::nullopt});
  CHECK(call_of<RecvCall>("p: recvfrom(s, 0, MSG_PEEK)") == RecvCall{"s", true, 0, MSG_PEEK});
  CHECK(call_of<ReadCall>("p: read(s, 10)") == ReadCall{"s", 10});
  CHECK(call_of<WriteCall>("p: write(s, \"x\" * 100000)").bytes.expanded().size() == 100000);
  CHECK(call_of<ShutdownCall>("p: shutdown(s, SHUT_RDWR)") == ShutdownCall{"s", SHUT_RDWR});
  CHECK(call_of<FcntlCall>("p: fcntl(s, F_SETFL, O_NONBLOCK)") == FcntlCall{"s", true});
  CHECK(call_of<FcntlCall>("p: fcntl(s, F_SETFL, 0)") == FcntlCall{"s", false});
  CHECK(call_of<PollCall>("p: poll(s, POLLIN | POLLRDHUP)") == PollCall{"s", Events{POLLIN | 0x2000}});
  CHECK(call_of<StateCall>("p: state(s)") == StateCall{"s"});
}

TEST_CASE("A RESULT reads in the shape its call gives", "[experiment]") {
  CHECK(result_of("p: close(s) = ok") == Result{Ok{}});
  CHECK(result_of("p: close(s) = 0") == Result{Ok{}});
  CHECK(result_of("p: close(s) ?= EBADF") == Result{Errno{EBADF}});
  CHECK(result_of("p: recv(s) = EWOULDBLOCK") == Result{Errno{EAGAIN}});
  CHECK(result_of("p: recv(s) = \"x\" * 9") == Result{Received{Text{"x", 9}, std::nullopt}});
  CHECK(result_of("p: recv(s, 4, MSG_TRUNC) = 4") == Result{OptionValue{std::int64_t{4}}});
  CHECK(result_of("p: recvfrom(s) = \"hi\" from 127.0.0.1:*") ==
        Result{Received{Text{"hi", 1}, address(home, Any{})}});
  CHECK(result_of("p: getsockname(s) = [::]:port(s)") ==
        Result{address(IpAddress::any_v6(), PortOf{"", "s"})});
  CHECK(result_of("p: getsockopt(s, SO_TYPE) = -1") == Result{OptionValue{std::int64_t{-1}}});
  CHECK(result_of("p: getsockopt(s, SO_LINGER) = {1, 0}") == Result{OptionValue{Linger{1, 0}}});
  CHECK(result_of("p: getsockopt(s, SO_SNDTIMEO) = {1, 0}") == Result{OptionValue{Timeval{1, 0}}});
  CHECK(result_of("p: getsockopt(s, SO_BINDTODEVICE) = \"lo\"") == Result{OptionValue{DeviceName{"lo"}}});
  CHECK(result_of("p: getsockopt(s, SO_ERROR) = ECONNREFUSED") == Result{Errno{ECONNREFUSED}});
  CHECK(result_of("p: poll(s, POLLIN) = 0") == Result{Events{0}});
  CHECK(result_of("p: poll(s, POLLIN) = POLLHUP|POLLIN") == Result{Events{POLLIN | POLLHUP}});
  CHECK(result_of("p: state(s) = FIN-WAIT-2") == Result{SocketState::FinWait2});
  CHECK(result_of("p: accept(s) = blocks") == Result{Blocks{}});
  CHECK(parsed_as<CallStep>("p: close(s) ?= ok").stated->asked);
  CHECK(parsed_as<RunStep>("p: run nc -z 127.0.0.1 1 = exit 1").stated->result == Result{ExitStatus{1}});
  CHECK(*parse_result("not modelled") == Result{NotModelled{}});
  CHECK(*parse_result(" holds ") == Result{Claimed{true}});
  CHECK(parse_result("EADRINUSE").error().message.ends_with("did you mean `EADDRINUSE`?"));
}

TEST_CASE("The words of a program are an argument vector", "[experiment]") {
  CHECK(parsed_as<RunStep>("p: run sh -c \"echo 'a  b' | cat\" --x=\"a b\" \"\" $HOME * a=b").words ==
        std::vector<std::string>{"sh", "-c", "echo 'a  b' | cat", "--x=a b", "", "$HOME", "*", "a=b"});
  CHECK(parsed_as<RunStep>("p: run test a \"=\" a = exit 0").words ==
        std::vector<std::string>{"test", "a", "=", "a"});
  const auto start =
      parsed_as<StartStep>("p: start python3 -m http.server \"until\" 8000 until 0.0.0.0:8000");
  CHECK(start.words == std::vector<std::string>{"python3", "-m", "http.server", "until", "8000"});
  CHECK(start.until == address(IpAddress::any_v4(), Port{8000}));
  CHECK(parsed_as<CallStep>("p: run = socket(AF_INET, SOCK_STREAM)").variable == "run");
}

TEST_CASE("The other steps and the claims read as their structs", "[experiment]") {
  CHECK(parsed_as<ReturnsStep>("p: returns within 8s = ok") == ReturnsStep{"p", 8s, Stated{Ok{}, false}});
  CHECK(parsed_as<KillStep>("kill p").process == "p");
  CHECK(parsed_as<KillStep>("kill p SIGKILL") == KillStep{"p", Signal::Kill});
  CHECK(parsed_as<KillStep>("kill p SIGSTOP") == KillStep{"p", Signal::Stop});
  CHECK(parsed_as<KillStep>("kill p SIGCONT") == KillStep{"p", Signal::Continue});
  CHECK(to_string(parse_statement("kill p  SIGSTOP").value()) == "kill p SIGSTOP");
  CHECK_THAT(parse_statement("kill p SIGTERM").error().message, tests::ContainsText("SIGSTOP (freeze it)"));
  CHECK(parsed_as<ExitStep>("exit p").process == "p");
  CHECK(parsed_as<SocketClaim>("expect no far TIME-WAIT 127.0.0.1:1 *:2 by p") ==
        SocketClaim{true, "far", SocketState::TimeWait, address(home, Port{1}),
                    AddressTerm{false, Any{}, Port{2}}, "p"});
  CHECK(parsed_as<SocketClaim>("expect BOUND *").local == AddressTerm{});
  CHECK(
      parsed_as<PacketsClaim>("expect packets far 2 SYN-ACK to *:80 from 127.0.0.1:*") ==
      PacketsClaim{"far", 2, PacketKind::SynAck, address(home, Any{}), AddressTerm{false, Any{}, Port{80}}});
  CHECK(parsed_as<HeldClaim>("expect held 0") == HeldClaim{"", 0, std::nullopt});
  CHECK(parsed_as<HeldClaim>("expect held wire 1 RST") == HeldClaim{"wire", 1, PacketKind::Rst});
}

TEST_CASE("A statement tells its place, process, RESULT and call", "[experiment]") {
  const auto experiment = tests::parsed(
      "# first\n\n  p: s = socket(AF_INET, SOCK_STREAM) = ok # c\nexpect no LISTEN *:1\nkill p\n");
  REQUIRE(experiment.statements.size() == 3);
  const Statement& step = experiment.statements[0];
  CHECK(step.place.line == 3);
  CHECK(step.place.column == 3);
  CHECK(step.comment == " c");
  CHECK(process_of(step) == "p");
  CHECK(call_text(step) == "s = socket(AF_INET, SOCK_STREAM)");
  CHECK(has_result(step));
  CHECK(stated_of(step)->result == Result{Ok{}});
  CHECK(has_result(experiment.statements[1]));
  CHECK(stated_of(experiment.statements[1]) == nullptr);
  CHECK(call_text(experiment.statements[1]) == "expect no LISTEN *:1");
  CHECK_FALSE(has_result(experiment.statements[2]));
  CHECK(process_of(experiment.statements[2]) == "p");
}

TEST_CASE("Every option of the table is known to this kernel's headers by its number", "[experiment]") {
  CHECK(options().size() == 31);
  for (const OptionInfo& option : options()) {
    INFO(option.name);
    CHECK(find_option(option.name) == &option);
    CHECK(parse_statement("p: getsockopt(s, " + std::string(option.name) + ")").has_value());
  }
  CHECK(find_option("SO_REUSEADDR")->number == SO_REUSEADDR);
  CHECK(find_option("SO_PRIORITY") == nullptr);
}
