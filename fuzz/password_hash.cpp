#include "crypto/password_hash_format.hpp"

#include "targets.hpp"

namespace chatelaine::fuzz {

/// A password hash from somebody else's database: what is taken costs no more than a sign-in may.
void check_password_hash(std::string_view bytes) {
  const auto parsed = crypto::parse_password_hash(bytes);
  if (!parsed) return require(!parsed.error().empty());
  if (const auto* hash = std::get_if<crypto::Pbkdf2Hash>(&*parsed)) {
    require(hash->rounds > 0 && !hash->salt.empty() && !hash->expected.empty());
  }
  if (const auto* hash = std::get_if<crypto::ScryptHash>(&*parsed)) {
    require(128 * hash->n * hash->r <= 256 * 1024 * 1024 && !hash->expected.empty());
  }
}

}  // namespace chatelaine::fuzz
