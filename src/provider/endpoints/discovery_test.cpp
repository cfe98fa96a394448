#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/json.hpp"
#include "provider/testing/registering.hpp"
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
  EXPECT_EQ(answer.member("device_authorization_endpoint"), "https://todo.example.com/oauth/device_authorization")
      << "RFC 8628 §4";
  EXPECT_EQ(answer.member("jwks_uri"), "https://todo.example.com/oauth/jwks");
  EXPECT_EQ(answer.member("scopes_supported"),
            R"(["openid","profile","email","offline_access","lists:read","lists:write","lists:delete"])");
  EXPECT_EQ(answer.member("code_challenge_methods_supported"), R"(["S256"])");
  EXPECT_EQ(answer.member("authorization_response_iss_parameter_supported"), "true");
}

TEST(Discovery, JwksIsCacheableAndHoldsNoPrivateMember) {
  World world;
  const auto answer = world.send(get("/oauth/jwks"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "application/jwk-set+json") << "RFC 7517 §8.5.1";
  EXPECT_EQ(answer.header("Cache-Control"), "public, max-age=60");
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
  EXPECT_EQ(tell(world.send(get("/.well-known/openai-apps-challenge"))),
            not_found("This server belongs to no ChatGPT app: [plugin] openai_apps_challenge is not set."));
}

TEST(Discovery, TheOpenAiAppsChallengeIsTheTokenAlone) {
  World world;
  world.change_settings([](auto& settings) { settings.openai_apps_challenge = "Q0hBVEVMQUlORQ"; });
  const auto answer = world.send(get("/.well-known/openai-apps-challenge"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "text/plain");
  EXPECT_EQ(answer.body, "Q0hBVEVMQUlORQ");
}

/// A switch of `[flows]`, and all that is there with it alone.
struct FlowRow {
  const char* name;
  bool oauth::Flows::* flow;
  std::vector<std::string> members;
  std::vector<TestRequest> requests;
  std::optional<oauth::GrantType> grant_type;
};

const std::vector<FlowRow>& flow_rows() {
  using oauth::Flows;
  using oauth::GrantType;
  static const std::vector<FlowRow> rows{
      {"authorization_code",
       &Flows::authorization_code,
       {"authorization_endpoint", "response_types_supported", "response_modes_supported",
        "code_challenge_methods_supported", "authorization_response_iss_parameter_supported"},
       {get("/oauth/authorize"), post_form("/oauth/authorize", {}), post_form("/consent", {})},
       GrantType::authorization_code},
      {"refresh_token", &Flows::refresh_token, {}, {}, GrantType::refresh_token},
      {"client_credentials", &Flows::client_credentials, {}, {}, GrantType::client_credentials},
      {"device_code",
       &Flows::device_code,
       {"device_authorization_endpoint"},
       {post_form("/oauth/device_authorization", {}), get("/device"), post_form("/device", {}),
        post_form("/device/consent", {})},
       GrantType::device_code},
      {"pushed_requests",
       &Flows::pushed_requests,
       {"pushed_authorization_request_endpoint"},
       {post_form("/oauth/par", {})},
       {}},
      {"require_pushed_requests", &Flows::require_pushed_requests, {"require_pushed_authorization_requests"}, {}, {}},
      {"client_id_metadata_documents",
       &Flows::client_id_metadata_documents,
       {"client_id_metadata_document_supported"},
       {},
       {}},
      {"introspection",
       &Flows::introspection,
       {"introspection_endpoint", "introspection_endpoint_auth_methods_supported",
        "introspection_endpoint_auth_signing_alg_values_supported"},
       {post_form("/oauth/introspect", {})},
       {}},
      {"revocation",
       &Flows::revocation,
       {"revocation_endpoint", "revocation_endpoint_auth_methods_supported",
        "revocation_endpoint_auth_signing_alg_values_supported"},
       {post_form("/oauth/revoke", {})},
       {}},
      {"openid",
       &Flows::openid,
       {"userinfo_endpoint", "end_session_endpoint", "subject_types_supported", "id_token_signing_alg_values_supported",
        "claims_supported", "acr_values_supported", "prompt_values_supported", "claims_parameter_supported",
        "request_parameter_supported", "request_uri_parameter_supported"},
       {get("/oauth/userinfo"), post_form("/oauth/userinfo", {}), get("/oauth/logout"), post_form("/oauth/logout", {}),
        get("/.well-known/openid-configuration"), post_form("/oauth/logout/confirmation", {})},
       {}},
  };
  return rows;
}

/// What the metadata says whatever is switched on. (Registration is no flow: see registration_test.cpp.)
const std::set<std::string> kMembersOfNoFlow{"issuer",
                                             "token_endpoint",
                                             "token_endpoint_auth_methods_supported",
                                             "token_endpoint_auth_signing_alg_values_supported",
                                             "grant_types_supported",
                                             "jwks_uri",
                                             "scopes_supported",
                                             "registration_endpoint"};

std::set<std::string> find_members(const TestResponse& metadata) {
  std::set<std::string> names;
  const auto document = parse_json(metadata.body);
  for (const auto& member : document->as_object()) names.emplace(member.key());
  return names;
}

TestResponse send_metadata(World& world) { return world.send(get("/.well-known/oauth-authorization-server")); }

bool names_grant_type(const TestResponse& metadata, oauth::GrantType type) {
  const auto types = parse_json(metadata.member("grant_types_supported"));
  return std::ranges::find(types->as_array(), json::value(to_string(type))) != types->as_array().end();
}

/// RFC 6749 §5.2.
bool takes_grant_type(World& world, oauth::GrantType type) {
  auto request = post_form("/oauth/token", {{"grant_type", std::string(to_string(type))}});
  return world.send(request.with("Authorization", basic("strict-web"))).member("error") != "unsupported_grant_type";
}

class FlowSwitch : public ::testing::TestWithParam<FlowRow> {};

/// RFC 8414 §2, RFC 6749 §5.2: a flow is named, served and taken, or nothing of the three. Whichever way, at once.
TEST_P(FlowSwitch, IsAllOrNothing) {
  World world;
  const FlowRow& row = GetParam();
  for (const bool on : {false, true, false}) {
    world.change_settings([&](auto& settings) { settings.flows.*row.flow = on; });
    const auto metadata = send_metadata(world);
    for (const auto& member : row.members) EXPECT_EQ(find_members(metadata).contains(member), on) << member;
    for (const auto& request : row.requests) EXPECT_EQ(world.send(request).status != 404, on) << request.target;
    if (!row.grant_type) continue;
    EXPECT_EQ(names_grant_type(metadata, *row.grant_type), on);
    EXPECT_EQ(takes_grant_type(world, *row.grant_type), on);
  }
}

/// Nor do other methods, or a browser's preflight, tell that there could be something.
TEST_P(FlowSwitch, ThatIsOffLeavesNothingToFind) {
  World world;
  const FlowRow& row = GetParam();
  world.change_settings([&](auto& settings) { settings.flows.*row.flow = false; });
  for (auto request : row.requests) {
    request.with("Access-Control-Request-Method", "POST");
    for (const char* method : {"OPTIONS", "DELETE", "GET", "HEAD"}) {
      request.method = method;
      const auto answer = world.send(request);
      EXPECT_EQ(answer.status, 404) << method << " " << request.target;
      EXPECT_FALSE(answer.header("Allow"));
      EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Flows, FlowSwitch, ::testing::ValuesIn(flow_rows()),
                         [](const auto& row) { return std::string(row.param.name); });

/// A new switch or member needs a row.
TEST(FlowSwitches, CoverEverySwitchAndMember) {
  EXPECT_EQ(flow_rows().size(), sizeof(oauth::Flows) / sizeof(bool));
  std::set<std::string> covered = kMembersOfNoFlow;
  std::set<oauth::GrantType> grant_types;
  World world;
  for (const auto& row : flow_rows()) {
    covered.insert(row.members.begin(), row.members.end());
    if (row.grant_type) grant_types.insert(*row.grant_type);
    world.change_settings([&](auto& settings) { settings.flows.*row.flow = true; });
  }
  EXPECT_EQ(find_members(send_metadata(world)), covered);
  EXPECT_EQ(grant_types.size(), oauth::kGrantTypes.size());
}

/// RFC 8414 §3.2: what has no elements is left out.
// DEVIATION RFC 8414 §2: response_types_supported among it.
TEST(FlowSwitches, AServerForProgramsAloneSaysNothingOfBrowsers) {
  World world;
  world.change_settings([](auto& settings) {
    settings.flows = {.authorization_code = false,
                      .refresh_token = false,
                      .client_credentials = true,
                      .device_code = false,
                      .pushed_requests = true,
                      .require_pushed_requests = false,
                      .introspection = false,
                      .revocation = false};
  });
  const auto metadata = send_metadata(world);
  EXPECT_EQ(find_members(metadata), kMembersOfNoFlow);
  EXPECT_EQ(metadata.member("grant_types_supported"), R"(["client_credentials"])");
  // RFC 9126 §5: without an authorization endpoint a pushed request leads nowhere.
  EXPECT_EQ(tell(world.send(post_form("/oauth/par", {}))),
            (Told{404, "not_found", "This server does not offer this: its operator has switched it off."}));
  EXPECT_EQ(tell(world.send(get("/oauth/authorize?client_id=todo-plugin"))),
            (Told{404, "",
                  "There is nothing here What this page was for is switched off here, by this server's operator. "
                  "Close this page. Whoever sent you here may have the address of another "
                  "server."}));
  auto request = post_form("/oauth/token", {{"grant_type", "refresh_token"}});
  EXPECT_EQ(tell(world.send(request.with("Authorization", basic("worker")))),
            (Told{400, "unsupported_grant_type",
                  "The grant_type 'refresh_token' is not supported: use client_credentials."}));
}

/// RFC 8414 §2, RFC 7662 §2.1.
TEST(Discovery, MetadataNamesTheMethodsOfAuthentication) {
  World world;
  const auto metadata = send_metadata(world);
  EXPECT_EQ(metadata.member("token_endpoint_auth_methods_supported"),
            R"(["client_secret_post","client_secret_basic","private_key_jwt","none"])");
  EXPECT_EQ(metadata.member("introspection_endpoint_auth_methods_supported"),
            R"(["client_secret_post","client_secret_basic","private_key_jwt"])");
}

/// DESIGN §4: an issuer's path prefixes all but the root forms of `.well-known`.
TEST(Discovery, AnIssuersPathPrecedesItsEndpoints) {
  ProviderSettings settings;
  settings.issuer = oauth::Issuer("https://example.com/tenant/");
  settings.page_prefix = "/tenant";
  const auto paths = make_paths(settings);
  EXPECT_EQ(paths.token, "/tenant/oauth/token");
  EXPECT_EQ(paths.consent, "/tenant/consent");
  EXPECT_EQ(paths.device_authorization, "/tenant/oauth/device_authorization");
  EXPECT_EQ(paths.device, "/tenant/device");
  // Every form that clients try: RFC 8414 §3, §3.1 and §5, OpenID Connect Discovery §4.
  EXPECT_EQ(paths.metadata,
            (std::vector<std::string>{
                "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server/tenant", "/.well-known/openid-configuration/tenant",
                "/tenant/.well-known/oauth-authorization-server", "/tenant/.well-known/openid-configuration"}));
  EXPECT_EQ(paths.manifest, "/.well-known/ai-plugin.json");
  EXPECT_EQ(absolute_url(settings.issuer, paths.token), "https://example.com/tenant/oauth/token");
}

std::string text_of(const TestResponse& answer) {
  std::string text = std::to_string(answer.status) + '\n';
  for (const auto& header : answer.headers) text += header.name + ": " + header.value + '\n';
  return text + answer.body;
}

/// THREATS §1: who we are is configuration, and nothing that a request says of it counts.
TEST(Discovery, WhatARequestSaysOfItsHostIsNotBelieved) {
  const TestRequest requests[] = {
      get("/.well-known/oauth-authorization-server"),
      get("/.well-known/openid-configuration"),
      get("/.well-known/oauth-protected-resource"),
      get("/.well-known/ai-plugin.json"),
      post_json("/oauth/register", kWebClient),
      post_form("/oauth/device_authorization", {{"client_id", "tv-app"}}),
      post_form("/oauth/par", {{"client_id", "todo-plugin"}, {"response_type", "code"}})
          .with("Authorization", basic("todo-plugin")),
      get("/oauth/authorize?response_type=code&client_id=todo-plugin"),
      get("/oauth/authorize?response_type=code&client_id=todo-plugin&prompt=none&scope=openid"),
      get("/oauth/logout?client_id=portal"),
      get("/oauth/userinfo"),
      get("/sign-in"),
      get("/account")};
  // Both worlds are the same to the last byte of their randomness.
  World plain;
  World asked_by_another_name;
  for (const auto& request : requests) {
    SCOPED_TRACE(request.target);
    auto forged = request;
    forged.with("Host", "evil.example").with("X-Forwarded-Host", "evil.example").with("X-Forwarded-Proto", "gopher");
    forged.with("X-Forwarded-Prefix", "/evil.example").with("X-Forwarded-Port", "70");
    forged.with("Forwarded", "for=192.0.2.1;host=evil.example;proto=gopher");
    const auto answer = text_of(asked_by_another_name.send(forged));
    EXPECT_EQ(answer, text_of(plain.send(request)));
    EXPECT_EQ(answer.find("evil.example"), std::string::npos);
  }
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
