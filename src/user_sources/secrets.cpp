#include "user_sources/secrets.hpp"

#include "base/base64url.hpp"

namespace chatelaine::user_sources {
namespace {

/// 43 characters, as RFC 7636 §4.1 asks of a code verifier. No purpose holds a blank.
std::string derive(const SecretBytes& key, std::string_view purpose, std::string_view state) {
  const std::string message = std::string(purpose) + " " + std::string(state);
  return base64url_encode(crypto::hmac_sha256(key.reveal(), message).view());
}

}  // namespace

std::string derive_nonce(const SecretBytes& key, std::string_view state) { return derive(key, "nonce", state); }

relying_party::CodeVerifier derive_code_verifier(const SecretBytes& key, std::string_view state) {
  std::string text = derive(key, "code_verifier", state);
  relying_party::CodeVerifier verifier(text);
  wipe(text.data(), text.size());
  return verifier;
}

crypto::Sha256 hide_subscriber(const SecretBytes& key, const crypto::Sha256& subscriber) {
  return crypto::hmac_sha256(key.reveal(), "subscriber " + std::string(subscriber.view()));
}

}  // namespace chatelaine::user_sources
