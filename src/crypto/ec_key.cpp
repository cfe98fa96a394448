#include <openssl/core_names.h>
#include <openssl/ec.h>

#include <array>
#include <stdexcept>

#include "base/base64url.hpp"
#include "base/secret.hpp"
#include "crypto/key_type.hpp"

namespace chatelaine::crypto {
namespace {

namespace json = boost::json;

constexpr std::size_t kFieldSize = 32;
constexpr std::array kAlgorithms{SignatureAlgorithm::ES256};

EvpKey generate() {
  EvpKey key(EVP_EC_gen("P-256"));
  if (key == nullptr) throw std::runtime_error("OpenSSL cannot make a P-256 key");
  return key;
}

json::object public_members(const EVP_PKEY& key) {
  const auto coordinate = [&](const char* name) {
    return base64url_encode(to_octets(*get_number(key, name), kFieldSize));
  };
  return {{"kty", "EC"},
          {"crv", "P-256"},
          {"x", coordinate(OSSL_PKEY_PARAM_EC_PUB_X)},
          {"y", coordinate(OSSL_PKEY_PARAM_EC_PUB_Y)}};
}

/// The parts of the public key, in `parts`, which keeps a view of `point` until a key is made of it.
Parsed<void> push_public(const json::object& jwk, std::string& point, OSSL_PARAM_BLD& parts) {
  const json::value* curve = jwk.if_contains("crv");
  if (curve == nullptr || *curve != "P-256") return wrong("the member crv is not \"P-256\"");
  const auto x = parse_octets(jwk, "x", kFieldSize);
  if (!x) return std::unexpected(x.error());
  const auto y = parse_octets(jwk, "y", kFieldSize);
  if (!y) return std::unexpected(y.error());
  point = '\x04' + *x + *y;  // SEC 1 §2.3.3
  OSSL_PARAM_BLD_push_utf8_string(&parts, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
  OSSL_PARAM_BLD_push_octet_string(&parts, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return {};
}

Parsed<EvpKey> parse_public(const json::object& jwk) {
  const ParameterBuilder parts(OSSL_PARAM_BLD_new());
  std::string point;
  if (auto pushed = push_public(jwk, point, *parts); !pushed) return std::unexpected(std::move(pushed.error()));
  // RFC 8725 §3.4: OpenSSL refuses a point that is not on the curve.
  EvpKey key = make_key("EC", EVP_PKEY_PUBLIC_KEY, *parts);
  if (key == nullptr) return wrong("the members x and y are no point of P-256");
  return key;
}

Parsed<EvpKey> parse_private(const json::object& jwk) {
  const ParameterBuilder parts(OSSL_PARAM_BLD_new());
  std::string point;
  if (auto pushed = push_public(jwk, point, *parts); !pushed) return std::unexpected(std::move(pushed.error()));
  // RFC 7518 §6.2.2.1.
  auto octets = parse_octets(jwk, "d", kFieldSize);
  if (!octets) return std::unexpected(std::move(octets.error()));
  const BigNumber d = make_number(*octets);
  wipe(octets->data(), octets->size());
  OSSL_PARAM_BLD_push_BN(parts.get(), OSSL_PKEY_PARAM_PRIV_KEY, d.get());
  EvpKey key = make_key("EC", EVP_PKEY_KEYPAIR, *parts);
  if (key == nullptr) return wrong("the members x, y and d are no key of P-256");
  return key;
}

Parsed<void> check(const EVP_PKEY& key) {
  std::array<char, 32> name{};
  std::size_t length = 0;
  if (EVP_PKEY_get_group_name(&key, name.data(), name.size(), &length) != 1 ||
      std::string_view(name.data(), length) != "prime256v1")
    return wrong("it is no P-256 key");
  return {};
}

}  // namespace

const KeyType kEcKeyType{"EC", kAlgorithms, generate, public_members, parse_public, parse_private, check};

}  // namespace chatelaine::crypto
