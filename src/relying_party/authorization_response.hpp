#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/form.hpp"
#include "oauth/vocabulary.hpp"
#include "relying_party/discovery.hpp"

namespace chatelaine::relying_party {

/// Why an authorization response holds no code that may be used. `message` is a sentence for people; a provider's own
/// words in it are capped plain text.
struct AuthorizationFailure {
  enum class Kind { denied, provider_error, wrong_issuer, malformed };
  Kind kind;
  std::string message;
};

/// What is known of the `iss` that an answer carries (RFC 9207).
struct ExpectedIssuer {
  /// The provider's issuer by its metadata; empty where there is none, and nothing to compare with.
  std::string issuer;
  IssuerParameter parameter = IssuerParameter::not_promised;
};

/// Judges the query that came back with the user (RFC 6749 §4.1.2), after `state` was found right.
[[nodiscard]] std::expected<oauth::AuthorizationCodeSecret, AuthorizationFailure> judge_authorization_response(
    const Form& response, const ExpectedIssuer& expected);

}  // namespace chatelaine::relying_party
