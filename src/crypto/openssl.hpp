#pragma once

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>
#include <string>
#include <string_view>

/// OpenSSL's objects as values, for the sources of this layer: no header that another layer includes may include this.
namespace chatelaine::crypto {

template <auto free>
struct Free {
  template <class T>
  void operator()(T* pointer) const {
    free(pointer);
  }
};
using EvpKey = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using EvpKeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
/// Wiped before it is freed: it may be a part of a private key.
using BigNumber = std::unique_ptr<BIGNUM, Free<BN_clear_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;

inline const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
inline unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

/// A number of a key. Throws where the key has none of that name.
[[nodiscard]] BigNumber get_number(const EVP_PKEY& key, const char* name);
[[nodiscard]] BigNumber make_number(std::string_view big_endian);
/// The number in big endian, with leading zeros up to `size`. Throws where it is larger.
[[nodiscard]] std::string to_octets(const BIGNUM& number, std::size_t size);

/// A key of `type` ("EC", "RSA") from its parts; `selection` is EVP_PKEY_PUBLIC_KEY or EVP_PKEY_KEYPAIR. Null where
/// OpenSSL does not take them.
[[nodiscard]] EvpKey make_key(const char* type, int selection, OSSL_PARAM_BLD& parts);

}  // namespace chatelaine::crypto
