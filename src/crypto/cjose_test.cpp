#include <cjose/cjose.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "base/json.hpp"
#include "crypto/jws.hpp"
#include "crypto/private_key.hpp"

/// The signatures of RFC 7518 §3.3, §3.4 and §3.5 and the keys of §6.2 and §6.3, made and read by somebody else's code
/// (cjose, which has no EdDSA).
namespace chatelaine::crypto {
namespace {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* pointer) const {
    release(pointer);
  }
};
using CjoseKey = std::unique_ptr<cjose_jwk_t, Release<cjose_jwk_release>>;
using CjoseHeader = std::unique_ptr<cjose_header_t, Release<cjose_header_release>>;
using CjoseJws = std::unique_ptr<cjose_jws_t, Release<cjose_jws_release>>;
using CjoseText = std::unique_ptr<char, Release<std::free>>;

constexpr std::string_view kPayload = R"({"sub":"somebody"})";

CjoseKey make_key(SignatureAlgorithm algorithm) {
  cjose_err error{};
  if (algorithm == SignatureAlgorithm::ES256) return CjoseKey(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error));
  // 65537, as RFC 7518 §6.3.1.2 has it in its example.
  const std::array<std::uint8_t, 3> exponent{1, 0, 1};
  return CjoseKey(cjose_jwk_create_RSA_random(2048, exponent.data(), exponent.size(), &error));
}

class Cjose : public testing::TestWithParam<SignatureAlgorithm> {
 protected:
  /// RSA keys take long to make: one of each kind, and one that it is not to be confused with.
  static const CjoseKey& theirs() {
    static const CjoseKey ec = make_key(SignatureAlgorithm::ES256);
    static const CjoseKey rsa = make_key(SignatureAlgorithm::RS256);
    return GetParam() == SignatureAlgorithm::ES256 ? ec : rsa;
  }
  static const CjoseKey& another() {
    static const CjoseKey ec = make_key(SignatureAlgorithm::ES256);
    static const CjoseKey rsa = make_key(SignatureAlgorithm::RS256);
    return GetParam() == SignatureAlgorithm::ES256 ? ec : rsa;
  }
  static std::string write(const CjoseKey& key, bool with_private_half) {
    cjose_err error{};
    const CjoseText text(cjose_jwk_to_json(key.get(), with_private_half, &error));
    return text.get();
  }
  static std::string sign(const CjoseKey& key) {
    cjose_err error{};
    const CjoseHeader header(cjose_header_new(&error));
    cjose_header_set(header.get(), CJOSE_HDR_ALG, std::string(to_string(GetParam())).c_str(), &error);
    const CjoseJws jws(cjose_jws_sign(key.get(), header.get(), reinterpret_cast<const std::uint8_t*>(kPayload.data()),
                                      kPayload.size(), &error));
    const char* text = nullptr;
    cjose_jws_export(jws.get(), &text, &error);
    return text;
  }
  static bool verifies(const CjoseKey& key, const std::string& text) {
    cjose_err error{};
    const CjoseJws jws(cjose_jws_import(text.data(), text.size(), &error));
    return jws != nullptr && cjose_jws_verify(jws.get(), key.get(), &error);
  }
};

TEST_P(Cjose, VerifiesWhatWeSignWithOurKey) {
  const auto ours = SigningKey::generate(GetParam());
  const std::string jwk = json::serialize(ours.public_jwk());
  cjose_err error{};
  const CjoseKey read(cjose_jwk_import(jwk.data(), jwk.size(), &error));
  ASSERT_NE(read, nullptr) << error.message;
  const std::string text = sign_compact(ours, "JWT", kPayload);
  EXPECT_TRUE(verifies(read, text));
  EXPECT_FALSE(verifies(another(), text));
}

TEST_P(Cjose, VerifiesWhatWeSignWithItsKey) {
  const auto ours = parse_private_key(write(theirs(), true), GetParam());
  ASSERT_TRUE(ours) << ours.error();
  EXPECT_TRUE(verifies(theirs(), sign_compact(*ours, "JWT", kPayload)));
}

TEST_P(Cjose, SignsWhatWeVerify) {
  const auto jwk = parse_json(write(theirs(), false)).value();
  const std::vector keys{VerificationKey::from_jwk(jwk.as_object()).value()};
  const auto verified = verify_foreign_compact(sign(theirs()), {}, keys);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->payload, kPayload);
  EXPECT_EQ(verified->algorithm, GetParam());
  EXPECT_FALSE(verify_foreign_compact(sign(another()), {}, keys));
}

INSTANTIATE_TEST_SUITE_P(BothWays, Cjose,
                         testing::Values(SignatureAlgorithm::ES256, SignatureAlgorithm::RS256,
                                         SignatureAlgorithm::PS256),
                         [](const auto& algorithm) { return std::string(to_string(algorithm.param)); });

}  // namespace
}  // namespace chatelaine::crypto
