#include <concepts>
#include <nlohmann/json.hpp>
#include <ostream>

#include "sim/trace/json.hpp"
#include "sim/trace/json_fields.hpp"
#include "sim/trace/json_words.hpp"

namespace loopscope::trace {
namespace {

using Json = nlohmann::ordered_json;

Json value(const std::string& text) {
  if (is_utf8(text)) return text;
  return Json{{"hex", to_hex(text)}};
}
Json value(const std::vector<std::uint8_t>& bytes) {
  return to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}
Json value(const SocketAddress& address) { return to_string(address); }
Json value(SocketState state) { return std::string(to_string(state)); }
Json value(Transport transport) {
  return std::string(transport_names.at(static_cast<std::size_t>(transport)));
}
Json value(SocketTimer timer) { return std::string(timer_names.at(static_cast<std::size_t>(timer))); }
Json value(Hook hook) { return std::string(hook_names.at(static_cast<std::size_t>(hook))); }
Json value(Judgement judgement) {
  return std::string(judgement_names.at(static_cast<std::size_t>(judgement)));
}
Json value(Verdict verdict) { return std::string(verdict_names.at(static_cast<std::size_t>(verdict))); }
Json value(Milliseconds time) { return time.count(); }
Json value(const std::pair<std::uint32_t, std::uint32_t>& two) {
  return Json::array({two.first, two.second});
}
Json value(const TcpFlags& flags) {
  Json names = Json::array();
  for (std::size_t index = 0; index < flag_members.size(); ++index) {
    if (flags.*flag_members[index]) names.push_back(flag_names[index]);
  }
  return names;
}
template <std::integral Number>
Json value(Number number) {
  return number;
}
Json value(const Packet& packet);
Json value(const SocketEntry& entry);
template <class Thing>
Json value(const std::vector<Thing>& things) {
  Json list = Json::array();
  for (const Thing& thing : things) list.push_back(value(thing));
  return list;
}

template <class Thing>
Json optional_value(const Thing& thing) {
  return value(thing);
}
template <class Thing>
Json optional_value(const std::optional<Thing>& thing) {
  return thing ? value(*thing) : Json();
}

/// Fields that are absent, empty, zero or false are left out: the reader puts them back.
template <class Record>
void write_fields(Json& object, const Record& record) {
  static const std::vector<Json> defaults = [] {
    std::vector<Json> all;
    const Record fresh{};
    fields([&](const char*, const auto& field) { all.push_back(optional_value(field)); }, fresh);
    return all;
  }();
  auto usual = defaults.begin();
  fields(
      [&](const char* name, const auto& field) {
        Json told = optional_value(field);
        if (told != *usual++) object[name] = std::move(told);
      },
      record);
}

Json value(const Packet& packet) {
  Json object = Json::object();
  write_fields(object, packet);
  return object;
}

Json value(const SocketEntry& entry) {
  Json object = Json::object();
  write_fields(object, entry);
  return object;
}

}  // namespace

std::string to_json(const Event& event) {
  Json object = Json::object();
  object["at"] = event.at.count();
  object["fact"] = fact_names.at(event.fact.index());
  std::visit([&](const auto& fact) { write_fields(object, fact); }, event.fact);
  return object.dump();
}

void write_trace(std::ostream& out, const std::vector<Event>& events) {
  out << Json{{"format", "loopscope-trace"}, {"version", format_version}}.dump() << '\n';
  for (const Event& event : events) out << to_json(event) << '\n';
}

}  // namespace loopscope::trace
