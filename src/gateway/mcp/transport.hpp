#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/mcp/server.hpp"
#include "net/request.hpp"
#include "net/response.hpp"

/// What the transport (MCP, streamable HTTP) asks of a request before its message is read.
namespace chatelaine::gateway::mcp {

/// A JSON-RPC error without an id: invalid_request (-32600) with that sentence, under that HTTP status.
[[nodiscard]] net::Response refuse(int status, std::string sentence);

using Refused = std::optional<net::Response>;

/// MCP (transports, security): 403 for a page that was made to resolve to this address.
[[nodiscard]] Refused check_origin(const net::Request& request, const McpSettings& settings);
/// RFC 9110 §8.3.1: whatever the case of its letters; `type` is in small ones. Without an Accept everything is.
[[nodiscard]] bool accepts(const net::Request& request, std::string_view type);
/// 406 and 415.
[[nodiscard]] Refused check_post_headers(const net::Request& request);
/// 413, 408 or 400.
[[nodiscard]] net::Response report_body_error(net::BodyError error);

}  // namespace chatelaine::gateway::mcp
