#pragma once

#include <boost/json/object.hpp>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "crypto/digest.hpp"
#include "crypto/jws.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/vocabulary.hpp"

/// Client authentication by private_key_jwt (OpenID Connect Core §9): the client signs a short statement with a key of
/// which we know the public half (RFC 7521 §4.2, RFC 7523 §2.2).
namespace chatelaine::oauth {

/// The only `client_assertion_type` (RFC 7523 §2.2).
inline constexpr std::string_view kJwtBearerAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How far ahead an assertion may expire. What was used is remembered for that long, so that the client does not choose
/// how much we remember.
inline constexpr milliseconds kLongestAssertion{std::chrono::minutes{5}};
/// How far a client's clock may be off.
inline constexpr milliseconds kAssertionSkew{seconds{30}};

/// Whom an unverified assertion is about (`sub`): the client whose keys will tell. The error says what is wrong with
/// the text.
[[nodiscard]] Result<ClientId> find_assertion_subject(std::string_view assertion);

/// What an assertion says, once one of the client's keys has verified it.
struct VerifiedAssertion {
  /// Its `typ`; empty where it has none.
  std::string type;
  boost::json::object claims;
};

/// RFC 7523 §3, RFC 8725 §3: verifies the signature under one of the client's public keys, which decide the algorithm.
/// Whatever the outcome, at least one signature's time is spent, so that a client that does not exist, one without keys
/// and a wrong key cost the same. Of the errors only `unknown_key` and `bad_signature` may go away with newer keys.
[[nodiscard]] std::expected<VerifiedAssertion, crypto::JwsError> verify_client_assertion(
    std::string_view assertion, std::span<const crypto::VerificationKey> keys);

/// The one refusal of an assertion that no key has verified, whatever the reason; `detail` goes to the log.
[[nodiscard]] std::unexpected<OAuthError> refuse_unproven_assertion(std::string detail);

/// What identifies this server to whoever calls one of its endpoints.
struct AssertionAudience {
  Issuer issuer;
  /// The token endpoint's URL, and that of the endpoint called (RFC 9126 §2).
  std::vector<std::string> endpoints;
};

/// What was used and must not be used again: stored until nobody could present it any more.
struct UsedClientAssertion {
  ClientId client_id;
  /// SHA-256 of the `jti`, whose length the client chooses.
  crypto::Sha256 jti_hash;
  Instant expires_at;
};

/// RFC 7523 §3: `iss` and `sub` are the client, `aud` is this server and nobody else, `exp` is there, ahead and not far
/// ahead, `nbf` and `iat` lie not ahead, `jti` is there. The error is invalid_client and names the claim: whoever holds
/// the key may know what is wrong.
[[nodiscard]] Result<UsedClientAssertion> check_client_assertion(const VerifiedAssertion& assertion,
                                                                 const ClientId& client_id,
                                                                 const AssertionAudience& audience, Instant now);

}  // namespace chatelaine::oauth
