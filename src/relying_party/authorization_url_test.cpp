#include "relying_party/authorization_url.hpp"

#include <gtest/gtest.h>

namespace chatelaine::relying_party {
namespace {

struct Row {
  const char* sentence;
  AuthorizationRequest request;
  std::string url;
};

AuthorizationRequest request_for(std::string client_url, std::string scope) {
  return {std::move(client_url), oauth::ClientId("the-client"),
          std::move(scope),      oauth::RedirectUri("https://chat.openai.com/aip/plugin-1/oauth/callback"),
          std::nullopt,          std::nullopt};
}

AuthorizationRequest with_state(AuthorizationRequest request, std::string state) {
  request.state = oauth::State(std::move(state));
  return request;
}

AuthorizationRequest with_challenge(AuthorizationRequest request, std::string challenge) {
  request.code_challenge = oauth::CodeChallenge{std::move(challenge)};
  return request;
}

TEST(AuthorizationUrl, FollowsThePluginDocument) {
  const std::string callback = "&redirect_uri=https%3A%2F%2Fchat.openai.com%2Faip%2Fplugin-1%2Foauth%2Fcallback";
  const std::vector<Row> rows{
      {"the document's pattern, its empty scope sent", request_for("https://example.com/authorize", ""),
       "https://example.com/authorize?response_type=code&client_id=the-client&scope=" + callback},
      {"a blank in the scope is %20", request_for("https://example.com/authorize", "read write"),
       "https://example.com/authorize?response_type=code&client_id=the-client&scope=read%20write" + callback},
      {"a scope with commas stays one word", request_for("https://example.com/authorize", "read,write"),
       "https://example.com/authorize?response_type=code&client_id=the-client&scope=read%2Cwrite" + callback},
      {"a query of client_url stays in front", request_for("https://example.com/a?tenant=1", ""),
       "https://example.com/a?tenant=1&response_type=code&client_id=the-client&scope=" + callback},
      {"an empty query of client_url gets no second mark", request_for("https://example.com/a?", ""),
       "https://example.com/a?response_type=code&client_id=the-client&scope=" + callback},
      {"a client_url without path or with a slash at its end is kept", request_for("https://example.com", ""),
       "https://example.com?response_type=code&client_id=the-client&scope=" + callback},
      {"state comes after the document's four", with_state(request_for("https://e.com/a", ""), "a b&c=d+e/f"),
       "https://e.com/a?response_type=code&client_id=the-client&scope=" + callback + "&state=a%20b%26c%3Dd%2Be%2Ff"},
      {"RFC 7636 §4.3: challenge and method come last",
       with_challenge(with_state(request_for("https://e.com/a", ""), "s"), "abc"),
       "https://e.com/a?response_type=code&client_id=the-client&scope=" + callback +
           "&state=s&code_challenge=abc&code_challenge_method=S256"},
  };
  for (const Row& row : rows) EXPECT_EQ(make_authorization_url(row.request), row.url) << row.sentence;
}

}  // namespace
}  // namespace chatelaine::relying_party
