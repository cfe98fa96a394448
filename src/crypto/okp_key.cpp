#include <sodium.h>

#include <array>
#include <stdexcept>

#include "base/base64url.hpp"
#include "base/secret.hpp"
#include "crypto/key_type.hpp"

namespace chatelaine::crypto {
namespace {

namespace json = boost::json;

constexpr std::size_t kKeySize = 32;  // RFC 8032 §5.1.5, both halves
constexpr std::array kAlgorithms{SignatureAlgorithm::EdDSA};

EvpKey generate() {
  EvpKey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  if (key == nullptr) throw std::runtime_error("OpenSSL cannot make an Ed25519 key");
  return key;
}

std::string public_octets(const EVP_PKEY& key) {
  std::string out(kKeySize, '\0');
  std::size_t length = out.size();
  if (EVP_PKEY_get_raw_public_key(&key, bytes_of(out), &length) != 1 || length != kKeySize)
    throw std::runtime_error("OpenSSL gives no Ed25519 key");
  return out;
}

json::object public_members(const EVP_PKEY& key) {
  return {{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", base64url_encode(public_octets(key))}};
}

Parsed<std::string> parse_public_octets(const json::object& jwk) {
  const json::value* curve = jwk.if_contains("crv");
  if (curve == nullptr || *curve != "Ed25519") return wrong("the member crv is not \"Ed25519\"");
  return parse_octets(jwk, "x", kKeySize);
}

Parsed<EvpKey> parse_public(const json::object& jwk) {
  const auto x = parse_public_octets(jwk);
  if (!x) return std::unexpected(x.error());
  // DEVIATION RFC 8032 §5.1.7: it takes points of small order, as OpenSSL does, under which one signature fits every
  // message.
  if (crypto_core_ed25519_is_valid_point(bytes_of(*x)) != 1) return wrong("the member x is no point of Ed25519");
  EvpKey key(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, bytes_of(*x), x->size()));
  if (key == nullptr) return wrong("the member x is no Ed25519 key");
  return key;
}

Parsed<EvpKey> parse_private(const json::object& jwk) {
  const auto x = parse_public_octets(jwk);
  if (!x) return std::unexpected(x.error());
  auto d = parse_octets(jwk, "d", kKeySize);
  if (!d) return std::unexpected(std::move(d.error()));
  EvpKey key(EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr, bytes_of(*d), d->size()));
  wipe(d->data(), d->size());
  // RFC 8037 §2: x is the public half of d; OpenSSL has made it of d alone.
  if (key == nullptr || public_octets(*key) != *x) return wrong("the members x and d are no key of Ed25519");
  return key;
}

Parsed<void> check(const EVP_PKEY& key) {
  if (EVP_PKEY_is_a(&key, "ED25519") != 1) return wrong("it is no Ed25519 key");
  return {};
}

}  // namespace

const KeyType kOkpKeyType{"OKP", kAlgorithms, generate, public_members, parse_public, parse_private, check};

}  // namespace chatelaine::crypto
