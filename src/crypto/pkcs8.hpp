#pragma once

#include "crypto/jwk.hpp"
#include "crypto/openssl.hpp"

namespace chatelaine::crypto {

/// A private key in PKCS #8 DER (RFC 5208), without encryption. For the sources of this layer.
[[nodiscard]] PrivateKeyDer write_pkcs8(const EVP_PKEY& key);
/// Null unless the bytes are one such key and nothing else.
[[nodiscard]] EvpKey read_pkcs8(const PrivateKeyDer& der);

}  // namespace chatelaine::crypto
