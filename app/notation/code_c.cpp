#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <limits>

#include "app/notation/code_writer.hpp"
#include "sim/experiment/constants.hpp"
#include "sim/experiment/options.hpp"

namespace loopscope::app::notation {
namespace {

using namespace experiment;

constexpr std::string_view reserved[] = {
    "auto",   "break",    "case",     "char",     "const",    "continue", "default", "do",       "double",
    "else",   "enum",     "extern",   "float",    "for",      "goto",     "if",      "inline",   "int",
    "long",   "register", "restrict", "return",   "short",    "signed",   "sizeof",  "static",   "struct",
    "switch", "typedef",  "union",    "unsigned", "void",     "volatile", "while",   "main",     "said",
    "took",   "told",     "state",    "port_of",  "repeated", "buffer",   "who",     "errno",    "socket",
    "bind",   "listen",   "connect",  "accept",   "send",     "recv",     "read",    "write",    "close",
    "poll",   "printf",   "value",    "linux",    "unix",     "stdin",    "stdout",  "stderr",   "argc",
    "argv",   "fork",     "exit",     "usleep",   "shutdown", "fcntl",    "sendto",  "recvfrom", "NULL"};

std::string literal(std::string_view bytes) {
  std::string out = "\"";
  for (const char c : bytes) {
    if (const auto common = as_written(c); common.empty())
      out += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    else if (c == '?' && out.back() == '?')
      out += "\\?";  // no trigraphs
    else
      out += common;
  }
  return out + "\"";
}

std::string level_name(int level) {
  if (level == SOL_SOCKET) return "SOL_SOCKET";
  return level == 6 ? "IPPROTO_TCP" : level == 41 ? "IPPROTO_IPV6" : "IPPROTO_IP";
}

std::string integer(std::int64_t value) {
  using Limits = std::numeric_limits<std::int32_t>;
  return value < Limits::min() || value > Limits::max() ? fmt::format("(int){}LL", value)
                                                        : std::to_string(value);
}

/// What is set up before main: a program holds only the helpers that it uses.
struct Helpers {
  bool took = false, told = false, state = false, port_of = false, repeated = false, range = false;
};

class CWriter : public CodeWriter {
 public:
  CWriter(const Experiment& e, std::string_view process) : CodeWriter(e, process, Language::C, reserved) {
    for (const auto& statement : e.statements) {
      if (process_of(statement) == process) look(statement);
    }
    helpers_.port_of = !noted_ports().empty();
  }

 private:
  void look(const Statement& statement);
  void begin() override;
  void end() override {
    line("  return 0;");
    line("}");
  }
  void add(const CallStep& step) override {
    if (const auto* address = address_of(step.call)) declare(*address);
    step_ = &step;
    std::visit([&](const auto& call) { put(call); }, step.call);
    note_port(step.call);
  }
  void add_run(std::span<const std::string> words, bool wait) override {
    std::string arguments;
    for (const auto& word : words) arguments += literal(word) + ", ";
    line(fmt::format("  if (fork() == 0) _exit(execlp({}, {}(char *)NULL));", literal(words.front()),
                     arguments));
    if (wait) line("  said(\"wait\", wait(NULL));");
  }
  void add_wait(std::chrono::microseconds time) override { line(fmt::format("  usleep({});", time.count())); }
  void comment(const std::string& words) override {
    std::string safe = words;
    for (auto at = safe.find("*/"); at != std::string::npos; at = safe.find("*/")) safe.replace(at, 2, "* /");
    line("  /* " + safe + " */");
  }

  void begin_helpers();
  void declare(const AddressTerm& address);
  void note_port(const Call& call);
  std::string port(const PortTerm& term) const {
    if (const auto* fixed = std::get_if<Port>(&term)) return to_string(*fixed);
    if (const auto* of = std::get_if<PortOf>(&term)) return port_name(*of);
    return "0";
  }
  /// 'said("listen", listen(s, 16));', broken in two where it is long.
  void say(const std::string& what, const std::string& helper = "said") {
    const auto call = what.substr(0, what.find('('));
    auto text = fmt::format("  {}(\"{}\", {});", helper, call, what);
    if (text.size() <= 78) return line(std::move(text));
    line(fmt::format("  {}(\"{}\",", helper, call));
    line(fmt::format("       {});", what));
  }
  void make(const std::string& what) {
    const auto& variable = step_->variable;
    const auto call = what.substr(0, what.find('('));
    if (variable.empty()) return say(what);
    line(fmt::format("  {}{} = said(\"{}\", {});", is_new(variable) ? "int " : "", name(variable), call,
                     what));
  }
  std::string sized(const std::string& address) const {
    return fmt::format("(struct sockaddr *)&{0}, sizeof {0}", address);
  }
  /// The bytes to send: a literal with its length, or a variable that a line before has made.
  std::string bytes(const Text& text) {
    if (text.times == 1) return fmt::format("{}, {}", literal(text.bytes), text.bytes.size());
    const auto variable = fmt::format("text{}", ++texts_);
    line(fmt::format("  char *{} = repeated({}, {}, {});", variable, literal(text.bytes), text.bytes.size(),
                     text.times));
    return fmt::format("{}, {}", variable, text.bytes.size() * text.times);
  }

  void put(const SocketCall& call) {
    make(fmt::format("socket({}, {}{}, 0)", call.domain == Domain::Inet6 ? "AF_INET6" : "AF_INET",
                     call.type == SocketType::Stream ? "SOCK_STREAM" : "SOCK_DGRAM",
                     call.nonblock ? " | SOCK_NONBLOCK" : ""));
  }
  void put(const AcceptCall& call) { make(fmt::format("accept({}, NULL, NULL)", name(call.fd))); }
  void put(const BindCall& call) { say(fmt::format("bind({}, {})", name(call.fd), sized(address_))); }
  void put(const ConnectCall& call) { say(fmt::format("connect({}, {})", name(call.fd), sized(address_))); }
  void put(const ListenCall& call) {
    say(fmt::format("listen({}, {})", name(call.fd), integer(call.backlog)));
  }
  void put(const SendCall& call) {
    const auto text = bytes(call.bytes);
    const auto flags = join_constants(call.flags, message_flags());
    if (call.to)
      return say(fmt::format("sendto({}, {}, {}, {})", name(call.fd), text, flags, sized(address_)));
    say(fmt::format("send({}, {}, {})", name(call.fd), text, flags));
  }
  void put(const WriteCall& call) {
    const auto text = bytes(call.bytes);
    say(fmt::format("write({}, {})", name(call.fd), text));
  }
  static std::string count(const std::optional<std::uint64_t>& count) {
    return count && *count < 65536 ? std::to_string(*count) : "sizeof buffer";
  }
  void put(const RecvCall& call) {
    const auto flags = join_constants(call.flags.value_or(0), message_flags());
    if (!call.with_sender)
      return say(fmt::format("recv({}, buffer, {}, {})", name(call.fd), count(call.count), flags), "took");
    say(fmt::format("recvfrom({}, buffer, {}, {}, WHO)", name(call.fd), count(call.count), flags), "took");
    line("  told(\"  from\", 0);");
  }
  void put(const ReadCall& call) {
    say(fmt::format("read({}, buffer, {})", name(call.fd), count(call.count)), "took");
  }
  void put(const ShutdownCall& call) {
    say(fmt::format("shutdown({}, {})", name(call.fd),
                    call.how == SHUT_RD   ? "SHUT_RD"
                    : call.how == SHUT_WR ? "SHUT_WR"
                                          : "SHUT_RDWR"));
  }
  void put(const CloseCall& call) { say(fmt::format("close({})", name(call.fd))); }
  void put(const GetsocknameCall& call) { say(fmt::format("getsockname({}, WHO)", name(call.fd)), "told"); }
  void put(const GetpeernameCall& call) { say(fmt::format("getpeername({}, WHO)", name(call.fd)), "told"); }
  void put(const FcntlCall& call) {
    say(fmt::format("fcntl({}, F_SETFL, {})", name(call.fd), call.nonblock ? "O_NONBLOCK" : "0"));
  }
  void put(const PollCall& call) {
    line(fmt::format("  struct pollfd ready{} = {{{}, {}, 0}};", ++polls_, name(call.fd),
                     join_constants(call.events.mask, poll_events())));
    say(fmt::format("poll(&ready{}, 1, 300)", polls_));
    line(fmt::format("  printf(\"  events %#x\\n\", ready{}.revents);", polls_));
  }
  void put(const StateCall& call) { line(fmt::format("  state({});", name(call.fd))); }
  void put(const SetsockoptCall& call);
  void put(const GetsockoptCall& call);

  Helpers helpers_;
  const CallStep* step_ = nullptr;
  std::vector<AddressTerm> addresses_;
  std::string address_;  ///< the variable of this call's address
  int texts_ = 0, polls_ = 0, values_ = 0;
};

void CWriter::look(const Statement& statement) {
  const auto* step = std::get_if<CallStep>(&statement.body);
  if (step == nullptr) return;
  const auto* send = std::get_if<SendCall>(&step->call);
  const auto* write = std::get_if<WriteCall>(&step->call);
  const auto* recv = std::get_if<RecvCall>(&step->call);
  if ((send != nullptr && send->bytes.times != 1) || (write != nullptr && write->bytes.times != 1))
    helpers_.repeated = true;
  if (recv != nullptr || std::holds_alternative<ReadCall>(step->call)) helpers_.took = true;
  if (recv != nullptr && recv->with_sender) helpers_.told = true;
  if (std::holds_alternative<GetsocknameCall>(step->call) ||
      std::holds_alternative<GetpeernameCall>(step->call))
    helpers_.told = true;
  if (std::holds_alternative<StateCall>(step->call)) helpers_.state = true;
}

void CWriter::begin() {
  line(fmt::format("/* {} */", "What " + process() + " does, call by call."));
  line(fmt::format("/* cc {0}.c -o {0} && ./{0} */", process()));
  line("#define _GNU_SOURCE");
  for (const char* header :
       {"arpa/inet.h", "errno.h", "fcntl.h", "netinet/in.h", "netinet/tcp.h", "poll.h", "stdint.h", "stdio.h",
        "stdlib.h", "string.h", "sys/socket.h", "sys/wait.h", "unistd.h"}) {
    line(fmt::format("#include <{}>", header));
  }
  line("");
  begin_helpers();
  line(foreign_ports().empty() ? "int main(void) {" : "int main(int argc, char **argv) {");
  for (std::size_t i = 0; i < foreign_ports().size(); ++i) {
    const auto& of = foreign_ports()[i];
    line(fmt::format("  /* argument {}: the port that {}'s {} has */", i + 1, of.process, of.variable));
    line(fmt::format("  unsigned {} = argc > {} ? (unsigned)atoi(argv[{}]) : 0;", port_name(of), i + 1,
                     i + 1));
  }
  for (const auto& variable : noted_ports()) line(fmt::format("  unsigned port_{} = 0;", variable));
}

void CWriter::begin_helpers() {
  const auto lines = [&](std::initializer_list<const char*> all) {
    for (const char* one : all) line(one);
    line("");
  };
  lines({"/* Says what came of a call, and hands it on. */",
         "static int said(const char *call, long result) {",
         "  if (result == -1) printf(\"%s: %s\\n\", call, strerror(errno));",
         "  else printf(\"%s: %ld\\n\", call, result);", "  fflush(stdout);", "  return (int)result;", "}"});
  if (helpers_.took) {
    lines({"static char buffer[65536];", "static void took(const char *call, long count) {",
           "  if (said(call, count) > 0) printf(\"  \\\"%.*s\\\"\\n\", (int)count, buffer);", "}"});
  }
  if (helpers_.told) {
    lines({"static struct sockaddr_storage who;",
           "#define WHO (struct sockaddr *)&who, &(socklen_t){sizeof who}",
           "static void told(const char *call, int result) {", "  char text[INET6_ADDRSTRLEN] = \"\";",
           "  struct sockaddr_in *v4 = (struct sockaddr_in *)&who;",
           "  struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&who;",
           "  if (said(call, result) == -1) return;",
           "  inet_ntop(who.ss_family, who.ss_family == AF_INET ? (void *)&v4->sin_addr : (void "
           "*)&v6->sin6_addr, text, sizeof text);",
           "  printf(\"  %s port %u\\n\", text, ntohs(v4->sin_port));", "}"});
  }
  if (helpers_.state) {
    lines({"/* No call of sockets: TCP_INFO tells the state (1 is ESTABLISHED, see tcp_states.h). */",
           "static void state(int fd) {", "  struct tcp_info info;",
           "  if (said(\"TCP_INFO\", getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &(socklen_t){sizeof "
           "info})) == 0)",
           "    printf(\"  state %d\\n\", info.tcpi_state);", "}"});
  }
  if (helpers_.port_of) {
    lines({"static unsigned port_of(int fd) {", "  struct sockaddr_in6 own = {0};",
           "  getsockname(fd, (struct sockaddr *)&own, &(socklen_t){sizeof own});",
           "  return ntohs(own.sin6_port);", "}"});
  }
  if (helpers_.repeated) {
    lines({"static char *repeated(const char *text, size_t length, size_t times) {",
           "  char *all = malloc(length * times + 1);",
           "  for (size_t i = 0; i < times; i++) memcpy(all + i * length, text, length);", "  return all;",
           "}"});
  }
}

void CWriter::declare(const AddressTerm& address) {
  if (address.unspec) {
    address_ = fmt::format("nobody{}", addresses_.size() + 1);
    addresses_.push_back(address);
    line(fmt::format("  struct sockaddr {} = {{.sa_family = AF_UNSPEC}};", address_));
    return;
  }
  const bool fixed = std::holds_alternative<Port>(address.port);
  for (std::size_t i = 0; i < addresses_.size() && fixed; ++i) {
    if (addresses_[i] == address) {
      address_ = fmt::format("address{}", i + 1);
      return;
    }
  }
  addresses_.push_back(address);
  address_ = fmt::format("address{}", addresses_.size());
  const auto* ip = std::get_if<IpAddress>(&address.ip);
  const bool v6 = ip != nullptr && ip->is_v6();
  line(
      fmt::format("  struct sockaddr_in{0} {1} = {{.sin{0}_family = AF_INET{0}, .sin{0}_port = htons({2})}};",
                  v6 ? "6" : "", address_, port(address.port)));
  line(fmt::format("  inet_pton(AF_INET{0}, \"{1}\", &{2}.sin{0}_addr);", v6 ? "6" : "",
                   ip == nullptr ? "0.0.0.0" : to_string(*ip), address_));
}

void CWriter::note_port(const Call& call) {
  if (!std::holds_alternative<BindCall>(call) && !std::holds_alternative<ConnectCall>(call)) return;
  const auto variable = descriptor_of(call).value_or("");
  if (noted_ports().contains(variable))
    line(fmt::format("  port_{} = port_of({});", variable, name(variable)));
}

void CWriter::put(const SetsockoptCall& call) {
  const auto* option = find_option(call.option.name);
  const auto level = option == nullptr ? 0 : option->level;
  std::string value;
  std::string size;
  if (const auto* n = std::get_if<std::int64_t>(&call.value)) {
    value = fmt::format("&(int){{{}}}", integer(*n));
    size = "sizeof(int)";
  } else if (const auto* linger = std::get_if<Linger>(&call.value)) {
    value = fmt::format("&(struct linger){{{}, {}}}", linger->on, linger->seconds);
    size = "sizeof(struct linger)";
  } else if (const auto* time = std::get_if<Timeval>(&call.value)) {
    value = fmt::format("&(struct timeval){{{}, {}}}", time->seconds, time->microseconds);
    size = "sizeof(struct timeval)";
  } else if (const auto* range = std::get_if<PortRange>(&call.value)) {
    value = fmt::format("&(uint32_t){{{}u << 16 | {}u}}", number(range->high), number(range->low));
    size = "sizeof(uint32_t)";
  } else if (const auto* device = std::get_if<DeviceName>(&call.value)) {
    value = literal(device->name);
    size = std::to_string(device->name.size());
  }
  // Newer than the headers of some systems.
  const auto known = call.option.name == "IP_LOCAL_PORT_RANGE"
                         ? fmt::format("{} /* IP_LOCAL_PORT_RANGE */", option->number)
                         : call.option.name;
  say(fmt::format("setsockopt({}, {}, {}, {}, {})", name(call.fd), level_name(level), known, value, size));
}

void CWriter::put(const GetsockoptCall& call) {
  const auto* option = find_option(call.option.name);
  const auto shape = option == nullptr ? OptionShape::Number : option->shape;
  const auto value = fmt::format("value{}", ++values_);
  struct Kind {
    const char* type;
    const char* print;  // with {} for the variable
  };
  const Kind kind =
      shape == OptionShape::Linger
          ? Kind{"struct linger {0} = {{0}};", "\"  {{%d, %d}}\\n\", {0}.l_onoff, {0}.l_linger"}
      : shape == OptionShape::Timeval
          ? Kind{"struct timeval {0} = {{0}};", "\"  {{%ld, %ld}}\\n\", (long){0}.tv_sec, (long){0}.tv_usec"}
      : shape == OptionShape::Device    ? Kind{"char {0}[16] = \"\";", "\"  %s\\n\", {0}"}
      : shape == OptionShape::PortRange ? Kind{"uint32_t {0} = 0;", "\"  %u-%u\\n\", {0} & 65535, {0} >> 16"}
      : shape == OptionShape::Error     ? Kind{"int {0} = 0;", "\"  %d %s\\n\", {0}, strerror({0})"}
                                        : Kind{"int {0} = 0;", "\"  %d\\n\", {0}"};
  const auto known = call.option.name == "IP_LOCAL_PORT_RANGE" ? std::string("51 /* IP_LOCAL_PORT_RANGE */")
                                                               : call.option.name;
  line("  " + fmt::format(fmt::runtime(kind.type), value));
  say(fmt::format("getsockopt({}, {}, {}, &{}, &(socklen_t){{sizeof {}}})", name(call.fd),
                  level_name(option == nullptr ? 0 : option->level), known, value, value));
  line("  printf(" + fmt::format(fmt::runtime(kind.print), value) + ");");
}

}  // namespace

Code write_c(const Experiment& experiment, std::string_view process) {
  return CWriter(experiment, process).write();
}

}  // namespace loopscope::app::notation
