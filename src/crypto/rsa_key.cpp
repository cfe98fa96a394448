#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <array>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/base64url.hpp"
#include "crypto/key_type.hpp"

namespace chatelaine::crypto {
namespace {

namespace json = boost::json;

/// RFC 7518 §3.3 and §3.5: no key has fewer bits.
constexpr int kFewestBits = 2048;
/// A signature or its check takes longer with every bit, and whoever chooses the key lets us do it.
constexpr int kMostBits = 4096;
constexpr std::size_t kMostBytes = kMostBits / 8;
/// What NIST SP 800-57 part 1 asks for until 2030, and what verifiers everywhere take.
constexpr unsigned int kGeneratedBits = 2048;
/// Public exponents of more than 32 bits are not in use, and cost.
constexpr std::size_t kMostExponentBytes = 4;
constexpr std::array kAlgorithms{SignatureAlgorithm::RS256, SignatureAlgorithm::PS256};

EvpKey generate() {
  EvpKey key(EVP_RSA_gen(kGeneratedBits));
  if (key == nullptr) throw std::runtime_error("OpenSSL cannot make an RSA key");
  return key;
}

std::string encode(const BIGNUM& number) {
  return base64url_encode(to_octets(number, static_cast<std::size_t>(BN_num_bytes(&number))));
}

json::object public_members(const EVP_PKEY& key) {
  return {{"kty", "RSA"},
          {"n", encode(*get_number(key, OSSL_PKEY_PARAM_RSA_N))},
          {"e", encode(*get_number(key, OSSL_PKEY_PARAM_RSA_E))}};
}

Parsed<void> check_modulus(const BIGNUM& n) {
  if (const int bits = BN_num_bits(&n); bits < kFewestBits || bits > kMostBits)
    return wrong(fmt::format("it is an RSA key of {} bits, not of {} to {}", bits, kFewestBits, kMostBits));
  if (BN_is_odd(&n) == 0) return wrong("its modulus is even");
  return {};
}

Parsed<void> check_exponent(const BIGNUM& e) {
  if (BN_is_odd(&e) == 0 || BN_is_one(&e) == 1 || BN_num_bytes(&e) > static_cast<int>(kMostExponentBytes))
    return wrong("its public exponent is not an odd number from 3 to 4294967295");
  return {};
}

/// The parts of a key; the builder keeps pointers to the numbers.
struct Parts {
  ParameterBuilder builder{OSSL_PARAM_BLD_new()};
  std::vector<BigNumber> numbers;

  Parsed<const BIGNUM*> add(const json::object& jwk, std::string_view member, const char* parameter, std::size_t most) {
    auto number = parse_number(jwk, member, most);
    if (!number) return std::unexpected(std::move(number.error()));
    OSSL_PARAM_BLD_push_BN(builder.get(), parameter, number->get());
    return numbers.emplace_back(std::move(*number)).get();
  }
};

Parsed<void> add_public(const json::object& jwk, Parts& parts) {
  const auto n = parts.add(jwk, "n", OSSL_PKEY_PARAM_RSA_N, kMostBytes);
  if (!n) return std::unexpected(n.error());
  if (const auto checked = check_modulus(**n); !checked) return wrong("the member n: " + checked.error());
  const auto e = parts.add(jwk, "e", OSSL_PKEY_PARAM_RSA_E, kMostExponentBytes);
  if (!e) return std::unexpected(e.error());
  if (const auto checked = check_exponent(**e); !checked) return wrong("the member e: " + checked.error());
  return {};
}

Parsed<EvpKey> parse_public(const json::object& jwk) {
  Parts parts;
  if (auto added = add_public(jwk, parts); !added) return std::unexpected(std::move(added.error()));
  EvpKey key = make_key("RSA", EVP_PKEY_PUBLIC_KEY, *parts.builder);
  if (key == nullptr) return wrong("the members n and e are no RSA key");
  return key;
}

Parsed<EvpKey> parse_private(const json::object& jwk) {
  // RFC 7518 §6.3.2.7: more than two primes.
  if (jwk.contains("oth")) return wrong("the member oth: keys of more than two primes are not supported");
  Parts parts;
  if (auto added = add_public(jwk, parts); !added) return std::unexpected(std::move(added.error()));
  // RFC 7518 §6.3.2: all of them, or d alone, with which signing takes three times as long.
  for (const auto& [member, parameter] : {std::pair{"d", OSSL_PKEY_PARAM_RSA_D},
                                          {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
                                          {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},
                                          {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
                                          {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2},
                                          {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1}}) {
    if (const auto added = parts.add(jwk, member, parameter, kMostBytes); !added) return std::unexpected(added.error());
  }
  EvpKey key = make_key("RSA", EVP_PKEY_KEYPAIR, *parts.builder);
  if (key == nullptr) return wrong("the members n, e, d, p, q, dp, dq and qi are no RSA key");
  return key;
}

Parsed<void> check(const EVP_PKEY& key) {
  if (EVP_PKEY_is_a(&key, "RSA") != 1) return wrong("it is no RSA key");
  if (auto checked = check_modulus(*get_number(key, OSSL_PKEY_PARAM_RSA_N)); !checked) return checked;
  return check_exponent(*get_number(key, OSSL_PKEY_PARAM_RSA_E));
}

}  // namespace

const KeyType kRsaKeyType{"RSA", kAlgorithms, generate, public_members, parse_public, parse_private, check};

}  // namespace chatelaine::crypto
