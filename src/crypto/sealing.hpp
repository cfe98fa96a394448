#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/secret.hpp"

namespace chatelaine::crypto {

using MasterKey = Secret<struct MasterKeyTag>;

/// Seals what must be stored but never read at rest: XChaCha20-Poly1305 (libsodium) with a fresh 192-bit nonce each
/// time. `associated_data` names the place of the value ("table/column/row/owner"): a ciphertext moved elsewhere does
/// not open.
///
/// A sealed value is `key id (4 bytes) ‖ nonce (24) ‖ ciphertext ‖ tag (16)`; the key id is the start of the key's
/// SHA-256, so that an older key can be kept beside a newer one while values are sealed again. Thread-safe.
class Sealer {
 public:
  /// The first key seals; all of them open. At least one, each of 32 bytes; else std::invalid_argument.
  Sealer(std::vector<MasterKey> keys, Randomness& randomness);

  [[nodiscard]] std::string seal(std::string_view plaintext, std::string_view associated_data) const;
  /// Nothing where the value was altered, moved, or sealed by a key that we do not have.
  [[nodiscard]] std::optional<SecretBytes> open(std::string_view sealed, std::string_view associated_data) const;

  /// A subkey for one purpose (BLAKE2b keyed by the first master key): CSRF tokens and the like.
  [[nodiscard]] SecretBytes derive(std::string_view purpose) const;

 private:
  struct Key {
    std::string id;
    MasterKey key;
  };
  std::vector<Key> keys_;
  Randomness& randomness_;
};

/// A new random master key, and its text form (`ctl_mk_` + base64url) as key files hold it.
[[nodiscard]] MasterKey generate_master_key(Randomness& randomness);
[[nodiscard]] SecretBytes format_master_key(const MasterKey& key);
/// Nothing unless the text (surrounding white space apart) is such a key.
[[nodiscard]] std::optional<MasterKey> parse_master_key(std::string_view text);

}  // namespace chatelaine::crypto
