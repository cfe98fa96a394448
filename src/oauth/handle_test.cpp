#include "oauth/handle.hpp"

#include <gtest/gtest.h>

#include <array>

#include "base/base64url.hpp"
#include "base/bytes.hpp"
#include "oauth/tokens/refresh_token.hpp"

namespace chatelaine::oauth {
namespace {

/// RFC 6749 §10.3, §10.10, RFC 9126 §7.1, RFC 8628 §5.2: 24 bytes of secret, fresh each time.
TEST(HandleTest, ReadsBackFromItsText) {
  SystemRandomness randomness;
  const Handle handle = make_handle(0x0123456789abcdef, randomness);
  const std::string text = format_handle(prefix::kAccessToken, handle);
  EXPECT_EQ(text.size(), 7U + 48U);
  EXPECT_TRUE(text.starts_with("ctl_at_"));
  const auto again = parse_handle(prefix::kAccessToken, text);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id, handle.id);
  EXPECT_EQ(again->secret.reveal(), handle.secret.reveal());
  EXPECT_EQ(again->hash(), crypto::sha256(handle.secret.reveal()));
  EXPECT_NE(make_handle(1, randomness).secret.reveal(), handle.secret.reveal());
}

TEST(HandleTest, EveryTypingErrorFailsBeforeStorageIsAsked) {
  SystemRandomness randomness;
  const std::string text = format_handle(prefix::kAuthorizationCode, make_handle(7, randomness));
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string altered = text;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(parse_handle(prefix::kAuthorizationCode, altered)) << i;
    EXPECT_FALSE(parse_handle(prefix::kAuthorizationCode, text.substr(0, i))) << i;
  }
  EXPECT_FALSE(parse_handle(prefix::kAuthorizationCode, text + 'A'));
  EXPECT_FALSE(parse_handle(prefix::kAuthorizationCode, ' ' + text));
}

TEST(HandleTest, OneKindIsNotTakenForAnother) {
  SystemRandomness randomness;
  constexpr std::array kPrefixes{prefix::kAuthorizationCode,
                                 prefix::kAccessToken,
                                 prefix::kRefreshToken,
                                 prefix::kClientSecret,
                                 prefix::kPushedAuthorizationRequest,
                                 prefix::kInitialAccessToken,
                                 prefix::kRegistrationAccessToken,
                                 prefix::kDeviceCode};
  for (const std::string_view given : kPrefixes) {
    const std::string text = format_handle(given, make_handle(7, randomness));
    for (const std::string_view asked : kPrefixes) {
      EXPECT_EQ(parse_handle(asked, text).has_value(), asked == given) << given << asked;
      EXPECT_EQ(parse_handle(asked, std::string(asked) + text.substr(7)).has_value(), asked == given)
          << given << asked << ": the checksum covers the prefix";
    }
  }
}

TEST(HandleTest, RefusesAWrongShapeUnderARightChecksum) {
  EXPECT_FALSE(parse_handle(prefix::kAccessToken, format_checked(prefix::kAccessToken, "short")));
  EXPECT_FALSE(parse_handle(prefix::kAccessToken, format_checked(prefix::kAccessToken, std::string(33, 'x'))));
  EXPECT_FALSE(parse_handle(prefix::kAccessToken, format_checked(prefix::kAccessToken, std::string(32, '\xff'))))
      << "ids are positive";
  EXPECT_FALSE(parse_checked(prefix::kAccessToken, "ctl_at_"));
  EXPECT_FALSE(parse_checked(prefix::kAccessToken, "ctl_at_AAA"));
  EXPECT_FALSE(parse_checked(prefix::kAccessToken, format_checked(prefix::kAccessToken, std::string(10'000, 'x'))));
}

TEST(HandleTest, TheChecksumIsTheUsualCrc32) {
  // CRC-32 of "123456789" is 0xcbf43926.
  EXPECT_EQ(format_checked("1234", "56789"), "1234" + base64url_encode("56789" + big_endian(0xcbf43926, 4)));
}

class RefreshTokens : public testing::Test {
 protected:
  RefreshTokenKey key_{1, Secret<struct RefreshTokenKeyTag>(std::string(32, 'k'))};
  RefreshTokenKey other_key_{1, Secret<struct RefreshTokenKeyTag>(std::string(32, 'o'))};
  std::string salt_ = std::string(16, 's');
  Grant grant_{.id = GrantId{42}, .salt = salt_};
  RefreshTokenSecret text_ = make_refresh_token(GrantId{42}, salt_, 3, key_);
};

TEST_F(RefreshTokens, ReadBackAndVerify) {
  const auto token = parse_refresh_token(text_.reveal());
  ASSERT_TRUE(token);
  EXPECT_TRUE(text_.reveal().starts_with("ctl_rt_"));
  EXPECT_EQ(token->key_id, 1U);
  EXPECT_EQ(token->grant_id, GrantId{42});
  EXPECT_EQ(token->generation, 3U);
  EXPECT_TRUE(is_outer_tag_valid(*token, key_));
  EXPECT_TRUE(is_mac_valid(*token, grant_, key_));
}

TEST_F(RefreshTokens, AreTheSameTextForTheSameGeneration) {
  EXPECT_EQ(make_refresh_token(GrantId{42}, salt_, 3, key_).reveal(), text_.reveal());
  EXPECT_NE(make_refresh_token(GrantId{42}, salt_, 4, key_).reveal(), text_.reveal());
}

TEST_F(RefreshTokens, AreNotForgedWithALeakedDatabaseOrALeakedKeyAlone) {
  // Who knows the salt but not the key:
  const auto without_key = parse_refresh_token(make_refresh_token(GrantId{42}, salt_, 4, other_key_).reveal());
  EXPECT_FALSE(is_outer_tag_valid(*without_key, key_));
  EXPECT_FALSE(is_mac_valid(*without_key, grant_, key_));
  // Who knows the key but not the salt:
  const auto without_salt =
      parse_refresh_token(make_refresh_token(GrantId{42}, std::string(16, 'x'), 4, key_).reveal());
  EXPECT_TRUE(is_outer_tag_valid(*without_salt, key_));
  EXPECT_FALSE(is_mac_valid(*without_salt, grant_, key_));
}

TEST_F(RefreshTokens, DoNotTakeAnotherGrantGenerationOrKeyId) {
  auto token = *parse_refresh_token(text_.reveal());
  EXPECT_FALSE(is_mac_valid(token, Grant{.id = GrantId{43}, .salt = salt_}, key_));
  token.generation = 4;
  EXPECT_FALSE(is_outer_tag_valid(token, key_));
  EXPECT_FALSE(is_mac_valid(token, grant_, key_));
  token.generation = 3;
  const RefreshTokenKey renamed{2, Secret<struct RefreshTokenKeyTag>(std::string(32, 'k'))};
  EXPECT_FALSE(is_outer_tag_valid(token, renamed));
  EXPECT_FALSE(is_mac_valid(token, grant_, renamed));
}

TEST_F(RefreshTokens, RefuseAnotherShape) {
  EXPECT_FALSE(parse_refresh_token(""));
  EXPECT_FALSE(parse_refresh_token(format_checked(prefix::kRefreshToken, std::string(63, 'x'))));
  EXPECT_FALSE(parse_refresh_token(format_checked(prefix::kAccessToken, std::string(64, 'x'))));
  std::string altered(text_.reveal());
  altered[20] = altered[20] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(parse_refresh_token(altered));
}

}  // namespace
}  // namespace chatelaine::oauth
