#include "crypto/openssl.hpp"

#include <openssl/err.h>

#include <new>
#include <stdexcept>

namespace chatelaine::crypto {

BigNumber get_number(const EVP_PKEY& key, const char* name) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(&key, name, &raw) != 1) throw std::runtime_error("OpenSSL gives no part of a key");
  return BigNumber(raw);
}

BigNumber make_number(std::string_view big_endian) {
  BigNumber number(BN_bin2bn(bytes_of(big_endian), static_cast<int>(big_endian.size()), nullptr));
  if (number == nullptr) throw std::bad_alloc();
  return number;
}

std::string to_octets(const BIGNUM& number, std::size_t size) {
  std::string out(size, '\0');
  if (BN_bn2binpad(&number, bytes_of(out), static_cast<int>(size)) != static_cast<int>(size))
    throw std::runtime_error("a number is larger than its place");
  return out;
}

EvpKey make_key(const char* type, int selection, OSSL_PARAM_BLD& parts) {
  const std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>> parameters(OSSL_PARAM_BLD_to_param(&parts));
  const EvpKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* raw = nullptr;
  if (parameters == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &raw, selection, parameters.get()) != 1) {
    ERR_clear_error();
    return nullptr;
  }
  return EvpKey(raw);
}

}  // namespace chatelaine::crypto
