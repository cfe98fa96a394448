#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/form.hpp"
#include "base/time.hpp"
#include "crypto/digest.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/flows.hpp"
#include "oauth/handle.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/protected_resource.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

using PushedAuthorizationRequestId = Id<struct PushedAuthorizationRequestTag>;

/// An authorization request that its client has sent here itself, before it sends a browser (RFC 9126).
struct PushedAuthorizationRequest {
  PushedAuthorizationRequestId id;
  /// Of the request URI's secret.
  crypto::Sha256 secret_hash;
  ClientId client_id;
  /// What was pushed, form-urlencoded, without the client's credentials.
  std::string parameters;
  Instant expires_at;
};

/// A person has to sign in and decide meanwhile; RFC 9126 §2.2 suggests at most so much.
inline constexpr milliseconds kPushedRequestLifetime{std::chrono::minutes{10}};
/// The most bytes of `parameters`; the endpoint answers 413 beyond (RFC 9126 §2.3).
inline constexpr std::size_t kLongestPushedRequest = std::size_t{16} * 1024;

/// RFC 9126 §2.2: `urn:ietf:params:oauth:request_uri:` and a handle that only its client has seen.
[[nodiscard]] std::string format_request_uri(const Handle& handle);
/// Whether a `request_uri` is of that kind, whatever follows.
[[nodiscard]] bool is_pushed_request_uri(std::string_view request_uri);
/// Nothing where it is none of ours, or mistyped.
[[nodiscard]] std::optional<Handle> parse_request_uri(std::string_view request_uri);

/// RFC 9126 §2.1: what the authorization endpoint would refuse is refused here already; so is a `request_uri`, and a
/// request without the `client_id` of the client that has authenticated. What may be kept: everything but the client's
/// credentials.
[[nodiscard]] Result<Form> check_pushed_authorization_request(const Form& form, const Client& client,
                                                              const ProtectedResources& resources, const Flows& flows);

/// RFC 9126 §4: whether a request that was not pushed may be looked at: neither the server (§5) nor the client's
/// registration (§6) wants every one pushed.
[[nodiscard]] Result<void> check_may_be_plain(const Client& client, const Flows& flows);

/// RFC 9126 §4: whether what storage found under the handle's id is the request that this client pushed, and still
/// counts. `found` is null where there is none.
[[nodiscard]] bool is_usable(const PushedAuthorizationRequest* found, const Handle& presented, const Client& client,
                             Instant now);

}  // namespace chatelaine::oauth
