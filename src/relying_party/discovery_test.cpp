#include "relying_party/discovery.hpp"

#include <gtest/gtest.h>

namespace chatelaine::relying_party {
namespace {

KnownEndpoints known(std::string_view client_url = "https://auth.example/authorize?tenant=1") {
  return {*parse_http_url(client_url), *parse_http_url("https://tokens.example/token")};
}

struct Row {
  const char* sentence;
  const char* document;
  bool is_believed;
};

TEST(Metadata, IsBelievedOnlyWhereItSpeaksOfTheEndpointsThatWeKnow) {
  const Row rows[] = {
      {"issuer on the authorization endpoint's origin, both endpoints the same",
       R"({"issuer":"https://auth.example","authorization_endpoint":"https://auth.example/authorize","token_endpoint":"https://tokens.example/token"})",
       true},
      {"an issuer with a path",
       R"({"issuer":"https://auth.example/tenant","authorization_endpoint":"https://auth.example/authorize","token_endpoint":"https://tokens.example/token"})",
       true},
      {"another authorization endpoint",
       R"({"issuer":"https://auth.example","authorization_endpoint":"https://auth.example/other","token_endpoint":"https://tokens.example/token"})",
       false},
      {"another token endpoint",
       R"({"issuer":"https://auth.example","authorization_endpoint":"https://auth.example/authorize","token_endpoint":"https://evil.example/token"})",
       false},
      {"an issuer elsewhere",
       R"({"issuer":"https://evil.example","authorization_endpoint":"https://auth.example/authorize","token_endpoint":"https://tokens.example/token"})",
       false},
      {"an issuer that only begins alike",
       R"({"issuer":"https://auth.example.evil.example","authorization_endpoint":"https://auth.example/authorize","token_endpoint":"https://tokens.example/token"})",
       false},
      {"RFC 8414 §2: an issuer has no query",
       R"({"issuer":"https://auth.example?x","authorization_endpoint":"https://auth.example/authorize","token_endpoint":"https://tokens.example/token"})",
       false},
      {"no issuer",
       R"({"authorization_endpoint":"https://auth.example/authorize","token_endpoint":"https://tokens.example/token"})",
       false},
      {"no endpoints", R"({"issuer":"https://auth.example"})", false},
      {"an HTML page", "<html>", false},
      {"an array", "[]", false},
      {"wrong types", R"({"issuer":1,"authorization_endpoint":[],"token_endpoint":null})", false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(judge_metadata(row.document, known()).has_value(), row.is_believed) << row.sentence;
  }
}

std::string document_with(std::string_view members) {
  return R"({"issuer":"https://auth.example","authorization_endpoint":"https://auth.example/authorize",)"
         R"("token_endpoint":"https://tokens.example/token")" +
         std::string(members) + "}";
}

TEST(Metadata, SaysWhatTheProviderCanDo) {
  const auto plain = judge_metadata(document_with(""), known());
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->code_challenge, CodeChallengeSupport::none);
  EXPECT_EQ(plain->issuer_parameter, IssuerParameter::not_promised);
  EXPECT_EQ(plain->revocation_endpoint, "");

  const auto full = judge_metadata(document_with(R"(,"code_challenge_methods_supported":["plain","S256"],)"
                                                 R"("authorization_response_iss_parameter_supported":true,)"
                                                 R"("revocation_endpoint":"https://tokens.example/revoke")"),
                                   known());
  ASSERT_TRUE(full);
  EXPECT_EQ(full->code_challenge, CodeChallengeSupport::s256);
  EXPECT_EQ(full->issuer_parameter, IssuerParameter::promised);
  EXPECT_EQ(full->revocation_endpoint, "https://tokens.example/revoke");

  const auto odd = judge_metadata(document_with(R"(,"code_challenge_methods_supported":"S256",)"
                                                R"("authorization_response_iss_parameter_supported":"true",)"
                                                R"("revocation_endpoint":"https://evil.example/revoke")"),
                                  known());
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->code_challenge, CodeChallengeSupport::none) << "a string is no list of methods";
  EXPECT_EQ(odd->issuer_parameter, IssuerParameter::not_promised) << "a string is no promise";
  EXPECT_EQ(odd->revocation_endpoint, "") << "tokens are not sent to an origin that the manifest does not name";
}

}  // namespace
}  // namespace chatelaine::relying_party
