#include "app/config/read.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "app/config/faults_for_test.hpp"
#include "app/config/schema.hpp"
#include "app/wiring/provider_settings.hpp"

namespace chatelaine::app {
namespace {

#define ISSUER "issuer = \"http://127.0.0.1:8080\"\n"

TEST(Configuration, HasKeysOfES256WhateverElseIsAskedFor) {
  using enum crypto::SignatureAlgorithm;
  using Algorithms = std::vector<crypto::SignatureAlgorithm>;
  const auto keys_of = [](const std::string& text) {
    return parse_configuration(ISSUER + text, kFile)->provider->keys;
  };
  EXPECT_EQ(keys_of("").algorithms, (Algorithms{ES256, RS256}));
  EXPECT_EQ(keys_of("").rotate_every, std::chrono::days{90});
  // DEVIATION OpenID Connect Core §15.1, OpenID Connect Discovery §3, RFC 9068 §2.1: RS256 may be missing.
  EXPECT_EQ(keys_of("[keys]\nalgorithms = []").algorithms, Algorithms{ES256});
  EXPECT_EQ(keys_of("[keys]\nalgorithms = [\"EdDSA\", \"ES256\", \"EdDSA\"]").algorithms, (Algorithms{ES256, EdDSA}));
  EXPECT_EQ(keys_of("[keys]\nrotate_every = \"off\"").rotate_every, std::nullopt);
}

/// A replaced key verifies until the last token that it signed has ended, whichever resource that is for.
TEST(Configuration, KeysOutlastTheLongestTokenOfAnyResource) {
  const auto longest_with = [](const std::string& resources) {
    const auto read = parse_configuration(ISSUER "[tokens]\naccess_lifetime = \"1h\"\n" + resources, kFile);
    return make_key_policy(read->provider.value()).longest_token_lifetime;
  };
  EXPECT_EQ(longest_with(""), std::chrono::hours{1});
  EXPECT_EQ(longest_with("[[resource]]\nidentifier = \"urn:a\"\naccess_lifetime = \"5m\"\n"), std::chrono::hours{1})
      << "ID tokens, and [api] resource's, live an hour still";
  EXPECT_EQ(longest_with("[[resource]]\nidentifier = \"urn:a\"\naccess_lifetime = \"3h\"\n"
                         "[[resource]]\nidentifier = \"urn:b\"\naccess_lifetime = \"2h\"\n"),
            std::chrono::hours{3});
}

/// RFC 8707: `[api] resource` comes first whether it is described or not.
TEST(Configuration, ResourcesBeginWithTheApisOwn) {
  const auto resources_of = [](std::string_view text) {
    const auto read = parse_configuration(text, kFile);
    EXPECT_TRUE(read) << faults_of(text);
    return make_protected_resources(*read->provider);
  };
  const auto alone = resources_of(ISSUER);
  ASSERT_EQ(alone.all().size(), 1U);
  EXPECT_EQ(alone.own().identifier.value(), "http://127.0.0.1:8080");
  EXPECT_FALSE(alone.own().scopes);

  const auto described = resources_of(ISSUER
                                      "[api]\nresource = \"https://api.example/v1\"\n"
                                      "[[resource]]\nidentifier = \"urn:b\"\nname = \"B\"\nscopes = [\"a\"]\n"
                                      "access_format = \"opaque\"\naccess_lifetime = \"5m\"\n"
                                      "[[resource]]\nidentifier = \"https://api.example/v1\"\n"
                                      "aliases = [\"https://api.example\", \"https://api.example/v1/\"]\n");
  ASSERT_EQ(described.all().size(), 2U);
  EXPECT_EQ(described.own().identifier.value(), "https://api.example/v1");
  EXPECT_EQ(described.find("https://api.example/"), &described.own());
  const oauth::ProtectedResource& other = described.all()[1];
  EXPECT_EQ(described.find("urn:b"), &other);
  EXPECT_EQ(other.name, "B");
  EXPECT_EQ(other.scopes, oauth::Scope({"a"}));
  EXPECT_EQ(other.access_token_format, oauth::AccessTokenFormat::opaque);
  EXPECT_EQ(other.access_token_lifetime, std::chrono::minutes{5});
}

/// THREATS N36: there are no pages for administrators unless the file says so.
TEST(Configuration, HasPagesForAdministratorsWhereItSaysSoAlone) {
  const auto is_enabled = [](const std::string& text) {
    const auto read = parse_configuration(ISSUER + text, kFile);
    EXPECT_TRUE(read) << faults_of(ISSUER + text);
    return make_admin_settings(read->provider.value()).is_enabled;
  };
  EXPECT_FALSE(is_enabled(""));
  EXPECT_FALSE(is_enabled("[admin]\n"));
  EXPECT_TRUE(is_enabled("[admin]\nenabled = true"));
  EXPECT_EQ(make_admin_settings(
                *parse_configuration("issuer = \"https://a.example/x\"\n[paths]\nprefix = \"/auth\"", kFile)->provider)
                .page_prefix,
            "/x/auth");
}

TEST(Configuration, NeedsIssuerListenAndStorageAlone) {
  const auto read =
      parse_configuration(ISSUER "listen = \"127.0.0.1:8080\"\nstorage = \"sqlite:data/chatelaine.db\"\n", kFile);
  ASSERT_TRUE(read) << read.error().front().to_string();
  EXPECT_FALSE(read->host);
  const ProviderConfiguration& provider = read->provider.value();
  EXPECT_EQ(provider.storage, "/etc/chatelaine/data/chatelaine.db");
  EXPECT_EQ(provider.api.resource, "http://127.0.0.1:8080");
  EXPECT_EQ(provider.api.unlisted, Unlisted::allow);
  EXPECT_EQ(provider.tokens.access_lifetime, std::chrono::hours{1});
  EXPECT_EQ(provider.tokens.refresh_lifetime, std::chrono::days{30});
  EXPECT_EQ(provider.tokens.refresh_grace, std::chrono::seconds{60});
  EXPECT_EQ(provider.tokens.code_lifetime, std::chrono::seconds{60});
  EXPECT_EQ(provider.device.lifetime, std::chrono::minutes{10});
  EXPECT_EQ(read->sessions.idle, std::chrono::hours{12});
  EXPECT_EQ(read->sessions.lifetime, std::chrono::days{30});
  EXPECT_EQ(provider.plugin.name_for_human, "127.0.0.1");
  EXPECT_TRUE(read->limits.enabled);
  EXPECT_EQ(read->limits.calls_per_grant, (limits::Rate{1200, std::chrono::minutes{1}}));
  EXPECT_EQ(read->limits.calls_per_user, std::nullopt);
  EXPECT_EQ(read->ledger.calls, std::chrono::days{90});
  EXPECT_EQ(read->ledger.events, std::chrono::days{730});
}

TEST(Configuration, NeedsHostUrlAloneForTheHost) {
  const auto read = parse_configuration("[host]\nurl = \"http://127.0.0.1:8090\"\n", kFile);
  ASSERT_TRUE(read) << read.error().front().to_string();
  EXPECT_FALSE(read->provider);
  EXPECT_EQ(read->host->storage, "/etc/chatelaine/chatelaine-host.db");
  EXPECT_EQ(read->host->name, "chatelaine");
  EXPECT_FALSE(read->host->allow_local);
}

TEST(Configuration, DeniesUnlistedPathsWhereThereIsADescription) {
  const auto read = parse_configuration(ISSUER "[api]\nopenapi = \"o.yaml\"\n", kFile);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->provider->api.unlisted, Unlisted::deny);
  EXPECT_EQ(read->provider->api.openapi, "/etc/chatelaine/o.yaml");
}

TEST(Configuration, EveryFlowHasItsOwnSwitch) {
  std::size_t count = 0;
  std::vector<oauth::Flows> seen;
  for (const Key& key : configuration_keys()) {
    if (key.table != "flows") continue;
    ++count;
    ConfigurationDraft draft;
    const oauth::Flows defaults = draft.provider.flows;
    const bool is_on = key.default_value == "true";
    const TakeBoolean take = std::get<TakeBoolean>(key.take);
    ASSERT_TRUE(take(draft, is_on));
    EXPECT_EQ(draft.provider.flows, defaults) << key.name << ": the documented default is another";
    ASSERT_TRUE(take(draft, !is_on));
    EXPECT_EQ(std::ranges::find(seen, draft.provider.flows), seen.end()) << key.name;
    EXPECT_NE(draft.provider.flows, defaults) << key.name;
    seen.push_back(draft.provider.flows);
  }
  EXPECT_EQ(count, sizeof(oauth::Flows) / sizeof(bool));
}

TEST(Configuration, MakesTheModelsNameFromThePersons) {
  const auto read = parse_configuration(ISSUER "[plugin]\nname_for_human = \"Todo Helper (beta)\"\n", kFile);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->provider->plugin.name_for_model, "todo_helper_beta");
}

// DEVIATION RFC 9700 §4.13: the operator answers for the way to the API.
TEST(Configuration, AnUpstreamBeyondLoopbackMayBeHttp) {
  const auto read = parse_configuration(ISSUER "[api]\nupstream = \"http://api.internal:3000\"\n", kFile);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->provider->api.upstream->text, "http://api.internal:3000");
}

}  // namespace
}  // namespace chatelaine::app
