#include "oauth/openid/identity_scope.hpp"

namespace chatelaine::oauth {

Scope identity_scope() {
  std::vector<std::string> names;
  for (const auto& scope : kIdentityScopes) names.emplace_back(scope.name);
  return Scope(std::move(names));
}

Result<Scope> narrow_requested_scope(std::optional<std::string_view> requested, const Scope& allowed,
                                     const Scope& identity) {
  const auto named = Scope::parse(requested.value_or(""));
  if (!named) return narrow_scope(requested, allowed);
  const Scope asked = named->intersected_with(identity);
  const Scope rest = named->without(identity);
  // Nothing but identity is not nothing: then the API is not meant.
  if (rest.empty() && !asked.empty()) return asked;
  auto scope = narrow_scope(rest.to_string(), allowed);
  if (!scope) return scope;
  return scope->united_with(asked);
}

}  // namespace chatelaine::oauth
