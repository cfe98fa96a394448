#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <variant>

namespace chatelaine::crypto {

/// The parts of a stored password hash, with parameters that have been found bounded.

/// Argon2id or Argon2i; libsodium reads the text itself.
struct Argon2Hash {
  std::string text;
};
/// `$2a$`, `$2b$`, `$2y$`; crypt(3) reads the text itself.
struct BcryptHash {
  std::string text;
};
enum class Pbkdf2Digest : std::uint8_t { sha256, sha512 };
struct Pbkdf2Hash {
  Pbkdf2Digest digest;
  std::uint32_t rounds;
  std::string salt;
  std::string expected;
};
struct ScryptHash {
  std::uint64_t n;
  std::uint32_t r;
  std::uint32_t p;
  std::string salt;
  std::string expected;
};
using ParsedPasswordHash = std::variant<Argon2Hash, BcryptHash, Pbkdf2Hash, ScryptHash>;

/// Reads what `check_hash_format` describes; the error is its sentence.
[[nodiscard]] std::expected<ParsedPasswordHash, std::string> parse_password_hash(std::string_view hash);

}  // namespace chatelaine::crypto
