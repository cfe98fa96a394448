#pragma once

#include <optional>
#include <string>
#include <vector>

#include "openapi/json_schema.hpp"
#include "openapi/tool.hpp"

namespace chatelaine::openapi {

/// The parts of a tool that its operation's parameters and body make.
struct ToolInput {
  json::object schema;
  std::vector<ToolParameter> parameters;
  std::optional<ToolBody> body;
};

/// Where an operation stands in its document: what it and its path item say.
struct OperationPlace {
  const json::object& operation;
  const json::object& item;
};

/// The error says why arguments cannot make this operation's requests.
[[nodiscard]] std::expected<ToolInput, std::string> read_input(const Operation& operation, const OperationPlace& place,
                                                               const References& references, std::size_t& text_left);

}  // namespace chatelaine::openapi
