#include "relying_party/openid/provider_metadata.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "base/json.hpp"

namespace chatelaine::relying_party {
namespace {

const oauth::Issuer kIssuer("https://id.example/realms/a");

json::object sound() {
  return {{"issuer", kIssuer.value()},
          {"authorization_endpoint", "https://id.example/authorize?realm=a"},
          {"token_endpoint", "https://id.example/token"},
          {"userinfo_endpoint", "https://id.example/userinfo"},
          {"jwks_uri", "https://keys.example/jwks"}};
}

std::expected<OpenIdProvider, std::string> read(const json::object& document) {
  return read_openid_provider(json::serialize(document), kIssuer);
}

TEST(OpenIdProvider, IsReadFromItsMetadata) {
  const auto provider = read(sound());
  ASSERT_TRUE(provider) << provider.error();
  EXPECT_EQ(provider->authorization_endpoint.text, "https://id.example/authorize?realm=a");
  EXPECT_EQ(provider->token_endpoint, "https://id.example/token");
  EXPECT_EQ(provider->userinfo_endpoint, "https://id.example/userinfo");
  EXPECT_EQ(provider->jwks_uri, "https://keys.example/jwks");
  EXPECT_EQ(provider->issuer_parameter, IssuerParameter::not_promised);
}

TEST(OpenIdProvider, PublishesBelowItsIssuer) {
  const struct {
    const char* sentence;
    const char* issuer;
    const char* url;
  } rows[] = {
      {"OpenID Connect Discovery §4: below the path", "https://id.example/realms/a",
       "https://id.example/realms/a/.well-known/openid-configuration"},
      {"OpenID Connect Discovery §4: a slash at the end is taken off", "https://id.example/",
       "https://id.example/.well-known/openid-configuration"},
      {"Entra: what its tenants have in common", "https://login.example/{tenantid}/v2.0",
       "https://login.example/organizations/v2.0/.well-known/openid-configuration"},
  };
  for (const auto& row : rows) EXPECT_EQ(openid_configuration_url(oauth::Issuer(row.issuer)), row.url) << row.sentence;
}

TEST(OpenIdProvider, SaysHowClientsProveThemselves) {
  const struct {
    const char* sentence;
    std::optional<json::value> methods;
    std::optional<CredentialsPlace> place;
  } rows[] = {
      {"OpenID Connect Discovery §3: client_secret_basic without the list", std::nullopt, CredentialsPlace::header},
      {"basic before post", json::array{"client_secret_post", "client_secret_basic"}, CredentialsPlace::header},
      {"post where there is no basic", json::array{"private_key_jwt", "client_secret_post"}, CredentialsPlace::body},
      {"neither", json::array{"private_key_jwt"}, std::nullopt},
      {"a list that is none", "client_secret_basic", std::nullopt},
  };
  for (const auto& row : rows) {
    json::object document = sound();
    if (row.methods) document["token_endpoint_auth_methods_supported"] = *row.methods;
    const auto provider = read(document);
    ASSERT_EQ(provider.has_value(), row.place.has_value()) << row.sentence;
    if (provider) {
      EXPECT_EQ(provider->credentials, *row.place) << row.sentence;
    }
  }
}

TEST(OpenIdProvider, PromisesIssWithTrueAlone) {
  json::object document = sound();
  document["authorization_response_iss_parameter_supported"] = true;
  EXPECT_EQ(read(document)->issuer_parameter, IssuerParameter::promised) << "RFC 9207 §3";
  document["authorization_response_iss_parameter_supported"] = "true";
  EXPECT_EQ(read(document)->issuer_parameter, IssuerParameter::not_promised);
}

TEST(OpenIdProvider, MayBeOnThisMachine) {
  json::object document = sound();
  document["token_endpoint"] = "http://127.0.0.1:8080/token";
  EXPECT_TRUE(read(document));
}

TEST(OpenIdProvider, SaysWhichPromptsItKnows) {
  json::object document = sound();
  EXPECT_EQ(read(document)->account_choice, AccountChoice::offered) << "where nothing is said";
  document["prompt_values_supported"] = json::array{"none", "login", "select_account"};
  EXPECT_EQ(read(document)->account_choice, AccountChoice::offered);
  document["prompt_values_supported"] = json::array{"none", "login", "consent"};
  EXPECT_EQ(read(document)->account_choice, AccountChoice::unknown);
}

TEST(OpenIdProvider, NeedsNoUserInfoEndpoint) {
  json::object document = sound();
  document.erase("userinfo_endpoint");
  EXPECT_EQ(read(document)->userinfo_endpoint, "");
}

TEST(OpenIdProvider, IsNotReadFromWhatIsNone) {
  const struct {
    const char* sentence;
    const char* member;
    json::value value;
    const char* names;
  } rows[] = {
      {"OpenID Connect Discovery §4.3: another issuer", "issuer", "https://evil.example", "issuer"},
      {"OpenID Connect Discovery §4.3: the issuer with a slash more", "issuer", "https://id.example/realms/a/",
       "issuer"},
      {"OpenID Connect Discovery §3: no issuer", "issuer", nullptr, "issuer"},
      {"an authorization endpoint that is a script", "authorization_endpoint", "javascript:alert(1)",
       "authorization_endpoint"},
      {"RFC 6749 §3.1: an authorization endpoint with a fragment", "authorization_endpoint", "https://id.example/a#b",
       "authorization_endpoint"},
      {"no token endpoint", "token_endpoint", nullptr, "token_endpoint"},
      {"a token endpoint with a user", "token_endpoint", "https://a:b@id.example/token", "token_endpoint"},
      {"no keys", "jwks_uri", nullptr, "jwks_uri"},
      {"OpenID Connect Discovery §3: an authorization endpoint without TLS", "authorization_endpoint",
       "http://id.example/authorize", "authorization_endpoint"},
      {"a token endpoint without TLS", "token_endpoint", "http://id.example/token", "token_endpoint"},
      {"keys without TLS", "jwks_uri", "http://id.example/jwks", "jwks_uri"},
      {"keys at a number", "jwks_uri", 7, "jwks_uri"},
  };
  for (const auto& row : rows) {
    json::object document = sound();
    document[row.member] = row.value;
    const auto provider = read(document);
    ASSERT_FALSE(provider) << row.sentence;
    EXPECT_NE(provider.error().find(row.names), std::string::npos) << row.sentence << ": " << provider.error();
  }
  EXPECT_FALSE(read_openid_provider("<html>", kIssuer));
  EXPECT_FALSE(read_openid_provider("[]", kIssuer));
}

}  // namespace
}  // namespace chatelaine::relying_party
