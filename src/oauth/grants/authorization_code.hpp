#pragma once

#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/form.hpp"
#include "base/time.hpp"
#include "crypto/digest.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/pkce.hpp"
#include "oauth/resource.hpp"

namespace chatelaine::oauth {

/// An authorization code (RFC 6749 §4.1.2), as storage keeps it: until it expires.
struct AuthorizationCode {
  AuthorizationCodeId id;
  crypto::Sha256 secret_hash;
  ClientId client_id;
  UserId user_id;
  Subject subject;
  RedirectUri redirect_uri;
  bool redirect_uri_was_sent = true;
  Scope scope;
  std::vector<Resource> resources;              ///< identifiers
  std::optional<CodeChallenge> code_challenge;  ///< RFC 7636 §4.4: what the verifier is held against
  /// For the ID token (OpenID Connect Core §3.1.2.1); empty where there was none.
  std::string nonce;
  Instant authenticated_at;  ///< when the user signed in
  Instant expires_at;        ///< once it is used, not before its grant
  /// The grant that its first use gave; nothing while it is unused.
  std::optional<GrantId> grant_id;
};

/// What to do with a presented code. `Redeem` is still to be won in storage.
struct RedeemCode {
  /// Of the grant: what the user allowed and the client may still have.
  Scope scope;
  /// Of the first access token: as much of the grant as the request asks for.
  Target target;
};
/// RFC 6749 §4.1.2: a second use is refused and ends what the first one gave.
struct RevokeReplayed {
  GrantId grant_id;
};
using CodeDecision = std::variant<RedeemCode, RevokeReplayed, OAuthError>;

/// RFC 6749 §4.1.3, OpenID Connect Core §3.1.3.2: issued to this client, not expired, for the same redirect_uri (or for
/// the only one, of a client that may leave it out), with the verifier of its challenge. RFC 8707 §2.2: `resource` may
/// narrow the access token; the grant is for all that the user allowed. The client has authenticated and may use the
/// grant type (check_grant_type). `code` is null where the handle was unknown or its secret wrong. A replay counts only
/// from the client that the code was issued to.
[[nodiscard]] CodeDecision decide_authorization_code(const AuthorizationCode* code, const Client& client,
                                                     const Form& request, const ProtectedResources& resources,
                                                     Instant now);

}  // namespace chatelaine::oauth
