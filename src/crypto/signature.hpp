#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/openssl.hpp"
#include "crypto/signature_algorithm.hpp"

namespace chatelaine::crypto {

/// Signatures as a JWS holds them (RFC 7518 §3, RFC 8037 §3.1) under one key and one algorithm, which the key's type
/// must support. Thread-safe; the key outlives it. For the sources of this layer.
class SignatureContext {
 public:
  enum class Use : std::uint8_t { sign, verify };
  SignatureContext(EVP_PKEY& key, SignatureAlgorithm algorithm, Use use);

  [[nodiscard]] SignatureAlgorithm algorithm() const { return algorithm_; }
  [[nodiscard]] std::string sign(std::string_view message) const;
  [[nodiscard]] bool is_signature_of(std::string_view message, std::string_view signature) const;

 private:
  template <class Work>
  auto with_context(Work work) const;
  EvpKeyContext take() const;
  std::string sign_digest_of(std::string_view message) const;
  bool is_signature_of_digest(std::string_view message, std::string_view signature) const;

  EVP_PKEY& key_;
  SignatureAlgorithm algorithm_;
  Use use_;
  /// Contexts that are initialised. Making one costs a fifth of an ES256 signature, so they are kept: never more of
  /// them than threads that signed at the same time.
  mutable std::mutex mutex_;
  mutable std::vector<EvpKeyContext> free_;
};

}  // namespace chatelaine::crypto
