#pragma once

#include <boost/json/object.hpp>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "base/strong.hpp"

namespace chatelaine::crypto {

/// `kid` of a JWK: its RFC 7638 thumbprint (SHA-256, base64url) for the keys that we make.
using KeyId = Strong<struct KeyIdTag>;
/// A private key in PKCS #8 DER.
using PrivateKeyDer = Secret<struct PrivateKeyDerTag>;

/// A P-256 private key that signs with ES256 (RFC 7518 §3.4). Cheap to move, shared inside. `sign` is thread-safe.
class SigningKey {
 public:
  [[nodiscard]] static SigningKey generate();
  /// Nothing unless the DER holds a P-256 private key.
  [[nodiscard]] static std::optional<SigningKey> from_der(const PrivateKeyDer& der);
  [[nodiscard]] PrivateKeyDer to_der() const;

  [[nodiscard]] const KeyId& id() const;
  /// The public half as a JWK (RFC 7517): kty, crv, x, y, kid, use "sig", alg "ES256".
  [[nodiscard]] boost::json::object public_jwk() const;
  /// The 64-byte `r ‖ s` of RFC 7518 §3.4.
  [[nodiscard]] std::string sign(std::string_view message) const;

 private:
  struct State;
  explicit SigningKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// A P-256 public key that verifies ES256. Thread-safe.
class VerificationKey {
 public:
  /// The error says which member is missing or wrong.
  [[nodiscard]] static std::expected<VerificationKey, std::string> from_jwk(const boost::json::object& jwk);

  [[nodiscard]] const KeyId& id() const;
  [[nodiscard]] bool is_signature_of(std::string_view message, std::string_view signature) const;

 private:
  struct State;
  explicit VerificationKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace chatelaine::crypto
