#include "app/cli/client_for_test.hpp"
#include "base/block_on.hpp"
#include "storage/sqlite/sqlite_storage.hpp"

namespace chatelaine::app {
namespace {

TEST(ClientAdd, PrintsIdAndSecretOnce) {
  const Workplace place;
  place.write(kProviderFile);
  const Ran ran = place.run({"client", "add", "Todo Helper", "--redirect-uri", "https://a.example/cb", "--redirect-uri",
                             "https://b.example/cb", "--json"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  const json::object answer = ran.json().as_object();
  EXPECT_EQ(answer.size(), 2U);
  const std::string id(answer.at("client_id").as_string());
  EXPECT_TRUE(id.starts_with("todo-helper-")) << id;
  EXPECT_TRUE(std::string_view(answer.at("client_secret").as_string()).starts_with("ctl_cs_"));
  const json::value shown = place.run({"client", "show", id, "--json"}).json();
  EXPECT_EQ(json::serialize(shown.at("redirect_uris")), R"(["https://a.example/cb","https://b.example/cb"])");
  EXPECT_EQ(json::serialize(shown.at("grants")), R"(["authorization_code","refresh_token"])");
  EXPECT_EQ(json::serialize(shown.at("auth_methods")), R"(["client_secret_basic","client_secret_post"])");
  EXPECT_EQ(shown.at("scope").as_string(), "todo.read todo.write");
  EXPECT_EQ(shown.at("pkce").as_string(), "required");
  EXPECT_EQ(shown.at("origin").as_string(), "command");
  EXPECT_FALSE(shown.at("require_pushed_requests").as_bool());
  EXPECT_TRUE(shown.at("openid").as_bool());
  EXPECT_EQ(shown.at("id_token_alg").as_string(), "ES256");
  EXPECT_TRUE(shown.at("default_max_age").is_null());
  EXPECT_TRUE(shown.at("post_logout_redirect_uris").as_array().empty());
  EXPECT_EQ(shown.at("exchange_redirect_uri").as_string(), "repeated");
  EXPECT_TRUE(shown.at("weaknesses").as_array().empty());
}

TEST(ClientUpdate, ChangesWhatOpenIdConnectHasOfAClient) {
  const Workplace place;
  place.write(kProviderFile);
  const auto added = place.run({"client", "add", "App", "--id-token-alg", "EdDSA", "--default-max-age", "1h",
                                "--post-logout-redirect-uri", "https://a.example/bye", "--json"});
  ASSERT_EQ(added.code, ExitCode::done) << added.err;
  EXPECT_NE(added.err.find("[keys] algorithms has no EdDSA"), std::string::npos) << added.err;
  const std::string id(added.json().at("client_id").as_string());
  const json::value shown = place.run({"client", "show", id, "--json"}).json();
  EXPECT_EQ(shown.at("id_token_alg").as_string(), "EdDSA");
  EXPECT_EQ(shown.at("default_max_age"), json::value(3600));
  EXPECT_EQ(json::serialize(shown.at("post_logout_redirect_uris")), R"(["https://a.example/bye"])");

  const auto updated = place.run({"client", "update", id, "--openid", "no", "--default-max-age", "none"});
  EXPECT_EQ(updated.code, ExitCode::done) << updated.err;
  const json::value changed = place.run({"client", "show", id, "--json"}).json();
  EXPECT_FALSE(changed.at("openid").as_bool());
  EXPECT_TRUE(changed.at("default_max_age").is_null());
  EXPECT_EQ(changed.at("id_token_alg").as_string(), "EdDSA") << "what is not named stays";
}

TEST(ClientAdd, GivesAPublicClientNoSecret) {
  const Workplace place;
  place.write(kProviderFile);
  const Ran ran = place.run({"client", "add", "App", "--auth-method", "none", "--json"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  EXPECT_EQ(ran.json().as_object().count("client_secret"), 0U);
}

/// RFC 6749 §2.1, RFC 8628 §3.1: most devices keep no secret; and no browser is sent back to one.
TEST(ClientAdd, ADeviceNeedsNeitherSecretNorRedirectUri) {
  const Workplace place;
  place.write(kProviderFile);
  for (const char* grants :
       {"device_code,refresh_token", "urn:ietf:params:oauth:grant-type:device_code,refresh_token"}) {
    const Ran ran = place.run({"client", "add", "TV", "--auth-method", "none", "--grant", grants, "--json"});
    ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
    EXPECT_EQ(ran.err, "");
    const std::string id(ran.json().at("client_id").as_string());
    const json::value shown = place.run({"client", "show", id, "--json"}).json();
    EXPECT_EQ(json::serialize(shown.at("grants")), R"(["device_code","refresh_token"])");
    EXPECT_NE(place.run({"client", "show", id}).out.find("device_code refresh_token"), std::string::npos);
  }
}

TEST(ClientAdd, ListsOptionalPkceAsAWeakness) {
  const Workplace place;
  place.write(kProviderFile);
  const Ran ran = place.run({"client", "add", "Plugin", "--pkce", "optional", "--json"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  EXPECT_NE(ran.err.find("Weakness: PKCE is optional"), std::string::npos);
  const json::value rows = place.run({"client", "list", "--json"}).json();
  EXPECT_EQ(rows.as_array().at(0).at("weaknesses").as_array().size(), 1U);
}

/// The key of RFC 7517 appendix A.1, and its private half of A.2.
constexpr std::string_view kPublicKeys =
    R"({"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",)"
    R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","kid":"1"}]})";
constexpr std::string_view kPrivateKeys =
    R"({"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",)"
    R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"}]})";

/// OpenID Connect Core §9: the client keeps its private key, and we keep no secret.
TEST(ClientAdd, GivesAClientWithKeysNoSecret) {
  const Workplace place;
  place.write(kProviderFile);
  place.write("public.json", kPublicKeys);
  const std::string file = (place.directory() / "public.json").string();
  const Ran ran = place.run({"client", "add", "Worker", "--auth-method", "private_key_jwt", "--jwks", file, "--grant",
                             "client_credentials", "--json"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  EXPECT_EQ(ran.json().as_object().count("client_secret"), 0U);
  const std::string id(ran.json().at("client_id").as_string());
  const json::value shown = place.run({"client", "show", id, "--json"}).json();
  EXPECT_EQ(json::serialize(shown.at("auth_methods")), R"(["private_key_jwt"])");
  EXPECT_EQ(json::serialize(shown.at("jwks")), kPublicKeys);
  EXPECT_TRUE(shown.at("jwks_uri").is_null());
  EXPECT_NE(place.run({"client", "rotate-secret", id}).err.find("has no secret"), std::string::npos);

  const Ran moved = place.run({"client", "update", id, "--jwks-uri", "https://a.example/jwks", "--json"});
  ASSERT_EQ(moved.code, ExitCode::done) << moved.err;
  const json::value after = place.run({"client", "show", id, "--json"}).json();
  EXPECT_TRUE(after.at("jwks").is_null());
  EXPECT_EQ(after.at("jwks_uri").as_string(), "https://a.example/jwks");

  const Ran back = place.run({"client", "update", id, "--auth-method", "client_secret_basic", "--json"});
  ASSERT_EQ(back.code, ExitCode::done) << back.err;
  EXPECT_EQ(back.json().as_object().count("client_secret"), 1U);
  EXPECT_TRUE(place.run({"client", "show", id, "--json"}).json().at("jwks_uri").is_null());
}

TEST(ClientAdd, TakesNoPrivateKey) {
  const Workplace place;
  place.write(kProviderFile);
  place.write("private.json", kPrivateKeys);
  const std::string file = (place.directory() / "private.json").string();
  const Ran ran = place.run({"client", "add", "Worker", "--auth-method", "private_key_jwt", "--jwks", file});
  EXPECT_EQ(ran.code, ExitCode::wrong_usage);
  EXPECT_NE(ran.err.find("private"), std::string::npos) << ran.err;
  EXPECT_EQ(place.run({"client", "list", "--json"}).out, "[]\n");
}

TEST(ClientAdd, RefusesWhatCannotBe) {
  const RefusedClient rows[] = {
      {"RFC 9700 §2.1.1: a public client uses PKCE",
       {"--auth-method", "none", "--pkce", "optional"},
       "--pkce optional needs a client with a secret or a key"},
      {"RFC 6749 §4.4: client_credentials is for confidential clients",
       {"--auth-method", "none", "--grant", "client_credentials"},
       "client_credentials needs a client with a secret or a key"},
      {"refresh tokens come of codes",
       {"--grant", "refresh_token"},
       "needs authorization_code or device_code beside it"},
      {"an unknown grant", {"--grant", "password"}, "not \"password\""},
      {"an empty grant", {"--grant", "authorization_code,"}, "not \"\""},
      {"OpenID Connect Core §9: private_key_jwt needs keys",
       {"--auth-method", "private_key_jwt"},
       "needs the client's public keys: --jwks FILE or --jwks-uri URL"},
      {"keys are for private_key_jwt", {"--jwks-uri", "https://a.example/jwks"}, "go with --auth-method"},
      {"RFC 7591 §2: keys stand in one place",
       {"--auth-method", "private_key_jwt", "--jwks-uri", "https://a.example/jwks", "--jwks", "public.json"},
       "name one of --jwks and --jwks-uri"},
      {"a jwks_uri is https",
       {"--auth-method", "private_key_jwt", "--jwks-uri", "http://a.example/jwks"},
       "--jwks-uri http://a.example/jwks: The jwks_uri must start with https://."},
      {"a file that is not there", {"--auth-method", "private_key_jwt", "--jwks", "/nowhere"}, "cannot be read"},
      {"an unknown method", {"--auth-method", "tls"}, "not \"tls\""},
      {"--redirect-id fills an assistant's redirect URIs",
       {"--redirect-id", "x"},
       "--redirect-id goes with --assistant"},
      {"a scope that is not declared", {"--scope", "todo.read admin"}, "\"admin\" is not declared"},
      {"RFC 6749 §3.3: a scope without quotes", {"--scope", "a\"b"}, "parted by blanks"},
      {"RFC 6749 §3.1.2: a redirect URI has no fragment",
       {"--redirect-uri", "https://a.example/#x"},
       "--redirect-uri https://a.example/#x"},
      {"a redirect URI is https", {"--redirect-uri", "http://a.example/"}, "--redirect-uri http://a.example/"},
      {"RFC 9126 §6: pushed requests are required or not",
       {"--require-pushed-requests", "maybe"},
       "--require-pushed-requests takes yes or no"},
      {"OpenID Connect is on or off", {"--openid", "perhaps"}, "--openid takes yes or no"},
      {"RFC 8725 §3.2: none is no algorithm", {"--id-token-alg", "none"}, "not \"none\""},
      {"a max age is a duration", {"--default-max-age", "60"}, "--default-max-age 60"},
      {"an address after sign-out is https",
       {"--post-logout-redirect-uri", "http://a.example/"},
       "--post-logout-redirect-uri http://a.example/"},
      {"an unknown token format", {"--access-token-format", "saml"}, "takes jwt, opaque or default, not \"saml\""},
      {"a resource that is not configured", {"--introspects", "urn:x"}, "\"urn:x\" is neither [api] resource nor"},
      {"RFC 7662 §2.1: who introspects has a secret",
       {"--auth-method", "none", "--introspects", "http://127.0.0.1:8080"},
       "--introspects needs a client with a secret or a key"},
      {"PKCE is required or optional", {"--pkce", "never"}, "--pkce takes required or optional"},
  };
  expect_refused(rows);
}

TEST(ClientUpdate, ChangesOnlyWhatIsNamed) {
  const Workplace place;
  place.write(kProviderFile);
  const Ran added = place.run({"client", "add", "X", "--scope", "todo.read", "--json"});
  const std::string id(added.json().at("client_id").as_string());
  EXPECT_NE(added.err.find("no redirect URI yet"), std::string::npos);
  const Ran updated = place.run({"client", "update", id, "--redirect-uri", "https://a.example/cb", "--json"});
  ASSERT_EQ(updated.code, ExitCode::done) << updated.err;
  EXPECT_EQ(updated.out, "{\"client_id\":\"" + id + "\"}\n");
  const json::value shown = place.run({"client", "show", id, "--json"}).json();
  EXPECT_EQ(shown.at("scope").as_string(), "todo.read");
  EXPECT_EQ(shown.at("name").as_string(), "X");
  EXPECT_EQ(json::serialize(shown.at("redirect_uris")), R"(["https://a.example/cb"])");
  EXPECT_EQ(place.run({"client", "update", "nobody", "--name", "Y"}).code, ExitCode::failed);
}

/// RFC 9126 §6.
TEST(ClientUpdate, CanRequirePushedRequests) {
  const Workplace place;
  place.write(kProviderFile);
  const Ran added = place.run({"client", "add", "X", "--require-pushed-requests", "yes", "--json"});
  const std::string id(added.json().at("client_id").as_string());
  const auto is_required = [&] {
    return place.run({"client", "show", id, "--json"}).json().at("require_pushed_requests").as_bool();
  };
  EXPECT_TRUE(is_required());
  EXPECT_NE(place.run({"client", "show", id}).out.find("pushed requests  required"), std::string::npos);
  EXPECT_EQ(place.run({"client", "update", id, "--name", "Y"}).code, ExitCode::done);
  EXPECT_TRUE(is_required());
  EXPECT_EQ(place.run({"client", "update", id, "--require-pushed-requests", "no"}).code, ExitCode::done);
  EXPECT_FALSE(is_required());
}

TEST(ClientAdd, SaysWhatTheConfigurationHasSwitchedOff) {
  const Workplace place;
  place.write(std::string(kProviderFile) + "[flows]\nclient_credentials = false\npushed_requests = false\n");
  const Ran ran = place.run({"client", "add", "X", "--grant", "authorization_code,client_credentials",
                             "--require-pushed-requests", "yes", "--json"});
  EXPECT_EQ(ran.code, ExitCode::done);
  EXPECT_NE(ran.err.find("[flows] has client_credentials switched off."), std::string::npos) << ran.err;
  EXPECT_EQ(ran.err.find("authorization_code switched"), std::string::npos);
  EXPECT_NE(ran.err.find("It must push its requests, and [flows] has pushed_requests switched off."),
            std::string::npos);
}

/// A client that no command makes.
void keep(const Workplace& place, const oauth::Client& client) {
  // Any command makes the database.
  ASSERT_EQ(place.run({"client", "list"}).code, ExitCode::done);
  SystemClock clock;
  SilentLog log;
  const auto storage = storage::open_sqlite(place.directory() / "chatelaine.db", clock, log);
  ASSERT_TRUE(block_on(storage->clients().add_client(client)));
}

/// THREATS N34: what a client says of itself comes from a stranger.
TEST(ClientShow, TellsWhereAClientComesFromAndWhatItSaysOfItself) {
  const Workplace place;
  place.write(kProviderFile);
  oauth::Client client;
  client.id = oauth::ClientId("stranger");
  client.name = "Stranger";
  client.authentication_methods = {oauth::AuthenticationMethod::none};
  client.origin = oauth::ClientOrigin::registration;
  client.description.client_uri = "https://a.example/";
  client.description.contacts = {"ops@a.example"};
  keep(place, client);
  const json::value shown = place.run({"client", "show", "stranger", "--json"}).json();
  EXPECT_EQ(shown.at("origin").as_string(), "registration");
  EXPECT_EQ(json::serialize(shown.at("description")),
            R"({"client_uri":"https://a.example/","contacts":["ops@a.example"]})");
  EXPECT_NE(place.run({"client", "show", "stranger"}).out.find("https://a.example/"), std::string::npos);
  EXPECT_NE(place.run({"client", "list"}).out.find("registration"), std::string::npos);
  EXPECT_EQ(place.run({"client", "remove", "stranger"}).code, ExitCode::done);
}

TEST(ClientAdd, KeepsTheTokenFormatAndTheResourcesThatItIntrospects) {
  const Workplace place;
  place.write(std::string(kProviderFile) + "[[resource]]\nidentifier = \"urn:b\"\naliases = [\"urn:old-b\"]\n");
  const auto shown = [&](const std::string& id) {
    const json::value client = place.run({"client", "show", id, "--json"}).json();
    return json::serialize(client.at("access_token_format")) + json::serialize(client.at("introspects"));
  };
  const std::string plain(place.run({"client", "add", "X", "--json"}).json().at("client_id").as_string());
  EXPECT_EQ(shown(plain), R"("default"[])");
  const Ran ran = place.run({"client", "add", "Api", "--grant", "client_credentials", "--access-token-format", "opaque",
                             "--introspects", "http://127.0.0.1:8080/", "--introspects", "urn:old-b", "--introspects",
                             "urn:b", "--json"});
  ASSERT_EQ(ran.code, ExitCode::done) << ran.err;
  const std::string id(ran.json().at("client_id").as_string());
  EXPECT_EQ(shown(id), R"("opaque"["http://127.0.0.1:8080","urn:b"])");
  EXPECT_EQ(place.run({"client", "update", id, "--name", "Y"}).code, ExitCode::done);
  EXPECT_EQ(shown(id), R"("opaque"["http://127.0.0.1:8080","urn:b"])");
  EXPECT_EQ(place.run({"client", "update", id, "--access-token-format", "default", "--introspects", "none"}).code,
            ExitCode::done);
  EXPECT_EQ(shown(id), R"("default"[])");
  EXPECT_NE(place.run({"client", "show", id}).out.find("access tokens"), std::string::npos);
}

/// One from before `--introspects` may ask about every token for `[api] resource`, as long as it acts for nobody.
TEST(ClientUpdate, EndsTheOldIntrospectionOfAClientThatComesToActForPeople) {
  const Workplace place;
  place.write(kProviderFile);
  oauth::Client client;
  client.id = oauth::ClientId("old");
  client.name = "Old";
  client.authentication_methods = {oauth::AuthenticationMethod::client_secret_basic};
  client.grant_types = {oauth::GrantType::client_credentials};
  client.introspects = std::nullopt;
  keep(place, client);
  const auto introspects_after = [&](const std::string& option, const std::string& value) {
    const Ran ran = place.run({"client", "update", "old", option, value});
    EXPECT_EQ(ran.code, ExitCode::done) << ran.err;
    return json::serialize(place.run({"client", "show", "old", "--json"}).json().at("introspects"));
  };
  EXPECT_EQ(introspects_after("--name", "Older"), "null");
  EXPECT_EQ(introspects_after("--grant", "authorization_code"), "[]");
  EXPECT_EQ(introspects_after("--grant", "client_credentials"), "[]") << "it does not come back";
}

TEST(ClientRotateSecret, GivesAnother) {
  const Workplace place;
  place.write(kProviderFile);
  const json::value added = place.run({"client", "add", "X", "--json"}).json();
  const std::string id(added.at("client_id").as_string());
  const json::value rotated = place.run({"client", "rotate-secret", id, "--json"}).json();
  EXPECT_NE(rotated.at("client_secret").as_string(), added.at("client_secret").as_string());
  EXPECT_EQ(place.run({"client", "remove", id}).code, ExitCode::done);
  EXPECT_EQ(place.run({"client", "remove", id}).code, ExitCode::failed);
}

}  // namespace
}  // namespace chatelaine::app
