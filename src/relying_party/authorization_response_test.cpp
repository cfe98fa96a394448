#include "relying_party/authorization_response.hpp"

#include <gtest/gtest.h>

namespace chatelaine::relying_party {
namespace {

using Kind = AuthorizationFailure::Kind;

struct Row {
  const char* sentence;
  const char* query;
  ExpectedIssuer expected;
  /// Nothing: the code "c" is taken.
  std::optional<Kind> failure;
};

TEST(AuthorizationResponse, IsJudgedAfterItsState) {
  const ExpectedIssuer kUnknown{};
  const ExpectedIssuer kKnown{"https://a.example", IssuerParameter::not_promised};
  const ExpectedIssuer kPromised{"https://a.example", IssuerParameter::promised};
  const Row rows[] = {
      {"RFC 6749 §4.1.2: a code", "code=c", kUnknown, std::nullopt},
      {"RFC 9207 §2.4: the issuer that was promised", "code=c&iss=https%3A%2F%2Fa.example", kPromised, std::nullopt},
      {"RFC 9207 §2.4: another issuer", "code=c&iss=https%3A%2F%2Fb.example", kPromised, Kind::wrong_issuer},
      {"RFC 9207 §2.4: compared byte for byte, without normalisation", "code=c&iss=https%3A%2F%2Fa.example%2F",
       kPromised, Kind::wrong_issuer},
      {"RFC 9207 §2.4: letters in another case are another issuer", "code=c&iss=https%3A%2F%2FA.example", kPromised,
       Kind::wrong_issuer},
      {"RFC 9207 §2.4: a promised iss that is missing", "code=c", kPromised, Kind::wrong_issuer},
      {"RFC 9207 §2: an error needs its iss too", "error=access_denied", kPromised, Kind::wrong_issuer},
      {"RFC 9207 §2.4: an iss that nobody promised is compared where the issuer is known",
       "code=c&iss=https%3A%2F%2Fb.example", kKnown, Kind::wrong_issuer},
      {"RFC 9207 §2.4: and taken where it is the right one", "code=c&iss=https%3A%2F%2Fa.example", kKnown,
       std::nullopt},
      {"RFC 9207 §2.4: an iss that nobody promised may be missing", "code=c", kKnown, std::nullopt},
      {"RFC 9207 §2.4: an error with another's iss, though none was promised",
       "error=access_denied&iss=https%3A%2F%2Fb.example", kKnown, Kind::wrong_issuer},
      {"an iss says nothing where no issuer is known", "code=c&iss=x", kUnknown, std::nullopt},
      {"RFC 6749 §4.1.2.1: access_denied", "error=access_denied", kUnknown, Kind::denied},
      {"RFC 6749 §4.1.2.1: another error", "error=server_error&error_description=later", kUnknown,
       Kind::provider_error},
      {"an error beside a code is an error", "code=c&error=invalid_scope", kUnknown, Kind::provider_error},
      {"neither code nor error", "", kUnknown, Kind::malformed},
      {"an empty code", "code=", kUnknown, Kind::malformed},
      {"RFC 6749 appendix A.11: a code with a line break", "code=c%0A", kUnknown, Kind::malformed},
  };
  for (const Row& row : rows) {
    const auto code = judge_authorization_response(*parse_form(row.query), row.expected);
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
  const auto code = judge_authorization_response(response, {});
  ASSERT_FALSE(code);
  EXPECT_LT(code.error().message.size(), 500U);
  EXPECT_EQ(code.error().message.find_first_of("\r\n"), std::string::npos);
}

}  // namespace
}  // namespace chatelaine::relying_party
