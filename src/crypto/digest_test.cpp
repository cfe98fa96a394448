#include "crypto/digest.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/base64url.hpp"

namespace chatelaine::crypto {
namespace {

struct DigestRow {
  std::string_view sentence;
  std::string message;
  std::string_view digest;
};
class Digests : public testing::TestWithParam<DigestRow> {};
TEST_P(Digests, AreThoseOfTheStandard) {
  EXPECT_EQ(hex_encode(sha256(GetParam().message).view()), GetParam().digest) << GetParam().sentence;
}
INSTANTIATE_TEST_SUITE_P(Fips180, Digests,
                         testing::Values(DigestRow{"FIPS 180-4: the empty message", "",
                                                   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
                                         DigestRow{"FIPS 180-4: a one-block message", "abc",
                                                   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
                                         DigestRow{"FIPS 180-4: a two-block message",
                                                   "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                                                   "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
                                         DigestRow{
                                             "FIPS 180-4: a long message", std::string(1'000'000, 'a'),
                                             "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"}));

struct MacRow {
  std::string_view sentence;
  std::string key;
  std::string message;
  std::string_view mac;
};
class Macs : public testing::TestWithParam<MacRow> {};
TEST_P(Macs, AreThoseOfTheRfc) {
  EXPECT_EQ(hex_encode(hmac_sha256(GetParam().key, GetParam().message).view()), GetParam().mac) << GetParam().sentence;
}
INSTANTIATE_TEST_SUITE_P(
    Rfc4231, Macs,
    testing::Values(MacRow{"RFC 4231 §4.2: a key shorter than the block", std::string(20, '\x0b'), "Hi There",
                           "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
                    MacRow{"RFC 4231 §4.3: a key shorter than the digest", "Jefe", "what do ya want for nothing?",
                           "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
                    MacRow{"RFC 4231 §4.4: key and data of repeated bytes", std::string(20, '\xaa'),
                           std::string(50, '\xdd'), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
                    MacRow{"RFC 4231 §4.7: a key longer than the block is hashed first", std::string(131, '\xaa'),
                           "Test Using Larger Than Block-Size Key - Hash Key First",
                           "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
                    MacRow{"RFC 2104: an empty key and message", "", "",
                           "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"}));

TEST(Sha256Test, TakesExactlyThirtyTwoBytes) {
  EXPECT_FALSE(Sha256::from_bytes(std::string(31, 'x')));
  EXPECT_FALSE(Sha256::from_bytes(std::string(33, 'x')));
  EXPECT_EQ(Sha256::from_bytes(sha256("a").view()), sha256("a"));
}

TEST(Sha256Test, ComparesEveryByte) {
  const Sha256 digest = sha256("a");
  EXPECT_TRUE(equal_in_constant_time(digest, sha256("a")));
  for (std::size_t i = 0; i < digest.bytes.size(); ++i) {
    Sha256 other = digest;
    other.bytes[i] = static_cast<char>(other.bytes[i] ^ 1);
    EXPECT_FALSE(equal_in_constant_time(digest, other)) << i;
  }
}

TEST(Sha256Test, IsTheSameOnEveryThread) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int round = 0; round < 500; ++round) {
        ASSERT_EQ(hex_encode(sha256("abc").view()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
      }
    });
  }
}

}  // namespace
}  // namespace chatelaine::crypto
