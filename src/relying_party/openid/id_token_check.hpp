#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"
#include "crypto/jwk.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::relying_party {

/// What an ID token must say for this client, this browser and this moment.
struct ExpectedIdToken {
  /// Byte for byte one of them.
  std::vector<oauth::Issuer> issuers;
  /// Where `issuers` are tenants' (provider_metadata.hpp): the issuer with the placeholder, as keys name it that sign
  /// for every tenant.
  std::optional<oauth::Issuer> issuer_of_all = std::nullopt;
  oauth::ClientId client_id;
  std::string nonce;
  /// That which came with it, for `at_hash`.
  std::string_view access_token;
  /// `auth_time` must be there, and no earlier than that. Nothing: it may be left out.
  std::optional<Instant> earliest_sign_in;
};

/// An ID token whose signature and claims are right.
struct CheckedIdToken {
  oauth::Issuer issuer;
  oauth::Subject subject;
  std::optional<Instant> authenticated_at;
  json::object claims;
};

struct IdTokenFault {
  enum class Kind : std::uint8_t {
    unknown_key,        ///< no key of the set made it; a later reading of the set may have the one that did
    not_authenticated,  ///< the person did not sign in lately enough
    tells_no_time,      ///< it is not said when they did
    refused
  };
  Kind kind;
  /// For the log; quotes no token.
  std::string detail;
};

/// How far the provider's clock may be from ours.
inline constexpr seconds kClockSkew{60};

/// Whether a text may be a `sub` (OpenID Connect Core §2): 1 to 255 printable ASCII characters.
[[nodiscard]] bool is_foreign_subject(std::string_view text);

/// OpenID Connect Core §3.1.3.7: judges the ID token of a token response.
[[nodiscard]] std::expected<CheckedIdToken, IdTokenFault> check_id_token(std::string_view text,
                                                                         std::span<const crypto::VerificationKey> keys,
                                                                         const ExpectedIdToken& expected, Instant now);

}  // namespace chatelaine::relying_party
