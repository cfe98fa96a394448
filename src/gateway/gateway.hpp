#pragma once

#include <memory>

#include "base/live.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "gateway/parts.hpp"
#include "gateway/settings.hpp"
#include "net/request.hpp"
#include "net/response.hpp"
#include "net/upstream.hpp"
#include "tokens/key_ring.hpp"
#include "tokens/verifier.hpp"

namespace chatelaine::gateway {

/// The guard in front of the API: the router's fallback. In this order: a path that could be read in two ways is 400;
/// TRACE 405; preflights and public paths go through without identity; no token is 401, an unreadable Authorization
/// 400, a token that is of no use 401; an unlisted operation 404; a closed one and a missing scope 403; then the call
/// goes to the upstream with the headers of ForwardedHeaders, and its answer comes back, streamed, for as long as the
/// token lives. Thread-safe.
class Gateway {
 public:
  /// `upstream` may be null: every path is 404 then. All references outlive the gateway and its answers.
  Gateway(const Live<GatewaySettings>& settings, tokens::Verifier& verifier, tokens::KeyRing& keys,
          net::Upstream* upstream, const Clock& clock, Log& log);
  /// The same with parts of a test.
  Gateway(const Live<GatewaySettings>& settings, GatewayParts parts, const Clock& clock, Log& log);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  [[nodiscard]] Task<net::Response> handle(const net::Request& request);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chatelaine::gateway
