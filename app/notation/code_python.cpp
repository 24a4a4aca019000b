#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <string>

#include "app/notation/code_writer.hpp"
#include "sim/experiment/constants.hpp"
#include "sim/experiment/options.hpp"

namespace loopscope::app::notation {
namespace {

using namespace experiment;

constexpr std::string_view reserved[] = {
    "False",   "None",       "True",     "and",     "as",    "assert",  "async",  "await",
    "break",   "class",      "continue", "def",     "del",   "elif",    "else",   "except",
    "finally", "for",        "from",     "global",  "if",    "import",  "in",     "is",
    "lambda",  "nonlocal",   "not",      "or",      "pass",  "raise",   "return", "try",
    "while",   "with",       "yield",    "socket",  "errno", "struct",  "sys",    "time",
    "select",  "subprocess", "ctypes",   "attempt", "print", "port_of", "state",  "peer"};

/// Options that Python's socket module does not name in each version that is about: by number, with the name
/// beside.
constexpr std::string_view unnamed[] = {"IP_FREEBIND", "IP_TRANSPARENT", "IP_BIND_ADDRESS_NO_PORT",
                                        "IP_LOCAL_PORT_RANGE", "IPV6_FREEBIND"};

std::string literal(std::string_view bytes) {
  std::string out = "b\"";
  for (const char c : bytes) {
    const auto common = as_written(c);
    out += common.empty() ? fmt::format("\\x{:02x}", static_cast<unsigned char>(c)) : common;
  }
  return out + "\"";
}
std::string literal(const Text& text) {
  return text.times == 1 ? literal(text.bytes) : fmt::format("{} * {}", literal(text.bytes), text.times);
}

std::string qualified(int mask, std::span<const Constant> table, const char* module) {
  std::string out;
  for (const auto& constant : table) {
    if ((mask & constant.value) == 0) continue;
    if (!out.empty()) out += " | ";
    out += std::string(module) + "." + std::string(constant.name);
  }
  return out.empty() ? "0" : out;
}

class PythonWriter : public CodeWriter {
 public:
  PythonWriter(const Experiment& e, std::string_view process)
      : CodeWriter(e, process, Language::Python, reserved) {
    for (const auto& statement : e.statements) {
      if (process_of(statement) == process) look(statement);
      if (std::holds_alternative<WaitStep>(statement.body)) uses_.insert("time");
    }
  }

 private:
  void look(const Statement& statement) {
    if (std::holds_alternative<RunStep>(statement.body) || std::holds_alternative<StartStep>(statement.body))
      uses_.insert("subprocess");
    const auto* step = std::get_if<CallStep>(&statement.body);
    if (step == nullptr) return;
    if (std::holds_alternative<PollCall>(step->call)) uses_.insert("select");
    if (const auto* set = std::get_if<SetsockoptCall>(&step->call);
        set != nullptr && !std::holds_alternative<std::int64_t>(set->value)) {
      uses_.insert("struct");
    }
    if (const auto* address = address_of(step->call); address != nullptr && address->unspec)
      uses_.insert("ctypes");
    if (std::holds_alternative<StateCall>(step->call)) state_ = true;
  }

  void begin() override {
    line(fmt::format("# What {} does, call by call.", process()));
    line(fmt::format("# python3 {}.py", process()));
    line("import errno");
    uses_.insert("socket");
    if (!foreign_ports().empty()) uses_.insert("sys");
    for (const auto& module : uses_) line("import " + module);
    line("");
    for (const char* text :
         {"def attempt(call, *arguments):", "    \"\"\"Makes one call and says what came of it.\"\"\"",
          "    try:", "        result = call(*arguments)", "    except OSError as error:",
          "        print(call.__name__, errno.errorcode.get(error.errno, error), flush=True)",
          "        return None", "    print(call.__name__, \"ok\" if result is None else result, flush=True)",
          "    return result"}) {
      line(text);
    }
    if (state_) {
      line("");
      line("def state(s):");
      line("    # No call of sockets: TCP_INFO's first byte is the state (1 is ESTABLISHED).");
      line("    print(\"state\", s.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0], flush=True)");
    }
    line("");
    for (std::size_t i = 0; i < foreign_ports().size(); ++i) {
      const auto& of = foreign_ports()[i];
      line(fmt::format("{} = int(sys.argv[{}])  # the port that {}'s {} has", port_name(of), i + 1,
                       of.process, of.variable));
    }
    for (const auto& variable : noted_ports()) line(fmt::format("port_{} = 0", variable));
  }
  void end() override {}
  void add(const CallStep& step) override {
    step_ = &step;
    std::visit([&](const auto& call) { put(call); }, step.call);
    if (!std::holds_alternative<BindCall>(step.call) && !std::holds_alternative<ConnectCall>(step.call))
      return;
    const auto variable = descriptor_of(step.call).value_or("");
    if (noted_ports().contains(variable))
      line(fmt::format("port_{} = {}.getsockname()[1]", variable, name(variable)));
  }
  void add_run(std::span<const std::string> words, bool wait) override {
    std::string list;
    for (const auto& word : words) list += (list.empty() ? "" : ", ") + literal(word).substr(1);
    line(wait ? fmt::format("attempt(subprocess.call, [{}])", list)
              : fmt::format("subprocess.Popen([{}])", list));
  }
  void add_wait(std::chrono::microseconds time) override {
    line(fmt::format("time.sleep({:g})", static_cast<double>(time.count()) / 1e6));
  }
  void comment(const std::string& words) override { line("# " + words); }

  std::string address(const AddressTerm& term) const {
    const auto* ip = std::get_if<IpAddress>(&term.ip);
    std::string port = "0";
    if (const auto* fixed = std::get_if<Port>(&term.port)) port = to_string(*fixed);
    if (const auto* of = std::get_if<PortOf>(&term.port)) port = port_name(*of);
    return fmt::format("(\"{}\", {})", ip == nullptr ? "0.0.0.0" : to_string(*ip), port);
  }
  void attempt(const std::string& fd, const std::string& call, const std::string& arguments) {
    line(fmt::format("attempt({}.{}{}{})", name(fd), call, arguments.empty() ? "" : ", ", arguments));
  }

  void put(const SocketCall& call) {
    const auto& variable = step_->variable;
    if (!variable.empty()) (void)is_new(variable);
    line(fmt::format("{}attempt(socket.socket, socket.{}, socket.{}{})",
                     variable.empty() ? "" : name(variable) + " = ",
                     call.domain == Domain::Inet6 ? "AF_INET6" : "AF_INET",
                     call.type == SocketType::Stream ? "SOCK_STREAM" : "SOCK_DGRAM",
                     call.nonblock ? " | socket.SOCK_NONBLOCK" : ""));
  }
  void put(const AcceptCall& call) {
    if (step_->variable.empty()) return attempt(call.fd, "accept", "");
    (void)is_new(step_->variable);
    line(fmt::format("{}, peer = attempt({}.accept) or (None, None)", name(step_->variable), name(call.fd)));
  }
  void put(const BindCall& call) { attempt(call.fd, "bind", address(call.address)); }
  void put(const ConnectCall& call) {
    if (!call.address.unspec) return attempt(call.fd, "connect", address(call.address));
    line("# Python's connect knows no AF_UNSPEC: the C library's does.");
    line(fmt::format("print(\"connect\", ctypes.CDLL(None).connect({}.fileno(), bytes(16), 16))",
                     name(call.fd)));
  }
  void put(const ListenCall& call) {
    attempt(call.fd, "listen", std::to_string(std::clamp<std::int64_t>(call.backlog, INT32_MIN, INT32_MAX)));
  }
  void put(const SendCall& call) {
    auto arguments = literal(call.bytes);
    if (call.flags != 0) arguments += ", " + qualified(call.flags, message_flags(), "socket");
    if (call.to) return attempt(call.fd, "sendto", arguments + ", " + address(*call.to));
    attempt(call.fd, "send", arguments);
  }
  void put(const WriteCall& call) { attempt(call.fd, "send", literal(call.bytes)); }
  void put(const RecvCall& call) {
    auto arguments = std::to_string(call.count.value_or(65536));
    if (call.flags.value_or(0) != 0) arguments += ", " + qualified(*call.flags, message_flags(), "socket");
    attempt(call.fd, call.with_sender ? "recvfrom" : "recv", arguments);
  }
  void put(const ReadCall& call) { attempt(call.fd, "recv", std::to_string(call.count.value_or(65536))); }
  void put(const ShutdownCall& call) {
    attempt(call.fd, "shutdown",
            call.how == SHUT_RD   ? "socket.SHUT_RD"
            : call.how == SHUT_WR ? "socket.SHUT_WR"
                                  : "socket.SHUT_RDWR");
  }
  void put(const CloseCall& call) { attempt(call.fd, "close", ""); }
  void put(const GetsocknameCall& call) { attempt(call.fd, "getsockname", ""); }
  void put(const GetpeernameCall& call) { attempt(call.fd, "getpeername", ""); }
  void put(const FcntlCall& call) { attempt(call.fd, "setblocking", call.nonblock ? "False" : "True"); }
  void put(const PollCall& call) {
    line("ready = select.poll()");
    line(fmt::format("ready.register({}, {})", name(call.fd),
                     qualified(call.events.mask, poll_events(), "select")));
    line("attempt(ready.poll, 300)");
  }
  void put(const StateCall& call) { line(fmt::format("state({})", name(call.fd))); }

  static std::string option(const OptionName& option) {
    const auto* info = find_option(option.name);
    const auto level = info == nullptr || info->level == SOL_SOCKET ? "SOL_SOCKET"
                       : info->level == 6                           ? "IPPROTO_TCP"
                       : info->level == 41                          ? "IPPROTO_IPV6"
                                                                    : "IPPROTO_IP";
    const bool number = info != nullptr &&
                        std::find(std::begin(unnamed), std::end(unnamed), option.name) != std::end(unnamed);
    return fmt::format("socket.{}, {}", level,
                       number ? std::to_string(info->number) : "socket." + option.name);
  }
  void put(const SetsockoptCall& call) {
    std::string value;
    if (const auto* n = std::get_if<std::int64_t>(&call.value)) value = std::to_string(*n);
    if (const auto* linger = std::get_if<Linger>(&call.value))
      value = fmt::format("struct.pack(\"ii\", {}, {})", linger->on, linger->seconds);
    if (const auto* time = std::get_if<Timeval>(&call.value))
      value = fmt::format("struct.pack(\"ll\", {}, {})", time->seconds, time->microseconds);
    if (const auto* range = std::get_if<PortRange>(&call.value)) {
      value = fmt::format("struct.pack(\"I\", {} << 16 | {})", number(range->high), number(range->low));
    }
    if (const auto* device = std::get_if<DeviceName>(&call.value)) value = literal(device->name);
    attempt(call.fd, "setsockopt", option(call.option) + ", " + value);
  }
  void put(const GetsockoptCall& call) {
    const auto* info = find_option(call.option.name);
    const bool plain =
        info == nullptr || info->shape == OptionShape::Number || info->shape == OptionShape::Error;
    attempt(call.fd, "getsockopt", option(call.option) + (plain ? "" : ", 16"));
  }

  std::set<std::string> uses_;
  bool state_ = false;
  const CallStep* step_ = nullptr;
};

}  // namespace

Code write_python(const Experiment& experiment, std::string_view process) {
  return PythonWriter(experiment, process).write();
}

}  // namespace loopscope::app::notation
