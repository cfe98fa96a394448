#include "oauth/openid/authentication_request.hpp"

#include <gtest/gtest.h>

namespace chatelaine::oauth {
namespace {

AuthenticationRequest parsed(const std::vector<Form::Field>& fields, std::optional<seconds> default_max_age = {}) {
  const auto request = parse_authentication_request(Form(fields), default_max_age);
  EXPECT_TRUE(request) << (request ? "" : request.error().description);
  return request.value_or(AuthenticationRequest{});
}

TEST(AuthenticationRequest, AbsentAndEmptyParametersAskForNothing) {
  for (const auto& request :
       {parsed({}),
        parsed({{"nonce", ""}, {"prompt", ""}, {"max_age", ""}, {"login_hint", ""}, {"id_token_hint", ""}})}) {
    EXPECT_EQ(request.nonce, "");
    EXPECT_TRUE(request.prompts.empty());
    EXPECT_FALSE(request.max_age);
    EXPECT_EQ(request.login_hint, "");
    EXPECT_EQ(request.id_token_hint, "");
  }
}

/// OpenID Connect Core §3.1.2.1: prompt is a space-delimited, case-sensitive list.
TEST(AuthenticationRequest, PromptIsAListOfWords) {
  const auto request = parsed({{"prompt", "login  consent login"}});
  EXPECT_EQ(request.prompts, (std::vector{Prompt::login, Prompt::consent}));
  EXPECT_TRUE(request.asks_for(Prompt::login));
  EXPECT_FALSE(request.asks_for(Prompt::none));
  EXPECT_EQ(parsed({{"prompt", "select_account"}}).prompts, std::vector{Prompt::select_account});
  EXPECT_EQ(parsed({{"prompt", "none"}}).prompts, std::vector{Prompt::none});
}

/// OpenID Connect Dynamic Client Registration §2: default_max_age is overridden by max_age.
TEST(AuthenticationRequest, MaxAgeIsTheRequestsElseTheClients) {
  EXPECT_EQ(parsed({{"max_age", "0"}}).max_age, seconds(0));
  EXPECT_EQ(parsed({{"max_age", "86400"}}).max_age, seconds(86'400));
  EXPECT_EQ(parsed({{"max_age", "60"}}, seconds(3600)).max_age, seconds(60));
  EXPECT_EQ(parsed({}, seconds(3600)).max_age, seconds(3600));
  EXPECT_GT(parsed({{"max_age", "99999999999999999999999"}}).max_age, seconds(3'000'000'000));
}

TEST(AuthenticationRequest, ANonceIsKeptAsItCame) {
  EXPECT_EQ(parsed({{"nonce", "n-0S6_WzA2Mj \"ü\""}}).nonce, "n-0S6_WzA2Mj \"ü\"");
  EXPECT_EQ(parsed({{"nonce", std::string(kLongestNonce, 'n')}}).nonce.size(), kLongestNonce);
}

struct WrongRow {
  const char* sentence;
  Form::Field field;
  ErrorCode code;
  const char* told;
};

TEST(AuthenticationRequest, WrongOnesAreNamed) {
  const WrongRow rows[] = {
      {"OpenID Connect Core §3.1.2.1: none stands alone",
       {"prompt", "none login"},
       ErrorCode::invalid_request,
       "prompt=none cannot stand beside another prompt."},
      {"an unknown prompt",
       {"prompt", "create"},
       ErrorCode::invalid_request,
       "The prompt 'create' is not supported: send none, login, consent or select_account."},
      {"prompt is case-sensitive",
       {"prompt", "Login"},
       ErrorCode::invalid_request,
       "The prompt 'Login' is not supported: send none, login, consent or select_account."},
      {"a negative max_age",
       {"max_age", "-1"},
       ErrorCode::invalid_request,
       "max_age must be a number of seconds, 0 or more, in decimal digits."},
      {"a max_age with a unit",
       {"max_age", "60s"},
       ErrorCode::invalid_request,
       "max_age must be a number of seconds, 0 or more, in decimal digits."},
      {"a max_age with a blank",
       {"max_age", " 60"},
       ErrorCode::invalid_request,
       "max_age must be a number of seconds, 0 or more, in decimal digits."},
      {"a nonce that is too long",
       {"nonce", std::string(kLongestNonce + 1, 'n')},
       ErrorCode::invalid_request,
       "The nonce is too long: send at most 512 bytes."},
      {"a nonce that JSON cannot hold",
       {"nonce", "\xff"},
       ErrorCode::invalid_request,
       "The nonce is not UTF-8: send letters and digits."},
      {"a login_hint that is too long",
       {"login_hint", std::string(kLongestLoginHint + 1, 'a')},
       ErrorCode::invalid_request,
       "The login_hint is too long: send an e-mail address."},
      {"OpenID Connect Core §7.2.1: a self-described client",
       {"registration", "{}"},
       ErrorCode::registration_not_supported,
       "The parameter registration is not supported: register the client."},
  };
  for (const auto& row : rows) {
    const auto request = parse_authentication_request(Form(std::vector{row.field}), std::nullopt);
    ASSERT_FALSE(request) << row.sentence;
    EXPECT_EQ(request.error().code, row.code) << row.sentence;
    EXPECT_EQ(request.error().description, row.told) << row.sentence;
  }
}

}  // namespace
}  // namespace chatelaine::oauth
