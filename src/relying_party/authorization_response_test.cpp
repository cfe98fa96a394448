#include "relying_party/authorization_response.hpp"

#include <gtest/gtest.h>

namespace chatelaine::relying_party {
namespace {

using Kind = AuthorizationFailure::Kind;

struct Row {
  const char* sentence;
  const char* query;
  const char* expected_issuer;
  /// Nothing: the code "c" is taken.
  std::optional<Kind> failure;
};

TEST(AuthorizationResponse, IsJudgedAfterItsState) {
  const Row rows[] = {
      {"RFC 6749 §4.1.2: a code", "code=c", "", std::nullopt},
      {"RFC 9207 §2.4: the issuer that was promised", "code=c&iss=https%3A%2F%2Fa.example", "https://a.example",
       std::nullopt},
      {"RFC 9207 §2.4: another issuer", "code=c&iss=https%3A%2F%2Fb.example", "https://a.example", Kind::wrong_issuer},
      {"RFC 9207 §2.4: compared byte for byte, without normalisation", "code=c&iss=https%3A%2F%2Fa.example%2F",
       "https://a.example", Kind::wrong_issuer},
      {"RFC 9207 §2.4: letters in another case are another issuer", "code=c&iss=https%3A%2F%2FA.example",
       "https://a.example", Kind::wrong_issuer},
      {"RFC 9207 §2.4: a promised iss that is missing", "code=c", "https://a.example", Kind::wrong_issuer},
      {"RFC 9207 §2: an error needs its iss too", "error=access_denied", "https://a.example", Kind::wrong_issuer},
      {"an iss that nobody promised says nothing", "code=c&iss=x", "", std::nullopt},
      {"RFC 6749 §4.1.2.1: access_denied", "error=access_denied", "", Kind::denied},
      {"RFC 6749 §4.1.2.1: another error", "error=server_error&error_description=later", "", Kind::provider_error},
      {"an error beside a code is an error", "code=c&error=invalid_scope", "", Kind::provider_error},
      {"neither code nor error", "", "", Kind::malformed},
      {"an empty code", "code=", "", Kind::malformed},
      {"RFC 6749 appendix A.11: a code with a line break", "code=c%0A", "", Kind::malformed},
  };
  for (const Row& row : rows) {
    const auto code = judge_authorization_response(*parse_form(row.query), row.expected_issuer);
    EXPECT_EQ(code.has_value(), !row.failure.has_value()) << row.sentence;
    if (code) {
      EXPECT_EQ(code->reveal(), "c") << row.sentence;
    }
    if (!code && row.failure) {
      EXPECT_EQ(code.error().kind, *row.failure) << row.sentence;
    }
  }
}

TEST(AuthorizationResponse, QuotesAProviderAsCappedText) {
  Form response;
  response.add("error", "odd\r\nSet-Cookie: a=b");
  response.add("error_description", "<script>" + std::string(3000, 'y'));
  const auto code = judge_authorization_response(response, "");
  ASSERT_FALSE(code);
  EXPECT_LT(code.error().message.size(), 500U);
  EXPECT_EQ(code.error().message.find_first_of("\r\n"), std::string::npos);
}

}  // namespace
}  // namespace chatelaine::relying_party
