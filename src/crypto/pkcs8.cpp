#include "crypto/pkcs8.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <stdexcept>

namespace chatelaine::crypto {
namespace {

using KeyInfo = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Free<PKCS8_PRIV_KEY_INFO_free>>;

}  // namespace

PrivateKeyDer write_pkcs8(const EVP_PKEY& key) {
  const KeyInfo info(EVP_PKEY2PKCS8(&key));
  unsigned char* encoded = nullptr;
  const int length = info != nullptr ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), &encoded) : 0;
  if (length <= 0) throw std::runtime_error("OpenSSL cannot write a private key");
  PrivateKeyDer der(std::string_view(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(length)));
  OPENSSL_clear_free(encoded, static_cast<std::size_t>(length));
  return der;
}

EvpKey read_pkcs8(const PrivateKeyDer& der) {
  const std::string_view text = der.reveal();
  const unsigned char* at = bytes_of(text);
  const KeyInfo info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(text.size())));
  EvpKey key(info != nullptr && at == bytes_of(text) + text.size() ? EVP_PKCS82PKEY(info.get()) : nullptr);
  if (key == nullptr) ERR_clear_error();
  return key;
}

}  // namespace chatelaine::crypto
