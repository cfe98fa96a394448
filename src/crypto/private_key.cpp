#include "crypto/private_key.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "crypto/key_type.hpp"
#include "crypto/pkcs8.hpp"

namespace chatelaine::crypto {
namespace {

constexpr std::size_t kLargest = 64 * 1024;

using Bio = std::unique_ptr<BIO, Free<BIO_free>>;

/// A key as it was read, and what the text says it is for.
struct Read {
  EvpKey key;
  std::optional<SignatureAlgorithm> algorithm;
};

/// OpenSSL would ask the terminal.
int refuse_passphrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

Parsed<Read> read_pem(std::string_view text) {
  const Bio source(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  bool is_encrypted = false;
  EvpKey key(PEM_read_bio_PrivateKey(source.get(), nullptr, refuse_passphrase, &is_encrypted));
  ERR_clear_error();
  if (is_encrypted)
    return wrong("the key is encrypted with a passphrase: decrypt it first (openssl pkey -in … -out …)");
  if (key == nullptr) return wrong("the PEM text holds no private key in PKCS #8, SEC 1 or PKCS #1 that can be read");
  return Read{std::move(key), std::nullopt};
}

/// RFC 7517 §4.2 and §4.3, for the private half.
Parsed<void> check_use(const json::object& jwk) {
  const json::value* use = jwk.if_contains("use");
  if (use != nullptr && *use != "sig") return wrong("the member use is not \"sig\"");
  const json::value* operations = jwk.if_contains("key_ops");
  if (operations == nullptr) return {};
  const json::array* list = operations->if_array();
  if (list == nullptr || std::ranges::find(*list, json::value("sign")) == list->end())
    return wrong("the member key_ops has no \"sign\"");
  return {};
}

Parsed<Read> read_jwk(std::string_view text) {
  const auto document = parse_json(text);
  if (!document)
    return wrong(fmt::format("the text is neither PEM nor JSON: {} (line {}, column {})", document.error().message,
                             document.error().line, document.error().column));
  const json::object* jwk = document->if_object();
  if (jwk == nullptr) return wrong("the JSON text is no JWK");
  const auto type = find_key_type(*jwk);
  if (!type) return std::unexpected(type.error());
  if (auto checked = check_use(*jwk); !checked) return std::unexpected(std::move(checked.error()));
  if (!jwk->contains("d")) return wrong("the member d is missing: this is a public key");
  Read read;
  if (const json::value* alg = jwk->if_contains("alg"); alg != nullptr) {
    if (alg->is_string()) read.algorithm = parse_signature_algorithm(alg->get_string());
    if (!read.algorithm) return wrong("the member alg is none of \"ES256\", \"RS256\", \"PS256\" and \"EdDSA\"");
  }
  auto key = (*type)->parse_private(*jwk);
  if (!key) return std::unexpected(std::move(key.error()));
  read.key = std::move(*key);
  return read;
}

Parsed<SignatureAlgorithm> find_algorithm(const EVP_PKEY& key) {
  // What is wrong with an RSA key is its size, and said later.
  if (EVP_PKEY_is_a(&key, "RSA") == 1) return SignatureAlgorithm::RS256;
  for (const auto algorithm : kSignatureAlgorithms) {
    if (key_type_of(algorithm).check(key)) return algorithm;
  }
  return wrong("it is no key of P-256, RSA or Ed25519");
}

/// Whether the two halves belong together: what one signs, nobody could verify else.
bool is_pair(EVP_PKEY& key) {
  const EvpKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, &key, nullptr));
  const bool is = context != nullptr && EVP_PKEY_pairwise_check(context.get()) == 1;
  ERR_clear_error();
  return is;
}

}  // namespace

std::expected<SigningKey, std::string> parse_private_key(std::string_view text,
                                                         std::optional<SignatureAlgorithm> algorithm) {
  if (text.size() > kLargest) return wrong(fmt::format("it is larger than {} bytes", kLargest));
  auto read = text.contains("-----BEGIN ") ? read_pem(text) : read_jwk(text);
  if (!read) return std::unexpected(std::move(read.error()));
  if (algorithm && read->algorithm && *algorithm != *read->algorithm)
    return wrong(fmt::format("the member alg says that the key is for {}, not for {}", to_string(*read->algorithm),
                             to_string(*algorithm)));
  if (!algorithm) algorithm = read->algorithm;
  if (!algorithm) {
    auto found = find_algorithm(*read->key);
    if (!found) return std::unexpected(std::move(found.error()));
    algorithm = *found;
  }
  if (auto checked = key_type_of(*algorithm).check(*read->key); !checked)
    return std::unexpected(std::move(checked.error()));
  if (!is_pair(*read->key)) return wrong("the private half of the key does not belong to its public half");
  return SigningKey::from_der(write_pkcs8(*read->key), *algorithm);
}

}  // namespace chatelaine::crypto
