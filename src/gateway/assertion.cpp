#include "gateway/assertion.hpp"

#include <algorithm>

#include "base/id.hpp"
#include "base/json.hpp"
#include "crypto/jws.hpp"

namespace chatelaine::gateway {

std::string sign_assertion(const oauth::AccessToken& token, const GatewaySettings& settings,
                           const crypto::SigningKey& key, Instant now) {
  const Instant expires_at = std::min(now + kAssertionLifetime, token.expires_at);
  json::object claims{{"iss", settings.issuer.value()},    {"aud", settings.resource.identifier.value()},
                      {"sub", token.subject.value()},      {"client_id", token.client_id.value()},
                      {"scope", token.scope.to_string()},  {"iat", to_numeric_date(now)},
                      {"exp", to_numeric_date(expires_at)}};
  if (token.grant_id) claims["grant"] = format_id(token.grant_id->value);
  return crypto::sign_compact(key, "chatelaine-assertion+jwt", json::serialize(claims));
}

}  // namespace chatelaine::gateway
