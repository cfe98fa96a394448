#include "openapi/tool_output.hpp"

#include <algorithm>

#include "openapi/json_schema.hpp"
#include "openapi/json_schema_keywords.hpp"
#include "openapi/media_type.hpp"

namespace chatelaine::openapi {
namespace {

/// 200 to 299, and `2XX`.
bool is_good(std::string_view status) { return status.size() == 3 && status.front() == '2'; }

/// What a good answer may hold.
struct Contents {
  /// Of its JSON; null where it has none, or says nothing of it.
  const json::value* schema = nullptr;
  bool may_be_json = false;
  bool may_be_other = false;
};

const json::value* find_schema(const json::value& media) {
  return media.is_object() ? media.get_object().if_contains("schema") : nullptr;
}

bool are_same(const json::value* one, const json::value* other) {
  return one != nullptr && other != nullptr && *one == *other;
}

/// Of several kinds of JSON what we ask for, application/json, else whichever comes: no schema where these differ.
Contents find_contents(const json::value& response, const References& references) {
  Contents contents;
  const json::object* object = references.follow_if_possible(response);
  const json::value* content = object == nullptr ? nullptr : object->if_contains("content");
  if (content == nullptr || !content->is_object() || content->get_object().empty()) {
    contents.may_be_other = true;
    return contents;
  }
  bool has_asked_for = false;
  for (const auto& [media_type, media] : content->get_object()) {
    const std::string essence = essence_of(media_type);
    // springdoc writes `*/*` for what is JSON, or a text where it is a string.
    const bool is_any = essence == "*/*";
    contents.may_be_other = contents.may_be_other || is_any || !is_json(essence);
    if (!is_any && !is_json(essence)) continue;
    const bool is_asked_for = essence == "application/json";
    if (has_asked_for && !is_asked_for) continue;
    const bool is_better = !contents.may_be_json || (is_asked_for && !has_asked_for);
    const json::value* schema = find_schema(media);
    contents.schema = is_better || are_same(contents.schema, schema) ? schema : nullptr;
    contents.may_be_json = true;
    has_asked_for = is_asked_for;
  }
  return contents;
}

/// What all good answers together may hold; nothing where their JSON differs.
std::optional<Contents> unite_contents(const json::object& operation, const References& references) {
  const json::value* responses = operation.if_contains("responses");
  if (responses == nullptr || !responses->is_object()) return std::nullopt;
  const json::object& all = responses->get_object();
  const bool says_what_is_good =
      std::ranges::any_of(all, [](const json::key_value_pair& response) { return is_good(response.key()); });
  // Beside other statuses it is what they are not: an error, as NSwag and many a hand write it.
  if (!says_what_is_good && all.size() > 1) return std::nullopt;
  Contents united;
  for (const auto& [status, response] : all) {
    if (says_what_is_good ? !is_good(status) : status != "default") continue;
    const Contents contents = find_contents(response, references);
    united.may_be_other = united.may_be_other || contents.may_be_other;
    if (!contents.may_be_json) continue;
    const bool differs = united.schema != nullptr && contents.schema != nullptr && *united.schema != *contents.schema;
    if (contents.schema == nullptr || differs) return std::nullopt;
    united.schema = contents.schema;
  }
  return united.schema == nullptr ? std::nullopt : std::optional(united);
}

/// More than nest in any schema that people write.
constexpr int kDeepest = 32;

bool is_object_only(const json::value& schema, const References& references, int depth);

/// Whether each of the schemas is one of objects alone.
bool are_all_objects(const json::value* schemas, const References& references, int depth) {
  return schemas != nullptr && schemas->is_array() && !schemas->get_array().empty() &&
         std::ranges::all_of(schemas->get_array(),
                             [&](const json::value& one) { return is_object_only(one, references, depth + 1); });
}

/// Whether every value of a schema is an object, whichever way it says so. A type that there is not (`any`) says
/// nothing, here as in the schemas that are made: generators write such, and the answer is checked by the rest.
bool is_object_only(const json::value& schema, const References& references, int depth) {
  const json::object* object = depth < kDeepest ? references.follow_if_possible(schema) : nullptr;
  if (object == nullptr) return false;
  const json::value* nullable = object->if_contains("nullable");
  if (nullable != nullptr && *nullable == json::value(true)) return false;
  const json::value* type = object->if_contains("type");
  if (type != nullptr && is_valid_keyword("type", *type))
    return *type == json::value("object") || *type == json::value(json::array{"object"});
  if (object->contains("properties")) return true;
  if (are_all_objects(object->if_contains("oneOf"), references, depth) ||
      are_all_objects(object->if_contains("anyOf"), references, depth))
    return true;
  const json::value* parts = object->if_contains("allOf");
  return parts != nullptr && parts->is_array() && std::ranges::any_of(parts->get_array(), [&](const json::value& one) {
           return is_object_only(one, references, depth + 1);
         });
}

/// Whether a schema refuses anything.
bool says_something(const json::value& schema) {
  const json::object* object = schema.if_object();
  return object != nullptr &&
         std::ranges::any_of(*object, [](const json::key_value_pair& member) { return !is_annotation(member.key()); });
}

}  // namespace

std::optional<ToolOutput> read_output(const json::object& operation, const References& references,
                                      std::size_t& text_left) {
  const auto contents = unite_contents(operation, references);
  if (!contents) return std::nullopt;
  SchemaConverter converter(references, Direction::output, text_left);
  ToolOutput output;
  if (!contents->may_be_other && is_object_only(*contents->schema, references, 0)) {
    output.schema = converter.convert_root(*contents->schema);
    output.schema["type"] = "object";
  } else {
    json::value converted = converter.convert(*contents->schema);
    if (!says_something(converted)) return std::nullopt;
    output.schema = {{"type", "object"}, {"properties", json::object{{kResultMember, std::move(converted)}}}};
    output.form = contents->may_be_other ? AnswerForm::member_if_json : AnswerForm::member;
    if (!contents->may_be_other) output.schema["required"] = json::array{kResultMember};
  }
  json::object definitions = converter.take_definitions();
  if (!definitions.empty()) output.schema["$defs"] = std::move(definitions);
  text_left = converter.text_left();
  return output;
}

}  // namespace chatelaine::openapi
