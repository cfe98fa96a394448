#include "oauth/clients/registration.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "oauth/clients/authentication.hpp"
#include "oauth/clients/initial_access_token.hpp"

namespace chatelaine::oauth {
namespace {

json::object parse(std::string_view text) { return parse_json(text).value().as_object(); }

RegistrationPolicy policy(Registrant registrant = Registrant::stranger, const Flows& flows = {}) {
  return {.registrant = registrant,
          .flows = flows,
          .declared_scopes = Scope({"lists:read", "lists:write"}),
          .id_token_algorithms = {crypto::SignatureAlgorithm::ES256, crypto::SignatureAlgorithm::RS256}};
}

Result<ClientMetadata> check(std::string_view request, Registrant registrant = Registrant::stranger) {
  return check_registration(parse(request), policy(registrant));
}

/// What would be told of a client that asks for this.
std::string describe(const Result<ClientMetadata>& metadata) {
  if (!metadata) return std::string(to_string(metadata.error().code)) + ": " + metadata.error().description;
  Client client;
  apply_metadata(*metadata, client);
  return json::serialize(describe_metadata(client));
}

TEST(Registration, Rfc7591Section2EveryMemberIsKeptAndToldBack) {
  const std::string all =
      R"({"client_name":"Todo Helper","redirect_uris":["https://a.example/cb","https://a.example/cb?x=1"],)"
      R"("token_endpoint_auth_method":"client_secret_post","grant_types":["authorization_code","refresh_token"],)"
      R"("response_types":["code"],"scope":"lists:read","jwks_uri":"https://a.example/jwks",)"
      R"("id_token_signed_response_alg":"RS256","require_pushed_authorization_requests":true,)"
      R"("post_logout_redirect_uris":["https://a.example/bye"],"default_max_age":3600,)"
      R"("client_uri":"https://a.example/","logo_uri":"https://a.example/logo.png","tos_uri":"https://a.example/tos",)"
      R"("policy_uri":"https://a.example/policy","initiate_login_uri":"https://a.example/login",)"
      R"("software_id":"4NRB1-0XZABZI9E6-5SM3R","software_version":"2.1","contacts":["ops@a.example"],)"
      R"("application_type":"web","require_auth_time":true})";
  EXPECT_EQ(describe(check(all)), all);
}

TEST(Registration, Rfc7591Section2TheDefaultsAreTold) {
  EXPECT_EQ(
      describe(check(R"({"redirect_uris":["https://a.example/cb"]})")),
      R"({"redirect_uris":["https://a.example/cb"],"token_endpoint_auth_method":"client_secret_basic",)"
      R"("grant_types":["authorization_code"],"response_types":["code"],)"
      R"("scope":"email lists:read lists:write offline_access openid profile","id_token_signed_response_alg":"ES256"})");
}

/// As they were seen to come.
TEST(Registration, TodaysAssistantsAreTakenAsTheyAre) {
  const struct {
    const char* who;
    const char* request;
    const char* redirect_uris;
  } rows[] = {
      {"Claude Code: loopback by name, no application_type",
       R"x({"client_name":"Claude Code (todo)","redirect_uris":["http://localhost:54212/callback"],)x"
       R"("grant_types":["authorization_code","refresh_token"],"response_types":["code"],)"
       R"("token_endpoint_auth_method":"none"})",
       R"(["http://localhost:54212/callback"])"},
      {"Visual Studio Code: native, with https and loopback (RFC 8252 §7.2, §7.3)",
       R"({"client_name":"Visual Studio Code","client_uri":"https://code.visualstudio.com",)"
       R"("grant_types":["authorization_code","refresh_token"],"response_types":["code"],)"
       R"("redirect_uris":["https://vscode.dev/redirect","http://127.0.0.1/","http://127.0.0.1:33418/"],)"
       R"("scope":"lists:read","token_endpoint_auth_method":"none","application_type":"native"})",
       R"(["https://vscode.dev/redirect","http://127.0.0.1/","http://127.0.0.1:33418/"])"},
      {"Claude's connectors: https, a scope of another server beside ours",
       R"({"client_name":"Claude","redirect_uris":["https://claude.ai/api/mcp/auth_callback"],)"
       R"("grant_types":["authorization_code","refresh_token"],"response_types":["code"],"scope":"lists:read claudeai",)"
       R"("token_endpoint_auth_method":"client_secret_post"})",
       R"(["https://claude.ai/api/mcp/auth_callback"])"},
      {"a private-use scheme (RFC 8252 §7.1)",
       R"({"redirect_uris":["com.example.app:/callback"],"token_endpoint_auth_method":"none"})",
       R"(["com.example.app:/callback"])"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.who);
    const std::string told = describe(check(row.request));
    EXPECT_NE(told.find(std::string(R"("redirect_uris":)") + row.redirect_uris), std::string::npos) << told;
  }
}

struct Wrong {
  const char* sentence;
  const char* request;
  const char* told;
};

TEST(Registration, WhatDoesNotFitTogetherIsRefused) {
  const Wrong rows[] = {
      {"RFC 7591 §2: no redirect URI for authorization_code", R"({"client_name":"Todo"})",
       "invalid_redirect_uri: redirect_uris is missing: the grant type authorization_code needs at least one."},
      {"an empty list of them", R"({"redirect_uris":[]})",
       "invalid_redirect_uri: redirect_uris is missing: the grant type authorization_code needs at least one."},
      {"RFC 7591 §2.1: code without its grant type",
       R"({"redirect_uris":["https://a.example/"],"grant_types":["client_credentials"],"response_types":["code"]})",
       "invalid_client_metadata: The member 'response_types' names code, which needs authorization_code among "
       "grant_types."},
      {"refresh tokens come of another grant", R"({"grant_types":["refresh_token"]})",
       "invalid_client_metadata: The member 'grant_types' names refresh_token alone: it needs a grant that a refresh "
       "token comes from."},
      {"RFC 7591 §2: jwks and jwks_uri",
       R"({"redirect_uris":["https://a.example/"],"jwks":{"keys":[]},"jwks_uri":"https://a.example/jwks"})",
       "invalid_client_metadata: The member 'jwks' and jwks_uri are both there: send one of them."},
      {"RFC 7523 §2.2: a client that signs for itself, without keys",
       R"({"redirect_uris":["https://a.example/"],"token_endpoint_auth_method":"private_key_jwt"})",
       "invalid_client_metadata: The member 'token_endpoint_auth_method' is private_key_jwt, which needs jwks or "
       "jwks_uri."},
      {"and with keys that nothing can be verified by",
       R"({"redirect_uris":["https://a.example/"],"token_endpoint_auth_method":"private_key_jwt",)"
       R"("jwks":{"keys":[{"kty":"EC","crv":"P-521"}]}})",
       "invalid_client_metadata: The member 'jwks' holds no key that could verify a signature here, and "
       "private_key_jwt needs one."},
      {"OpenID Connect Dynamic Client Registration §2: an algorithm that no key here signs with",
       R"({"redirect_uris":["https://a.example/"],"id_token_signed_response_alg":"EdDSA"})",
       "invalid_client_metadata: The member 'id_token_signed_response_alg' cannot be 'EdDSA'; supported: ES256, "
       "RS256."},
      {"OpenID Connect Dynamic Client Registration §2: a web client on loopback",
       R"({"redirect_uris":["http://127.0.0.1/cb"],"application_type":"web"})",
       "invalid_redirect_uri: The redirect URI 'http://127.0.0.1/cb' is not one of a web client, which must be https "
       "and not on this machine: register it with application_type native, or without."},
      {"a web client on localhost by https", R"({"redirect_uris":["https://localhost/cb"],"application_type":"web"})",
       "invalid_redirect_uri: The redirect URI 'https://localhost/cb' is not one of a web client, which must be https "
       "and not on this machine: register it with application_type native, or without."},
      {"a web client with a scheme of its own", R"({"redirect_uris":["com.example.app:/cb"],"application_type":"web"})",
       "invalid_redirect_uri: The redirect URI 'com.example.app:/cb' is not one of a web client, which must be https "
       "and not on this machine: register it with application_type native, or without."},
  };
  for (const Wrong& row : rows)
    EXPECT_EQ(describe(check(row.request, Registrant::token_holder)), row.told) << row.sentence;
}

/// A stranger gets nothing that no person has said yes to.
TEST(Registration, ClientCredentialsAreForHoldersOfATokenAlone) {
  const std::string request = R"({"grant_types":["client_credentials"],"token_endpoint_auth_method":)";
  EXPECT_EQ(describe(check(request + R"("client_secret_basic"})")),
            "invalid_client_metadata: The member 'grant_types' names client_credentials, which no person consents to: "
            "it is for clients that register with an initial access token.");
  const auto taken = check(request + R"("client_secret_basic"})", Registrant::token_holder);
  EXPECT_NE(describe(taken).find(R"("response_types":[])"), std::string::npos) << describe(taken);
  EXPECT_EQ(describe(check(request + R"("none"})", Registrant::token_holder)),
            "invalid_client_metadata: The member 'grant_types' names client_credentials, which needs a client that "
            "authenticates.")
      << "RFC 6749 §4.4";
}

/// RFC 7591 §2, §3.2.1: the server may leave out what it does not know, and tells what it registered.
TEST(Registration, UnknownScopesAreLeftOut) {
  const auto scope_of = [](const std::string& scope) {
    return check(R"({"redirect_uris":["https://a.example/"],"scope":")" + scope + R"("})").value().scope.to_string();
  };
  EXPECT_EQ(scope_of("lists:write elsewhere"), "lists:write");
  EXPECT_EQ(scope_of("elsewhere"), "lists:read lists:write") << "as for a client that names none";
  EXPECT_EQ(scope_of(""), "lists:read lists:write");
}

/// OpenID Connect Core §5.4: who a person is, is not the API's; a client may ask for it that says so, or says nothing.
TEST(Registration, WhoNamesScopesNamesOpenIdToo) {
  const auto take = [](const std::string& scope, const Flows& flows = {}) {
    return check_registration(parse(R"({"redirect_uris":["https://a.example/"],"scope":")" + scope + R"("})"),
                              policy(Registrant::stranger, flows))
        .value();
  };
  EXPECT_TRUE(take("").openid);
  EXPECT_FALSE(take("lists:read").openid);
  EXPECT_TRUE(take("lists:read openid").openid);
  EXPECT_EQ(take("lists:read openid").scope.to_string(), "lists:read");
  EXPECT_EQ(take("openid email").scope.to_string(), "") << "it does not want the API";
  Flows flows;
  flows.openid = false;
  EXPECT_FALSE(take("", flows).openid);
  EXPECT_FALSE(take("openid", flows).openid);
  EXPECT_EQ(take("openid", flows).scope.to_string(), "lists:read lists:write");
}

TEST(Registration, WhatIsSwitchedOffIsLeftOut) {
  const auto request =
      parse(R"({"redirect_uris":["https://a.example/"],"grant_types":["authorization_code","refresh_token"]})");
  Flows flows;
  flows.refresh_token = false;
  const auto without_refresh = check_registration(request, policy(Registrant::stranger, flows));
  EXPECT_EQ(without_refresh.value().grant_types, std::vector{GrantType::authorization_code});
  flows.authorization_code = false;
  EXPECT_EQ(describe(check_registration(request, policy(Registrant::stranger, flows))),
            "invalid_client_metadata: The member 'grant_types' names none that is switched on here.");

  const auto pushing =
      parse(R"({"redirect_uris":["https://a.example/"],"require_pushed_authorization_requests":true})");
  flows = {};
  flows.pushed_requests = false;
  EXPECT_EQ(describe(check_registration(pushing, policy(Registrant::stranger, flows))),
            "invalid_client_metadata: The member 'require_pushed_authorization_requests' cannot be: this server takes "
            "no pushed requests.")
      << "RFC 9126 §6";
}

/// RFC 7523 §2.2.
TEST(Registration, AClientThatSignsForItselfNamesItsKeys) {
  const std::string request =
      R"({"redirect_uris":["https://a.example/"],"token_endpoint_auth_method":"private_key_jwt",)";
  EXPECT_TRUE(check(request + R"("jwks_uri":"https://a.example/jwks"})"));
  const auto taken =
      check(request + R"("jwks":{"keys":[{"kty":"EC","crv":"P-256","x":"P0GnqIzQZF5Q9xokGnDwuCJq0txhcCK1mbcrdycIqv8",)"
                      R"("y":"GPuJWqqYv30KSB_3JVeGcQGgfwHWz6g7tZJh4IQ1Qow"}]}})");
  ASSERT_TRUE(taken) << taken.error().description;
  EXPECT_FALSE(has_secret(taken->authentication_method));
}

TEST(Registration, RepeatedValuesCountOnce) {
  const auto metadata =
      check(R"({"redirect_uris":["https://a.example/","https://a.example/"],"grant_types":["authorization_code",)"
            R"("authorization_code"]})");
  EXPECT_EQ(metadata.value().redirect_uris.size(), 1U);
  EXPECT_EQ(metadata.value().grant_types.size(), 1U);
}

TEST(Registration, TheSameRequestHasTheSameDigest) {
  const auto digest = [](std::string_view request) { return digest_metadata(check(request).value()); };
  const auto one = digest(R"({"redirect_uris":["https://a.example/"],"client_name":"Todo"})");
  EXPECT_EQ(one, digest(R"({"client_name":"Todo","x":1,"redirect_uris":["https://a.example/"],"scope":null})"));
  EXPECT_NE(one, digest(R"({"redirect_uris":["https://a.example/"],"client_name":"todo"})"));
  EXPECT_NE(one, digest(R"({"redirect_uris":["https://a.example/x"],"client_name":"Todo"})"));
  EXPECT_NE(one, digest(R"({"redirect_uris":["https://a.example/"],"client_name":"Todo","software_version":"2"})"));
}

Client registered_client() {
  Client client;
  client.id = ClientId("todo-1");
  client.secret_hash = hash_client_secret(ClientSecret("the secret"));
  client.grant_types = {GrantType::authorization_code};
  client.authentication_methods = {AuthenticationMethod::client_secret_basic};
  return client;
}

TEST(RegistrationUpdate, Rfc7592Section2_2NamesTheClientAndNothingThatTheServerSays) {
  const Wrong rows[] = {
      {"its id alone", R"({"client_id":"todo-1"})", ""},
      {"its id and its secret", R"({"client_id":"todo-1","client_secret":"the secret"})", ""},
      {"a secret that is null", R"({"client_id":"todo-1","client_secret":null})", ""},
      {"no id", "{}", "The member 'client_id' must be the client's own in an update."},
      {"another's id", R"({"client_id":"todo-2"})", "The member 'client_id' must be the client's own in an update."},
      {"an id that is no text", R"({"client_id":1})", "The member 'client_id' must be the client's own in an update."},
      {"a secret of its own choice", R"({"client_id":"todo-1","client_secret":"chosen"})",
       "The member 'client_secret' is not the client's: it cannot be chosen, and may be left out."},
      {"a secret that is no text", R"({"client_id":"todo-1","client_secret":5})",
       "The member 'client_secret' is not the client's: it cannot be chosen, and may be left out."},
      {"registration_access_token", R"({"client_id":"todo-1","registration_access_token":"x"})",
       "The member 'registration_access_token' is the server's to say: leave it out of an update."},
      {"registration_client_uri", R"({"client_id":"todo-1","registration_client_uri":"https://x"})",
       "The member 'registration_client_uri' is the server's to say: leave it out of an update."},
      {"client_secret_expires_at", R"({"client_id":"todo-1","client_secret_expires_at":0})",
       "The member 'client_secret_expires_at' is the server's to say: leave it out of an update."},
      {"client_id_issued_at", R"({"client_id":"todo-1","client_id_issued_at":1})",
       "The member 'client_id_issued_at' is the server's to say: leave it out of an update."},
  };
  for (const Wrong& row : rows) {
    const auto checked = check_update(parse(row.request), registered_client());
    EXPECT_EQ(checked ? std::string() : checked.error().description, row.told) << row.sentence;
  }
  Client open = registered_client();
  open.secret_hash.reset();
  EXPECT_FALSE(check_update(parse(R"({"client_id":"todo-1","client_secret":""})"), open)) << "a client without one";
}

TEST(RegistrationUpdate, WhatAnOperatorGaveStays) {
  Client client = registered_client();
  EXPECT_EQ(registrant_of(client), Registrant::stranger);
  client.grant_types = {GrantType::client_credentials};
  EXPECT_EQ(registrant_of(client), Registrant::token_holder);
}

class Zeros final : public Randomness {
  void fill(std::span<std::byte> bytes) override { std::ranges::fill(bytes, std::byte{next_++}); }
  unsigned char next_ = 0;
};

TEST(RegistrationToken, Rfc7592Section2TheOwnOneAndTheOneBeforeIt) {
  Zeros randomness;
  const Handle current = make_handle(1, randomness);
  const Handle replaced = make_handle(2, randomness);
  const Handle other = make_handle(3, randomness);
  Client client = registered_client();
  EXPECT_FALSE(is_registration_token_of(&client, current)) << "a client that cannot change itself";
  client.registration_token_hash = current.hash();
  EXPECT_TRUE(is_registration_token_of(&client, current));
  EXPECT_FALSE(is_registration_token_of(&client, replaced));
  client.replaced_registration_token_hash = replaced.hash();
  EXPECT_TRUE(is_registration_token_of(&client, replaced));
  EXPECT_FALSE(is_registration_token_of(&client, other));
  EXPECT_FALSE(is_registration_token_of(nullptr, current));
}

/// RFC 7591 §1.2, §3: it opens the endpoint for as many as its operator meant.
TEST(InitialAccessToken, Rfc7591Section3CountsUntilItIsUsedUpOrExpires) {
  Zeros randomness;
  const Handle handle = make_handle(1, randomness);
  const Handle other = make_handle(1, randomness);
  const Instant expiry{std::chrono::hours(1)};
  InitialAccessToken token{
      .id = {1}, .secret_hash = handle.hash(), .name = "x", .uses_left = 1, .created_at = {}, .expires_at = expiry};
  EXPECT_TRUE(is_usable(&token, handle, expiry - milliseconds(1)));
  EXPECT_FALSE(is_usable(&token, handle, expiry));
  EXPECT_FALSE(is_usable(&token, other, Instant{}));
  EXPECT_FALSE(is_usable(nullptr, handle, Instant{}));
  token.uses_left = 0;
  EXPECT_FALSE(is_usable(&token, handle, Instant{}));
}

}  // namespace
}  // namespace chatelaine::oauth
