#include "app/cli/step_json.hpp"

#include <nlohmann/json.hpp>

namespace loopscope::app::cli {
namespace {

using Json = nlohmann::ordered_json;

Json result_json(const std::optional<experiment::Result>& result) {
  return result ? Json(to_string(*result)) : Json(nullptr);
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

/// CALL(ARGUMENTS) of a call, without the variable that takes its descriptor; other statements whole.
std::string call_of(const experiment::Statement& statement) {
  const auto* step = std::get_if<experiment::CallStep>(&statement.body);
  return step != nullptr ? to_string(step->call) : call_text(statement);
}

/// A file's name may be no UTF-8; the rest always is.
std::string line_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string step_json(const std::string& file, const Verdict& verdict) {
  const experiment::Statement& statement = *verdict.statement;
  Json json{{"file", file},
            {"line", statement.place.line},
            {"chapter", verdict.chapter},
            {"process", process_of(statement)},
            {"call", call_of(statement)},
            {"model", result_json(verdict.model)},
            {"kernel", result_json(verdict.kernel)},
            {"stated", result_json(verdict.stated)},
            {"agree", verdict.agree},
            {"rule", text_or_null(verdict.rule)},
            {"because", text_or_null(verdict.because)}};
  if (!verdict.firewall.empty()) json["firewall"] = verdict.firewall;
  if (!verdict.holders.empty()) json["holders"] = verdict.holders;
  if (!verdict.calls.empty()) json["calls"] = verdict.calls;
  return line_of(json);
}

std::string summary_json(const Tally& tally) {
  return line_of(Json{{"summary", Json{{"files", tally.files},
                                       {"steps", tally.steps},
                                       {"agree", tally.agree},
                                       {"differ", tally.differ},
                                       {"not_modelled", tally.not_modelled}}}});
}

}  // namespace loopscope::app::cli
