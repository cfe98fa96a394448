#pragma once

#include <string>

#include "base/json.hpp"
#include "openapi/description.hpp"
#include "openapi/tool.hpp"

namespace chatelaine::gateway::mcp {

/// What the API said to a call, or this server in its place.
struct ApiAnswer {
  int status = 200;
  std::string content_type;
  /// RFC 9110 §8.4; empty: as it is.
  std::string content_encoding = {};
  /// Of a redirect, which is not followed.
  std::string location;
  /// Of a refusal: how long to wait, as a header says it (RFC 9110 §10.2.3).
  std::string retry_after;
  std::string body;
  /// Whether it is a refusal of this server's, which the API may have seen nothing of.
  bool is_ours = false;
  /// Where it was asked: the URI of what is embedded.
  std::string url;
};

/// The result of `tools/call`: text as it is, JSON also as `structuredContent` (in the tool's answer form), pictures
/// and sound as themselves, other bytes as a resource. A status from 300 on is an error, as is an answer that the
/// tool's output schema does not describe, and one in a coding: then the text says that the call was done.
[[nodiscard]] json::object make_tool_result(const openapi::Tool& tool, const ApiAnswer& answer);

/// A result that says why there is none, for the model to do better.
[[nodiscard]] json::object make_error_result(std::string sentence);
/// The same for arguments, one fault a line.
[[nodiscard]] json::object make_fault_result(const std::vector<openapi::Fault>& faults);

}  // namespace chatelaine::gateway::mcp
