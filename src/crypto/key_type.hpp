#pragma once

#include <boost/json/object.hpp>
#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "crypto/openssl.hpp"
#include "crypto/signature_algorithm.hpp"

namespace chatelaine::crypto {

/// A value, or the sentence that says what is wrong with the text it was to come from.
template <class T>
using Parsed = std::expected<T, std::string>;

/// What differs between the kinds of keys (`kty`, RFC 7517 §4.1): one a file. For the sources of this layer.
struct KeyType {
  /// As `kty` has it.
  std::string_view name;
  /// What such a key can sign with; the first where nobody says which.
  std::span<const SignatureAlgorithm> algorithms;

  EvpKey (*generate)();
  /// The public members of the type, `kty` among them: those that RFC 7638 §3.2 and RFC 8037 §2 hash.
  boost::json::object (*public_members)(const EVP_PKEY& key);
  /// Reads the type's own members of a public JWK.
  Parsed<EvpKey> (*parse_public)(const boost::json::object& jwk);
  /// The same of a private JWK.
  Parsed<EvpKey> (*parse_private)(const boost::json::object& jwk);
  /// Whether the key is one of this type, of a size that we take; the error begins with "it is" or "its".
  Parsed<void> (*check)(const EVP_PKEY& key);

  [[nodiscard]] bool supports(SignatureAlgorithm algorithm) const;
};

extern const KeyType kEcKeyType;   ///< P-256 (RFC 7518 §6.2): ec_key.cpp
extern const KeyType kRsaKeyType;  ///< RFC 7518 §6.3: rsa_key.cpp
extern const KeyType kOkpKeyType;  ///< Ed25519 (RFC 8037 §2): okp_key.cpp

[[nodiscard]] const KeyType& key_type_of(SignatureAlgorithm algorithm);
/// The type that `kty` names; the error says which there are.
[[nodiscard]] Parsed<const KeyType*> find_key_type(const boost::json::object& jwk);

/// RFC 7638 §3: base64url of SHA-256 over the members in lexical order, without white space. They are the required
/// ones, each a string that needs no escapes.
[[nodiscard]] std::string make_thumbprint(const boost::json::object& public_members);

[[nodiscard]] inline std::unexpected<std::string> wrong(std::string sentence) {
  return std::unexpected(std::move(sentence));
}
/// The octets of a member in base64url, exactly `size` of them (RFC 7518 §6.2.1.2: leading zeros included).
[[nodiscard]] Parsed<std::string> parse_octets(const boost::json::object& jwk, std::string_view name, std::size_t size);
/// A Base64urlUInt (RFC 7518 §2), not zero, of at most `most` octets.
[[nodiscard]] Parsed<BigNumber> parse_number(const boost::json::object& jwk, std::string_view name, std::size_t most);

}  // namespace chatelaine::crypto
