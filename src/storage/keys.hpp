#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "crypto/signature_algorithm.hpp"

namespace chatelaine::storage {

using StoredKeyId = Id<struct StoredKeyTag>;

enum class KeyPurpose : std::uint8_t { sign_tokens, refresh_tokens };
[[nodiscard]] std::string_view to_string(KeyPurpose purpose);

/// A key of the server, its private half sealed (associated data "keys/<id>").
struct StoredKey {
  StoredKeyId id;
  KeyPurpose purpose = KeyPurpose::sign_tokens;
  /// What a signing key signs with; nothing for a key of another purpose.
  std::optional<crypto::SignatureAlgorithm> algorithm;
  /// The `kid` of a signing key, the decimal key id of a refresh key; unique with the purpose.
  std::string name;
  std::string sealed;
  /// The public JWK as JSON text; empty for symmetric keys.
  std::string public_jwk;
  Instant created_at;
  /// From when it makes new tokens: of one purpose and algorithm, the newest active, unretired key does.
  Instant active_from;
  /// From when it verifies nothing any more; may be set ahead, while it still verifies.
  std::optional<Instant> retired_at;
};

class Keys {
 public:
  virtual ~Keys() = default;
  /// Oldest first, retired ones included.
  virtual Task<std::vector<StoredKey>> list_keys(KeyPurpose purpose) = 0;
  /// Throws StorageFault where the name is taken.
  virtual Task<void> add_key(const StoredKey& key) = 0;
  /// Adds the keys, all of one purpose, only where no key of that purpose exists: two processes that start at once end
  /// with the keys of one of them.
  virtual Task<bool> add_first_keys(std::span<const StoredKey> keys) = 0;
  /// Adds the key only where `predecessor` is the newest by `active_from` of its purpose and algorithm whose retirement
  /// is not set (nothing: where there is none such): of two processes that rotate at once one does.
  virtual Task<bool> add_successor(const StoredKey& key, std::optional<StoredKeyId> predecessor) = 0;
  /// Sets when it stops to verify; an end is only ever brought forward, so that what an operator retired stays so.
  /// False where there is no such key, or it ends as soon already.
  virtual Task<bool> retire_key(StoredKeyId id, Instant at) = 0;
};

}  // namespace chatelaine::storage
