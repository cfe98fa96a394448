#pragma once

#include <optional>
#include <string_view>

#include "openapi/reference.hpp"
#include "openapi/tool.hpp"

namespace chatelaine::openapi {

/// What stands for an answer that is no object: before release 2026-07-28 of MCP, structured content had to be one.
inline constexpr std::string_view kResultMember = "result";

struct ToolOutput {
  /// Always of type object.
  json::object schema;
  AnswerForm form = AnswerForm::natural;
};

/// The schema of the JSON of an operation's good answers (of `default` where none is described); nothing where it
/// differs between them, where there is none, or where it says nothing.
///
/// MCP (tools, output schema): what has one must come with structured content that fits it, each time. So an answer
/// stands in the member `result` where it may be no object; and that may be missing where a good answer may be no JSON:
/// 204 beside 200, or another media type beside JSON. We ask for JSON first, and not every server looks at that.
[[nodiscard]] std::optional<ToolOutput> read_output(const json::object& operation, const References& references,
                                                    std::size_t& text_left);

}  // namespace chatelaine::openapi
