#include <fmt/format.h>

#include <algorithm>
#include <concepts>
#include <istream>
#include <limits>
#include <nlohmann/json.hpp>

#include "sim/trace/json.hpp"
#include "sim/trace/json_fields.hpp"
#include "sim/trace/json_words.hpp"

namespace loopscope::trace {
namespace {

using nlohmann::json;

/// What is wrong, told once: thrown and caught within this file.
struct Wrong {
  std::string message;
};

template <std::integral Number>
void read(const json& from, Number& into) {
  if constexpr (std::is_same_v<Number, bool>) {
    if (!from.is_boolean()) throw Wrong{"true or false belongs here"};
    into = from.get<bool>();
  } else {
    if (!from.is_number_integer()) throw Wrong{"a whole number belongs here"};
    using Limits = std::numeric_limits<Number>;
    const bool fits =
        from.is_number_unsigned()
            ? from.get<std::uint64_t>() <= static_cast<std::uint64_t>(Limits::max())
            : Limits::is_signed && from.get<std::int64_t>() >= static_cast<std::int64_t>(Limits::min());
    if (!fits) throw Wrong{fmt::format("{} is out of range", from.dump())};
    into = from.get<Number>();
  }
}

std::string words(const json& from) {
  if (!from.is_string()) throw Wrong{"a text belongs here"};
  return from.get<std::string>();
}

std::string hex(const json& from) {
  auto bytes = from_hex(words(from));
  if (!bytes) throw Wrong{bytes.error()};
  return *std::move(bytes);
}

void read(const json& from, std::string& into) {
  if (from.is_object() && from.size() == 1 && from.contains("hex")) {
    into = hex(from["hex"]);
  } else {
    into = words(from);
  }
}

void read(const json& from, std::vector<std::uint8_t>& into) {
  const std::string bytes = hex(from);
  into.assign(bytes.begin(), bytes.end());
}

void read(const json& from, SocketAddress& into) {
  const auto address = SocketAddress::parse(words(from));
  if (!address) throw Wrong{from.dump() + " is no address with a port"};
  into = *address;
}

void read(const json& from, SocketState& into) {
  const auto state = parse_socket_state(words(from));
  if (!state) throw Wrong{from.dump() + " is no socket state"};
  into = *state;
}

template <std::size_t count>
std::size_t index_of(const json& from, const std::array<std::string_view, count>& names) {
  const std::string name = words(from);
  for (std::size_t index = 0; index < count; ++index) {
    if (names[index] == name) return index;
  }
  throw Wrong{fmt::format("'{}' is unknown here", name)};
}

void read(const json& from, Transport& into) {
  into = static_cast<Transport>(index_of(from, transport_names));
}
void read(const json& from, SocketTimer& into) {
  into = static_cast<SocketTimer>(index_of(from, timer_names));
}
void read(const json& from, Hook& into) { into = static_cast<Hook>(index_of(from, hook_names)); }
void read(const json& from, Judgement& into) {
  into = static_cast<Judgement>(index_of(from, judgement_names));
}
void read(const json& from, Verdict& into) { into = static_cast<Verdict>(index_of(from, verdict_names)); }

void read(const json& from, Milliseconds& into) {
  std::int64_t count = 0;
  read(from, count);
  into = Milliseconds(count);
}

void read(const json& from, TcpFlags& into) {
  if (!from.is_array()) throw Wrong{"a list of flags belongs here"};
  for (const json& name : from) into.*flag_members[index_of(name, flag_names)] = true;
}

void read(const json& from, std::pair<std::uint32_t, std::uint32_t>& into) {
  if (!from.is_array() || from.size() != 2) throw Wrong{"two numbers belong here"};
  read(from[0], into.first);
  read(from[1], into.second);
}

template <class Thing>
void read(const json& from, std::optional<Thing>& into) {
  read(from, into.emplace());
}

template <class Record>
void read_fields(const json& from, Record& record, std::size_t others);

void read(const json& from, Packet& into) {
  if (!from.is_object()) throw Wrong{"an object belongs here"};
  read_fields(from, into, 0);
}

void read(const json& from, SocketEntry& into) {
  if (!from.is_object()) throw Wrong{"an object belongs here"};
  read_fields(from, into, 0);
}

void read(const json& from, std::vector<SocketEntry>& into) {
  if (!from.is_array()) throw Wrong{"a list belongs here"};
  for (const json& thing : from) read(thing, into.emplace_back());
}

/// `others`: how many members of the object belong to somebody else. One too many is a field that this
/// version does not know.
template <class Record>
void read_fields(const json& from, Record& record, std::size_t others) {
  std::vector<std::string> known;
  fields(
      [&](const char* name, auto& field) {
        known.emplace_back(name);
        const auto found = from.find(name);
        if (found == from.end()) return;
        try {
          read(*found, field);
        } catch (const Wrong& wrong) {
          throw Wrong{fmt::format("\"{}\": {}", name, wrong.message)};
        }
        ++others;
      },
      record);
  if (others == from.size()) return;
  for (const auto& member : from.items()) {
    const bool expected = member.key() == "at" || member.key() == "fact" ||
                          std::find(known.begin(), known.end(), member.key()) != known.end();
    if (!expected) throw Wrong{fmt::format("\"{}\" is no field of this", member.key())};
  }
}

template <std::size_t index = 0>
Fact read_fact(std::size_t wanted, const json& from) {
  if constexpr (index < std::variant_size_v<Fact>) {
    if (index != wanted) return read_fact<index + 1>(wanted, from);
    std::variant_alternative_t<index, Fact> fact;
    read_fields(from, fact, 2);
    return fact;
  } else {
    throw Wrong{"no such fact"};
  }
}

Event read_event(const json& from) {
  if (!from.is_object()) throw Wrong{"a line holds one object"};
  for (const char* name : {"at", "fact"}) {
    if (!from.contains(name)) throw Wrong{fmt::format("\"{}\" is missing", name)};
  }
  Event event;
  std::int64_t at = 0;
  read(from["at"], at);
  event.at = Nanoseconds(at);
  event.fact = read_fact(index_of(from["fact"], fact_names), from);
  return event;
}

tl::expected<void, std::string> check_header(const std::string& line) {
  const json header = json::parse(line, nullptr, false);
  if (!header.is_object() || header.value("format", json()) != "loopscope-trace")
    return tl::unexpected(std::string("this is no trace of Loopscope (its first line would say so)"));
  const json version = header.value("version", json());
  if (version != format_version) {
    return tl::unexpected(fmt::format("this trace has format version {}, and this program reads version {}",
                                      version.dump(), format_version));
  }
  return {};
}

}  // namespace

std::string to_string(const ReadProblem& problem) {
  return fmt::format("{}:{}: {}", problem.file, problem.line, problem.message);
}

tl::expected<Event, std::string> from_json(std::string_view line) {
  try {
    return read_event(json::parse(line));
  } catch (const Wrong& wrong) {
    return tl::unexpected(wrong.message);
  } catch (const json::exception&) {
    return tl::unexpected(std::string("this line is no complete JSON object: the file is damaged here"));
  }
}

tl::expected<std::vector<Event>, ReadProblem> read_trace(std::istream& in, const std::string& file) {
  std::string line;
  int number = 1;
  if (!std::getline(in, line))
    return tl::unexpected(ReadProblem{file, number, "the file is empty or cannot be read"});
  if (auto header = check_header(line); !header)
    return tl::unexpected(ReadProblem{file, number, header.error()});
  std::vector<Event> events;
  while (std::getline(in, line)) {
    ++number;
    if (line.empty() || line == "\r") continue;
    auto event = from_json(line);
    if (!event) return tl::unexpected(ReadProblem{file, number, event.error()});
    events.push_back(*std::move(event));
  }
  if (in.bad()) return tl::unexpected(ReadProblem{file, number, "the file cannot be read further"});
  return events;
}

}  // namespace loopscope::trace
