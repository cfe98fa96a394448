#pragma once

#include <memory>
#include <string>

#include "base/time.hpp"
#include "crypto/jwk.hpp"
#include "gateway/settings.hpp"
#include "oauth/tokens/access_token.hpp"

namespace chatelaine::gateway {

/// How long an assertion is good, and how long one is used again for calls with the same token.
inline constexpr seconds kAssertionLifetime{60};
inline constexpr seconds kAssertionReuse{30};

/// `Chatelaine-Assertion`: an ES256 JWT of type `chatelaine-assertion+jwt` with iss, aud (the API's resource), sub,
/// client_id, scope, grant (where there is one), iat and exp. Its key is in the JWKS. It lasts no longer than the
/// token.
[[nodiscard]] std::string sign_assertion(const oauth::AccessToken& token, const GatewaySettings& settings,
                                         const crypto::SigningKey& key, Instant now);

/// Keeps assertions by token for kAssertionReuse, so that not every call costs a signature. Bounded; thread-safe.
class AssertionCache {
 public:
  explicit AssertionCache(std::size_t capacity = 10'000);
  ~AssertionCache();

  /// Empty where there is none that is fresh enough.
  [[nodiscard]] std::string find(oauth::AccessTokenId token, Instant now) const;
  void keep(oauth::AccessTokenId token, const std::string& assertion, Instant now);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chatelaine::gateway
