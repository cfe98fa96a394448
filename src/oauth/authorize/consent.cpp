#include "oauth/authorize/consent.hpp"

#include "base/uri.hpp"

namespace chatelaine::oauth {

ConsentDecision decide_consent(const AuthorizationRequest& request, const std::optional<Consent>& remembered) {
  if (!remembered || is_local_redirect(request.target.redirect_uri)) return ConsentDecision::ask;
  const bool covers = remembered->client_id == request.client_id && remembered->resource == request.resource &&
                      remembered->scope.includes(request.scope);
  return covers ? ConsentDecision::remembered : ConsentDecision::ask;
}

bool is_local_redirect(const RedirectUri& redirect_uri) {
  const auto url = parse_http_url(redirect_uri.value());
  return !url || url->scheme != "https" || is_loopback_host(url->host);
}

}  // namespace chatelaine::oauth
