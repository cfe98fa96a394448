#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "gateway/settings.hpp"
#include "openapi/tool.hpp"

namespace chatelaine::gateway::mcp {

/// A tool that this server offers, and how `tools/list` describes it.
struct OfferedTool {
  openapi::Tool tool;
  json::object description;
};

/// `[mcp]`; replaced as a whole after a SIGHUP.
struct McpSettings {
  /// The gateway's, but for what challenges say: this endpoint's metadata is that of its own address.
  GatewaySettings gateway;
  /// The same for whoever knows the address with a slash behind it (RFC 9728 §3.3).
  GatewaySettings gateway_with_slash;
  [[nodiscard]] const GatewaySettings& gateway_at(std::string_view path) const {
    return path.ends_with('/') ? gateway_with_slash : gateway;
  }
  /// Who we say we are (`serverInfo`): a name for programs, one for people, a version.
  std::string name;
  std::string title;
  std::string version;
  /// What a model should know before it chooses a tool; may be empty.
  std::string instructions;
  std::vector<OfferedTool> tools;
  /// Another where the tools are others (make_list_tag).
  std::string list_tag;
  /// Our own, whose pages may send requests; bytes of the API are known by a URL below it.
  std::string origin;
  /// Whose pages may, beside ours; "*" for anybody's.
  std::vector<std::string> allowed_origins;
  /// The longest answer of the API that becomes a result.
  std::size_t largest_answer = std::size_t{1024} * 1024;
  /// Calls under way and streams of one caller, together.
  std::size_t most_open = 32;
  /// Calls under way of all callers.
  std::size_t most_open_together = 256;
};

/// Those tools whose operations the gateway lets through, each with the scopes that it asks for.
[[nodiscard]] std::vector<OfferedTool> offer_tools(std::vector<openapi::Tool> tools, const GatewaySettings& gateway);

[[nodiscard]] std::string make_list_tag(const std::vector<OfferedTool>& tools);

}  // namespace chatelaine::gateway::mcp
