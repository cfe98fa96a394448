#include "openapi/body_reader.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/json_members.hpp"

namespace chatelaine::openapi {
namespace {

/// How deep `allOf`s may nest: a schema may contain itself.
constexpr int kDeepestAllOf = 8;

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

/// Collects the properties of a body's schema and of the `allOf`s that make it up.
class PropertyReader {
 public:
  PropertyReader(const References& references, Budget& budget, std::string_view place)
      : references_(references), budget_(budget), place_(place) {}

  void read(const json::value& value, int depth) {
    const json::object* schema = references_.follow_if_possible(value);
    // A schema may contain itself, once or a hundred times over: a second reading adds nothing.
    if (schema == nullptr || depth > kDeepestAllOf || !visited_.insert(schema).second) return;
    if (const json::value* parts = schema->if_contains("allOf"); parts != nullptr && parts->is_array()) {
      for (const json::value& part : parts->get_array()) {
        budget_.take_text(0);
        read(part, depth + 1);
      }
    }
    const json::value* members = schema->if_contains("properties");
    if (members != nullptr && members->is_object()) add(members->get_object());
    const json::value* required = schema->if_contains("required");
    if (required != nullptr && required->is_array()) require(required->get_array());
  }

  [[nodiscard]] std::vector<BodyProperty> release() { return std::move(properties_); }

 private:
  void add(const json::object& members) {
    for (const auto& [name, member] : members) {
      budget_.take_text(name.size());
      if (!by_name_.emplace(name, properties_.size()).second) continue;
      Budget::check_members(by_name_.size(), place_);
      BodyProperty property{.name = std::string(name), .type = read_type(member, references_)};
      const json::object* object = references_.follow_if_possible(member);
      const json::string* text = object == nullptr ? nullptr : find_string(*object, "description");
      budget_.take_text(property.type.size());
      if (text != nullptr) {
        budget_.take_text(text->size());
        property.description = std::string(*text);
      }
      properties_.push_back(std::move(property));
    }
  }

  void require(const json::array& names) {
    for (const json::value& name : names) {
      const json::string* text = name.if_string();
      budget_.take_text(text == nullptr ? 0 : text->size());
      if (text == nullptr) continue;
      const auto found = by_name_.find(std::string_view(*text));
      if (found != by_name_.end()) properties_[found->second].required = true;
    }
  }

  const References& references_;
  Budget& budget_;
  std::string_view place_;
  std::vector<BodyProperty> properties_;
  std::map<std::string_view, std::size_t> by_name_;
  std::set<const json::object*> visited_;
};

}  // namespace

std::optional<RequestBody> read_body(const json::object& body, const References& references, Budget& budget,
                                     std::string_view place) {
  const json::value* content = body.if_contains("content");
  if (content == nullptr || !content->is_object() || content->get_object().empty()) return std::nullopt;
  RequestBody read{.required = is_true(body, "required")};
  const json::value* media = find_media_type(content->get_object(), read.media_type);
  const json::object* object = media->if_object();
  const json::value* schema = object == nullptr ? nullptr : object->if_contains("schema");
  budget.take_text(read.media_type.size());
  if (schema == nullptr) return read;
  PropertyReader reader(references, budget, place);
  reader.read(*schema, 0);
  read.properties = reader.release();
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
