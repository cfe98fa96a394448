#pragma once

#include <boost/json/object.hpp>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "base/strong.hpp"
#include "crypto/signature_algorithm.hpp"

namespace chatelaine::crypto {

/// `kid` of a JWK: its RFC 7638 thumbprint (SHA-256, base64url) for the keys that we make.
using KeyId = Strong<struct KeyIdTag>;
/// A private key in PKCS #8 DER.
using PrivateKeyDer = Secret<struct PrivateKeyDerTag>;

/// A private key that signs with one algorithm: P-256 for ES256, RSA for RS256 or PS256, Ed25519 for EdDSA. Cheap to
/// copy, shared inside. `sign` is thread-safe; with RSA it takes about a millisecond, else a twentieth of that.
class SigningKey {
 public:
  /// RSA keys have 2048 bits, and take about a tenth of a second to make.
  [[nodiscard]] static SigningKey generate(SignatureAlgorithm algorithm);
  /// The error says why the DER holds no such key: another type, or RSA of fewer than 2048 or more than 4096 bits.
  [[nodiscard]] static std::expected<SigningKey, std::string> from_der(const PrivateKeyDer& der,
                                                                       SignatureAlgorithm algorithm);
  [[nodiscard]] PrivateKeyDer to_der() const;

  [[nodiscard]] SignatureAlgorithm algorithm() const;
  /// Keys for RS256 and PS256 that hold the same numbers have the same one.
  [[nodiscard]] const KeyId& id() const;
  /// The public half as a JWK (RFC 7517): the type's own members, kid, use "sig", alg.
  [[nodiscard]] boost::json::object public_jwk() const;
  /// The signature as a JWS holds it (RFC 7518 §3, RFC 8037 §3.1).
  [[nodiscard]] std::string sign(std::string_view message) const;

 private:
  struct State;
  explicit SigningKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// A public key and what it verifies. Cheap to copy, shared inside. Thread-safe.
class VerificationKey {
 public:
  /// A public JWK of P-256, RSA (2048 to 4096 bits) or Ed25519, ours or a stranger's. `alg` leaves one algorithm;
  /// without it an RSA key verifies RS256 and PS256. `use` and `key_ops` must allow verification. The error is a
  /// sentence that names the member that is missing or wrong.
  [[nodiscard]] static std::expected<VerificationKey, std::string> from_jwk(const boost::json::object& jwk);

  /// Its `kid`, or its thumbprint where it has none.
  [[nodiscard]] const KeyId& id() const;
  /// Its `issuer`, a member of Entra ID's own: whose tokens it signs, where one set serves many tenants. Empty without.
  [[nodiscard]] const std::string& issuer() const;
  /// What it verifies: one or two.
  [[nodiscard]] const std::vector<SignatureAlgorithm>& algorithms() const;
  /// RFC 8725 §3.1: false for an algorithm that is not one of the key's, whoever names it.
  [[nodiscard]] bool is_signature_of(SignatureAlgorithm algorithm, std::string_view message,
                                     std::string_view signature) const;

 private:
  struct State;
  explicit VerificationKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// The first member that makes a JWK a private or symmetric key (RFC 7518 §6.2.2, §6.3.2, §6.4, RFC 8037 §2); empty
/// where there is none.
[[nodiscard]] std::string_view find_private_member(const boost::json::object& jwk);

}  // namespace chatelaine::crypto
