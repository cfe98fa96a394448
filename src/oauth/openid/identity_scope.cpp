#include "oauth/openid/identity_scope.hpp"

namespace chatelaine::oauth {

Scope identity_scope() {
  std::vector<std::string> names;
  names.reserve(kIdentityScopes.size());
  for (const auto& scope : kIdentityScopes) names.emplace_back(scope.name);
  return Scope(std::move(names));
}

Result<Scope> narrow_requested_scope(std::optional<std::string_view> requested, const Scope& allowed,
                                     const Scope& identity) {
  const auto named = Scope::parse(requested.value_or(""));
  if (!named) return narrow_scope(requested, allowed);
  Scope asked = named->intersected_with(identity);
  // OpenID Connect Core §3.1.2.1: there, what is not understood (`phone`, `address`) is ignored, and the answer says
  // so.
  if (asked.contains("openid")) return asked.united_with(named->intersected_with(allowed));
  const Scope rest = named->without(identity);
  // Nothing but identity is not nothing: then the API is not meant.
  if (rest.empty() && !asked.empty()) return asked;
  auto scope = narrow_scope(rest.to_string(), allowed);
  if (!scope) return scope;
  return scope->united_with(asked);
}

Scope identity_scope_of(const Client& client, const Flows& flows) {
  if (!client.openid || !flows.takes_openid()) return {};
  // OpenID Connect Core §11: where there are no refresh tokens, the request for offline access is ignored.
  // DEVIATION OpenID Connect Core §11: a client that may have refresh tokens gets them also without offline_access,
  // since assistants do not ask for it; and offline_access counts also without prompt=consent, since the consent page
  // names it, and what was consented to is remembered with it.
  const bool may_stay = flows.takes(GrantType::refresh_token) && client.may_use(GrantType::refresh_token);
  return may_stay ? identity_scope() : identity_scope().without(Scope({"offline_access"}));
}

}  // namespace chatelaine::oauth
