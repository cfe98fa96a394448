#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "base/time.hpp"
#include "net/fetch.hpp"
#include "oauth/plugin/manifest.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::relying_party {

/// Who the client is at one provider.
struct ClientCredentials {
  oauth::ClientId client_id;
  oauth::ClientSecret client_secret;
};

/// Where a client's id and secret stand in a token request (RFC 6749 §2.3.1): in its body (client_secret_post), or in
/// HTTP Basic (client_secret_basic).
enum class CredentialsPlace : std::uint8_t { body, header };

/// Where and how a provider takes token requests: a plugin by its manifest (`auth.authorization_url`,
/// `auth.authorization_content_type`).
struct TokenEndpoint {
  std::string url;
  oauth::TokenRequestEncoding encoding = oauth::TokenRequestEncoding::json;
  net::AddressPolicy addresses = net::AddressPolicy::public_only;
  CredentialsPlace credentials = CredentialsPlace::body;
  /// As net::FetchPolicy has them.
  std::vector<net::AddressBlock> networks = {};
};

using CodeVerifier = Secret<struct CodeVerifierTag>;
using IdTokenText = Secret<struct IdTokenTextTag>;

/// RFC 6749 §4.1.3.
struct CodeExchange {
  oauth::AuthorizationCodeSecret code;
  oauth::RedirectUri redirect_uri;
  std::optional<CodeVerifier> code_verifier;
};

/// A legal answer of a token endpoint (RFC 6749 §5.1), token type Bearer.
struct TokenAnswer {
  oauth::AccessTokenSecret access_token;
  std::optional<oauth::RefreshTokenSecret> refresh_token;
  std::optional<seconds> expires_in;
  /// OpenID Connect Core §3.1.3.3; not looked into.
  std::optional<IdTokenText> id_token;
};

/// Why there is no token. `message` is a sentence for the provider's author or user and never quotes a token; for
/// grant_refused it is what the server said and no more: what that means, the caller knows.
struct TokenFailure {
  enum class Kind : std::uint8_t {
    grant_refused,     ///< invalid_grant: the code or refresh token is void; the user must sign in again
    client_refused,    ///< invalid_client or unauthorized_client: id or secret are wrong
    request_refused,   ///< another `error`
    malformed_answer,  ///< the answer breaks RFC 6749 §5.1 or §5.2: the provider's fault
    unreachable,
  };
  Kind kind;
  std::string message;
};

/// The request bodies, members in the plugin document's order: grant_type, client_id, client_secret (both only where
/// they stand in the body), then what the grant needs.
[[nodiscard]] std::string make_code_exchange_body(oauth::TokenRequestEncoding encoding, const ClientCredentials& client,
                                                  const CodeExchange& exchange,
                                                  CredentialsPlace place = CredentialsPlace::body);
/// The value of `Authorization` for client_secret_basic.
[[nodiscard]] std::string make_basic_credentials(const ClientCredentials& client);
[[nodiscard]] std::string make_refresh_body(oauth::TokenRequestEncoding encoding, const ClientCredentials& client,
                                            const oauth::RefreshTokenSecret& refresh_token);

/// Judges an answer of a token endpoint. `sent` are the secrets that the request held: an error text that repeats one
/// is not quoted.
[[nodiscard]] std::expected<TokenAnswer, TokenFailure> judge_token_answer(const net::FetchedDocument& answer,
                                                                          std::span<const std::string_view> sent);

/// How long a token request may take; a refresh lease must be longer.
inline constexpr milliseconds kTokenRequestTimeout{10'000};

/// The arguments outlive the await.
[[nodiscard]] Task<std::expected<TokenAnswer, TokenFailure>> exchange_code(net::Fetcher& fetcher,
                                                                           const TokenEndpoint& endpoint,
                                                                           const ClientCredentials& client,
                                                                           const CodeExchange& exchange);
[[nodiscard]] Task<std::expected<TokenAnswer, TokenFailure>> refresh_tokens(
    net::Fetcher& fetcher, const TokenEndpoint& endpoint, const ClientCredentials& client,
    const oauth::RefreshTokenSecret& refresh_token);

}  // namespace chatelaine::relying_party
