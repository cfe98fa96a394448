#pragma once

#include <cstdint>
#include <string>

#include "base/id.hpp"
#include "base/time.hpp"
#include "crypto/digest.hpp"
#include "oauth/handle.hpp"

namespace chatelaine::oauth {

using InitialAccessTokenId = Id<struct InitialAccessTokenTag>;

/// What an operator gives to somebody whose clients may register (RFC 7591 §1.2).
struct InitialAccessToken {
  InitialAccessTokenId id;
  crypto::Sha256 secret_hash;
  /// Whom the operator gave it to, in the operator's words.
  std::string name;
  /// How many clients may still register with it.
  std::uint32_t uses_left = 0;
  Instant created_at;
  Instant expires_at;
};

/// Whether what storage found under the handle's id is the token that was presented, and still counts. `found` is null
/// where there is none; that costs the same.
[[nodiscard]] bool is_usable(const InitialAccessToken* found, const Handle& presented, Instant now);

}  // namespace chatelaine::oauth
