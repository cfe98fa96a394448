#include <gtest/gtest.h>

#include <map>
#include <thread>
#include <vector>

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "crypto/jwk.hpp"
#include "crypto/testing/printed_keys.hpp"

namespace chatelaine::crypto {
namespace {

class SigningKeys : public testing::TestWithParam<SignatureAlgorithm> {
 protected:
  /// One of each is enough: RSA keys take long to make.
  static const SigningKey& key(SignatureAlgorithm algorithm) {
    static std::map<SignatureAlgorithm, SigningKey> made;
    const auto found = made.find(algorithm);
    return found != made.end() ? found->second : made.emplace(algorithm, SigningKey::generate(algorithm)).first->second;
  }
  static const SigningKey& key() { return key(GetParam()); }
};

TEST_P(SigningKeys, SignWhatTheirPublicHalfVerifies) {
  const auto verifier = VerificationKey::from_jwk(key().public_jwk());
  ASSERT_TRUE(verifier) << verifier.error();
  EXPECT_EQ(key().algorithm(), GetParam());
  EXPECT_EQ(verifier->id(), key().id());
  EXPECT_EQ(verifier->algorithms(), std::vector{GetParam()});
  // Enough rounds for an r or s of ES256 with leading zeros to occur (about one in 128).
  const int rounds = GetParam() == SignatureAlgorithm::ES256 ? 600 : 10;
  for (int round = 0; round < rounds; ++round) {
    const std::string message = "message " + std::to_string(round);
    const std::string signature = key().sign(message);
    for (const SignatureAlgorithm algorithm : kSignatureAlgorithms)
      ASSERT_EQ(verifier->is_signature_of(algorithm, message, signature), algorithm == GetParam()) << round;
  }
}

TEST_P(SigningKeys, PublishTheirTypesMembersKidUseAndAlg) {
  json::object jwk = key().public_jwk();
  EXPECT_EQ(jwk.at("use"), "sig");
  EXPECT_EQ(jwk.at("alg").as_string(), to_string(GetParam()));
  EXPECT_EQ(find_private_member(jwk), "");
  // RFC 7638 §3: kid is the thumbprint, which is the id where kid is left out.
  const KeyId id(std::string(jwk.at("kid").as_string()));
  jwk.erase("kid");
  EXPECT_EQ(VerificationKey::from_jwk(jwk)->id(), id);
}

/// RFC 5208.
TEST_P(SigningKeys, ReadBackFromTheirDer) {
  const auto again = SigningKey::from_der(key().to_der(), GetParam());
  ASSERT_TRUE(again) << again.error();
  EXPECT_EQ(again->id(), key().id());
  EXPECT_EQ(again->algorithm(), GetParam());
  EXPECT_TRUE(VerificationKey::from_jwk(key().public_jwk())->is_signature_of(GetParam(), "m", again->sign("m")));
}

TEST_P(SigningKeys, RefuseDerThatHoldsAnythingElse) {
  const PrivateKeyDer der = key().to_der();
  const std::string text(der.reveal());
  for (const std::string& bad : {std::string(), std::string("not DER"), text + 'x', text.substr(0, text.size() - 1)})
    EXPECT_EQ(SigningKey::from_der(PrivateKeyDer(bad), GetParam()).error(), "it is no private key in PKCS #8");
}

TEST_P(SigningKeys, SignOnManyThreadsAtOnce) {
  const auto verifier = VerificationKey::from_jwk(key().public_jwk()).value();
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 20; ++round) {
        const std::string message = std::to_string(i) + '/' + std::to_string(round);
        ASSERT_TRUE(verifier.is_signature_of(GetParam(), message, key().sign(message)));
      }
    });
  }
}

INSTANTIATE_TEST_SUITE_P(Every, SigningKeys, testing::ValuesIn(kSignatureAlgorithms),
                         [](const auto& algorithm) { return std::string(to_string(algorithm.param)); });

TEST(SigningKeyTest, Rfc8725Section31AKeyOfAnotherTypeIsRefused) {
  const PrivateKeyDer ec = SigningKey::generate(SignatureAlgorithm::ES256).to_der();
  const PrivateKeyDer ed25519 = SigningKey::generate(SignatureAlgorithm::EdDSA).to_der();
  EXPECT_EQ(SigningKey::from_der(ec, SignatureAlgorithm::RS256).error(), "it is no RSA key");
  EXPECT_EQ(SigningKey::from_der(ec, SignatureAlgorithm::EdDSA).error(), "it is no Ed25519 key");
  EXPECT_EQ(SigningKey::from_der(ed25519, SignatureAlgorithm::ES256).error(), "it is no P-256 key");
}

/// RFC 8032 §5.1.5 and §5.1.6.
TEST(SigningKeyTest, AnEd25519SignatureIsTheSameEachTime) {
  // The private key of RFC 8037 §A.1 in PKCS #8 (RFC 8410 §7), and the signature of §A.4.
  const std::string der = *base64url_decode("MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v_VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g");
  const auto key = SigningKey::from_der(PrivateKeyDer(der), SignatureAlgorithm::EdDSA);
  ASSERT_TRUE(key) << key.error();
  EXPECT_EQ(base64url_encode(key->sign("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc")),
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
}

}  // namespace
}  // namespace chatelaine::crypto
