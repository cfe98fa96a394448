#pragma once

#include <string>

#include "base/time.hpp"
#include "crypto/jwk.hpp"
#include "gateway/settings.hpp"
#include "oauth/tokens/access_token.hpp"

namespace chatelaine::gateway {

/// How long an assertion is good.
inline constexpr seconds kAssertionLifetime{60};

/// `Chatelaine-Assertion`: an ES256 JWT of type `chatelaine-assertion+jwt` with iss, aud (the API's resource), sub,
/// client_id, scope, grant (where there is one), iat and exp. Its key is in the JWKS. It lasts no longer than the
/// token.
[[nodiscard]] std::string sign_assertion(const oauth::AccessToken& token, const GatewaySettings& settings,
                                         const crypto::SigningKey& key, Instant now);

}  // namespace chatelaine::gateway
