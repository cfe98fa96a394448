#include "oauth/clients/initial_access_token.hpp"

namespace chatelaine::oauth {

bool is_usable(const InitialAccessToken* found, const Handle& presented, Instant now) {
  const crypto::Sha256 expected = found != nullptr ? found->secret_hash : crypto::Sha256{};
  const bool is_secret_right = crypto::equal_in_constant_time(expected, presented.hash());
  return found != nullptr && is_secret_right && found->uses_left > 0 && now < found->expires_at;
}

}  // namespace chatelaine::oauth
