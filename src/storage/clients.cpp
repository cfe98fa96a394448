#include "storage/clients.hpp"

#include <string_view>

namespace chatelaine::storage {

std::string describe_change(const oauth::Client& before, const oauth::Client& after) {
  std::string changed;
  const auto compare = [&](std::string_view name, auto member) {
    if (before.*member == after.*member) return;
    if (!changed.empty()) changed += ' ';
    changed += name;
  };
  compare("client_name", &oauth::Client::name);
  compare("client_secret", &oauth::Client::secret_hash);
  compare("token_endpoint_auth_method", &oauth::Client::authentication_methods);
  compare("redirect_uris", &oauth::Client::redirect_uris);
  compare("grant_types", &oauth::Client::grant_types);
  compare("scope", &oauth::Client::scope);
  compare("pkce", &oauth::Client::pkce);
  compare("jwks", &oauth::Client::jwks);
  compare("jwks_uri", &oauth::Client::jwks_uri);
  compare("id_token_signed_response_alg", &oauth::Client::id_token_algorithm);
  compare("access_token_format", &oauth::Client::access_token_format);
  compare("require_pushed_authorization_requests", &oauth::Client::requires_pushed_requests);
  compare("post_logout_redirect_uris", &oauth::Client::post_logout_redirect_uris);
  compare("default_max_age", &oauth::Client::default_max_age);
  compare("description", &oauth::Client::description);
  compare("registration_access_token", &oauth::Client::registration_token_hash);
  compare("openid", &oauth::Client::openid);
  compare("introspects", &oauth::Client::introspects);
  compare("exchange_redirect_uri", &oauth::Client::exchange_redirect_uri);
  return changed;
}

}  // namespace chatelaine::storage
