#include "oauth/assistants/assistant_client.hpp"

#include <gtest/gtest.h>

#include "oauth/assistants/profile_for_test.hpp"

namespace chatelaine::oauth {
namespace {

using Methods = std::vector<AuthenticationMethod>;

AssistantProfile native() {
  AssistantProfile profile = make_action();
  profile.name = "native";
  profile.redirects = {make_redirect("http://127.0.0.1:{port}/cb", "http://127.0.0.1:1/cb"),
                       make_redirect("http://localhost:{port}/cb", "http://localhost:1/cb"),
                       make_redirect("https://a.example/cb", "https://a.example/cb")};
  profile.pkce = PkceAbility::S256;
  profile.authentication_methods = {AuthenticationMethod::private_key_jwt, AuthenticationMethod::none,
                                    AuthenticationMethod::client_secret_post};
  return profile;
}

std::string list(const AssistantProfile& profile, const std::vector<RedirectUri>& given,
                 std::vector<std::string> values = {}) {
  const auto uris = list_redirect_uris(profile, given, std::move(values));
  if (!uris) return uris.error().description;
  std::string text;
  for (const RedirectUri& uri : *uris) text += uri.value() + " ";
  return text;
}

TEST(AssistantClient, HasTheRedirectUriOfEachHostOfTheAssistant) {
  constexpr std::string_view kBoth = "https://a.example/g-7/cb https://b.example/g-7/cb ";
  EXPECT_EQ(list(make_action(), {}), "");
  EXPECT_EQ(list(make_action(), {}, {"7"}), kBoth);
  EXPECT_EQ(list(make_action(), {RedirectUri("https://b.example/g-7/cb")}), kBoth);
  EXPECT_EQ(list(make_action(), {RedirectUri("https://b.example/g-7/cb")}, {"7"}), kBoth);
  EXPECT_EQ(list(make_action(), {RedirectUri("https://a.example/g-7/cb"), RedirectUri("https://a.example/g-8/cb")}),
            "https://a.example/g-7/cb https://a.example/g-8/cb https://b.example/g-7/cb https://b.example/g-8/cb ");
}

/// What people type who have seen the id in a URL, or the URL.
TEST(AssistantClient, TakesTheOpenPartOutOfWhatIsTyped) {
  constexpr std::string_view kBoth = "https://a.example/g-7/cb https://b.example/g-7/cb ";
  EXPECT_EQ(list(make_action(), {}, {"https://b.example/g-7/cb"}), kBoth) << "a callback URL that was pasted";
  EXPECT_NE(list(make_action(), {}, {"g-7"}).find("'g-7' repeats the 'g-' that stands there already: type '7'."),
            std::string::npos);
  EXPECT_NE(list(make_action(), {}, {"https://a.example/g-g-7/cb"}).find("type '7'."), std::string::npos);
  EXPECT_EQ(list(make_action(), {}, {"g-"}), "https://a.example/g-g-/cb https://b.example/g-g-/cb ");
  AssistantProfile hosted = make_action();
  hosted.redirects = {make_redirect("https://{host}/cb", "https://a.example/cb")};
  for (const char* typed : {"c.example", "https://c.example", "https://c.example/", "https://c.example/cb"})
    EXPECT_EQ(list(hosted, {}, {typed}), "https://c.example/cb ") << typed;
  for (const char* typed : {"http://c.example", "https://c.example/other", "https://c.example?x"})
    EXPECT_NE(list(hosted, {}, {typed}).find("can stand in none of them"), std::string::npos) << typed;
}

/// RFC 8252 §7.3: what is registered without a port is right on every port; a name is not.
TEST(AssistantClient, HasALoopbackAddressWithoutItsPort) {
  EXPECT_EQ(list(native(), {}), "http://127.0.0.1/cb https://a.example/cb ");
  EXPECT_EQ(list(native(), {RedirectUri("http://127.0.0.1:7/cb")}), "http://127.0.0.1/cb https://a.example/cb ")
      << "RFC 8252 §8.3: the port of an address is not that of localhost";
  EXPECT_EQ(list(native(), {RedirectUri("http://localhost:7/cb")}),
            "http://127.0.0.1/cb https://a.example/cb http://localhost:7/cb ");
  EXPECT_EQ(list(native(), {}, {"7"}), "http://127.0.0.1/cb http://localhost:7/cb https://a.example/cb ");
  EXPECT_EQ(list(native(), {RedirectUri("http://localhost/cb")}),
            "http://127.0.0.1/cb https://a.example/cb http://localhost/cb ");
}

TEST(AssistantClient, HasNoOtherRedirectUri) {
  constexpr std::string_view kTemplates =
      "A redirect URI of action is one of https://a.example/g-{id}/cb, https://b.example/g-{id}/cb; ";
  EXPECT_EQ(list(make_action(), {RedirectUri("https://a.example/g-7/cb/")}),
            std::string(kTemplates) + "'https://a.example/g-7/cb/' is not.");
  EXPECT_EQ(list(make_action(), {}, {"7/cb?"}), std::string(kTemplates) + "'7/cb?' can stand in none of them.");
  AssistantProfile fixed = make_action();
  fixed.redirects = {make_redirect("https://a.example/cb", "https://a.example/cb")};
  EXPECT_EQ(list(fixed, {}, {"7"}),
            "A redirect URI of action is one of https://a.example/cb; '7' can stand in none of them.");
}

/// RFC 9700 §2.1.1: PKCE is left out only where it cannot be done, and there the client has a secret.
TEST(AssistantClient, GetsWhatTheAssistantCanDo) {
  Client client;
  apply_profile(make_action(), client);
  EXPECT_EQ(client.authentication_methods, make_action().authentication_methods);
  EXPECT_EQ(client.grant_types, make_action().grant_types);
  EXPECT_EQ(client.pkce, PkcePolicy::optional);
  EXPECT_TRUE(check_client_for(make_action(), client));

  Client device;
  device.grant_types = {GrantType::device_code};
  device.pkce = PkcePolicy::optional;
  apply_profile(native(), device);
  EXPECT_EQ(device.authentication_methods, Methods{AuthenticationMethod::none}) << "the first that needs no key";
  EXPECT_EQ(device.grant_types, native().grant_types);
  EXPECT_EQ(device.pkce, PkcePolicy::required);
}

TEST(AssistantClient, KeepsWhatItHasAndTheAssistantCanUse) {
  Client client;
  client.grant_types = {GrantType::authorization_code};
  client.authentication_methods = {AuthenticationMethod::private_key_jwt};
  client.jwks_uri = "https://a.example/jwks";
  apply_profile(native(), client);
  EXPECT_EQ(client.grant_types, std::vector{GrantType::authorization_code});
  EXPECT_EQ(client.authentication_methods, Methods{AuthenticationMethod::private_key_jwt});
  EXPECT_EQ(client.jwks_uri, "https://a.example/jwks");
  client.grant_types = {GrantType::authorization_code, GrantType::client_credentials};
  apply_profile(make_action(), client);
  EXPECT_EQ(client.grant_types, std::vector{GrantType::authorization_code}) << "not what it does not use";
  EXPECT_EQ(client.authentication_methods, make_action().authentication_methods);
  EXPECT_EQ(client.jwks_uri, "") << "keys that nothing asks for go";
}

/// RFC 6749 §4.1.3: what the assistant leaves out it may leave out, and nobody else.
TEST(AssistantClient, LeavesRedirectUriOutWhereTheAssistantDoes) {
  Client client;
  EXPECT_EQ(client.exchange_redirect_uri, ExchangeRedirectUri::repeated);
  apply_profile(make_action(), client);
  EXPECT_EQ(client.exchange_redirect_uri, ExchangeRedirectUri::may_be_left_out);
  AssistantProfile other = make_action();
  other.token_parameters.emplace_back("redirect_uri");
  apply_profile(other, client);
  EXPECT_EQ(client.exchange_redirect_uri, ExchangeRedirectUri::repeated) << "it is another's client by now";
}

/// What it has in common with the assistant stays, also where the rest of it does not.
TEST(AssistantClient, KeepsItsSecretWhereTheAssistantSendsOne) {
  Client client;
  client.authentication_methods = {AuthenticationMethod::client_secret_basic, AuthenticationMethod::client_secret_post};
  apply_profile(native(), client);
  EXPECT_EQ(client.authentication_methods, Methods{AuthenticationMethod::client_secret_post});
  client.authentication_methods = {AuthenticationMethod::client_secret_post};
  apply_profile(make_action(), client);
  EXPECT_EQ(client.authentication_methods, make_action().authentication_methods) << "by every way in which it is sent";
}

TEST(AssistantClient, IsOneThatTheAssistantCanBe) {
  const auto error_of = [](auto change) {
    Client client;
    apply_profile(make_action(), client);
    change(client);
    const auto checked = check_client_for(make_action(), client);
    return checked ? "" : checked.error().description;
  };
  EXPECT_EQ(error_of([](Client&) {}), "");
  EXPECT_EQ(error_of([](Client& client) { client.authentication_methods = {AuthenticationMethod::none}; }),
            "action authenticates by client_secret_post, client_secret_basic, not by none.");
  EXPECT_EQ(error_of([](Client& client) { client.pkce = PkcePolicy::required; }),
            "action cannot do PKCE, and so it cannot be required.");
  EXPECT_EQ(error_of([](Client& client) { client.grant_types = {GrantType::client_credentials}; }),
            "action sends people here to sign in, and so needs the grant authorization_code.");
}

}  // namespace
}  // namespace chatelaine::oauth
