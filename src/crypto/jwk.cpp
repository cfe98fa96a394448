#include "crypto/jwk.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <mutex>
#include <stdexcept>
#include <vector>

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "crypto/digest.hpp"

namespace chatelaine::crypto {
namespace {

constexpr std::size_t kFieldSize = 32;  // P-256

template <auto free>
struct Free {
  template <class T>
  void operator()(T* pointer) const {
    free(pointer);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG_free>>;
using Number = std::unique_ptr<BIGNUM, Free<BN_free>>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

/// Contexts that are initialised for one operation with one key. Making one costs a fifth of a signature, so they are
/// kept: never more of them than threads that signed at the same time.
class ContextPool {
 public:
  using Initialise = int (*)(EVP_PKEY_CTX*);
  ContextPool(EVP_PKEY* key, Initialise initialise) : key_(key), initialise_(initialise) {}

  template <class Use>
  auto with(Use use) const {
    KeyContext context = take();
    auto result = use(context.get());
    const std::scoped_lock lock(mutex_);
    free_.push_back(std::move(context));
    return result;
  }

 private:
  KeyContext take() const {
    {
      const std::scoped_lock lock(mutex_);
      if (!free_.empty()) {
        KeyContext context = std::move(free_.back());
        free_.pop_back();
        return context;
      }
    }
    KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_, nullptr));
    if (context == nullptr || initialise_(context.get()) != 1) throw std::runtime_error("OpenSSL refuses an EC key");
    return context;
  }

  EVP_PKEY* key_;
  Initialise initialise_;
  mutable std::mutex mutex_;
  mutable std::vector<KeyContext> free_;
};

bool is_p256(const EVP_PKEY* key) {
  std::array<char, 32> name{};
  std::size_t length = 0;
  return EVP_PKEY_get_group_name(key, name.data(), name.size(), &length) == 1 &&
         std::string_view(name.data(), length) == "prime256v1";
}

struct Coordinates {
  std::string x;
  std::string y;
};

std::string coordinate(const EVP_PKEY* key, const char* name) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &raw) != 1) throw std::runtime_error("OpenSSL gives no EC coordinate");
  const Number number(raw);
  std::string out(kFieldSize, '\0');
  if (BN_bn2binpad(number.get(), bytes_of(out), kFieldSize) != kFieldSize)
    throw std::runtime_error("not a P-256 point");
  return out;
}

/// RFC 7638 §3: SHA-256 over the required members in lexical order, without white space.
KeyId thumbprint(const Coordinates& point) {
  const std::string canonical = R"({"crv":"P-256","kty":"EC","x":")" + base64url_encode(point.x) + R"(","y":")" +
                                base64url_encode(point.y) + R"("})";
  return KeyId(base64url_encode(sha256(canonical).view()));
}

/// ECDSA-Sig-Value in DER (RFC 3279 §2.2.3) as the fixed-width `r ‖ s` of RFC 7518 §3.4.
std::string to_fixed_width(std::string_view der) {
  const unsigned char* at = bytes_of(der);
  const Signature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  std::string out(2 * kFieldSize, '\0');
  if (signature == nullptr ||
      BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), bytes_of(out), kFieldSize) != kFieldSize ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), bytes_of(out) + kFieldSize, kFieldSize) != kFieldSize) {
    throw std::runtime_error("OpenSSL made no P-256 signature");
  }
  return out;
}

std::string to_der(std::string_view fixed) {
  Number r(BN_bin2bn(bytes_of(fixed), kFieldSize, nullptr));
  Number s(BN_bin2bn(bytes_of(fixed) + kFieldSize, kFieldSize, nullptr));
  const Signature signature(ECDSA_SIG_new());
  if (r == nullptr || s == nullptr || signature == nullptr) throw std::bad_alloc();
  ECDSA_SIG_set0(signature.get(), r.release(), s.release());
  std::string out(static_cast<std::size_t>(i2d_ECDSA_SIG(signature.get(), nullptr)), '\0');
  unsigned char* end = bytes_of(out);
  i2d_ECDSA_SIG(signature.get(), &end);
  return out;
}

/// Nothing where the coordinates are no point of the curve.
Key make_public_key(const Coordinates& point) {
  const std::string uncompressed = '\x04' + point.x + point.y;  // SEC 1 §2.3.3
  const std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, uncompressed.data(), uncompressed.size());
  const std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* raw = nullptr;
  if (context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &raw, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  return Key(raw);
}

std::unexpected<std::string> wrong(std::string sentence) { return std::unexpected(std::move(sentence)); }

/// A member that may be absent but must otherwise be `expected`.
bool is_absent_or(const json::object& jwk, std::string_view name, std::string_view expected) {
  const json::value* member = jwk.if_contains(name);
  return member == nullptr || (member->is_string() && member->get_string() == expected);
}

/// RFC 7518 §6.2.1.2: a coordinate has the full width of the field, leading zeros included.
std::expected<std::string, std::string> parse_coordinate(const json::object& jwk, std::string_view name) {
  const json::string* text = find_string(jwk, name);
  if (text == nullptr) return wrong("the member " + std::string(name) + " is missing or not a string");
  auto decoded = base64url_decode(*text);
  if (!decoded || decoded->size() != kFieldSize)
    return wrong("the member " + std::string(name) + " is not 32 bytes in base64url");
  return std::move(*decoded);
}

}  // namespace

struct SigningKey::State {
  explicit State(Key made)
      : key(std::move(made)),
        point{coordinate(key.get(), OSSL_PKEY_PARAM_EC_PUB_X), coordinate(key.get(), OSSL_PKEY_PARAM_EC_PUB_Y)},
        id(thumbprint(point)),
        contexts(key.get(), EVP_PKEY_sign_init) {}

  Key key;
  Coordinates point;
  KeyId id;
  ContextPool contexts;
};

SigningKey SigningKey::generate() {
  Key key(EVP_EC_gen("P-256"));
  if (key == nullptr) throw std::runtime_error("OpenSSL cannot make a P-256 key");
  return SigningKey(std::make_shared<const State>(std::move(key)));
}

std::optional<SigningKey> SigningKey::from_der(const PrivateKeyDer& der) {
  const std::string_view text = der.reveal();
  const unsigned char* at = bytes_of(text);
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, Free<PKCS8_PRIV_KEY_INFO_free>> info(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(text.size())));
  if (info == nullptr || at != bytes_of(text) + text.size()) return std::nullopt;
  Key key(EVP_PKCS82PKEY(info.get()));
  if (key == nullptr || !is_p256(key.get())) return std::nullopt;
  return SigningKey(std::make_shared<const State>(std::move(key)));
}

PrivateKeyDer SigningKey::to_der() const {
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, Free<PKCS8_PRIV_KEY_INFO_free>> info(EVP_PKEY2PKCS8(state_->key.get()));
  unsigned char* encoded = nullptr;
  const int length = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &encoded);
  if (length <= 0) throw std::runtime_error("OpenSSL cannot write a private key");
  PrivateKeyDer der(std::string_view(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(length)));
  OPENSSL_clear_free(encoded, static_cast<std::size_t>(length));
  return der;
}

const KeyId& SigningKey::id() const { return state_->id; }

json::object SigningKey::public_jwk() const {
  return {{"kty", "EC"},
          {"crv", "P-256"},
          {"x", base64url_encode(state_->point.x)},
          {"y", base64url_encode(state_->point.y)},
          {"kid", state_->id.value()},
          {"use", "sig"},
          {"alg", "ES256"}};
}

std::string SigningKey::sign(std::string_view message) const {
  const Sha256 digest = sha256(message);
  return state_->contexts.with([&](EVP_PKEY_CTX* context) {
    std::array<char, 80> der{};  // a P-256 signature takes at most 72
    std::size_t length = der.size();
    if (EVP_PKEY_sign(context, reinterpret_cast<unsigned char*>(der.data()), &length, bytes_of(digest.view()),
                      digest.bytes.size()) != 1) {
      throw std::runtime_error("OpenSSL cannot sign");
    }
    return to_fixed_width(std::string_view(der.data(), length));
  });
}

struct VerificationKey::State {
  State(Key made, KeyId named)
      : key(std::move(made)), id(std::move(named)), contexts(key.get(), EVP_PKEY_verify_init) {}

  Key key;
  KeyId id;
  ContextPool contexts;
};

std::expected<VerificationKey, std::string> VerificationKey::from_jwk(const json::object& jwk) {
  const json::string* type = find_string(jwk, "kty");
  if (type == nullptr || *type != "EC") return wrong("the member kty is not \"EC\"");
  const json::string* curve = find_string(jwk, "crv");
  if (curve == nullptr || *curve != "P-256") return wrong("the member crv is not \"P-256\"");
  if (!is_absent_or(jwk, "alg", "ES256")) return wrong("the member alg is not \"ES256\"");
  if (!is_absent_or(jwk, "use", "sig")) return wrong("the member use is not \"sig\"");
  if (jwk.contains("d")) return wrong("the member d makes it a private key");
  auto x = parse_coordinate(jwk, "x");
  if (!x) return std::unexpected(std::move(x.error()));
  auto y = parse_coordinate(jwk, "y");
  if (!y) return std::unexpected(std::move(y.error()));
  const Coordinates point{std::move(*x), std::move(*y)};

  const json::value* named = jwk.if_contains("kid");
  if (named != nullptr && (!named->is_string() || named->get_string().empty()))
    return wrong("the member kid is not a string with something in it");
  KeyId id = named != nullptr ? KeyId(std::string(named->get_string())) : thumbprint(point);
  Key key = make_public_key(point);
  if (key == nullptr) return wrong("the members x and y are no point of P-256");
  return VerificationKey(std::make_shared<const State>(std::move(key), std::move(id)));
}

const KeyId& VerificationKey::id() const { return state_->id; }

bool VerificationKey::is_signature_of(std::string_view message, std::string_view signature) const {
  if (signature.size() != 2 * kFieldSize) return false;
  const std::string der = to_der(signature);
  const Sha256 digest = sha256(message);
  return state_->contexts.with([&](EVP_PKEY_CTX* context) {
    return EVP_PKEY_verify(context, bytes_of(der), der.size(), bytes_of(digest.view()), digest.bytes.size()) == 1;
  });
}

}  // namespace chatelaine::crypto
