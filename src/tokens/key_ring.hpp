#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "crypto/jwk.hpp"
#include "crypto/sealing.hpp"
#include "oauth/tokens/refresh_token.hpp"
#include "storage/storage.hpp"

namespace chatelaine::tokens {

/// The server's own keys at one moment, opened. Immutable.
struct KeySet {
  /// The key that signs new tokens: the newest that is active and not retired.
  crypto::SigningKey signing_key;
  /// Every signing key's public half that is not retired, the not yet active ones included.
  std::vector<crypto::VerificationKey> verification_keys;
  /// The JWK Set of those (RFC 7517 §5), as JSON text.
  std::string jwks;
  /// The one that makes new refresh tokens first; older ones still verify.
  std::vector<oauth::RefreshTokenKey> refresh_token_keys;
  /// When the next key becomes active or retires: until then the set stands as it is, unless somebody changes a key.
  Instant stands_until = Instant::max();

  /// Null where no key of that id is left.
  [[nodiscard]] const oauth::RefreshTokenKey* find_refresh_token_key(std::uint32_t id) const;
};

/// Reads the sealed keys from storage, makes the first ones where there are none, and follows changes made by commands.
/// Thread-safe.
class KeyRing {
 public:
  KeyRing(storage::Storage& storage, const crypto::Sealer& sealer, const Clock& clock, Randomness& randomness,
          IdSequence& ids);
  ~KeyRing();

  /// The keys as they stand now; reads storage only where something changed or a key's time has come. Throws
  /// std::runtime_error where a key does not open (the master key is another one).
  [[nodiscard]] Task<std::shared_ptr<const KeySet>> current();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// How long others may cache the JWKS: a new key is published that long before it signs.
inline constexpr milliseconds kJwksCacheLifetime{std::chrono::minutes{5}};

/// `key rotate`: publishes a new signing key, which signs from `active_from`; older keys go on verifying until they are
/// retired. Gives its kid.
[[nodiscard]] Task<crypto::KeyId> add_signing_key(storage::Storage& storage, const crypto::Sealer& sealer, Instant now,
                                                  Instant active_from, IdSequence& ids);
/// The same for refresh tokens; older ones keep verifying, since they must outlive the longest refresh token.
[[nodiscard]] Task<std::string> add_refresh_token_key(storage::Storage& storage, const crypto::Sealer& sealer,
                                                      Instant now, Randomness& randomness, IdSequence& ids);

}  // namespace chatelaine::tokens
