#include "crypto/password_hash.hpp"

#include <crypt.h>
#include <openssl/evp.h>
#include <sodium.h>

#include <memory>
#include <stdexcept>

#include "crypto/password_hash_format.hpp"

namespace chatelaine::crypto {
namespace {

constexpr unsigned long long kPasses = 2;
constexpr std::size_t kMemory = 19 * 1024 * 1024;
constexpr std::string_view kOwnPrefix = "$argon2id$v=19$m=19456,t=2,p=1$";

// libsodium picks its vectorised Argon2 here; without it a hash takes twice as long.
void start_libsodium() {
  static const int started = sodium_init();
  if (started < 0) throw std::runtime_error("libsodium does not start");
}

bool is_password_of_argon2(std::string_view password, const Argon2Hash& hash) {
  start_libsodium();
  return crypto_pwhash_str_verify(hash.text.c_str(), password.data(), password.size()) == 0;
}

bool is_password_of_bcrypt(std::string_view password, const BcryptHash& hash) {
  // crypt(3) would stop at a NUL and so take every password that begins alike.
  if (password.find('\0') != std::string_view::npos) return false;
  std::string terminated(password);
  const auto work = std::make_unique<crypt_data>();
  const char* computed = crypt_r(terminated.c_str(), hash.text.c_str(), work.get());
  // The salt is not compared: its last character has spare bits, which crypt(3) clears and other programs may not.
  constexpr std::size_t kHashStart = 29;
  const bool equal = computed != nullptr && std::string_view(computed).size() == hash.text.size() &&
                     equal_in_constant_time(std::string_view(computed).substr(kHashStart),
                                            std::string_view(hash.text).substr(kHashStart));
  wipe(reinterpret_cast<char*>(work.get()), sizeof *work);
  wipe(terminated.data(), terminated.size());
  return equal;
}

bool is_password_of_pbkdf2(std::string_view password, const Pbkdf2Hash& hash) {
  const EVP_MD* digest = hash.digest == Pbkdf2Digest::sha256 ? EVP_sha256() : EVP_sha512();
  std::string computed(hash.expected.size(), '\0');
  return PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                           reinterpret_cast<const unsigned char*>(hash.salt.data()), static_cast<int>(hash.salt.size()),
                           static_cast<int>(hash.rounds), digest, static_cast<int>(computed.size()),
                           reinterpret_cast<unsigned char*>(computed.data())) == 1 &&
         equal_in_constant_time(computed, hash.expected);
}

bool is_password_of_scrypt(std::string_view password, const ScryptHash& hash) {
  std::string computed(hash.expected.size(), '\0');
  // The format check has bounded the memory; OpenSSL's own bound of 32 MiB would refuse common parameters.
  constexpr std::uint64_t kMostMemory = 512ULL * 1024 * 1024;
  return EVP_PBE_scrypt(password.data(), password.size(), reinterpret_cast<const unsigned char*>(hash.salt.data()),
                        hash.salt.size(), hash.n, hash.r, hash.p, kMostMemory,
                        reinterpret_cast<unsigned char*>(computed.data()), computed.size()) == 1 &&
         equal_in_constant_time(computed, hash.expected);
}

struct Check {
  std::string_view password;
  bool operator()(const Argon2Hash& hash) const { return is_password_of_argon2(password, hash); }
  bool operator()(const BcryptHash& hash) const { return is_password_of_bcrypt(password, hash); }
  bool operator()(const Pbkdf2Hash& hash) const { return is_password_of_pbkdf2(password, hash); }
  bool operator()(const ScryptHash& hash) const { return is_password_of_scrypt(password, hash); }
};

}  // namespace

PasswordHash hash_password(const Password& password) {
  start_libsodium();
  std::string text(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str_alg(text.data(), password.reveal().data(), password.reveal().size(), kPasses, kMemory,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw std::bad_alloc();  // the only way it fails
  }
  text.resize(text.find('\0'));
  return PasswordHash(std::move(text));
}

bool is_password_of(const Password& password, const PasswordHash& hash) {
  const auto parsed = parse_password_hash(hash.value());
  return parsed && std::visit(Check{password.reveal()}, *parsed);
}

bool needs_rehash(const PasswordHash& hash) { return !hash.value().starts_with(kOwnPrefix); }

void spend_password_check(const Password& password) {
  static const PasswordHash kNobodys(std::string(kOwnPrefix) + std::string(22, 'A') + '$' + std::string(43, 'A'));
  // A hash that is refused would cost nothing, and say so to whoever measures.
  if (!check_hash_format(kNobodys.value())) throw std::logic_error("nobody's hash is not one that is checked");
  static_cast<void>(is_password_of(password, kNobodys));
}

std::expected<void, std::string> check_hash_format(std::string_view hash) {
  auto parsed = parse_password_hash(hash);
  if (!parsed) return std::unexpected(std::move(parsed.error()));
  return {};
}

}  // namespace chatelaine::crypto
