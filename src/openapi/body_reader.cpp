#include "openapi/body_reader.hpp"

#include <algorithm>

namespace chatelaine::openapi {
namespace {

/// How deep `allOf`s may nest: a schema may contain itself.
constexpr int kDeepestAllOf = 8;

bool is_true(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(name);
  return member != nullptr && member->is_bool() && member->get_bool();
}

const json::value* find_media_type(const json::object& content, std::string& media_type) {
  const auto is_json = [](const json::key_value_pair& entry) {
    const std::string_view name(entry.key());
    return name.substr(0, name.find(';')) == "application/json";
  };
  const auto found = std::ranges::find_if(content, is_json);
  const json::key_value_pair& chosen = found == content.end() ? *content.begin() : *found;
  media_type = std::string(chosen.key());
  return &chosen.value();
}

void add_properties(const json::value& value, const References& references, int depth,
                    std::vector<BodyProperty>& properties) {
  const json::object* schema = references.follow_if_possible(value);
  if (schema == nullptr || depth > kDeepestAllOf) return;
  if (const json::value* parts = schema->if_contains("allOf"); parts != nullptr && parts->is_array()) {
    for (const json::value& part : parts->get_array()) add_properties(part, references, depth + 1, properties);
  }
  if (const json::value* members = schema->if_contains("properties"); members != nullptr && members->is_object()) {
    for (const auto& [name, member] : members->get_object()) {
      if (std::ranges::find(properties, std::string_view(name), &BodyProperty::name) != properties.end()) continue;
      BodyProperty property{.name = std::string(name), .type = read_type(member, references)};
      const json::object* object = references.follow_if_possible(member);
      const json::string* text = object == nullptr ? nullptr : find_string(*object, "description");
      if (text != nullptr) property.description = std::string(*text);
      properties.push_back(std::move(property));
    }
  }
  if (const json::value* required = schema->if_contains("required"); required != nullptr && required->is_array()) {
    for (const json::value& name : required->get_array()) {
      if (!name.is_string()) continue;
      const auto found = std::ranges::find(properties, std::string_view(name.get_string()), &BodyProperty::name);
      if (found != properties.end()) found->required = true;
    }
  }
}

}  // namespace

std::optional<RequestBody> read_body(const json::object& body, const References& references) {
  const json::value* content = body.if_contains("content");
  if (content == nullptr || !content->is_object() || content->get_object().empty()) return std::nullopt;
  RequestBody read{.required = is_true(body, "required")};
  const json::value* media = find_media_type(content->get_object(), read.media_type);
  const json::object* object = media->if_object();
  const json::value* schema = object == nullptr ? nullptr : object->if_contains("schema");
  if (schema != nullptr) add_properties(*schema, references, 0, read.properties);
  return read;
}

std::string read_type(const json::value& schema, const References& references) {
  const json::object* object = references.follow_if_possible(schema);
  const json::value* type = object == nullptr ? nullptr : object->if_contains("type");
  if (type == nullptr) return {};
  if (const json::string* text = type->if_string()) return std::string(*text);
  // OpenAPI 3.1 writes what 3.0 called nullable as ["string", "null"].
  if (const json::array* types = type->if_array()) {
    for (const json::value& one : *types) {
      if (one.is_string() && one.get_string() != "null") return std::string(one.get_string());
    }
  }
  return {};
}

}  // namespace chatelaine::openapi
