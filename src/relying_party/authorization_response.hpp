#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/form.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::relying_party {

/// Why an authorization response holds no code that may be used. `message` is a sentence for people; a provider's own
/// words in it are capped plain text.
struct AuthorizationFailure {
  enum class Kind { denied, provider_error, wrong_issuer, malformed };
  Kind kind;
  std::string message;
};

/// Judges the query that came back with the user (RFC 6749 §4.1.2), after `state` was found right. `expected_issuer` is
/// the provider's issuer where its metadata promised `iss` (RFC 9207), else empty.
[[nodiscard]] std::expected<oauth::AuthorizationCodeSecret, AuthorizationFailure> judge_authorization_response(
    const Form& response, std::string_view expected_issuer);

}  // namespace chatelaine::relying_party
