#pragma once

#include <functional>
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
  /// The keys that sign new tokens, one an algorithm: the newest that is active and not retired. Never without ES256.
  std::vector<crypto::SigningKey> signing_keys;
  /// Every signing key's public half that is not retired, the not yet active ones included.
  std::vector<crypto::VerificationKey> verification_keys;
  /// The JWK Set of those (RFC 7517 §5), each with its kid (OpenID Connect Core §10.1), as JSON text.
  std::string jwks;
  /// All that verify refresh tokens: the one that makes them now first, not yet active ones included. Never empty.
  std::vector<oauth::RefreshTokenKey> refresh_token_keys;
  /// When the next key becomes active or retires: until then the set stands as it is, unless somebody changes a key.
  Instant stands_until = Instant::max();

  /// Throws Unavailable where none signs with the algorithm yet: one that was switched on is published first.
  [[nodiscard]] const crypto::SigningKey& signing_key(crypto::SignatureAlgorithm algorithm) const;
  /// Null where no key of that id is left.
  [[nodiscard]] const oauth::RefreshTokenKey* find_refresh_token_key(std::uint32_t id) const;
  /// The key that makes the token of a generation which was reached at that moment: the same for every answer, also
  /// after a rotation of the keys. The first where none of the keys was active then.
  [[nodiscard]] const oauth::RefreshTokenKey& refresh_token_key_at(Instant moment) const;
};

/// What is signed: made with the key, whose id and algorithm stand in it.
using MakeSigned = std::move_only_function<std::string(const crypto::SigningKey& key)>;

/// Reads the sealed keys from storage, makes those that are missing, and follows changes made by commands and by other
/// processes. Thread-safe.
class KeyRing {
 public:
  /// `algorithms`: those that there is to be a key for, ES256 among them. At the very first use all of them sign at
  /// once; one that is added later is published first (kPublishedBeforeSigning).
  KeyRing(storage::Storage& storage, const crypto::Sealer& sealer, const Clock& clock, Randomness& randomness,
          IdSequence& ids, std::vector<crypto::SignatureAlgorithm> algorithms);
  ~KeyRing();

  /// The keys as they stand now; reads storage only where something changed or a key's time has come. Throws
  /// std::runtime_error where a key does not open (the master key is another one).
  [[nodiscard]] Task<std::shared_ptr<const KeySet>> current();

  /// What `make` makes with the key. ES256 and EdDSA sign at once, RSA, which would hold an event loop up, on a few
  /// threads behind a queue: Unavailable where that is full. What `make` refers to outlives the task.
  [[nodiscard]] Task<std::string> sign(crypto::SigningKey key, MakeSigned make);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// How long others may cache the JWKS: an emergency reaches them as late as that (THREATS N51).
inline constexpr milliseconds kJwksCacheLifetime{std::chrono::minutes{1}};
/// Until when every process on the same storage has seen a change of the keys (Storage::change_count: a second), and
/// an answer that was on its way when it came has arrived.
inline constexpr milliseconds kKeyChangeMargin{std::chrono::seconds{10}};
/// A new signing key is published that long before it signs: whoever fetched the JWKS just before it was added must
/// have fetched it again.
inline constexpr milliseconds kPublishedBeforeSigning = kJwksCacheLifetime + kKeyChangeMargin;

/// `key rotate` and `key import`: publishes a signing key, which signs from `active_from`; older ones go on verifying
/// until they are retired. Throws storage::StorageFault where the key is there already.
[[nodiscard]] Task<void> add_signing_key(storage::Storage& storage, const crypto::Sealer& sealer,
                                         crypto::SigningKey key, Instant now, Instant active_from, IdSequence& ids);
/// The same for refresh tokens; older ones keep verifying, since they must outlive the longest refresh token. Before
/// `active_from` every process should know the key: a token made again must come out the same in all of them.
[[nodiscard]] Task<std::string> add_refresh_token_key(storage::Storage& storage, const crypto::Sealer& sealer,
                                                      Instant now, Instant active_from, Randomness& randomness,
                                                      IdSequence& ids);

}  // namespace chatelaine::tokens
