#include "openapi/shape_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <unordered_set>
#include <utility>

#include "base/ascii.hpp"
#include "openapi/json_schema_keywords.hpp"
#include "openapi/reference.hpp"

namespace chatelaine::openapi {
namespace {

constexpr std::string_view kMethods[] = {"get", "put", "post", "delete", "options", "head", "patch", "trace"};
/// As many as references are followed (openapi/reference.cpp).
constexpr int kMostSteps = 32;
constexpr const char* kSchema = "a schema: a mapping, true or false";

bool is_empty_list(const json::value& value) { return value.is_array() && value.get_array().empty(); }

std::string join(const std::string& pointer, std::string_view name) { return pointer + '/' + escape_pointer(name); }

/// JSON Schema Core 2020-12 §8.2: a schema may have names of its own, which references lead to and count from. They are
/// not followed here, and so none can be judged.
bool has_own_names(const json::value& value) {
  if (const json::array* list = value.if_array()) return std::ranges::any_of(*list, has_own_names);
  const json::object* object = value.if_object();
  return object != nullptr && std::ranges::any_of(*object, [](const json::key_value_pair& member) {
           const bool is_name = member.key() == "$id" || member.key() == "$anchor" || member.key() == "$dynamicAnchor";
           // Definitions of its own: a schema that was made elsewhere and put in whole, whose `#` is its own beginning.
           const bool has_definitions = member.key() == "$defs" && member.value().is_object();
           return (is_name && member.value().is_string()) || has_definitions || has_own_names(member.value());
         });
}

class ShapeChecker {
 public:
  ShapeChecker(const json::value& root, Budget& budget)
      : root_(root.get_object()), budget_(budget), references_(root, budget), names_itself_(has_own_names(root)) {}

  void check() {
    check_servers(root_, "");
    check_components();
    each(root_, "paths", "",
         [this](const json::value& item, const std::string& pointer) { visit(item, pointer, Kind::path); });
    // What was referred to: one after the other, so that no chain of references is as deep as the stack.
    while (!pending_.empty()) {
      const Place place = std::move(pending_.front());
      pending_.pop_front();
      visit(*place.value, place.pointer, place.kind);
    }
  }

 private:
  enum class Kind : std::uint8_t { path, parameter, body, response, schema };
  struct Place {
    const json::value* value;
    std::string pointer;
    Kind kind;
  };

  void add(const std::string& pointer, std::string message, std::string expected) {
    budget_.add_fault({pointer, "wrong_type", std::move(message), std::move(expected)});
  }

  /// The members of a mapping that is itself a member, extensions aside; none where it is no mapping.
  template <class Visit>
  void each(const json::object& holder, std::string_view name, const std::string& pointer, const Visit& visit_member) {
    const json::value* member = holder.if_contains(name);
    const json::object* members = member == nullptr ? nullptr : member->if_object();
    if (members == nullptr) return;
    const std::string place = join(pointer, name);
    for (const auto& [key, value] : *members)
      if (!key.starts_with("x-") && !value.is_null()) visit_member(value, join(place, key));
  }

  /// A fault where a member is neither a mapping nor nothing.
  void expect_mapping(const json::object& holder, std::string_view name, const std::string& pointer,
                      std::string_view what, std::string_view expected) {
    const json::value* member = holder.if_contains(name);
    if (member == nullptr || member->is_null() || member->is_object() || is_empty_list(*member)) return;
    add(join(pointer, name), fmt::format("{} no mapping", what), std::string(expected));
  }

  void check_components() {
    expect_mapping(root_, "components", "", "these components are",
                   "a mapping of schemas, parameters, answers and so on");
    const json::value* components = root_.if_contains("components");
    if (components == nullptr || !components->is_object()) return;
    for (const auto& [name, member] : components->get_object())
      if (!name.starts_with("x-"))
        expect_mapping(components->get_object(), name, "/components", "these components are",
                       "a mapping from their names");
  }

  void check_servers(const json::object& holder, const std::string& pointer) {
    const json::value* servers = holder.if_contains("servers");
    if (servers == nullptr || servers->is_null()) return;
    const std::string place = pointer + "/servers";
    const json::array* list = servers->if_array();
    if (list == nullptr) return add(place, "the servers are no list", "a list of servers, each with its url");
    for (std::size_t i = 0; i < list->size(); ++i) {
      const json::object* server = list->at(i).if_object();
      if (server == nullptr || find_string(*server, "url") == nullptr)
        add(fmt::format("{}/{}", place, i), "this server has no url", "a mapping with url: and a URL");
    }
  }

  /// Path items, parameters and bodies that refer to nothing are the operation reader's faults.
  void visit(const json::value& value, const std::string& pointer, Kind kind) {
    const bool is_whole_schema = kind == Kind::schema && (value.is_bool() || value.is_null());
    if (is_whole_schema || !visited_.insert(&value).second) return;
    const json::object* object = value.if_object();
    if (object == nullptr) return refuse_kind(value, pointer, kind);
    budget_.take_text(0);
    if (const json::string* reference = find_string(*object, "$ref")) follow(*reference, value, pointer, kind);
    switch (kind) {
      case Kind::path:
        return check_path(*object, pointer);
      case Kind::parameter:
        visit_schema(*object, "schema", pointer);
        return check_content(*object, pointer);
      case Kind::body:
        return check_body(*object, pointer);
      case Kind::response:
        expect_mapping(*object, "content", pointer, "the content of this answer is",
                       "a mapping from media types to what they hold");
        return check_content(*object, pointer);
      case Kind::schema:
        return check_schema(*object, pointer);
    }
  }

  void refuse_kind(const json::value& value, const std::string& pointer, Kind kind) {
    if (is_empty_list(value)) return;
    if (kind == Kind::schema) add(pointer, "this schema is no mapping", kSchema);
    if (kind == Kind::response) add(pointer, "this answer is no mapping", "an answer's description and content");
  }

  /// A fault is told where its `$ref` stands, not where others lead to it.
  void follow(std::string_view reference, const json::value& value, const std::string& pointer, Kind kind) {
    const References::Target target = references_.find_target(reference);
    const bool leads_somewhere = target.value != nullptr && !comes_back(*target.value);
    if (leads_somewhere) {
      pending_.push_back({target.value, target.pointer, kind});
    } else if (kind == Kind::response || (kind == Kind::schema && !names_itself_)) {
      static_cast<void>(references_.follow(value, pointer));
    }
  }

  /// As long as there are references alone.
  [[nodiscard]] bool comes_back(const json::value& value) const {
    const json::value* current = &value;
    for (int step = 0; step < kMostSteps; ++step) {
      const json::object* object = current == nullptr ? nullptr : current->if_object();
      const json::string* reference = object == nullptr ? nullptr : find_string(*object, "$ref");
      if (reference == nullptr) return false;
      current = references_.find_target(*reference).value;
    }
    return true;
  }

  void check_path(const json::object& item, const std::string& pointer) {
    check_servers(item, pointer);
    check_parameters(item, pointer);
    for (const std::string_view method : kMethods) {
      const json::value* member = item.if_contains(method);
      if (member != nullptr && member->is_object()) check_operation(member->get_object(), join(pointer, method));
    }
  }

  void check_operation(const json::object& operation, const std::string& pointer) {
    check_servers(operation, pointer);
    check_parameters(operation, pointer);
    if (const json::value* body = operation.if_contains("requestBody"))
      visit(*body, pointer + "/requestBody", Kind::body);
    expect_mapping(operation, "responses", pointer, "the responses are", "a mapping from status codes to answers");
    each(operation, "responses", pointer,
         [this](const json::value& response, const std::string& place) { visit(response, place, Kind::response); });
  }

  void check_parameters(const json::object& holder, const std::string& pointer) {
    const json::value* parameters = holder.if_contains("parameters");
    const json::array* list = parameters == nullptr ? nullptr : parameters->if_array();
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i)
      visit(list->at(i), fmt::format("{}/parameters/{}", pointer, i), Kind::parameter);
  }

  void check_body(const json::object& body, const std::string& pointer) {
    if (!body.contains("content") && !body.contains("$ref"))
      budget_.add_fault({pointer, "missing", "this body does not say what it holds",
                         "content: and a mapping from media types to what they hold"});
    check_content(body, pointer);
  }

  void check_content(const json::object& holder, const std::string& pointer) {
    each(holder, "content", pointer, [this](const json::value& media, const std::string& place) {
      if (media.is_object()) return visit_schema(media.get_object(), "schema", place);
      if (!is_empty_list(media)) add(place, "what this media type holds is no mapping", "schema: and a schema");
    });
  }

  void visit_schema(const json::object& holder, std::string_view name, const std::string& pointer) {
    const json::value* schema = holder.if_contains(name);
    if (schema != nullptr) visit(*schema, join(pointer, name), Kind::schema);
  }

  void check_schema(const json::object& schema, const std::string& pointer) {
    for (const auto& [name, value] : schema) {
      if (!value.is_null()) check_keyword(schema, name, value, pointer);
    }
  }

  void check_keyword(const json::object& schema, std::string_view name, const json::value& value,
                     const std::string& pointer) {
    switch (find_keyword_kind(name)) {
      case KeywordKind::unknown:
        return;
      case KeywordKind::plain:
        // Of the others it is known what their authors mean, such as `required: true` of a property.
        if (name == "enum" && !value.is_array()) add(join(pointer, name), "this enum is no list", "a list of values");
        return;
      case KeywordKind::schema:
        // A list of items is what drafts before 2020-12 called `prefixItems`.
        if (name != "items" || !value.is_array()) visit_schema(schema, name, pointer);
        return;
      case KeywordKind::schema_list:
        if (!value.is_array()) return add(join(pointer, name), fmt::format("{} is no list", name), "a list of schemas");
        for (std::size_t i = 0; i < value.get_array().size(); ++i)
          visit(value.get_array()[i], fmt::format("{}/{}/{}", pointer, name, i), Kind::schema);
        return;
      case KeywordKind::schema_members:
        expect_mapping(schema, name, pointer, fmt::format("{} are", name), "a mapping from names to schemas");
        return check_members(schema, name, pointer);
    }
  }

  /// Names that begin with `x-` are names here.
  void check_members(const json::object& schema, std::string_view name, const std::string& pointer) {
    const json::object* members = schema.at(name).if_object();
    if (members == nullptr) return;
    const std::string place = join(pointer, name);
    for (const auto& [key, member] : *members) visit(member, join(place, key), Kind::schema);
  }

  const json::object& root_;
  Budget& budget_;
  References references_;
  bool names_itself_;
  std::deque<Place> pending_;
  std::unordered_set<const json::value*> visited_;
};

}  // namespace

void check_shapes(const json::value& document, Budget& budget) { ShapeChecker(document, budget).check(); }

}  // namespace chatelaine::openapi
