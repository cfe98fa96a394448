#include "user_sources/user_source.hpp"

#include "relying_party/openid/provider_metadata.hpp"

namespace chatelaine::user_sources {

std::vector<oauth::Issuer> UserSource::issuers() const { return list_issuers(issuer, tenants); }

// DEVIATION OpenID Connect Discovery §4.3: the metadata that Entra's tenants have in common has a placeholder where ID
// tokens have the tenant; the operator says which tenants.
std::vector<oauth::Issuer> list_issuers(const oauth::Issuer& issuer, const std::vector<std::string>& tenants) {
  const auto placeholder = issuer.value().find(relying_party::kTenantPlaceholder);
  if (placeholder == std::string::npos) return {issuer};
  std::vector<oauth::Issuer> issuers;
  for (const std::string& tenant : tenants) {
    std::string text = issuer.value();
    issuers.emplace_back(text.replace(placeholder, relying_party::kTenantPlaceholder.size(), tenant));
  }
  return issuers;
}

}  // namespace chatelaine::user_sources
