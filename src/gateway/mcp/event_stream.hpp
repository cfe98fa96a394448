#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/live.hpp"
#include "gateway/mcp/call.hpp"
#include "gateway/mcp/open_requests.hpp"
#include "gateway/mcp/release.hpp"
#include "gateway/mcp/settings.hpp"
#include "net/response.hpp"

/// Server-sent events (the WHATWG's HTML standard §9.2), a message of JSON-RPC each.
namespace chatelaine::gateway::mcp {

/// 200 `text/event-stream`, which no proxy should hold back.
[[nodiscard]] net::Response answer_events(std::unique_ptr<net::BodySource> events);

/// The answer to a call that takes a while: progress each second where the client gave a token for it, then what
/// `finish` makes of the result. Closing it cancels the call; so does `notifications/cancelled`, and then it ends
/// without a result. It has the call's place until it has been sent.
[[nodiscard]] std::unique_ptr<net::BodySource> stream_call(std::shared_ptr<Call> call,
                                                           std::optional<json::value> progress_token,
                                                           std::function<std::string(json::object)> finish);

/// What a client wants to be told of.
struct Subscription {
  /// Of the `subscriptions/listen` that opened it; nothing: a GET, which is told without acknowledgement or end.
  std::optional<MessageId> id;
  bool wants_tools = true;
};

/// Tells when the list of tools has changed, for as long as the client listens. `settings` outlives it.
[[nodiscard]] std::unique_ptr<net::BodySource> stream_changes(const Live<McpSettings>& settings,
                                                              Subscription subscription, OpenRequests::Place place);

}  // namespace chatelaine::gateway::mcp
