#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "crypto/digest.hpp"
#include "crypto/signature_algorithm.hpp"
#include "oauth/clients/client_description.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/scope.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// Whether a client must send a PKCE challenge (RFC 7636). `optional` is the exception for confidential clients that
/// cannot, such as ChatGPT plugins; listings show it as a weakness.
enum class PkcePolicy : std::uint8_t { required, optional };

/// Whether a client that named its redirect_uri in the authorization request names it again when it exchanges the code
/// (RFC 6749 §4.1.3). `may_be_left_out` is the exception for assistants that do not, such as Coze Studio, and alone an
/// operator's to give; see Client::may_leave_out_redirect_uri for what it needs besides.
enum class ExchangeRedirectUri : std::uint8_t { repeated, may_be_left_out };
/// The enumerator's name, as storage and the command line have it.
[[nodiscard]] std::string_view to_string(ExchangeRedirectUri exchange);

/// How we came to know a client: an operator's command, dynamic registration (RFC 7591), or the document that its
/// `client_id` is the URL of.
enum class ClientOrigin : std::uint8_t { command, registration, metadata_document };
[[nodiscard]] std::string_view to_string(ClientOrigin origin);

/// A registered client (RFC 6749 §2.1), as storage fills it.
struct Client {
  ClientId id;
  std::string name;
  /// SHA-256 of the secret that we generated; nothing for a public client.
  std::optional<crypto::Sha256> secret_hash;
  /// How it may authenticate at the token endpoint: `none` for a public client, else one or both of the secret methods,
  /// or `private_key_jwt`, which needs no secret.
  std::vector<AuthenticationMethod> authentication_methods;
  std::vector<RedirectUri> redirect_uris;
  std::vector<GrantType> grant_types;
  /// What it may ask for, and what it gets when it names no scope.
  Scope scope;
  PkcePolicy pkce = PkcePolicy::required;
  /// Its public keys, for private_key_jwt: a JWK Set as JSON text, or where it publishes one. At most one of the two
  /// (RFC 7591 §2).
  std::string jwks;
  std::string jwks_uri;
  /// What its ID tokens are signed with (`id_token_signed_response_alg`, OpenID Connect Dynamic Client Registration
  /// §2).
  crypto::SignatureAlgorithm id_token_algorithm = crypto::SignatureAlgorithm::ES256;
  /// Nothing: as the resource has it.
  std::optional<AccessTokenFormat> access_token_format;
  /// Whether it may send a browser only with a request that it has pushed (RFC 9126 §6).
  bool requires_pushed_requests = false;
  /// Where a browser may go after sign-out (OpenID Connect RP-Initiated Logout §3.1), compared as bytes.
  std::vector<RedirectUri> post_logout_redirect_uris;
  /// How old a sign-in may be where a request does not say (`default_max_age`).
  std::optional<seconds> default_max_age;
  ClientDescription description;
  ClientOrigin origin = ClientOrigin::command;
  /// SHA-256 of the registration access token (RFC 7592 §3); nothing for a client that cannot change itself.
  std::optional<crypto::Sha256> registration_token_hash;
  /// The token before it, which counts until the new one changes the client: the answer that brought that may be lost.
  std::optional<crypto::Sha256> replaced_registration_token_hash;
  /// Whether it may ask who its user is: the identity scopes (oauth/openid/identity_scope.hpp), which `scope` leaves
  /// out.
  bool openid = true;
  /// The resources that it is the server of (RFC 7662 §4): it learns of every token for them. Nothing, which only a
  /// client has that was registered before this could be said: the default resource.
  std::optional<std::vector<Resource>> introspects = std::vector<Resource>{};
  ExchangeRedirectUri exchange_redirect_uri = ExchangeRedirectUri::repeated;
  Instant created_at;

  /// RFC 6749 §2.1: whether it can prove itself, by a secret or by a key of its own.
  [[nodiscard]] bool is_confidential() const;
  [[nodiscard]] bool may_authenticate_by(AuthenticationMethod method) const;
  [[nodiscard]] bool may_use(GrantType grant_type) const;
  /// Whether its exchange may do without redirect_uri: it is allowed to, it proves itself, and it has exactly one
  /// redirect URI, so that there is no other that a code could have gone to.
  [[nodiscard]] bool may_leave_out_redirect_uri() const;
  /// All that a grant of it may still hold: `scope`, and the identity scopes where it may have them.
  [[nodiscard]] Scope grantable_scope() const;
  /// Whether people can let it act for them. A client with a secret that nobody can is an API, or a program of its own.
  [[nodiscard]] bool acts_for_people() const;
};

/// Whether an operator has registered the client and it proves itself. Whoever reads a public client's id can ask in
/// its name, and anybody can register a client where that is open: what those leave here is bounded.
[[nodiscard]] bool is_vouched_for(const Client& client);

/// RFC 6749 §5.2: unauthorized_client, with what the operator would have to change.
[[nodiscard]] Result<void> check_may_use(const Client& client, GrantType grant_type);

}  // namespace chatelaine::oauth
