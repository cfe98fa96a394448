#include "oauth/grants/device_authorization.hpp"

#include <gtest/gtest.h>

#include <map>

#include "oauth/facts_for_tests.hpp"

namespace chatelaine::oauth {
namespace {

/// Gives the bytes of a script, and goes round.
class ScriptedRandomness final : public Randomness {
 public:
  explicit ScriptedRandomness(std::string script) : script_(std::move(script)) {}
  void fill(std::span<std::byte> bytes) override {
    for (auto& byte : bytes) byte = static_cast<std::byte>(script_[next_++ % script_.size()]);
  }

 private:
  std::string script_;
  std::size_t next_ = 0;
};

/// RFC 8628 §6.1.
TEST(UserCodeTest, Rfc8628Section61EightLettersOfTwenty) {
  ScriptedRandomness randomness(std::string("\0\1\2\3\4\x13\x14\x15", 8));
  const UserCode code = make_user_code(randomness);
  EXPECT_EQ(code.reveal(), "BCDFGZBC");
  EXPECT_EQ(format_user_code(code), "BCDF-GZBC");
}

TEST(UserCodeTest, EveryLetterIsEquallyLikely) {
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  ScriptedRandomness randomness(every_byte);
  std::map<char, int> counts;
  // 240 of 256 bytes become letters, so that 30 codes go round once.
  for (int i = 0; i < 30; ++i) {
    const UserCode code = make_user_code(randomness);
    for (const char letter : code.reveal()) ++counts[letter];
  }
  EXPECT_EQ(counts.size(), 20U);
  for (const auto& [letter, count] : counts) EXPECT_EQ(count, 12) << letter;
}

struct TypedRow {
  std::string_view sentence;
  std::string_view typed;
  std::optional<std::string_view> letters;
};
class TypedUserCodes : public testing::TestWithParam<TypedRow> {};
TEST_P(TypedUserCodes, AreRead) {
  const auto code = parse_user_code(GetParam().typed);
  ASSERT_EQ(code.has_value(), GetParam().letters.has_value()) << GetParam().sentence;
  if (code) {
    EXPECT_EQ(code->reveal(), *GetParam().letters) << GetParam().sentence;
  }
}
INSTANTIATE_TEST_SUITE_P(
    Rfc8628Section61, TypedUserCodes,
    testing::Values(
        TypedRow{"as it is shown", "WDJB-MJHT", "WDJBMJHT"}, TypedRow{"without dash", "WDJBMJHT", "WDJBMJHT"},
        TypedRow{"in small letters", "wdjb-mjht", "WDJBMJHT"},
        TypedRow{"with blanks", "  W D J B\tM J H T\r\n", "WDJBMJHT"},
        TypedRow{"with the dash that a telephone makes", "WDJB–MJHT", "WDJBMJHT"},
        TypedRow{"with punctuation", "(wdjb).mjht!", "WDJBMJHT"}, TypedRow{"nothing", "", {}},
        TypedRow{"punctuation alone", "----", {}}, TypedRow{"seven letters", "WDJB-MJH", {}},
        TypedRow{"nine letters", "WDJB-MJHTB", {}}, TypedRow{"a vowel", "WDJB-MJHA", {}},
        TypedRow{"a vowel too many", "WDJB-MJHT-A", {}}, TypedRow{"a Y", "WDJB-MJHY", {}},
        TypedRow{"a digit", "WDJB-MJH7", {}}, TypedRow{"letters of another script", "ШДЖБ-МЙХТ", {}},
        TypedRow{"a NUL within counts as punctuation", std::string_view("WDJB\0MJHT", 9), "WDJBMJHT"},
        TypedRow{"more than 64 bytes", "WDJB-MJHT-------------------------------------------------------------", {}}));

TEST(UserCodeTest, ItsHashIsThatOfTheLetters) {
  EXPECT_EQ(hash_user_code(*parse_user_code("wdjb mjht")), crypto::sha256("WDJBMJHT"));
}

struct AskedRow {
  std::string_view sentence;
  std::vector<Change> request;
  /// The scope, or the error.
  std::string outcome;
  Flows flows = {};
};
class DeviceRequests : public testing::TestWithParam<AskedRow> {};
TEST_P(DeviceRequests, AreChecked) {
  const auto request = check_device_authorization_request(changed(Form(), GetParam().request), public_client(),
                                                          one_resource(), GetParam().flows);
  EXPECT_EQ(request ? request->scope.to_string() : std::string(to_string(request.error().code)), GetParam().outcome)
      << GetParam().sentence;
  if (request) {
    EXPECT_EQ(request->resources, std::vector{kApi});
  }
}
INSTANTIATE_TEST_SUITE_P(
    Rfc8628Section31, DeviceRequests,
    testing::Values(AskedRow{"without scope: the client's own", {}, "todo.read todo.write"},
                    AskedRow{"a parameter without value counts as omitted", {{"scope", ""}}, "todo.read todo.write"},
                    AskedRow{"a narrower scope", {{"scope", "todo.read"}}, "todo.read"},
                    AskedRow{"what is not known is ignored", {{"prompt", "login"}}, "todo.read todo.write"},
                    AskedRow{"a foreign scope", {{"scope", "todo.read admin"}}, "invalid_scope"},
                    AskedRow{"OpenID Connect Core §11: who the person is, for those who ask",
                             {{"scope", "openid todo.read"}},
                             "openid todo.read"},
                    AskedRow{"the same where OpenID Connect is off",
                             {{"scope", "openid todo.read"}},
                             "invalid_scope",
                             {.openid = false}},
                    AskedRow{"our resource", {{"resource", "https://api.example/"}}, "todo.read todo.write"},
                    AskedRow{"RFC 8707 §2: another resource", {{"resource", "https://b.example"}}, "invalid_target"}));

/// RFC 8628 §3.1.
TEST(DeviceRequestTest, OnlyOfAClientThatMayUseTheGrant) {
  Client client = public_client();
  std::erase(client.grant_types, GrantType::device_code);
  const auto request = check_device_authorization_request(Form(), client, one_resource(), Flows{});
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().code, ErrorCode::unauthorized_client);
  EXPECT_EQ(request.error().description,
            "This client is not registered for the grant type device_code: chatelaine client update ID --grant with "
            "every grant type it shall have, device_code among them.");
}

/// RFC 8628 §3.2.
TEST(DeviceResponseTest, Rfc8628Section32) {
  const DeviceAuthorizationResponse response{.device_code = DeviceCodeSecret("ctl_dc_x"),
                                             .user_code = UserCode("WDJBMJHT"),
                                             .verification_uri = "https://api.example/device",
                                             .expires_in = seconds(600)};
  EXPECT_EQ(to_json(response),
            R"({"device_code":"ctl_dc_x","user_code":"WDJB-MJHT","verification_uri":"https://api.example/device",)"
            R"("verification_uri_complete":"https://api.example/device?user_code=WDJB-MJHT","expires_in":600,)"
            R"("interval":5})");
}

}  // namespace
}  // namespace chatelaine::oauth
