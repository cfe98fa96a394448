#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "inspection/outside.hpp"
#include "rehearsal/step.hpp"

/// What a connector says to an MCP endpoint (Streamable HTTP, release 2025-11-25, which servers of later releases
/// take), and what it makes of the answers. Pure.
namespace chatelaine::rehearsal {

/// One conversation: which headers it goes by.
struct McpConversation {
  std::string url;
  std::string user_agent;
  /// Empty before `initialize` was answered, and at servers without sessions.
  std::string session;
  /// What both speak; empty before.
  std::string release;
};

/// What is asked for; its number is the request's id, by which its answer is known.
enum class McpRequest : std::uint8_t { initialize, tools_list, tool_call };

[[nodiscard]] inspection::Question make_initialize(const McpConversation& conversation, std::string_view title,
                                                   std::string_view access_token);
[[nodiscard]] inspection::Question make_initialized(const McpConversation& conversation, std::string_view access_token);
[[nodiscard]] inspection::Question make_tools_list(const McpConversation& conversation, std::string_view access_token);
[[nodiscard]] inspection::Question make_tool_call(const McpConversation& conversation, std::string_view tool,
                                                  std::string_view access_token);

/// The `result` of an answer to a request, which is JSON or an event stream; else a sentence. An answer to another id,
/// or without `jsonrpc`, is none: assistants' libraries pass over it, and the call never ends.
[[nodiscard]] std::expected<json::object, std::string> read_result(const net::FetchedDocument& answer,
                                                                   McpRequest request);

/// What is wrong with the release that an answer to `initialize` settles on; empty where assistants speak it.
[[nodiscard]] std::string find_strange_release(const json::object& result);

/// The first text among the `content` of a tool's result; empty where there is none.
[[nodiscard]] std::string read_text(const json::object& result);

/// `MCP-Session-Id` and the release of an answer to `initialize` whose release is not strange: both go into headers.
void keep_conversation(McpConversation& conversation, const net::FetchedDocument& answer, const json::object& result);

/// A tool that reads and needs no arguments; empty where there is none.
[[nodiscard]] std::string find_safe_tool(const json::object& tools);
[[nodiscard]] std::size_t count_tools(const json::object& tools);

}  // namespace chatelaine::rehearsal
