#include "crypto/jwk.hpp"

#include "base/json.hpp"
#include "crypto/jwk_set.hpp"
#include "crypto/private_key.hpp"
#include "targets.hpp"

namespace chatelaine::fuzz {
namespace {

/// What is taken has a name, an algorithm, and verifies nothing that it did not sign.
void check_key(const crypto::VerificationKey& key, std::string_view bytes) {
  require(!key.id().value().empty() && key.id().value().size() <= 256);
  require(key.algorithms().size() == 1 || key.algorithms().size() == 2);
  for (const auto algorithm : crypto::kSignatureAlgorithms)
    require(!key.is_signature_of(algorithm, "a message", bytes.substr(0, 512)));
}

}  // namespace

/// A JWK, a JWK Set and a private key as they came: what is taken is bounded, public where it must be, and works.
void check_jwk(std::string_view bytes) {
  const auto document = parse_json(bytes);
  if (document && document->is_object()) {
    const auto key = crypto::VerificationKey::from_jwk(document->get_object());
    require(key.has_value() || !key.error().empty());
    if (key) {
      require(crypto::find_private_member(document->get_object()).empty());
      check_key(*key, bytes);
    }
  }

  const auto set = crypto::parse_jwk_set(bytes);
  require(set.has_value() || !set.error().empty());
  if (set) {
    require(set->keys.size() + set->ignored.size() <= 32);
    for (const auto& key : set->keys) check_key(key, bytes);
  }

  const auto own = crypto::parse_private_key(bytes, std::nullopt);
  require(own.has_value() || !own.error().empty());
  if (!own) return;
  const auto verifier = crypto::VerificationKey::from_jwk(own->public_jwk());
  require(verifier && verifier->is_signature_of(own->algorithm(), "a message", own->sign("a message")));
}

}  // namespace chatelaine::fuzz
