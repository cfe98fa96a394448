#include "crypto/jwk.hpp"
#include "crypto/key_type.hpp"
#include "crypto/pkcs8.hpp"
#include "crypto/signature.hpp"

namespace chatelaine::crypto {

struct SigningKey::State {
  State(EvpKey made, SignatureAlgorithm algorithm)
      : key(std::move(made)),
        public_members(key_type_of(algorithm).public_members(*key)),
        id(make_thumbprint(public_members)),
        signatures(*key, algorithm, SignatureContext::Use::sign) {}

  EvpKey key;
  boost::json::object public_members;
  KeyId id;
  SignatureContext signatures;
};

SigningKey SigningKey::generate(SignatureAlgorithm algorithm) {
  return SigningKey(std::make_shared<const State>(key_type_of(algorithm).generate(), algorithm));
}

std::expected<SigningKey, std::string> SigningKey::from_der(const PrivateKeyDer& der, SignatureAlgorithm algorithm) {
  EvpKey key = read_pkcs8(der);
  if (key == nullptr) return wrong("it is no private key in PKCS #8");
  if (auto checked = key_type_of(algorithm).check(*key); !checked) return std::unexpected(std::move(checked.error()));
  return SigningKey(std::make_shared<const State>(std::move(key), algorithm));
}

PrivateKeyDer SigningKey::to_der() const { return write_pkcs8(*state_->key); }

SignatureAlgorithm SigningKey::algorithm() const { return state_->signatures.algorithm(); }
const KeyId& SigningKey::id() const { return state_->id; }

boost::json::object SigningKey::public_jwk() const {
  boost::json::object jwk = state_->public_members;
  jwk["kid"] = state_->id.value();
  jwk["use"] = "sig";
  jwk["alg"] = to_string(algorithm());
  return jwk;
}

std::string SigningKey::sign(std::string_view message) const { return state_->signatures.sign(message); }

}  // namespace chatelaine::crypto
