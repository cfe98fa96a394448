#include <gtest/gtest.h>

#include "base/json.hpp"
#include "provider/testing/world.hpp"

namespace chatelaine::provider {
namespace {

using namespace testing;

/// RFC 8414 §3.3, RFC 9207 §3, RFC 7636: what clients decide by.
TEST(Discovery, MetadataNamesEveryEndpoint) {
  World world;
  const auto answer = world.send(get("/.well-known/oauth-authorization-server"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(answer.member("issuer"), "https://todo.example.com");
  EXPECT_EQ(answer.member("authorization_endpoint"), "https://todo.example.com/oauth/authorize");
  EXPECT_EQ(answer.member("token_endpoint"), "https://todo.example.com/oauth/token");
  EXPECT_EQ(answer.member("revocation_endpoint"), "https://todo.example.com/oauth/revoke");
  EXPECT_EQ(answer.member("introspection_endpoint"), "https://todo.example.com/oauth/introspect");
  EXPECT_EQ(answer.member("jwks_uri"), "https://todo.example.com/oauth/jwks");
  EXPECT_EQ(answer.member("scopes_supported"), R"(["lists:read","lists:write","lists:delete"])");
  EXPECT_EQ(answer.member("code_challenge_methods_supported"), R"(["S256"])");
  EXPECT_EQ(answer.member("authorization_response_iss_parameter_supported"), "true");
}

TEST(Discovery, JwksIsCacheableAndHoldsNoPrivateMember) {
  World world;
  const auto answer = world.send(get("/oauth/jwks"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Cache-Control"), "public, max-age=300");
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(answer.body.find("\"d\""), std::string::npos);
  EXPECT_NE(answer.body.find("\"kid\""), std::string::npos);
}

TEST(Discovery, ManifestCarriesEveryVerificationToken) {
  World world;
  const auto answer = world.send(get("/.well-known/ai-plugin.json"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
  EXPECT_NE(answer.body.find("0123456789abcdef0123456789abcdef"), std::string::npos);
  EXPECT_NE(answer.body.find("fedcba9876543210fedcba9876543210"), std::string::npos);

  world.change_settings([](auto& settings) { settings.manifest->verification_tokens["late"] = "later"; });
  EXPECT_NE(world.send(get("/.well-known/ai-plugin.json")).body.find("later"), std::string::npos);
}

TEST(Discovery, OpenApiIsServedAsItIs) {
  World world;
  const auto answer = world.send(get("/.well-known/openapi.yaml"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "application/yaml");
  EXPECT_TRUE(answer.body.starts_with("openapi: 3.0.1"));
}

TEST(Discovery, WhatIsNotConfiguredIs404Json) {
  World world;
  world.change_settings([](auto& settings) {
    settings.manifest.reset();
    settings.openapi.clear();
  });
  for (const char* path : {"/.well-known/ai-plugin.json", "/.well-known/openapi.yaml"}) {
    const auto answer = world.send(get(path));
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.member("error"), "not_found");
  }
}

/// DESIGN §4: an issuer's path prefixes all but the root forms of `.well-known`.
TEST(Discovery, AnIssuersPathPrecedesItsEndpoints) {
  ProviderSettings settings;
  settings.issuer = oauth::Issuer("https://example.com/tenant/");
  settings.page_prefix = "/tenant";
  const auto paths = make_paths(settings);
  EXPECT_EQ(paths.token, "/tenant/oauth/token");
  EXPECT_EQ(paths.consent, "/tenant/consent");
  EXPECT_EQ(paths.metadata, "/.well-known/oauth-authorization-server");
  EXPECT_EQ(paths.path_metadata, "/.well-known/oauth-authorization-server/tenant");
  EXPECT_EQ(paths.manifest, "/.well-known/ai-plugin.json");
  EXPECT_EQ(absolute_url(settings.issuer, paths.token), "https://example.com/tenant/oauth/token");
}

TEST(Health, AnswersWhileStorageDoes) {
  World world;
  EXPECT_EQ(world.send(get("/healthz")).status, 200);
  EXPECT_EQ(world.send(get("/readyz")).status, 200);
}

}  // namespace
}  // namespace chatelaine::provider
