#include "sim/experiment/parse_call.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <limits>

namespace loopscope::experiment {
namespace {

/// The arguments of one call, read in order: each but the first after a comma.
class Arguments {
 public:
  Arguments(Cursor& cursor, Mentions& mentions, std::string_view form)
      : cursor_(cursor), mentions_(mentions), form_(form) {}

  Cursor& next() {
    if (!first_ && !cursor_.take(',')) wrong();
    if (cursor_.peek() == ')' || cursor_.at_end()) wrong();
    first_ = false;
    return cursor_;
  }
  [[nodiscard]] bool more() { return cursor_.peek() == ','; }
  std::string descriptor() {
    Cursor& cursor = next();
    const int column = cursor.column();
    const std::string name = parse_new_name(cursor, "a descriptor's variable");
    mentions_.push_back({Mention::Kind::Variable, "", name, column});
    return name;
  }
  AddressTerm address() { return parse_address(next(), AddressUse::Argument, mentions_); }
  std::uint64_t count() {
    return static_cast<std::uint64_t>(next().integer("a count of bytes", 0, max_text_bytes));
  }
  int message_flags() {
    return parse_constants(next(), experiment::message_flags(), "flags of send and recv");
  }
  /// After the last argument.
  void end() {
    if (!cursor_.take(')')) wrong();
  }

 private:
  [[noreturn]] void wrong() {
    cursor_.fail(fmt::format("{} here; the call is written {}", cite_next(cursor_), form_));
  }

  Cursor& cursor_;
  Mentions& mentions_;
  std::string_view form_;
  bool first_ = true;
};

std::string_view one_of(Cursor& cursor, std::span<const std::string_view> choices, std::string_view what) {
  const int column = cursor.column();
  const std::string next = cite_next(cursor);
  const std::string_view name = cursor.name();
  const auto found = std::find(choices.begin(), choices.end(), name);
  if (found == choices.end()) {
    Cursor::fail_at(column, fmt::format("{} is no {}{}", name.empty() ? next : cite(name), what,
                                        did_you_mean(name, choices)));
  }
  return *found;
}

constexpr std::array<std::string_view, 2> domains{"AF_INET", "AF_INET6"};
constexpr std::array<std::string_view, 2> types{"SOCK_STREAM", "SOCK_DGRAM"};
constexpr std::array<std::string_view, 1> type_flags{"SOCK_NONBLOCK"};
constexpr std::array<std::string_view, 1> fcntl_commands{"F_SETFL"};
constexpr std::array<std::string_view, 2> status_flags{"O_NONBLOCK", "0"};

Call parse_socket(Arguments& in) {
  SocketCall call;
  call.domain = one_of(in.next(), domains, "domain of socket") == "AF_INET" ? Domain::Inet : Domain::Inet6;
  Cursor& cursor = in.next();
  call.type =
      one_of(cursor, types, "type of socket") == "SOCK_STREAM" ? SocketType::Stream : SocketType::Datagram;
  while (cursor.take('|')) call.nonblock = !one_of(cursor, type_flags, "flag of socket").empty();
  return call;
}

Call parse_setsockopt(Arguments& in) {
  SetsockoptCall call;
  call.fd = in.descriptor();
  const OptionInfo& option = parse_option_name(in.next());
  call.option.name = option.name;
  call.value = parse_option_value(in.next(), option);
  return call;
}

Call parse_getsockopt(Arguments& in) {
  GetsockoptCall call;
  call.fd = in.descriptor();
  call.option.name = parse_option_name(in.next()).name;
  return call;
}

template <class AddressCall>
Call parse_with_address(Arguments& in) {
  AddressCall call;
  call.fd = in.descriptor();
  call.address = in.address();
  return call;
}

Call parse_listen(Arguments& in) {
  ListenCall call;
  call.fd = in.descriptor();
  call.backlog = in.next().integer("a backlog", std::numeric_limits<std::int32_t>::min(),
                                   std::numeric_limits<std::int32_t>::max());
  return call;
}

template <bool WithAddress>
Call parse_send(Arguments& in) {
  SendCall call;
  call.fd = in.descriptor();
  call.bytes = in.next().text();
  if constexpr (WithAddress) call.to = in.address();
  if (in.more()) call.flags = in.message_flags();
  return call;
}

template <bool WithSender>
Call parse_recv(Arguments& in) {
  RecvCall call;
  call.fd = in.descriptor();
  call.with_sender = WithSender;
  if (!in.more()) return call;
  Cursor& cursor = in.next();
  if (cursor.peek_name().starts_with("MSG_")) {
    cursor.fail("flags come after the count of bytes, as in (fd, 65536, MSG_PEEK)");
  }
  call.count = static_cast<std::uint64_t>(cursor.integer("a count of bytes", 0, max_text_bytes));
  if (in.more()) call.flags = in.message_flags();
  return call;
}

Call parse_read(Arguments& in) {
  ReadCall call;
  call.fd = in.descriptor();
  if (in.more()) call.count = in.count();
  return call;
}

Call parse_write(Arguments& in) {
  WriteCall call;
  call.fd = in.descriptor();
  call.bytes = in.next().text();
  return call;
}

Call parse_shutdown(Arguments& in) {
  ShutdownCall call;
  call.fd = in.descriptor();
  const auto names = names_of(shutdown_hows());
  const std::string_view how = one_of(in.next(), names, "way to shut down");
  for (const Constant& known : shutdown_hows()) {
    if (known.name == how) call.how = known.value;
  }
  return call;
}

Call parse_fcntl(Arguments& in) {
  FcntlCall call;
  call.fd = in.descriptor();
  one_of(in.next(), fcntl_commands, "command of fcntl that the language has");
  call.nonblock =
      one_of(in.next(), status_flags, "status flag of F_SETFL that the language has") == "O_NONBLOCK";
  return call;
}

Call parse_poll(Arguments& in) {
  PollCall call;
  call.fd = in.descriptor();
  call.events.mask = static_cast<short>(parse_constants(in.next(), poll_events(), "events of poll"));
  return call;
}

template <class DescriptorCall>
Call parse_with_descriptor(Arguments& in) {
  DescriptorCall call;
  call.fd = in.descriptor();
  return call;
}

struct CallForm {
  std::string_view name;
  std::string_view form;  ///< for messages
  Call (*parse)(Arguments&);
};

constexpr std::array forms{
    CallForm{"socket", "socket(DOMAIN, TYPE[|SOCK_NONBLOCK])", parse_socket},
    CallForm{"setsockopt", "setsockopt(fd, NAME, VALUE)", parse_setsockopt},
    CallForm{"getsockopt", "getsockopt(fd, NAME)", parse_getsockopt},
    CallForm{"bind", "bind(fd, ADDRESS)", parse_with_address<BindCall>},
    CallForm{"listen", "listen(fd, BACKLOG)", parse_listen},
    CallForm{"connect", "connect(fd, ADDRESS)", parse_with_address<ConnectCall>},
    CallForm{"accept", "accept(fd)", parse_with_descriptor<AcceptCall>},
    CallForm{"send", "send(fd, \"…\"[, FLAGS])", parse_send<false>},
    CallForm{"sendto", "sendto(fd, \"…\", ADDRESS[, FLAGS])", parse_send<true>},
    CallForm{"recv", "recv(fd[, COUNT[, FLAGS]])", parse_recv<false>},
    CallForm{"recvfrom", "recvfrom(fd[, COUNT[, FLAGS]])", parse_recv<true>},
    CallForm{"read", "read(fd[, COUNT])", parse_read},
    CallForm{"write", "write(fd, \"…\")", parse_write},
    CallForm{"shutdown", "shutdown(fd, SHUT_RD|SHUT_WR|SHUT_RDWR)", parse_shutdown},
    CallForm{"close", "close(fd)", parse_with_descriptor<CloseCall>},
    CallForm{"getsockname", "getsockname(fd)", parse_with_descriptor<GetsocknameCall>},
    CallForm{"getpeername", "getpeername(fd)", parse_with_descriptor<GetpeernameCall>},
    CallForm{"fcntl", "fcntl(fd, F_SETFL, O_NONBLOCK)", parse_fcntl},
    CallForm{"poll", "poll(fd, EVENTS)", parse_poll},
    CallForm{"state", "state(fd)", parse_with_descriptor<StateCall>},
};

const CallForm* find_form(std::string_view name) {
  const auto found =
      std::find_if(forms.begin(), forms.end(), [&](const CallForm& form) { return form.name == name; });
  return found == forms.end() ? nullptr : found;
}

}  // namespace

bool is_call(std::string_view name) { return find_form(name) != nullptr; }

Call parse_call(Cursor& cursor, Mentions& mentions) {
  const int column = cursor.column();
  const std::string next = cite_next(cursor);
  const std::string_view name = cursor.name();
  const CallForm* form = find_form(name);
  if (form == nullptr) {
    std::vector<std::string_view> names;
    for (const CallForm& known : forms) names.push_back(known.name);
    for (const std::string_view word : {"run", "start", "returns"}) names.push_back(word);
    Cursor::fail_at(column, fmt::format("{} is no call of the language{}", name.empty() ? next : cite(name),
                                        did_you_mean(name, names)));
  }
  if (!cursor.take('('))
    cursor.fail(fmt::format("{} after `{}`; the call is written {}", cite_next(cursor), name, form->form));
  Arguments arguments(cursor, mentions, form->form);
  Call call = form->parse(arguments);
  arguments.end();
  return call;
}

}  // namespace loopscope::experiment
