#include "openapi/tool.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.hpp"
#include "base/form.hpp"
#include "openapi/argument_names.hpp"
#include "openapi/json_schema.hpp"
#include "openapi/tool_input.hpp"
#include "openapi/tool_output.hpp"

namespace chatelaine::openapi {
namespace {

constexpr std::size_t kMostOfOne = std::size_t{64} * 1024;
constexpr std::size_t kMostTogether = std::size_t{8} * 1024 * 1024;

/// A model has no use for what has no content.
bool is_for_models(std::string_view method) {
  return method == "GET" || method == "POST" || method == "PUT" || method == "PATCH" || method == "DELETE";
}

/// What would begin a query or a fragment, or be read as a slash.
bool is_sendable(std::string_view path) { return path.find_first_of("?#\\") == std::string_view::npos; }

/// RFC 3986 §3.3: what a path may not hold as it is written, percent-encoded; the names in a template's braces stay.
std::string encode_path(std::string_view path) {
  std::string encoded;
  bool is_name = false;
  for (const char c : path) {
    if (c == '{' || c == '}') is_name = c == '{';
    const bool is_plain = c > ' ' && c < 0x7f && std::string_view("\"<>^`|").find(c) == std::string_view::npos;
    encoded += is_plain || is_name ? std::string(1, c) : percent_encode(std::string_view(&c, 1));
  }
  return encoded;
}

/// MCP (schema, ToolAnnotations): what only adds is not destructive. Only its author knows that of a POST.
std::optional<bool> may_destroy(const Operation& operation) {
  if (operation.method == "GET") return operation.is_consequential.value_or(false);
  if (operation.method == "POST") return operation.is_consequential;
  return true;
}

/// THREATS N05: some servers take off what is behind a semicolon before they look at a path, and the gateway refuses
/// what is nothing then.
bool begins_with_semicolon(const Operation& operation, const std::vector<ToolParameter>& parameters) {
  return std::ranges::any_of(parameters, [&operation](const ToolParameter& parameter) {
    return parameter.place == ParameterPlace::path && parameter.style.name == StyleName::matrix &&
           operation.path.contains("/{" + parameter.name + "}");
  });
}

class ToolMaker {
 public:
  ToolMaker(const json::value& document, const std::string& base_path, Budget& budget)
      : document_(document), base_path_(base_path), references_(document, budget) {}

  void add(const Operation& operation) {
    if (!is_for_models(operation.method)) return;
    const auto leave_out = [&](std::string reason) {
      made_.left_out.push_back({operation.id, "not_a_tool", std::move(reason), "an operation that arguments can call"});
    };
    if (operation.other_server)
      return leave_out(fmt::format("it is at a server of its own, {}, which is not behind this one",
                                   shorten(*operation.other_server)));
    if (!is_sendable(base_path_ + operation.path)) return leave_out("its path cannot be sent as it is written");
    const json::object* item = find_item(operation);
    const json::value* member = item == nullptr ? nullptr : item->if_contains(to_lower(operation.method));
    if (member == nullptr || !member->is_object()) return leave_out("it is not in the document");
    const OperationPlace place{member->get_object(), *item};
    std::size_t text_left = std::min(kMostOfOne, text_left_);
    const std::size_t before = text_left;
    auto input = read_input(operation, place, references_, text_left);
    if (!input) return leave_out(std::move(input.error()));
    if (begins_with_semicolon(operation, input->parameters))
      return leave_out("a segment of its path begins with a semicolon (style matrix), which the gateway refuses");
    Tool tool = describe(operation);
    tool.input_schema = std::move(input->schema);
    tool.parameters = std::move(input->parameters);
    tool.body = std::move(input->body);
    if (auto output = read_output(place.operation, references_, text_left)) {
      tool.output_schema = std::move(output->schema);
      tool.answer_form = output->form;
    }
    text_left_ -= before - text_left;
    made_.tools.push_back(std::move(tool));
  }

  [[nodiscard]] Tools release() { return std::move(made_); }

 private:
  [[nodiscard]] const json::object* find_item(const Operation& operation) const {
    const json::value* item = document_.get_object().at("paths").get_object().if_contains(operation.path);
    return item == nullptr ? nullptr : references_.follow_if_possible(*item);
  }

  Tool describe(const Operation& operation) {
    Tool tool;
    const std::string wish = make_tool_name(operation.id, "operation");
    tool.name = names_.give(wish, wish);
    tool.title = !operation.summary.empty() ? operation.summary : operation.id;
    tool.description = !operation.description.empty() ? operation.description : operation.summary;
    if (tool.description.empty()) tool.description = operation.method + " " + operation.path;
    tool.method = operation.method;
    tool.path = encode_path(base_path_ + operation.path);
    tool.is_read_only = operation.effect == Effect::read && !operation.is_consequential.value_or(false);
    tool.is_destructive = may_destroy(operation);
    tool.is_idempotent = operation.method == "GET" || operation.method == "PUT" || operation.method == "DELETE";
    return tool;
  }

  const json::value& document_;
  const std::string& base_path_;
  References references_;
  GivenNames names_;
  std::size_t text_left_ = kMostTogether;
  Tools made_;
};

}  // namespace

Tools make_tools(const json::value& document, const Description& description) {
  Budget budget;
  ToolMaker maker(document, description.base_path, budget);
  for (const Operation& operation : description.operations) {
    try {
      maker.add(operation);
    } catch (const Budget::Exceeded& exceeded) {
      Tools made = maker.release();
      made.left_out.push_back(exceeded.fault);
      return made;
    }
  }
  return maker.release();
}

}  // namespace chatelaine::openapi
