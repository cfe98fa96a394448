#include "oauth/authorize/consent.hpp"

#include <algorithm>

#include "base/uri.hpp"

namespace chatelaine::oauth {

std::vector<Consent> make_consents(UserId user_id, const ClientId& client_id, const AskedFor& asked,
                                   const ProtectedResources& resources, Instant now) {
  std::vector<Consent> consents;
  for (const Resource& identifier : asked.resources) {
    const ProtectedResource* resource = resources.find(identifier.value());
    Consent consent{.user_id = user_id,
                    .client_id = client_id,
                    .resource = identifier,
                    .scope = resource != nullptr ? resource->understood(asked.scope) : asked.scope,
                    .given_at = now};
    for (const std::string& token : consent.scope.tokens()) consent.seen_at.emplace(token, now);
    consents.push_back(std::move(consent));
  }
  return consents;
}

bool has_seen(const Consent& given, const Opened& opened) {
  return std::ranges::all_of(opened.scope.tokens(), [&](const std::string& token) {
    const auto seen = given.seen_at.find(token);
    return seen != given.seen_at.end() && seen->second >= opened.since;
  });
}

ConsentDecision decide_consent(const AuthorizationRequest& request, const std::vector<Consent>& needed,
                               const std::vector<Consent>& remembered, const std::vector<Opened>& opened) {
  if (needed.empty() || is_local_redirect(request.target.redirect_uri)) return ConsentDecision::ask;
  const auto is_covered = [&](const Consent& wanted) {
    return std::ranges::any_of(remembered, [&](const Consent& given) {
      return given.user_id == wanted.user_id && given.client_id == wanted.client_id &&
             given.resource == wanted.resource && given.scope.includes(wanted.scope) &&
             std::ranges::all_of(opened, [&](const Opened& news) {
               return !wanted.scope.includes(news.scope) || has_seen(given, news);
             });
    });
  };
  return std::ranges::all_of(needed, is_covered) ? ConsentDecision::remembered : ConsentDecision::ask;
}

bool is_local_redirect(const RedirectUri& redirect_uri) {
  const auto url = parse_http_url(redirect_uri.value());
  return !url || url->scheme != "https" || is_loopback_host(url->host);
}

}  // namespace chatelaine::oauth
