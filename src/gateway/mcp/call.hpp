#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/log.hpp"
#include "gateway/gateway.hpp"
#include "gateway/mcp/api_call.hpp"
#include "gateway/mcp/open_requests.hpp"
#include "gateway/mcp/settings.hpp"
#include "gateway/mcp/wakeup.hpp"

namespace chatelaine::gateway::mcp {

/// A call of the API on behalf of a tool's: it runs by itself, and whoever answers for it looks how far it is. All of
/// it is for the executor that it began on.
class Call : public std::enable_shared_from_this<Call> {
 public:
  /// `gateway`, `log`, `settings` and `tool`, which is one of its, outlive the call.
  Call(Gateway& gateway, Log& log, const McpSettings& settings, const openapi::Tool& tool,
       const openapi::ToolRequest& made, const net::Request& asked)
      : gateway_(gateway),
        log_(log),
        settings_(settings),
        gateway_settings_(settings.gateway_at(asked.path)),
        tool_(tool),
        api_call_(made, asked),
        url_(settings.origin + made.target) {}

  /// As the gateway sees it.
  [[nodiscard]] const net::Request& request() const { return api_call_.request(); }
  /// What it is decided by: as its client knows this server.
  [[nodiscard]] const GatewaySettings& settings() const { return gateway_settings_; }
  /// Starts it, once the guard has let `request` through; what it throws becomes an error result. It keeps its place
  /// for as long as it is there: until the API has answered, and nobody waits for the result any more.
  [[nodiscard]] Task<void> start(Decision decision, OpenRequests::Place place);
  /// Whoever sends the result keeps its place. Once, and once there is a result.
  [[nodiscard]] OpenRequests::Place take_place() { return std::move(*place_); }
  /// Waits until something may have changed.
  [[nodiscard]] Task<void> wait() { return wakeup_.wait(); }
  void wake() { wakeup_.wake(); }
  /// What was noted of it so far, for the request that asked for it. What comes after that it records itself.
  [[nodiscard]] FlightNotes take_notes() { return api_call_.take_notes(); }
  /// Nobody waits for the result any more: the API is not waited for, and what it still sends is not read.
  void cancel();
  /// The loop's tick: an answer that is guarded looks at its token.
  void tick(net::Loop& loop);

  [[nodiscard]] bool is_cancelled() const { return progress_.is_cancelled; }
  [[nodiscard]] std::uint64_t bytes() const { return progress_.bytes; }
  /// The result of `tools/call`, once there is one.
  [[nodiscard]] const std::optional<json::object>& result() const { return result_; }

 private:
  [[nodiscard]] static Task<void> run(std::shared_ptr<Call> call);
  [[nodiscard]] Task<json::object> ask();

  Gateway& gateway_;
  Log& log_;
  const McpSettings& settings_;
  const GatewaySettings& gateway_settings_;
  const openapi::Tool& tool_;
  ApiCall api_call_;
  std::string url_;
  std::optional<OpenRequests::Place> place_;
  Decision decision_;
  CallProgress progress_;
  std::optional<json::object> result_;
  int status_ = 0;
  Wakeup wakeup_;
};

}  // namespace chatelaine::gateway::mcp
