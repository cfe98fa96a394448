#include "app/wiring/api_changes.hpp"

#include <algorithm>
#include <map>

#include "base/json.hpp"

namespace chatelaine::app {
namespace {

std::optional<OpenCall> read_open_call(const json::value& value) {
  const json::object* object = value.if_object();
  if (object == nullptr) return std::nullopt;
  const json::value* call = object->if_contains("call");
  const json::value* scope = object->if_contains("scope");
  const json::value* is_confirmed = object->if_contains("confirmed");
  const bool is_whole = call != nullptr && call->is_string() && scope != nullptr && scope->is_string() &&
                        is_confirmed != nullptr && is_confirmed->is_bool();
  if (!is_whole) return std::nullopt;
  auto parsed = oauth::Scope::parse(scope->get_string());
  if (!parsed) return std::nullopt;
  return OpenCall{std::string(call->get_string()), *std::move(parsed), is_confirmed->get_bool()};
}

}  // namespace

std::vector<OpenCall> list_open_calls(const openapi::Description& description,
                                      const gateway::ConfirmationPolicy& policy) {
  std::vector<OpenCall> calls;
  for (const openapi::Operation& operation : description.operations) {
    if (operation.demand == openapi::Demand::closed) continue;
    calls.push_back({operation.method + " " + description.base_path + operation.path, oauth::Scope(operation.scopes),
                     gateway::needs_confirmation(policy, operation)});
  }
  return calls;
}

ApiChanges compare_open_calls(const std::vector<OpenCall>& before, const std::vector<OpenCall>& after) {
  std::map<std::string_view, const OpenCall*> known;
  for (const OpenCall& call : before) known.emplace(call.call, &call);
  ApiChanges changes;
  for (const OpenCall& call : after) {
    const auto found = known.find(call.call);
    if (found == known.end()) {
      changes.widened.push_back({call.call, call.scope, std::nullopt});
      continue;
    }
    const OpenCall& was = *found->second;
    if (!call.scope.includes(was.scope)) changes.widened.push_back({call.call, call.scope, was.scope});
    if (was.is_confirmed && !call.is_confirmed) changes.no_longer_confirmed.push_back(call.call);
  }
  return changes;
}

std::string write_open_calls(const std::vector<OpenCall>& calls) {
  std::string text = "{\"calls\":[";
  for (const OpenCall& call : calls) {
    text += &call == calls.data() ? "\n" : ",\n";
    text += json::serialize(
        json::object{{"call", call.call}, {"scope", call.scope.to_string()}, {"confirmed", call.is_confirmed}});
  }
  return text + "\n]}\n";
}

std::expected<std::vector<OpenCall>, std::string> read_open_calls(std::string_view text) {
  const auto parsed = parse_json(text);
  const json::object* const object = parsed ? parsed->if_object() : nullptr;
  const json::value* const list = object == nullptr ? nullptr : object->if_contains("calls");
  if (list == nullptr || !list->is_array()) return std::unexpected("it is no JSON with a list of calls");
  std::vector<OpenCall> calls;
  for (const json::value& element : list->get_array()) {
    auto call = read_open_call(element);
    if (!call) return std::unexpected("one of its calls lacks \"call\", \"scope\" or \"confirmed\"");
    calls.push_back(*std::move(call));
  }
  return calls;
}

}  // namespace chatelaine::app
