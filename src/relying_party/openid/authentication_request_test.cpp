#include "relying_party/openid/authentication_request.hpp"

#include <gtest/gtest.h>

namespace chatelaine::relying_party {
namespace {

AuthenticationRequest request() {
  return {.authorization = {.client_url = "https://id.example/authorize?realm=a",
                            .client_id = oauth::ClientId("chatelaine"),
                            .scope = "openid email",
                            .redirect_uri = oauth::RedirectUri("https://api.example/sign-in/contoso/callback"),
                            .state = oauth::State("s"),
                            .code_challenge = oauth::CodeChallenge{"c"}},
          .nonce = "n",
          .prompt = "",
          .login_hint = "",
          .max_age = std::nullopt};
}

// OpenID Connect Core §3.1.2.1.
TEST(AuthenticationRequest, AddsANonceAlways) {
  EXPECT_EQ(make_authentication_url(request()),
            "https://id.example/authorize?realm=a&response_type=code&client_id=chatelaine&scope=openid%20email"
            "&redirect_uri=https%3A%2F%2Fapi.example%2Fsign-in%2Fcontoso%2Fcallback&state=s&code_challenge=c"
            "&code_challenge_method=S256&nonce=n");
}

TEST(AuthenticationRequest, AddsWhatIsAskedForBeside) {
  AuthenticationRequest more = request();
  more.prompt = "login";
  more.login_hint = "ada@example.com";
  more.max_age = seconds(0);
  EXPECT_TRUE(make_authentication_url(more).ends_with("&nonce=n&prompt=login&login_hint=ada%40example.com&max_age=0"));
}

}  // namespace
}  // namespace chatelaine::relying_party
