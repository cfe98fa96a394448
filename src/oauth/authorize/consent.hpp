#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "oauth/authorize/request.hpp"
#include "oauth/scope.hpp"

namespace chatelaine::oauth {

/// What a user has allowed a client at a resource, remembered.
struct Consent {
  UserId user_id;
  ClientId client_id;
  Resource resource;
  Scope scope;
  Instant given_at;
  /// When the user last saw what each of the scope's tokens opens.
  std::map<std::string, Instant> seen_at = {};
};

/// Something that tokens of `scope` may do since a moment, which who allowed that scope before has not been asked
/// about.
struct Opened {
  Scope scope;
  Instant since;
};
/// Whether the user has seen the whole scope of it since then.
[[nodiscard]] bool has_seen(const Consent& given, const Opened& opened);

enum class ConsentDecision { remembered, ask };

/// What a client asks a user for, whichever way it asks.
struct AskedFor {
  std::vector<Resource> resources;  ///< identifiers
  Scope scope;
};
/// What a user allows who says yes to it: at each of the resources the scopes that mean something there.
[[nodiscard]] std::vector<Consent> make_consents(UserId user_id, const ClientId& client_id, const AskedFor& asked,
                                                 const ProtectedResources& resources, Instant now);

/// A remembered consent is not asked again unless the scope grows, a resource comes along, or a scope opens what the
/// user has not seen; for loopback and custom-scheme redirects, where any local program could pose as the client (RFC
/// 8252 §8.6, RFC 6749 §10.2), it always is. `needed`: as `make_consents` gives them.
[[nodiscard]] ConsentDecision decide_consent(const AuthorizationRequest& request, const std::vector<Consent>& needed,
                                             const std::vector<Consent>& remembered, const std::vector<Opened>& opened);

/// Whether the redirect leaves the web: loopback, or a scheme other than https.
[[nodiscard]] bool is_local_redirect(const RedirectUri& redirect_uri);

}  // namespace chatelaine::oauth
