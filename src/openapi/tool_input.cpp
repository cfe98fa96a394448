#include "openapi/tool_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "openapi/argument_names.hpp"
#include "openapi/media_type.hpp"

namespace chatelaine::openapi {
namespace {

std::string_view to_string(ParameterPlace place) {
  switch (place) {
    case ParameterPlace::path:
      return "path";
    case ParameterPlace::query:
      return "query";
    case ParameterPlace::header:
      return "header";
    case ParameterPlace::cookie:
      return "cookie";
  }
  return "";
}

/// RFC 9110 §5.6.2: what a header's or a cookie's name is made of.
bool is_token(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return (c < 0x80 && std::isalnum(c) != 0) ||
           std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

bool is_flag(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(name);
  return member != nullptr && member->is_bool() && member->get_bool();
}

std::optional<BodyKind> find_kind(std::string_view media_type) {
  const std::string essence = essence_of(media_type);
  if (is_json(essence) || essence == "*/*") return BodyKind::json;
  if (essence == "application/x-www-form-urlencoded") return BodyKind::form;
  if (essence == "multipart/form-data") return BodyKind::multipart;
  if (essence.starts_with("multipart/")) return std::nullopt;
  return is_text(essence) ? BodyKind::text : BodyKind::base64;
}

struct ChosenContent {
  std::string media_type;
  BodyKind kind;
  /// Null: the description has none.
  const json::value* schema;
  const json::value* encoding;
};

/// RFC 9110 §12.5.1: a range is what a body may be, not what one is.
std::string name_content(std::string_view media_type, BodyKind kind) {
  if (!media_type.contains('*')) return std::string(media_type);
  switch (kind) {
    case BodyKind::json:
      return "application/json";
    case BodyKind::text:
      return "text/plain";
    case BodyKind::form:
    case BodyKind::multipart:
    case BodyKind::base64:
      return "application/octet-stream";
  }
  return "application/octet-stream";
}

/// The kind of body that arguments make best, of those that the operation takes; of those in JSON, application/json.
std::optional<ChosenContent> choose_content(const json::object& content) {
  std::optional<ChosenContent> best;
  for (const auto& [media_type, media] : content) {
    const auto kind = find_kind(media_type);
    if (!kind) continue;
    const bool is_plain_json = essence_of(media_type) == "application/json";
    if (best && best->kind <= *kind && !is_plain_json) continue;
    const json::object* object = media.if_object();
    best = ChosenContent{.media_type = name_content(media_type, *kind),
                         .kind = *kind,
                         .schema = object == nullptr ? nullptr : object->if_contains("schema"),
                         .encoding = object == nullptr ? nullptr : object->if_contains("encoding")};
  }
  return best;
}

/// The first of `image/png, image/jpeg` that is no range; empty where there is none that a header can hold.
std::string choose_media_type(std::string_view list) {
  const bool is_line = std::ranges::none_of(list, [](unsigned char c) { return c < 0x20 || c >= 0x7f; });
  while (is_line && !list.empty()) {
    std::string_view one = list.substr(0, list.find(','));
    list.remove_prefix(std::min(one.size() + 1, list.size()));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    if (!one.empty() && !one.contains('*')) return std::string(one);
  }
  return {};
}

/// OpenAPI 3.1 §4.8.15.1: a style counts where the description speaks of style or explode at all.
std::map<std::string, MemberEncoding, std::less<>> read_encodings(const json::value* encoding) {
  std::map<std::string, MemberEncoding, std::less<>> encodings;
  const json::object* members = encoding == nullptr ? nullptr : encoding->if_object();
  if (members == nullptr) return encodings;
  for (const auto& [name, member] : *members) {
    const json::object* said = member.if_object();
    if (said == nullptr) continue;
    MemberEncoding& known = encodings[name];
    if (said->contains("style") || said->contains("explode")) known.style = read_style(*said, ParameterPlace::query);
    if (const json::string* media_type = find_string(*said, "contentType"))
      known.media_type = choose_media_type(*media_type);
  }
  return encodings;
}

/// Whether a body's schema says no more than which members the object has.
bool is_plain_object(const json::object& schema) {
  constexpr std::array<std::string_view, 9> kMore{
      "allOf", "anyOf", "oneOf", "not", "if", "$ref", "const", "minProperties", "patternProperties"};
  const json::value* type = schema.if_contains("type");
  const json::value* properties = schema.if_contains("properties");
  const json::value* further = schema.if_contains("additionalProperties");
  const bool is_closed = further == nullptr || (further->is_bool() && !further->get_bool());
  return (type == nullptr || *type == json::value("object")) && properties != nullptr && properties->is_object() &&
         !properties->get_object().empty() && is_closed &&
         std::ranges::none_of(kMore, [&](std::string_view name) { return schema.contains(name); });
}

class InputReader {
 public:
  InputReader(const OperationPlace& place, const References& references, std::size_t& text_left)
      : place_(place), references_(references), converter_(references, Direction::input, text_left) {}

  /// The error is a reason.
  std::expected<void, std::string> read_parameter(const Parameter& parameter) {
    const bool is_in_header = parameter.place == ParameterPlace::header || parameter.place == ParameterPlace::cookie;
    if (is_in_header && !is_token(parameter.name)) {
      if (!parameter.required) return {};
      return std::unexpected(fmt::format("it needs a {} whose name none can have", to_string(parameter.place)));
    }
    const json::object* object = find_object(parameter);
    const std::string argument =
        names_.give(make_argument_name(parameter.name, to_string(parameter.place)),
                    fmt::format("{}_{}", to_string(parameter.place), make_argument_name(parameter.name, "argument")));
    json::value schema = object == nullptr ? json::value{{"type", "string"}} : convert_schema(*object);
    if (schema.is_object() && !parameter.description.empty())
      schema.get_object()["description"] = parameter.description;
    add_property(argument, std::move(schema), parameter.required);
    const auto style = object == nullptr ? ParameterStyle{StyleName::simple, Explosion::together}
                                         : read_style(*object, parameter.place);
    input_.parameters.push_back({argument, parameter.name, parameter.place, style});
    return {};
  }

  /// The error is a reason.
  std::expected<void, std::string> read_body(const json::object& body) {
    const json::value* content = body.if_contains("content");
    if (content == nullptr || !content->is_object() || content->get_object().empty()) return {};
    const auto chosen = choose_content(content->get_object());
    if (!chosen && !is_flag(body, "required")) return {};
    if (!chosen) return std::unexpected("its body has several parts of no form, which arguments cannot make");
    input_.body = ToolBody{.media_type = chosen->media_type,
                           .kind = chosen->kind,
                           .whole = {},
                           .members = {},
                           .encodings = read_encodings(chosen->encoding)};
    const json::object schema = chosen->schema == nullptr ? json::object() : converter_.convert_root(*chosen->schema);
    if (is_flag(body, "required") && can_be_members(chosen->kind, schema)) {
      add_members(schema);
    } else {
      add_whole(body, schema);
    }
    return {};
  }

  ToolInput release() {
    json::object definitions = converter_.take_definitions();
    input_.schema["type"] = "object";
    if (!properties_.empty()) input_.schema["properties"] = std::move(properties_);
    if (!required_.empty()) input_.schema["required"] = std::move(required_);
    input_.schema["additionalProperties"] = false;
    if (!definitions.empty()) input_.schema["$defs"] = std::move(definitions);
    return std::move(input_);
  }
  [[nodiscard]] std::size_t text_left() const { return converter_.text_left(); }

 private:
  /// As the operation has it, else its path; null where only the path's template names it.
  [[nodiscard]] const json::object* find_object(const Parameter& parameter) const {
    for (const json::object* holder : {&place_.operation, &place_.item}) {
      const json::value* list = holder->if_contains("parameters");
      if (list == nullptr || !list->is_array()) continue;
      for (const json::value& one : list->get_array()) {
        const json::object* object = references_.follow_if_possible(one);
        const json::string* name = object == nullptr ? nullptr : find_string(*object, "name");
        const json::string* where = object == nullptr ? nullptr : find_string(*object, "in");
        if (name != nullptr && where != nullptr && *name == parameter.name && *where == to_string(parameter.place))
          return object;
      }
    }
    return nullptr;
  }

  [[nodiscard]] json::value convert_schema(const json::object& parameter) {
    if (const json::value* schema = parameter.if_contains("schema")) return converter_.convert(*schema);
    const json::value* content = parameter.if_contains("content");
    if (content == nullptr || !content->is_object() || content->get_object().empty()) return json::object();
    const json::object* media = content->get_object().begin()->value().if_object();
    const json::value* schema = media == nullptr ? nullptr : media->if_contains("schema");
    return schema == nullptr ? json::value(json::object()) : converter_.convert(*schema);
  }

  [[nodiscard]] bool can_be_members(BodyKind kind, const json::object& schema) const {
    const bool has_members = kind == BodyKind::json || kind == BodyKind::form || kind == BodyKind::multipart;
    if (!has_members || !is_plain_object(schema)) return false;
    GivenNames names = names_;
    return std::ranges::all_of(schema.at("properties").get_object(), [&names](const auto& property) {
      const std::string argument = make_argument_name(property.key(), "member");
      return !names.has(argument) && names.give(argument, argument) == argument;
    });
  }

  void add_members(const json::object& schema) {
    const json::value* required = schema.if_contains("required");
    for (const auto& [name, property] : schema.at("properties").get_object()) {
      const std::string wish = make_argument_name(name, "member");
      const std::string argument = names_.give(wish, wish);
      const bool is_required = required != nullptr && std::ranges::find(required->get_array(), json::value(name)) !=
                                                          required->get_array().end();
      add_property(argument, property, is_required);
      input_.body->members.push_back({argument, std::string(name)});
    }
  }

  void add_whole(const json::object& body, json::object schema) {
    if (input_.body->kind == BodyKind::text) schema["type"] = "string";
    if (input_.body->kind == BodyKind::base64) schema = json::object{{"type", "string"}, {"contentEncoding", "base64"}};
    const bool is_form = input_.body->kind == BodyKind::form || input_.body->kind == BodyKind::multipart;
    if (is_form) schema["type"] = "object";
    const json::string* text = find_string(body, "description");
    if (text != nullptr && !schema.contains("description")) schema["description"] = *text;
    input_.body->whole = names_.give("body", "request_body");
    add_property(input_.body->whole, std::move(schema), is_flag(body, "required"));
  }

  void add_property(const std::string& argument, json::value schema, bool is_required) {
    properties_[argument] = std::move(schema);
    if (is_required) required_.emplace_back(argument);
  }

  const OperationPlace& place_;
  const References& references_;
  SchemaConverter converter_;
  GivenNames names_;
  ToolInput input_;
  json::object properties_;
  json::array required_;
};

}  // namespace

std::expected<ToolInput, std::string> read_input(const Operation& operation, const OperationPlace& place,
                                                 const References& references, std::size_t& text_left) {
  InputReader reader(place, references, text_left);
  for (const Parameter& parameter : operation.parameters) {
    if (auto read = reader.read_parameter(parameter); !read) return std::unexpected(std::move(read.error()));
  }
  if (const json::value* body = place.operation.if_contains("requestBody")) {
    const json::object* object = references.follow_if_possible(*body);
    if (object != nullptr) {
      if (auto read = reader.read_body(*object); !read) return std::unexpected(std::move(read.error()));
    }
  }
  ToolInput input = reader.release();
  text_left = reader.text_left();
  return input;
}

}  // namespace chatelaine::openapi
