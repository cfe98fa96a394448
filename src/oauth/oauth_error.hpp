#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace chatelaine::oauth {

/// Every `error` code that we send: RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 9470 §3, RFC 8707 §2, RFC 8628 §3.5,
/// OpenID Connect Core §3.1.2.6 (the `…_required` and `…_not_supported`), RFC 7591 §3.2.2 (`invalid_redirect_uri` and
/// the three after it).
enum class ErrorCode : std::uint8_t {
  invalid_request,
  invalid_client,
  invalid_grant,
  unauthorized_client,
  unsupported_grant_type,
  unsupported_response_type,
  invalid_scope,
  invalid_target,
  access_denied,
  authorization_pending,
  slow_down,
  expired_token,
  invalid_token,
  insufficient_scope,
  insufficient_user_authentication,
  request_not_supported,
  request_uri_not_supported,
  registration_not_supported,
  login_required,
  consent_required,
  interaction_required,
  invalid_redirect_uri,
  invalid_client_metadata,
  invalid_software_statement,
  unapproved_software_statement,
  server_error,
  temporarily_unavailable,
};

/// A protocol error as a value. `description` is a public sentence that tells the client's author what to change, in
/// the characters RFC 6749 §5.2 allows (printable ASCII but `"` and `\`); `detail` is for the log alone.
struct OAuthError {
  ErrorCode code;
  std::string description;
  std::string detail;
};

template <class T>
using Result = std::expected<T, OAuthError>;

[[nodiscard]] std::string_view to_string(ErrorCode code);

/// The HTTP status where the error is the body of an answer: 401 for invalid_client, invalid_token and
/// insufficient_user_authentication, 403 for
/// insufficient_scope, 500 and 503 for the server's own, else 400.
[[nodiscard]] int http_status(ErrorCode code);

/// `std::unexpected(OAuthError{…})`, the way a check refuses. Replaces in `description` what RFC 6749 §5.2 does not
/// allow, and cuts it at 400 characters, so that it may quote what a stranger sent.
[[nodiscard]] std::unexpected<OAuthError> refuse(ErrorCode code, std::string description, std::string detail = {});

/// `{"error":…,"error_description":…}` (RFC 6749 §5.2).
[[nodiscard]] std::string to_json(const OAuthError& error);

}  // namespace chatelaine::oauth
