#include "oauth/handle.hpp"

#include <algorithm>

#include "net/request.hpp"
#include "oauth/authorize/pushed_authorization_request.hpp"
#include "oauth/clients/authentication.hpp"
#include "oauth/scope.hpp"
#include "oauth/tokens/bearer.hpp"
#include "oauth/tokens/refresh_token.hpp"
#include "targets.hpp"

namespace chatelaine::fuzz {
namespace {

void check_cookies(std::string_view header) {
  const net::HeaderView headers[] = {{"Cookie", header}};
  net::Request request;
  request.headers = headers;
  for (const std::string_view name : {"a", "chatelaine_session", "__Host-chatelaine"}) {
    if (const auto value = request.cookie(name)) require(is_within(*value, header));
  }
}

}  // namespace

/// What comes in headers and is opaque to the client: handles, refresh tokens, credentials, scopes and cookies. One
/// text stands for one handle: what is taken is what would be written.
void check_handles(std::string_view bytes) {
  using namespace oauth;
  for (const std::string_view prefix : {prefix::kAuthorizationCode, prefix::kAccessToken, prefix::kRefreshToken,
                                        prefix::kClientSecret, prefix::kPushedAuthorizationRequest, prefix::kDeviceCode,
                                        prefix::kInitialAccessToken, prefix::kRegistrationAccessToken}) {
    if (const auto handle = parse_handle(prefix, bytes)) require(format_handle(prefix, *handle) == bytes);
    if (const auto payload = parse_checked(prefix, bytes)) require(format_checked(prefix, *payload) == bytes);
  }
  if (const auto handle = parse_request_uri(bytes)) require(format_request_uri(*handle) == bytes);
  if (const auto token = parse_refresh_token(bytes)) require(token->outer_tag.size() == 16 && token->mac.size() == 32);
  if (const auto token = parse_bearer_header(bytes)) require(!token->empty() && is_within(*token, bytes));
  if (const auto scope = Scope::parse(bytes)) {
    require(Scope::parse(scope->to_string()) == scope && scope->includes(*scope));
    require(std::ranges::is_sorted(scope->tokens()));
  }
  if (const auto read = parse_client_credentials(bytes, Form())) require(!read->client_id.value().empty());
  check_cookies(bytes);
}

}  // namespace chatelaine::fuzz
