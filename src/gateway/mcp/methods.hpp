#pragma once

#include <expected>

#include "gateway/mcp/message.hpp"
#include "gateway/mcp/release.hpp"
#include "gateway/mcp/settings.hpp"

/// What is answered at once, without the API.
namespace chatelaine::gateway::mcp {

/// `initialize`, of the releases that begin with it.
[[nodiscard]] json::object initialize(const McpSettings& settings, Release release);
/// `server/discover`, of the stateless ones.
[[nodiscard]] json::object discover(const McpSettings& settings);
/// `tools/list`, in pages.
[[nodiscard]] std::expected<json::object, MessageError> list_tools(const McpSettings& settings, Release release,
                                                                   const json::object& params);
/// The tool that `tools/call` names.
[[nodiscard]] std::expected<const openapi::Tool*, MessageError> find_tool(const McpSettings& settings,
                                                                          const json::object& params);
/// What every result of that release has beside its own members.
[[nodiscard]] json::object complete(json::object result, const McpSettings& settings, Release release);

}  // namespace chatelaine::gateway::mcp
