#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string_view>

#include "base/form.hpp"
#include "oauth/authorize/request.hpp"
#include "oauth/oauth_error.hpp"

namespace chatelaine::oauth {

/// The most bytes that an authorization request's query may have, as it came and percent-encoded anew. What carries the
/// request on must hold it encoded up to twice: the way through sign-in (a path of at most 8 KiB, itself a parameter)
/// and the consent page's form (16 KiB).
inline constexpr std::size_t kLongestAuthorizationQuery = std::size_t{4} * 1024;

/// An authorization request's query, read.
struct AuthorizationQuery {
  Form form;
  /// What makes it unreadable elsewhere than in client_id and redirect_uri; then `form` holds no more than an answer by
  /// redirect needs: those two, and `state`, `response_mode` and `request_uri` where they came once and decode.
  std::optional<OAuthError> fault;
};

/// RFC 6749 §4.1.2.1: a repeated or malformed parameter is told by redirect, as long as client_id and redirect_uri are
/// beyond doubt; else, and where the query is too long, the error is for a page.
[[nodiscard]] std::expected<AuthorizationQuery, UnredirectableError> read_authorization_query(std::string_view query);

}  // namespace chatelaine::oauth
