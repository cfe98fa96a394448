#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/json.hpp"
#include "provider/testing/world.hpp"
#include "provider/testing/wrong_request.hpp"
#include "storage/fault.hpp"

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
  const auto not_found = [](const char* description) { return Told{404, "not_found", description}; };
  EXPECT_EQ(tell(world.send(get("/.well-known/ai-plugin.json"))), not_found("This server describes no plugin."));
  EXPECT_EQ(tell(world.send(get("/.well-known/openapi.yaml"))),
            not_found("This server describes no API: [api] openapi is not configured."));
}

/// What the metadata does not name, and why.
const std::map<std::string, const char*> kUnnamedPaths{
    {"/consent", "a form's target on our own pages"},
    {"/oauth/assets/{hash}/{name}", "what our own pages look like"},
    {"/.well-known/oauth-authorization-server", "the metadata itself"},
    {"/.well-known/ai-plugin.json", "the plugin document's, not OAuth's"},
    {"/.well-known/openapi.yaml", "the plugin document's, not OAuth's"},
    {"/healthz", "the operator's"},
    {"/readyz", "the operator's"},
    {"/sign-in", "accounts"},
    {"/sign-out", "accounts"},
    {"/account", "accounts"},
    {"/account/password", "accounts"},
    {"/account/withdraw", "accounts"},
    {"/set-password", "accounts"}};

/// The paths behind the metadata's members that are URLs on this server, but for the issuer.
std::map<std::string, std::string> find_named_paths(const TestResponse& metadata) {
  constexpr std::string_view kOrigin = "https://todo.example.com";
  std::map<std::string, std::string> named;
  const auto document = parse_json(metadata.body);
  for (const auto& member : document->as_object()) {
    const auto* text = member.value().if_string();
    if (text == nullptr || member.key() == "issuer" || !text->starts_with(kOrigin)) continue;
    named.emplace(std::string(std::string_view(*text).substr(kOrigin.size())), std::string(member.key()));
  }
  return named;
}

/// RFC 8414 §2, RFC 9126 §5: the document names every endpoint, and none that is not there.
TEST(Discovery, MetadataAndRoutesAgree) {
  World world;
  const auto named = find_named_paths(world.send(get("/.well-known/oauth-authorization-server")));
  const auto paths = world.paths();
  for (const auto& path : paths) {
    EXPECT_TRUE(named.contains(path) != kUnnamedPaths.contains(path))
        << path << " must be named by the metadata, or stand among those that need not be";
  }
  for (const auto& [path, member] : named) {
    EXPECT_NE(std::ranges::find(paths, path), paths.end()) << member << " leads nowhere";
  }
  EXPECT_EQ(named.size(), 6U);
}

TEST(Discovery, MetadataNamesTheGrantTypesThatTheTokenEndpointKnows) {
  World world;
  const auto metadata = world.send(get("/.well-known/oauth-authorization-server"));
  const auto grant_types = parse_json(metadata.member("grant_types_supported"));
  EXPECT_EQ(grant_types->as_array().size(), oauth::kGrantTypes.size());
  for (const auto& grant_type : grant_types->as_array()) {
    auto request = post_form("/oauth/token", {{"grant_type", std::string(grant_type.as_string())}});
    const auto answer = world.send(request.with("Authorization", basic("strict-web")));
    EXPECT_NE(answer.member("error"), "unsupported_grant_type") << grant_type;
  }
  EXPECT_EQ(metadata.member("token_endpoint_auth_methods_supported"),
            R"(["client_secret_post","client_secret_basic","none"])");
  EXPECT_EQ(metadata.member("introspection_endpoint_auth_methods_supported"),
            R"(["client_secret_post","client_secret_basic"])");
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
  world.watch_storage([](std::string_view) { throw storage::StorageFault("disk gone"); });
  EXPECT_EQ(world.send(get("/healthz")).status, 200);
  EXPECT_EQ(world.send(get("/readyz")).status, 503);
  world.watch_storage({});
  EXPECT_EQ(world.send(get("/readyz")).status, 200);
}

}  // namespace
}  // namespace chatelaine::provider
