#include "openapi/operation_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/ascii.hpp"
#include "openapi/body_reader.hpp"
#include "openapi/path_template.hpp"
#include "openapi/reference.hpp"
#include "openapi/security_reader.hpp"
#include "openapi/servers.hpp"

namespace chatelaine::openapi {
namespace {

constexpr std::string_view kMethods[] = {"get", "put", "post", "delete", "options", "head", "patch", "trace"};

std::optional<ParameterPlace> parse_place(std::string_view text) {
  if (text == "path") return ParameterPlace::path;
  if (text == "query") return ParameterPlace::query;
  if (text == "header") return ParameterPlace::header;
  if (text == "cookie") return ParameterPlace::cookie;
  return std::nullopt;
}

/// OpenAPI 3.1 §4.8.12.1: the media types and the security schemes say what these headers are.
bool is_left_to_others(std::string_view header) {
  const std::string name = to_lower(header);
  return name == "accept" || name == "content-type" || name == "authorization";
}

std::optional<bool> find_consequences(const json::object& operation) {
  const json::value* said = operation.if_contains("x-openai-isConsequential");
  return said != nullptr && said->is_bool() ? std::optional(said->get_bool()) : std::nullopt;
}

bool is_line(std::string_view text) {
  return std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

/// An operationId is shown in lines and written into configurations; and one that reads as a method and a path must not
/// pass for another operation's.
bool is_usable_id(std::string_view id) { return !id.empty() && is_line(id) && id.find(" /") == std::string_view::npos; }

bool is_same(const Parameter& one, const Parameter& other) {
  return one.name == other.name && one.place == other.place;
}

constexpr const char* kExpectedPath = "a path such as /todos/{id}";

class OperationReader {
 public:
  OperationReader(const json::value& root, Budget& budget, const std::vector<std::string>& servers)
      : budget_(budget),
        references_(root, budget),
        security_(root.get_object(), references_, budget),
        servers_(servers) {}

  [[nodiscard]] std::vector<DeclaredScope> read_declared_scopes() const { return security_.read_declared_scopes(); }

  void read_path(const std::string& path, const json::value& value, std::vector<Operation>& operations) {
    budget_.take_text(path.size());
    const std::string pointer = "/paths/" + escape_pointer(path);
    if (path.starts_with("x-")) return;  // OpenAPI 3.1 §4.9: an extension
    if (!path.starts_with('/')) {
      budget_.add_fault({pointer, "bad_path", "this path does not begin with a slash", kExpectedPath});
      return;
    }
    // RFC 3986 §2: no URI holds one; and paths stand in lines of configurations.
    if (!is_line(path)) {
      budget_.add_fault({pointer, "bad_path", "this path has a character that no line can show", kExpectedPath});
      return;
    }
    if (!has_whole_braces(path)) {
      budget_.add_fault({pointer, "bad_path", "a brace of this path has no partner, or no name in it", kExpectedPath});
      return;
    }
    const json::object* item = references_.follow(value, pointer);
    if (item == nullptr) return;
    const std::vector<Parameter> shared = read_parameters(*item, pointer);
    const auto other_server = find_other_server(*item);
    check_names_of_methods(*item, pointer);
    for (const std::string_view method : kMethods) {
      const json::value* member = item->if_contains(method);
      if (member == nullptr) continue;
      budget_.take_operation();
      budget_.take_text(pointer.size() + path.size());
      const std::string place = fmt::format("{}/{}", pointer, method);
      const json::object* object = member->if_object();
      if (object == nullptr) {
        budget_.add_fault({place, "wrong_type", "this operation is no mapping", "an operation object"});
        continue;
      }
      check_is_new(method, path, place);
      operations.push_back(read_operation(*object, method, path, place, shared));
      operations.back().other_server = object->contains("servers") ? find_other_server(*object) : other_server;
    }
  }

 private:
  /// OpenAPI 3.1 §4.8.9: `get`. A `GET` is no operation, and its author would miss it.
  void check_names_of_methods(const json::object& item, const std::string& pointer) {
    for (const auto& [name, member] : item) {
      const std::string lower = to_lower(name);
      if (lower == std::string_view(name) || std::ranges::find(kMethods, lower) == std::ranges::end(kMethods)) continue;
      budget_.add_defect({pointer + '/' + escape_pointer(name), "bad_method",
                          "a method's name is in small letters here, or is not seen", lower});
    }
  }

  /// OpenAPI 3.1 §4.8.8: templates that differ in names alone are the same path, and only one of them could be called.
  void check_is_new(std::string_view method, std::string_view path, const std::string& place) {
    const auto [known, is_new] = templates_.try_emplace(fmt::format("{} {}", method, cut_names(path)), path);
    if (!is_new)
      budget_.add_fault({place, "repeated_path", fmt::format("this is the same path as {}", shorten(known->second)),
                         "each path once, whatever its parameters are called"});
  }

  [[nodiscard]] std::optional<std::string> find_other_server(const json::object& object) {
    const std::vector<std::string> own = read_servers(object, budget_);
    if (own.empty() || std::ranges::find(servers_, own.front()) != servers_.end()) return std::nullopt;
    return own.front();
  }

  Operation read_operation(const json::object& object, std::string_view method, const std::string& path,
                           const std::string& pointer, const std::vector<Parameter>& shared) {
    Operation operation;
    operation.method = to_upper(method);
    operation.path = path;
    operation.id = take_text(object, "operationId");
    if (!is_usable_id(operation.id)) operation.id = make_operation_id(operation.method, path);
    operation.summary = take_text(object, "summary");
    operation.description = take_text(object, "description");
    operation.tags = read_tags(object);
    operation.effect = effect_of(operation.method);
    operation.is_consequential = find_consequences(object);
    operation.parameters = unite(shared, read_parameters(object, pointer));
    declare_path_parameters(operation, pointer);
    if (const json::value* body = object.if_contains("requestBody")) {
      const json::object* content = references_.follow(*body, pointer + "/requestBody");
      if (content != nullptr) check_content(*content, pointer + "/requestBody");
      if (content != nullptr) operation.body = read_body(*content, references_, budget_, pointer);
    }
    Security security = security_.read_security(object, pointer);
    operation.demand = security.demand;
    operation.scopes = std::move(security.scopes);
    return operation;
  }

  void check_content(const json::object& body, const std::string& pointer) {
    const json::value* content = body.if_contains("content");
    if (content == nullptr || content->is_object()) return;
    budget_.add_fault({pointer + "/content", "wrong_type", "the content of this body is no mapping",
                       "a mapping from media types to what they hold"});
  }

  /// Tags only sort operations: what is no text among them is left out.
  std::vector<std::string> read_tags(const json::object& object) {
    std::vector<std::string> tags;
    const json::value* member = object.if_contains("tags");
    const json::array* list = member == nullptr ? nullptr : member->if_array();
    if (list == nullptr) return tags;
    for (const json::value& tag : *list) {
      const json::string* text = tag.if_string();
      budget_.take_text(text == nullptr ? 0 : text->size());
      if (text != nullptr && !text->empty()) tags.emplace_back(*text);
    }
    return tags;
  }

  std::vector<Parameter> read_parameters(const json::object& object, const std::string& pointer) {
    std::vector<Parameter> parameters;
    const json::value* member = object.if_contains("parameters");
    if (member == nullptr) return parameters;
    const json::array* list = member->if_array();
    if (list == nullptr) {
      budget_.add_fault({pointer + "/parameters", "wrong_type", "the parameters are no list", "a list of parameters"});
      return parameters;
    }
    Budget::check_members(list->size(), pointer);
    for (std::size_t i = 0; i < list->size(); ++i) {
      budget_.take_text(pointer.size());
      const std::string place = fmt::format("{}/parameters/{}", pointer, i);
      const json::object* parameter = references_.follow(list->at(i), place);
      if (parameter != nullptr) read_parameter(*parameter, place, parameters);
    }
    return parameters;
  }

  void read_parameter(const json::object& object, const std::string& pointer, std::vector<Parameter>& parameters) {
    Parameter parameter{.name = take_text(object, "name"), .description = take_text(object, "description")};
    const auto place = parse_place(take_text(object, "in"));
    if (parameter.name.empty() || !place) {
      budget_.add_fault({pointer, "bad_parameter", "this parameter lacks its name, or says not where it goes",
                         "name, and in: path, query, header or cookie"});
      return;
    }
    // OpenAPI 3.1 §4.8.12.1: the definition is ignored, be the header required or not.
    if (*place == ParameterPlace::header && is_left_to_others(parameter.name)) return;
    parameter.place = *place;
    if (std::ranges::any_of(parameters, [&](const Parameter& earlier) { return is_same(earlier, parameter); })) return;
    const json::value* required = object.if_contains("required");
    // OpenAPI 3.1 §4.8.12: a path parameter is always required.
    parameter.required =
        *place == ParameterPlace::path || (required != nullptr && required->is_bool() && required->get_bool());
    if (const json::value* schema = object.if_contains("schema")) parameter.type = read_type(*schema, references_);
    budget_.take_text(parameter.type.size());
    parameters.push_back(std::move(parameter));
  }

  /// OpenAPI 3.1 §4.8.10: the operation's own parameters replace the path's of the same name and place.
  std::vector<Parameter> unite(const std::vector<Parameter>& shared, std::vector<Parameter> own) {
    std::vector<Parameter> all;
    for (const Parameter& parameter : shared) {
      if (std::ranges::any_of(own, [&](const Parameter& other) { return is_same(other, parameter); })) continue;
      budget_.take_text(parameter.name.size() + parameter.description.size());
      all.push_back(parameter);
    }
    std::ranges::move(own, std::back_inserter(all));
    return all;
  }

  /// Real files forget to declare what their path names, and declare what it does not; the template says enough to call
  /// it.
  static void declare_path_parameters(Operation& operation, std::string_view place) {
    const std::vector<std::string> names = list_template_names(operation.path);
    Budget::check_members(names.size(), place);
    std::erase_if(operation.parameters, [&names](const Parameter& parameter) {
      return parameter.place == ParameterPlace::path && std::ranges::find(names, parameter.name) == names.end();
    });
    for (const std::string& name : names) {
      const auto is_declared = [&](const Parameter& parameter) {
        return parameter.place == ParameterPlace::path && parameter.name == name;
      };
      if (std::ranges::any_of(operation.parameters, is_declared)) continue;
      operation.parameters.push_back({.name = name, .place = ParameterPlace::path, .required = true, .type = "string"});
    }
    Budget::check_members(operation.parameters.size(), place);
  }

  std::string take_text(const json::object& object, std::string_view name) {
    const json::string* text = find_string(object, name);
    budget_.take_text(text == nullptr ? 0 : text->size());
    return text == nullptr ? std::string() : std::string(*text);
  }

  Budget& budget_;
  References references_;
  SecurityReader security_;
  const std::vector<std::string>& servers_;
  /// By method and template without its names: the path that has it.
  std::unordered_map<std::string, std::string> templates_;
};

}  // namespace

/// RFC 9110 §9.2.1: these methods are safe; §9.3.5: DELETE removes. Any other may change something.
Effect effect_of(std::string_view method) {
  if (method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE") return Effect::read;
  return method == "DELETE" ? Effect::remove : Effect::change;
}

std::string make_operation_id(std::string_view method, std::string_view path) {
  return to_lower(method).append(" ").append(path);
}

void read_operations(const json::value& root, Budget& budget, Description& description) {
  const json::value* paths = root.get_object().if_contains("paths");
  if (paths == nullptr || !paths->is_object()) {
    budget.add_fault({"/paths", paths == nullptr ? "missing" : "wrong_type", "the document has no paths",
                      "paths: and at least one path with a method"});
    return;
  }
  OperationReader reader(root, budget, description.servers);
  description.declared_scopes = reader.read_declared_scopes();
  for (const auto& [path, item] : paths->get_object())
    reader.read_path(std::string(path), item, description.operations);
}

}  // namespace chatelaine::openapi
