#include "openapi/json_schema.hpp"

#include <algorithm>

#include "base/form.hpp"
#include "openapi/json_schema_keywords.hpp"
#include "openapi/media_type.hpp"
#include "openapi/regular_expression.hpp"
#include "openapi/value_check.hpp"

namespace chatelaine::openapi {
namespace {

/// More than nest in any schema that people write.
constexpr int kDeepest = 64;

bool is_flag(const json::object& schema, std::string_view name) {
  const json::value* member = schema.if_contains(name);
  return member != nullptr && member->is_bool() && member->get_bool();
}

/// OpenAPI 3.0 §4.7.24.1: `exclusiveMinimum: true` says that `minimum` itself is out.
void mend_exclusive(const json::object& schema, std::string_view bound, std::string_view exclusive, json::object& out) {
  if (!is_flag(schema, exclusive)) return;
  const json::value* limit = out.if_contains(bound);
  if (limit == nullptr) return;
  json::value kept = *limit;
  out.erase(bound);
  out[exclusive] = std::move(kept);
}

/// OpenAPI 3.0 §4.7.24.1: `nullable: true` allows null beside the type; and beside whatever else would refuse it.
json::object allow_null(json::object schema) {
  constexpr std::string_view kMore[] = {"$ref", "allOf", "anyOf", "oneOf", "const"};
  const bool says_more = std::ranges::any_of(kMore, [&schema](std::string_view name) { return schema.contains(name); });
  json::value* type = schema.if_contains("type");
  if (type != nullptr && !says_more) {
    json::array types = type->is_array() ? type->get_array() : json::array{*type};
    if (std::ranges::find(types, json::value("null")) == types.end()) types.emplace_back("null");
    *type = std::move(types);
    json::value* allowed = schema.if_contains("enum");
    if (allowed != nullptr &&
        std::ranges::find(allowed->get_array(), json::value(nullptr)) == allowed->get_array().end())
      allowed->get_array().emplace_back(nullptr);
    return schema;
  }
  json::array alternatives;
  alternatives.push_back(std::move(schema));
  alternatives.push_back(json::object{{"type", "null"}});
  return json::object{{"anyOf", std::move(alternatives)}};
}

/// OpenAPI 3.0 §4.7.24.2 says so by a format, 3.1 §4.8.14.3 by a media type that is no text's.
bool holds_bytes(const json::object& out) {
  const json::string* format = find_string(out, "format");
  if (format != nullptr) return *format == "binary" || *format == "byte";
  const json::string* media_type = find_string(out, "contentMediaType");
  if (media_type == nullptr || out.contains("contentEncoding")) return false;
  return !is_text(essence_of(*media_type));
}

/// Bytes travel as base64 in JSON (JSON Schema Validation 2020-12 §8.3).
void mend_bytes(json::object& out) {
  if (!holds_bytes(out)) return;
  const json::string* format = find_string(out, "format");
  if (format == nullptr || *format != "byte") {
    // They count bytes, not characters of base64.
    out.erase("minLength");
    out.erase("maxLength");
  }
  out.erase("format");
  out["contentEncoding"] = "base64";
  out["type"] = "string";
}

/// OpenAPI 3.1 §4.8.25: where several alternatives fit, the discriminator says which one is meant; and no answer is
/// wrong because it fits two.
void allow_several(json::object& out) {
  if (!out.contains("oneOf")) return;
  json::value alternatives = std::move(out.at("oneOf"));
  out.erase("oneOf");
  if (!out.contains("anyOf")) {
    out["anyOf"] = std::move(alternatives);
    return;
  }
  json::value& parts = out["allOf"];
  if (!parts.is_array()) parts = json::array();
  parts.get_array().push_back(json::object{{"anyOf", std::move(alternatives)}});
}

/// Clients refuse the whole of an answer that its schema does not fit. So what `check_value` would not find is not
/// promised, nor what real answers differ in without harm, nor what would claim more with its siblings gone.
bool is_too_strict(std::string_view name, const json::value& value, const json::object& schema) {
  if (name == "examples" || name == "default") return true;
  if (!is_annotation(name) && !is_checked(name, value)) return true;
  if (name == "additionalProperties") return value == json::value(false) || schema.contains("patternProperties");
  // Validators of drafts before 2020-12 do not know `prefixItems`, and take `items` for every element's.
  return name == "items" && schema.contains("prefixItems");
}

/// JSON Schema Core 2020-12 §10.3.2.2: the names of `patternProperties` are compiled as `pattern` is. Without them
/// nobody knows which members are further ones.
bool is_without_its_patterns(std::string_view name, const json::object& schema) {
  if (name != "patternProperties" && name != "additionalProperties") return false;
  const json::value* patterns = schema.if_contains("patternProperties");
  return patterns != nullptr && patterns->is_object() &&
         !std::ranges::all_of(patterns->get_object(),
                              [](const json::key_value_pair& member) { return is_regular_expression(member.key()); });
}

}  // namespace

bool SchemaConverter::take_text(std::size_t size) {
  if (size > text_left_) {
    text_left_ = 0;
    return false;
  }
  text_left_ -= size;
  return true;
}

std::optional<std::string> SchemaConverter::refer(std::string_view reference) {
  const json::object* target = references_.follow_if_possible(json::object{{"$ref", reference}});
  if (target == nullptr) return std::nullopt;
  const auto known = names_.find(target);
  if (known != names_.end()) return known->second;
  // The last part of `#/components/schemas/Todo`, in characters that need no escaping in a pointer.
  const std::string wish = make_argument_name(reference.substr(reference.rfind('/') + 1), "schema");
  std::string name = given_.give(wish, wish);
  names_.emplace(target, name);
  pending_.emplace_back(name, target);
  return name;
}

bool SchemaConverter::is_left_out(const json::value& property) const {
  const std::string_view flag = direction_ == Direction::input ? "readOnly" : "writeOnly";
  // It may stand beside a `$ref` too (OpenAPI 3.1 §4.8.24).
  const json::object* own = property.if_object();
  if (own != nullptr && is_flag(*own, flag)) return true;
  const json::object* schema = references_.follow_if_possible(property);
  return schema != nullptr && is_flag(*schema, flag);
}

void SchemaConverter::remove_left_out(const json::object& schema, json::object& out) const {
  const json::value* properties = schema.if_contains("properties");
  json::value* required = out.if_contains("required");
  if (properties == nullptr || !properties->is_object() || required == nullptr) return;
  json::array kept;
  for (const json::value& name : required->get_array()) {
    const json::value* property = properties->get_object().if_contains(name.get_string());
    if (property == nullptr || !is_left_out(*property)) kept.push_back(name);
  }
  *required = std::move(kept);
}

std::optional<json::value> SchemaConverter::convert_list(const json::value& value, int depth) {
  const json::array* list = value.if_array();
  if (list == nullptr || list->empty()) return std::nullopt;
  json::array converted;
  for (const json::value& one : *list) converted.push_back(convert_at(one, depth + 1));
  return converted;
}

std::optional<json::value> SchemaConverter::convert_members(const json::value& value, int depth) {
  const json::object* members = value.if_object();
  if (members == nullptr) return std::nullopt;
  json::object converted;
  for (const auto& [name, member] : *members) {
    if (is_left_out(member)) continue;
    if (take_text(name.size())) converted.emplace(name, convert_at(member, depth + 1));
  }
  return converted;
}

void SchemaConverter::add_keyword(std::string_view name, const json::object& schema, json::object& out, int depth) {
  const json::value& value = schema.at(name);
  if (direction_ == Direction::output && is_too_strict(name, value, schema)) return;
  if (is_without_its_patterns(name, schema)) return;
  std::optional<json::value> converted;
  switch (find_keyword_kind(name)) {
    case KeywordKind::unknown:
      return;
    case KeywordKind::plain:
      if (is_valid_keyword(name, value) && take_text(name.size() + json::serialize(value).size())) converted = value;
      break;
    case KeywordKind::schema:
      if (value.is_object() || value.is_bool()) converted = convert_at(value, depth + 1);
      break;
    case KeywordKind::schema_list:
      converted = convert_list(value, depth);
      break;
    case KeywordKind::schema_members:
      converted = convert_members(value, depth);
      break;
  }
  if (converted) out[name] = *std::move(converted);
}

json::object SchemaConverter::convert_object(const json::object& schema, int depth) {
  json::object out;
  const json::string* reference = find_string(schema, "$ref");
  if (reference != nullptr && take_text(reference->size())) {
    if (const auto name = refer(*reference)) out["$ref"] = "#/$defs/" + *name;
  }
  for (const auto& member : schema) add_keyword(member.key(), schema, out, depth);
  mend_exclusive(schema, "minimum", "exclusiveMinimum", out);
  mend_exclusive(schema, "maximum", "exclusiveMaximum", out);
  if (direction_ == Direction::input) mend_bytes(out);
  if (direction_ == Direction::output || schema.contains("discriminator")) allow_several(out);
  remove_left_out(schema, out);
  // Where the text did not suffice, members may be missing that it would take for further ones.
  if (text_left_ == 0) out.erase("additionalProperties");
  const json::value* example = schema.if_contains("example");
  if (example != nullptr && !out.contains("examples"))
    add_keyword("examples", {{"examples", json::array{*example}}}, out, depth);
  return is_flag(schema, "nullable") ? allow_null(std::move(out)) : out;
}

json::value SchemaConverter::convert_at(const json::value& schema, int depth) {
  if (schema.is_bool()) return schema;
  const json::object* object = schema.if_object();
  // Each costs something, so that empty ones are not free.
  if (object == nullptr || depth > kDeepest || !take_text(2)) return json::object();
  return convert_object(*object, depth);
}

json::value SchemaConverter::convert(const json::value& schema) { return convert_at(schema, 0); }

json::object SchemaConverter::convert_root(const json::value& schema) {
  const json::object* object = references_.follow_if_possible(schema);
  return object == nullptr ? json::object() : convert_object(*object, 0);
}

json::object SchemaConverter::take_definitions() {
  json::object definitions;
  while (!pending_.empty()) {
    const auto [name, target] = pending_.back();
    pending_.pop_back();
    definitions[name] = take_text(name.size() + 2) ? convert_object(*target, 0) : json::object();
  }
  return definitions;
}

}  // namespace chatelaine::openapi
