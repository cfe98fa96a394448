#include "openapi/tool.hpp"

#include <algorithm>

#include "base/ascii.hpp"
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

/// What a path may hold as it is sent (RFC 3986 §3.3), and the braces of a template.
bool is_sendable(std::string_view path) {
  return std::ranges::all_of(
      path, [](unsigned char c) { return c > ' ' && c < 0x7f && c != '?' && c != '#' && c != '\\' && c != '"'; });
}

/// MCP (schema, ToolAnnotations): what only adds is not destructive. Only its author knows that of a POST.
std::optional<bool> may_destroy(const Operation& operation) {
  if (operation.method == "GET") return operation.is_consequential.value_or(false);
  if (operation.method == "POST") return operation.is_consequential;
  return true;
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
    if (!is_sendable(base_path_ + operation.path)) return leave_out("its path cannot be sent as it is written");
    const json::object* item = find_item(operation);
    const json::value* member = item == nullptr ? nullptr : item->if_contains(to_lower(operation.method));
    if (member == nullptr || !member->is_object()) return leave_out("it is not in the document");
    const OperationPlace place{member->get_object(), *item};
    std::size_t text_left = std::min(kMostOfOne, text_left_);
    const std::size_t before = text_left;
    auto input = read_input(operation, place, references_, text_left);
    if (!input) return leave_out(std::move(input.error()));
    Tool tool = describe(operation);
    tool.input_schema = std::move(input->schema);
    tool.parameters = std::move(input->parameters);
    tool.body = std::move(input->body);
    tool.output_schema = read_output(place.operation, references_, text_left);
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
    tool.path = base_path_ + operation.path;
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
