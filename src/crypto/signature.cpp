#include "crypto/signature.hpp"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include <stdexcept>
#include <utility>

#include "crypto/digest.hpp"

namespace chatelaine::crypto {
namespace {

using DigestContext = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG_free>>;

constexpr std::size_t kEcFieldSize = 32;        // P-256
constexpr std::size_t kEd25519Size = 64;        // RFC 8032 §5.1.6
constexpr std::size_t kLargestSignature = 512;  // RSA of 4096 bits

/// How a digest is signed.
bool choose_scheme(EVP_PKEY_CTX* context, SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case SignatureAlgorithm::ES256:
    case SignatureAlgorithm::EdDSA:
      return true;
    case SignatureAlgorithm::RS256:  // RFC 7518 §3.3: RSASSA-PKCS1-v1_5
      return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
             EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1;
    case SignatureAlgorithm::PS256:  // RFC 7518 §3.5: RSASSA-PSS, MGF1 and salt as the hash
      return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
             EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1 &&
             EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) == 1 &&
             EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
  }
  std::unreachable();
}

/// ECDSA-Sig-Value in DER (RFC 3279 §2.2.3) as the fixed-width `r ‖ s` of RFC 7518 §3.4.
std::string to_fixed_width(std::string_view der) {
  const unsigned char* at = bytes_of(der);
  const EcdsaSignature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  if (signature == nullptr) throw std::runtime_error("OpenSSL made no P-256 signature");
  return to_octets(*ECDSA_SIG_get0_r(signature.get()), kEcFieldSize) +
         to_octets(*ECDSA_SIG_get0_s(signature.get()), kEcFieldSize);
}

std::string to_der(std::string_view fixed) {
  BigNumber r = make_number(fixed.substr(0, kEcFieldSize));
  BigNumber s = make_number(fixed.substr(kEcFieldSize));
  const EcdsaSignature signature(ECDSA_SIG_new());
  if (signature == nullptr) throw std::bad_alloc();
  ECDSA_SIG_set0(signature.get(), r.release(), s.release());
  std::string out(static_cast<std::size_t>(i2d_ECDSA_SIG(signature.get(), nullptr)), '\0');
  unsigned char* end = bytes_of(out);
  i2d_ECDSA_SIG(signature.get(), &end);
  return out;
}

/// RFC 8037 §3.1: Ed25519 signs the message itself, not a digest.
std::string sign_message(EVP_PKEY& key, std::string_view message) {
  const DigestContext context(EVP_MD_CTX_new());
  std::string out(kEd25519Size, '\0');
  std::size_t length = out.size();
  if (context == nullptr || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, &key) != 1 ||
      EVP_DigestSign(context.get(), bytes_of(out), &length, bytes_of(message), message.size()) != 1)
    throw std::runtime_error("OpenSSL cannot sign");
  return out;
}

bool is_signature_of_message(EVP_PKEY& key, std::string_view message, std::string_view signature) {
  const DigestContext context(EVP_MD_CTX_new());
  if (context == nullptr || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, &key) != 1)
    throw std::runtime_error("OpenSSL refuses a key");
  return EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message), message.size()) == 1;
}

}  // namespace

SignatureContext::SignatureContext(EVP_PKEY& key, SignatureAlgorithm algorithm, Use use)
    : key_(key), algorithm_(algorithm), use_(use) {}

EvpKeyContext SignatureContext::take() const {
  {
    const std::scoped_lock lock(mutex_);
    if (!free_.empty()) {
      EvpKeyContext context = std::move(free_.back());
      free_.pop_back();
      return context;
    }
  }
  EvpKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, &key_, nullptr));
  const auto initialise = use_ == Use::sign ? EVP_PKEY_sign_init : EVP_PKEY_verify_init;
  if (context == nullptr || initialise(context.get()) != 1 || !choose_scheme(context.get(), algorithm_))
    throw std::runtime_error("OpenSSL refuses a key");
  return context;
}

template <class Work>
auto SignatureContext::with_context(Work work) const {
  EvpKeyContext context = take();
  auto result = work(context.get());
  const std::scoped_lock lock(mutex_);
  free_.push_back(std::move(context));
  return result;
}

std::string SignatureContext::sign_digest_of(std::string_view message) const {
  const Sha256 digest = sha256(message);
  return with_context([&](EVP_PKEY_CTX* context) {
    std::string out(kLargestSignature, '\0');
    std::size_t length = out.size();
    if (EVP_PKEY_sign(context, bytes_of(out), &length, bytes_of(digest.view()), digest.bytes.size()) != 1)
      throw std::runtime_error("OpenSSL cannot sign");
    out.resize(length);
    return out;
  });
}

bool SignatureContext::is_signature_of_digest(std::string_view message, std::string_view signature) const {
  const Sha256 digest = sha256(message);
  return with_context([&](EVP_PKEY_CTX* context) {
    return EVP_PKEY_verify(context, bytes_of(signature), signature.size(), bytes_of(digest.view()),
                           digest.bytes.size()) == 1;
  });
}

std::string SignatureContext::sign(std::string_view message) const {
  switch (algorithm_) {
    case SignatureAlgorithm::ES256:
      return to_fixed_width(sign_digest_of(message));
    case SignatureAlgorithm::RS256:
    case SignatureAlgorithm::PS256:
      return sign_digest_of(message);
    case SignatureAlgorithm::EdDSA:
      return sign_message(key_, message);
  }
  std::unreachable();
}

bool SignatureContext::is_signature_of(std::string_view message, std::string_view signature) const {
  const auto verify = [&] {
    switch (algorithm_) {
      case SignatureAlgorithm::ES256:
        return signature.size() == 2 * kEcFieldSize && is_signature_of_digest(message, to_der(signature));
      case SignatureAlgorithm::RS256:
      case SignatureAlgorithm::PS256:
        // RFC 8017 §8.1.2 and §8.2.2, step 1: as long as the modulus.
        return signature.size() == static_cast<std::size_t>(EVP_PKEY_get_size(&key_)) &&
               is_signature_of_digest(message, signature);
      case SignatureAlgorithm::EdDSA:
        return signature.size() == kEd25519Size && is_signature_of_message(key_, message, signature);
    }
    std::unreachable();
  };
  const bool verified = verify();
  // What a stranger got wrong must not stand in the thread's error queue when TLS looks there.
  if (!verified) ERR_clear_error();
  return verified;
}

}  // namespace chatelaine::crypto
