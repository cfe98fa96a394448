#include "oauth/authorize/consent.hpp"

#include <algorithm>

#include "base/uri.hpp"

namespace chatelaine::oauth {

std::vector<Consent> make_consents(UserId user_id, const ClientId& client_id, const AskedFor& asked,
                                   const ProtectedResources& resources, Instant now) {
  std::vector<Consent> consents;
  for (const Resource& identifier : asked.resources) {
    const ProtectedResource* resource = resources.find(identifier.value());
    consents.push_back({.user_id = user_id,
                        .client_id = client_id,
                        .resource = identifier,
                        .scope = resource != nullptr ? resource->understood(asked.scope) : asked.scope,
                        .given_at = now});
  }
  return consents;
}

ConsentDecision decide_consent(const AuthorizationRequest& request, const std::vector<Consent>& needed,
                               const std::vector<Consent>& remembered) {
  if (needed.empty() || is_local_redirect(request.target.redirect_uri)) return ConsentDecision::ask;
  const auto is_covered = [&remembered](const Consent& wanted) {
    return std::ranges::any_of(remembered, [&wanted](const Consent& given) {
      return given.user_id == wanted.user_id && given.client_id == wanted.client_id &&
             given.resource == wanted.resource && given.scope.includes(wanted.scope);
    });
  };
  return std::ranges::all_of(needed, is_covered) ? ConsentDecision::remembered : ConsentDecision::ask;
}

bool is_local_redirect(const RedirectUri& redirect_uri) {
  const auto url = parse_http_url(redirect_uri.value());
  return !url || url->scheme != "https" || is_loopback_host(url->host);
}

}  // namespace chatelaine::oauth
