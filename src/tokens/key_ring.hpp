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
  /// All that verify refresh tokens: the one that makes them now first, not yet active ones included. Never empty.
  std::vector<oauth::RefreshTokenKey> refresh_token_keys;
  /// When the next key becomes active or retires: until then the set stands as it is, unless somebody changes a key.
  Instant stands_until = Instant::max();

  /// Null where no key of that id is left.
  [[nodiscard]] const oauth::RefreshTokenKey* find_refresh_token_key(std::uint32_t id) const;
  /// The key that makes the token of a generation which was reached at that moment: the same for every answer, also
  /// after a rotation of the keys. The first where none of the keys was active then.
  [[nodiscard]] const oauth::RefreshTokenKey& refresh_token_key_at(Instant moment) const;
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

/// How long others may cache the JWKS.
inline constexpr milliseconds kJwksCacheLifetime{std::chrono::minutes{5}};
/// Until when every process on the same storage has seen a change of the keys (Storage::change_count: a second), and
/// an answer that was on its way when it came has arrived.
inline constexpr milliseconds kKeyChangeMargin{std::chrono::seconds{10}};
/// A new signing key is published that long before it signs: whoever fetched the JWKS just before it was added must
/// have fetched it again.
inline constexpr milliseconds kPublishedBeforeSigning = kJwksCacheLifetime + kKeyChangeMargin;

/// `key rotate`: publishes a new signing key, which signs from `active_from`; older keys go on verifying until they are
/// retired. Gives its kid.
[[nodiscard]] Task<crypto::KeyId> add_signing_key(storage::Storage& storage, const crypto::Sealer& sealer, Instant now,
                                                  Instant active_from, IdSequence& ids);
/// The same for refresh tokens; older ones keep verifying, since they must outlive the longest refresh token. Before
/// `active_from` every process should know the key: a token made again must come out the same in all of them.
[[nodiscard]] Task<std::string> add_refresh_token_key(storage::Storage& storage, const crypto::Sealer& sealer,
                                                      Instant now, Instant active_from, Randomness& randomness,
                                                      IdSequence& ids);

}  // namespace chatelaine::tokens
