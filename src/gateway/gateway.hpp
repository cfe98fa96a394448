#pragma once

#include <memory>

#include "base/live.hpp"
#include "base/log.hpp"
#include "gateway/guard.hpp"
#include "gateway/parts.hpp"
#include "gateway/settings.hpp"
#include "net/request.hpp"
#include "net/response.hpp"

namespace chatelaine::gateway {

/// The guard in front of the API: the router's fallback. What the Guard lets through goes to the upstream with the
/// headers of ForwardedHeaders, and its answer comes back, streamed, for as long as the token lives. Thread-safe.
class Gateway {
 public:
  /// `send` may be empty: every path is 404 then. All references outlive the gateway and its answers.
  Gateway(const Live<GatewaySettings>& settings, Guard& guard, SendUpstream send, Log& log);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  [[nodiscard]] Task<net::Response> handle(const net::Request& request);
  /// What becomes of a call that the Guard has decided on, for doors of our own to the same API; there is an upstream.
  /// `call` and `settings` outlive the task.
  [[nodiscard]] Task<net::Response> forward(const net::Request& call, const GatewaySettings& settings,
                                            Decision decision);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chatelaine::gateway
