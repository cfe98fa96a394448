#pragma once

#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "base/id.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "crypto/sealing.hpp"
#include "crypto/signature_algorithm.hpp"
#include "storage/storage.hpp"

/// The life of a signing key (OpenID Connect Core §10.1.1, DESIGN §3): published, after a cache lifetime it signs, once
/// a successor signs it only verifies, and when the last token that it signed has ended it is retired.
namespace chatelaine::tokens {

/// What the operator chose about it.
struct KeyPolicy {
  std::vector<crypto::SignatureAlgorithm> algorithms;
  /// How long a key signs; nothing: until `key rotate`.
  std::optional<milliseconds> rotate_every;
  /// How long the longest token lives that a signing key signs.
  milliseconds longest_token_lifetime{};
};

/// A key to make, which is published now and signs from `active_from`.
struct PublishKey {
  crypto::SignatureAlgorithm algorithm;
  /// The newest key of the algorithm that is to go on, as Keys::add_successor takes it.
  std::optional<storage::StoredKeyId> predecessor;
  Instant active_from;
};

/// What `rows`, every signing key, lack. Where there is no key at all they sign at once: nobody has fetched the JWKS.
/// Later they are published first, but for ES256 where nothing signs with it: there is always something to sign with.
[[nodiscard]] std::vector<PublishKey> find_missing_keys(std::span<const storage::StoredKey> rows,
                                                        std::span<const crypto::SignatureAlgorithm> algorithms,
                                                        Instant now);

/// A key signs no longer: it verifies until `at`.
struct EndKey {
  storage::StoredKeyId id;
  std::string name;
  Instant at;
};
using KeyStep = std::variant<PublishKey, EndKey>;

/// What is due now, of `rows`, every signing key. A key whose time has come gets a successor. One that a successor has
/// replaced ends, and so does one of an algorithm that was switched off, once its last token has ended and nobody
/// caches what it verified.
[[nodiscard]] std::vector<KeyStep> decide_key_steps(std::span<const storage::StoredKey> rows, const KeyPolicy& policy,
                                                    Instant now);

/// Does what is due; any number of processes may do so on one storage. Call it every minute or so, off the event loops.
[[nodiscard]] Task<void> keep_key_schedule(storage::Storage& storage, const crypto::Sealer& sealer, KeyPolicy policy,
                                           Instant now, IdSequence& ids, Log& log);

}  // namespace chatelaine::tokens
