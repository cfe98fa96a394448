#pragma once

#include <memory>

#include "base/live.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "gateway/gateway.hpp"
#include "gateway/guard.hpp"
#include "gateway/mcp/settings.hpp"
#include "net/router.hpp"

namespace chatelaine::gateway::mcp {

/// How long a call may take before its answer becomes a stream.
inline constexpr milliseconds kPatience{1'000};

/// The API as an MCP server (streamable HTTP, the releases of `Release`), without sessions that anything is
/// kept of: each request says who calls, and each call is decided on by the guard and goes through the gateway as if
/// its client had sent it. In this order: an origin that is not allowed is 403; what the gateway says of the token
/// (401, 403 with a challenge); 406, 415, 429 and 413; then JSON-RPC. A call whose token lacks a scope is 403 with all
/// that the operation needs, and its body is a result that ChatGPT understands. Thread-safe.
class McpServer {
 public:
  /// `path`: where it answers, with a slash at its end too. All references outlive it.
  McpServer(const Live<McpSettings>& settings, Guard& guard, Gateway& gateway, std::string path, Randomness& randomness,
            Log& log);
  ~McpServer();
  McpServer(const McpServer&) = delete;
  McpServer& operator=(const McpServer&) = delete;

  void add_routes(net::Router& router);
  [[nodiscard]] Task<net::Response> answer_post(const net::Request& request);
  [[nodiscard]] Task<net::Response> answer_get(const net::Request& request);
  [[nodiscard]] Task<net::Response> answer_delete(const net::Request& request);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chatelaine::gateway::mcp
