#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "net/request.hpp"
#include "net/response.hpp"
#include "oauth/authorize/pushed_authorization_request.hpp"
#include "oauth/authorize/request.hpp"
#include "oauth/clients/client.hpp"
#include "provider/context.hpp"

namespace chatelaine::provider::endpoints {

/// An authorization request that passed every check, and whose it is.
struct CheckedRequest {
  oauth::AuthorizationRequest request;
  std::shared_ptr<const oauth::Client> client;
  /// The request's own, encoded anew: what carries it on through our pages, however it was written. Of a pushed one:
  /// client_id and request_uri. Behind it stands `asked_at`, if there is one.
  std::string query;
  /// When a page of ours first asked the person for something that this request demands (asked.hpp).
  std::optional<Instant> asked_at;
  /// Serves once (RFC 9126 §4): whoever answers the request spends it.
  std::optional<oauth::PushedAuthorizationRequestId> pushed;
};

/// The checks of the authorization endpoint in their order: a readable query, a known client, the request that it
/// pushed where the query names one (RFC 9126 §4), one of its redirect URIs, and only then everything that may be
/// answered by redirect (RFC 6749 §4.1.2.1). The error is the whole answer. Both the endpoint and the consent form run
/// it, from the query alone. `browser` is the binding of the
/// one that brought it (accounts::Browser), empty where it has none yet. All outlive the task.
[[nodiscard]] Task<std::expected<CheckedRequest, net::Response>> check_request(const Context& context,
                                                                               const net::Request& request,
                                                                               std::string_view query,
                                                                               std::string_view browser);

}  // namespace chatelaine::provider::endpoints
