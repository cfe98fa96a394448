#include "crypto/sealing.hpp"

#include <gtest/gtest.h>

#include <set>

namespace chatelaine::crypto {
namespace {

class Sealing : public testing::Test {
 protected:
  static std::vector<MasterKey> keys(const std::string& letters) {
    std::vector<MasterKey> made;
    for (const char letter : letters) made.emplace_back(std::string(32, letter));
    return made;
  }
  SystemRandomness randomness_;
  Sealer sealer_{keys("a"), randomness_};
};

TEST_F(Sealing, OpensWhatItSealed) {
  for (const std::string& plaintext : {std::string(), std::string("secret"), std::string(100'000, '\0')}) {
    const auto opened = sealer_.open(sealer_.seal(plaintext, "plugins/secret/1/owner"), "plugins/secret/1/owner");
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->reveal(), plaintext);
  }
}

TEST_F(Sealing, HasTheDocumentedShape) {
  EXPECT_EQ(sealer_.seal("secret", "x").size(), 4U + 24U + 6U + 16U);
  EXPECT_EQ(sealer_.seal("secret", "x").find("secret"), std::string::npos);
}

TEST_F(Sealing, AMovedValueDoesNotOpen) {
  EXPECT_FALSE(sealer_.open(sealer_.seal("secret", "plugins/secret/1/anna"), "plugins/secret/1/bert"));
  EXPECT_FALSE(sealer_.open(sealer_.seal("secret", "x"), ""));
}

TEST_F(Sealing, AnAlteredValueDoesNotOpen) {
  const std::string sealed = sealer_.seal("secret", "x");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string altered = sealed;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(sealer_.open(altered, "x")) << i;
    EXPECT_FALSE(sealer_.open(sealed.substr(0, i), "x")) << i;
  }
}

TEST_F(Sealing, EverySealHasItsOwnNonce) {
  std::set<std::string> nonces;
  for (int i = 0; i < 1000; ++i) nonces.insert(sealer_.seal("same", "x").substr(4, 24));
  EXPECT_EQ(nonces.size(), 1000U);
}

TEST_F(Sealing, AnOlderKeyStillOpensAndTheFirstSeals) {
  const std::string old = sealer_.seal("secret", "x");
  const Sealer rotated(keys("ba"), randomness_);
  ASSERT_TRUE(rotated.open(old, "x"));
  EXPECT_EQ(rotated.open(old, "x")->reveal(), "secret");
  EXPECT_FALSE(sealer_.open(rotated.seal("secret", "x"), "x"));
}

TEST_F(Sealing, SubkeysDifferByPurposeAndKeyAndStay) {
  EXPECT_EQ(sealer_.derive("csrf").reveal(), sealer_.derive("csrf").reveal());
  EXPECT_NE(sealer_.derive("csrf").reveal(), sealer_.derive("cookies").reveal());
  EXPECT_NE(sealer_.derive("csrf").reveal(), Sealer(keys("b"), randomness_).derive("csrf").reveal());
  EXPECT_EQ(sealer_.derive("csrf").reveal().size(), 32U);
}

TEST_F(Sealing, RefusesNoKeyOrAShortOne) {
  EXPECT_THROW(Sealer({}, randomness_), std::invalid_argument);
  std::vector<MasterKey> shorter;
  shorter.emplace_back("short");
  EXPECT_THROW(Sealer(std::move(shorter), randomness_), std::invalid_argument);
}

TEST(MasterKeyTest, ReadsBackFromItsText) {
  SystemRandomness randomness;
  const MasterKey key = generate_master_key(randomness);
  const std::string text(format_master_key(key).reveal());
  EXPECT_TRUE(text.starts_with("ctl_mk_"));
  const auto again = parse_master_key("\n " + text + "\r\n");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->reveal(), key.reveal());
}

TEST(MasterKeyTest, RefusesWhatIsNone) {
  const std::string good(format_master_key(MasterKey(std::string(32, 'k'))).reveal());
  for (const std::string& bad : {std::string(), std::string("\n"), std::string("ctl_mk_"), good.substr(7), good + "A",
                                 good.substr(0, good.size() - 1), good + " x", "ctl_cs_" + good.substr(7)}) {
    EXPECT_FALSE(parse_master_key(bad)) << bad;
  }
}

}  // namespace
}  // namespace chatelaine::crypto
