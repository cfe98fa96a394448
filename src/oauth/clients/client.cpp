#include "oauth/clients/client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "oauth/openid/identity_scope.hpp"

namespace chatelaine::oauth {

std::string_view to_string(ClientOrigin origin) {
  switch (origin) {
    case ClientOrigin::command:
      return "command";
    case ClientOrigin::registration:
      return "registration";
    case ClientOrigin::metadata_document:
      return "metadata_document";
  }
  std::unreachable();
}

std::string_view to_string(ExchangeRedirectUri exchange) {
  switch (exchange) {
    case ExchangeRedirectUri::repeated:
      return "repeated";
    case ExchangeRedirectUri::may_be_left_out:
      return "may_be_left_out";
  }
  std::unreachable();
}

Scope Client::grantable_scope() const { return openid ? scope.united_with(identity_scope()) : scope; }

bool Client::is_confidential() const {
  return secret_hash.has_value() || may_authenticate_by(AuthenticationMethod::private_key_jwt);
}

bool Client::may_authenticate_by(AuthenticationMethod method) const {
  return std::ranges::find(authentication_methods, method) != authentication_methods.end();
}

bool Client::may_use(GrantType grant_type) const {
  return std::ranges::find(grant_types, grant_type) != grant_types.end();
}

bool Client::may_leave_out_redirect_uri() const {
  return exchange_redirect_uri == ExchangeRedirectUri::may_be_left_out && is_confidential() &&
         redirect_uris.size() == 1;
}

bool Client::acts_for_people() const {
  return may_use(GrantType::authorization_code) || may_use(GrantType::device_code);
}

bool is_vouched_for(const Client& client) { return client.is_confidential() && client.origin == ClientOrigin::command; }

Result<void> check_may_use(const Client& client, GrantType grant_type) {
  if (client.may_use(grant_type)) return {};
  return refuse(ErrorCode::unauthorized_client,
                fmt::format("This client is not registered for the grant type {0}: chatelaine client update ID "
                            "--grant with every grant type it shall have, {0} among them.",
                            short_name(grant_type)));
}

}  // namespace chatelaine::oauth
