#pragma once

#include <span>

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "crypto/sealing.hpp"
#include "storage/keys.hpp"
#include "tokens/key_ring.hpp"

namespace chatelaine::tokens {

/// A signing key that signs from `active_from`, sealed for storage.
[[nodiscard]] storage::StoredKey seal_signing_key(const crypto::SigningKey& key, const crypto::Sealer& sealer,
                                                  Instant now, Instant active_from, IdSequence& ids);
/// A new key for refresh tokens' MACs, which makes them from `active_from`, sealed for storage.
[[nodiscard]] storage::StoredKey make_refresh_token_key_row(const crypto::Sealer& sealer, std::uint32_t key_id,
                                                            Instant now, Instant active_from, Randomness& randomness,
                                                            IdSequence& ids);

[[nodiscard]] bool is_retired(const storage::StoredKey& row, Instant now);
/// Of the rows of one purpose, the one of the algorithm whose key makes new tokens: the newest that is active and not
/// retired. Where the clock was set back to before they were made, the first of them. Null where there is none.
[[nodiscard]] const storage::StoredKey* find_active(std::span<const storage::StoredKey> rows,
                                                    std::optional<crypto::SignatureAlgorithm> algorithm, Instant now);

/// Opens the rows, each list oldest first. Throws std::runtime_error with a sentence for the operator where a key does
/// not open or none is left.
[[nodiscard]] KeySet open_keys(std::span<const storage::StoredKey> signing_rows,
                               std::span<const storage::StoredKey> refresh_rows, const crypto::Sealer& sealer,
                               Instant now);

}  // namespace chatelaine::tokens
