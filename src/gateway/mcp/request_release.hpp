#pragma once

#include <expected>

#include "gateway/mcp/message.hpp"
#include "gateway/mcp/release.hpp"
#include "net/request.hpp"

namespace chatelaine::gateway::mcp {

/// Which release a message is of, by its `_meta` and by the header MCP-Protocol-Version. Of release 2026-07-28
/// (transports, server validation) the headers and the body must say the same: the version, `Mcp-Method`, and of a
/// tool's call `Mcp-Name`. A message without either is of the oldest release, or begins with `initialize`.
[[nodiscard]] std::expected<Release, MessageError> find_release(const net::Request& request, const Message& message);

}  // namespace chatelaine::gateway::mcp
