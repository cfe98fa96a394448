#pragma once

#include <expected>
#include <string>
#include <vector>

#include "base/form.hpp"
#include "openapi/tool.hpp"

namespace chatelaine::openapi {

/// The request that a call of a tool is: its method, its target in origin form, its headers (Content-Type where there
/// is a body, Accept, Accept-Encoding: identity, Cookie, the operation's own), its body.
struct ToolRequest {
  std::string method;
  std::string target;
  std::vector<Form::Field> headers;
  std::string body;
};

/// Puts the arguments where the operation has them. Faults say where in the arguments (a JSON pointer), what is wrong
/// and what was expected. What is null counts as not given, unless its schema allows null and it goes into a body.
[[nodiscard]] std::expected<ToolRequest, std::vector<Fault>> make_request(const Tool& tool,
                                                                          const json::object& arguments);

}  // namespace chatelaine::openapi
