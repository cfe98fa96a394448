#include "openapi/tool_output.hpp"

#include <algorithm>

#include "openapi/json_schema.hpp"
#include "openapi/media_type.hpp"

namespace chatelaine::openapi {
namespace {

/// 200 to 299, and `2XX`.
bool is_good(std::string_view status) { return status.size() == 3 && status.front() == '2'; }

/// The schema of the answer's JSON; null where it has other content too, or none.
const json::value* find_schema(const json::value& response, const References& references) {
  const json::object* object = references.follow_if_possible(response);
  const json::value* content = object == nullptr ? nullptr : object->if_contains("content");
  if (content == nullptr || !content->is_object() || content->get_object().size() != 1) return nullptr;
  const auto& [media_type, media] = *content->get_object().begin();
  return is_json(essence_of(media_type)) && media.is_object() ? media.get_object().if_contains("schema") : nullptr;
}

const json::value* find_only_schema(const json::object& operation, const References& references) {
  const json::value* responses = operation.if_contains("responses");
  if (responses == nullptr || !responses->is_object()) return nullptr;
  const json::value* only = nullptr;
  for (const auto& [status, response] : responses->get_object()) {
    if (!is_good(status)) continue;
    const json::value* schema = find_schema(response, references);
    if (schema == nullptr || (only != nullptr && *only != *schema)) return nullptr;
    only = schema;
  }
  return only;
}

/// More than nest in any schema that people write.
constexpr int kDeepest = 32;

/// What the values of a schema are, whichever way it says so.
enum class Shape : std::uint8_t { object, other, open };

Shape find_shape(const json::value& schema, const References& references, int depth);

/// Of a list of schemas that apply together.
Shape find_common_shape(const json::value& schemas, const References& references, int depth) {
  if (!schemas.is_array()) return Shape::open;
  for (const json::value& one : schemas.get_array()) {
    const Shape shape = find_shape(one, references, depth + 1);
    if (shape != Shape::open) return shape;
  }
  return Shape::open;
}

Shape find_shape(const json::value& schema, const References& references, int depth) {
  const json::object* object = depth < kDeepest ? references.follow_if_possible(schema) : nullptr;
  if (object == nullptr) return Shape::open;
  const json::value* nullable = object->if_contains("nullable");
  if (nullable != nullptr && *nullable == json::value(true)) return Shape::open;
  if (const json::value* type = object->if_contains("type")) {
    if (!type->is_string()) return Shape::open;
    return *type == json::value("object") ? Shape::object : Shape::other;
  }
  if (object->contains("properties")) return Shape::object;
  if (object->contains("items")) return Shape::other;
  const json::value* all = object->if_contains("allOf");
  return all == nullptr ? Shape::open : find_common_shape(*all, references, depth);
}

}  // namespace

std::optional<json::object> read_output(const json::object& operation, const References& references,
                                        std::size_t& text_left) {
  const json::value* schema = find_only_schema(operation, references);
  if (schema == nullptr) return std::nullopt;
  const Shape shape = find_shape(*schema, references, 0);
  if (shape == Shape::open) return std::nullopt;
  SchemaConverter converter(references, Direction::output, text_left);
  json::object converted;
  if (shape == Shape::object) {
    converted = converter.convert_root(*schema);
    converted["type"] = "object";
  } else {
    converted["type"] = "object";
    converted["properties"] = json::object{{kResultMember, converter.convert(*schema)}};
    converted["required"] = json::array{kResultMember};
  }
  json::object definitions = converter.take_definitions();
  if (!definitions.empty()) converted["$defs"] = std::move(definitions);
  text_left = converter.text_left();
  return converted;
}

}  // namespace chatelaine::openapi
