#include "host/install.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "host/documents.hpp"
#include "host/plugins.hpp"
#include "host/testing/world.hpp"
#include "host/vault.hpp"
#include "host/verify.hpp"

namespace chatelaine::host {
namespace {

using testing::World;
using Kind = HostError::Kind;

struct DomainRow {
  const char* sentence;
  const char* text;
  bool allow_local;
  /// The manifest's URL, or nothing where the domain is refused.
  const char* manifest_url;
};

TEST(PluginDomain, IsRefusedBySpellingWhereItIsLocal) {
  const DomainRow rows[] = {
      {"a domain", "example.com", false, "https://example.com/.well-known/ai-plugin.json"},
      {"a domain with a port", "example.com:8443", false, "https://example.com:8443/.well-known/ai-plugin.json"},
      {"capitals and blanks around it", " Example.COM ", false, "https://example.com/.well-known/ai-plugin.json"},
      {"the default port says nothing", "example.com:443", false, "https://example.com/.well-known/ai-plugin.json"},
      {"the document: it cannot be localhost", "localhost", false, nullptr},
      {"localhost with a port", "localhost:3000", false, nullptr},
      {"loopback as an address", "127.0.0.1:3000", false, nullptr},
      {"IPv6 loopback", "[::1]:3000", false, nullptr},
      {"a private address", "10.0.0.1", false, nullptr},
      {"a private address, though loopback is allowed", "192.168.1.4", true, nullptr},
      {"link-local", "169.254.169.254", false, nullptr},
      {"an address as one number", "2130706433", false, nullptr},
      {"an address in hexadecimal", "0x7f.1", false, nullptr},
      {"an address with missing parts", "127.1", false, nullptr},
      {"a name without a dot", "intranet", false, nullptr},
      {"multicast DNS", "printer.local", false, nullptr},
      {"RFC 6761: below localhost", "app.localhost", false, nullptr},
      {"a dot at the end", "localhost.", false, nullptr},
      {"a URL", "https://example.com", false, nullptr},
      {"a path", "example.com/plugin", false, nullptr},
      {"user information", "user@example.com", false, nullptr},
      {"nothing", "", false, nullptr},
      {"an underscore", "a_b.example.com", false, nullptr},
      {"allow_local takes loopback over http", "127.0.0.1:3000", true,
       "http://127.0.0.1:3000/.well-known/ai-plugin.json"},
      {"allow_local takes localhost", "localhost:3000", true, "http://localhost:3000/.well-known/ai-plugin.json"},
      {"allow_local takes IPv6 loopback", "[::1]:3000", true, "http://[::1]:3000/.well-known/ai-plugin.json"},
  };
  for (const DomainRow& row : rows) {
    HostSettings settings;
    settings.allow_local = row.allow_local;
    const auto domain = parse_plugin_domain(row.text, settings);
    EXPECT_EQ(domain.has_value(), row.manifest_url != nullptr) << row.sentence;
    if (domain && row.manifest_url != nullptr) {
      EXPECT_EQ(domain->manifest_url.text, row.manifest_url) << row.sentence;
    }
  }
}

TEST(Install, ShowsTheCallbackBeforeCredentialsAndCompletesLater) {
  World world;
  const auto pending = block_on(install_plugin(world.context, {std::string(testing::kDomain), std::nullopt}));
  ASSERT_TRUE(pending) << pending.error().message;
  EXPECT_EQ(pending->state, PluginState::needs_credentials);
  EXPECT_EQ(pending->callback_url.value(),
            "https://host.example/aip/" + pending->plugin_id.value() + "/oauth/callback");
  EXPECT_EQ(pending->plugin_id.value().size(), std::string("plugin-").size() + 32);
  EXPECT_EQ(pending->verification_token.size(), 32U);

  const InstalledPlugin completed = world.install();
  EXPECT_EQ(completed.plugin_id, pending->plugin_id);
  EXPECT_EQ(completed.verification_token, pending->verification_token);
  EXPECT_EQ(completed.state, PluginState::needs_verification);
  EXPECT_EQ(block_on(list_plugins(world.context)).size(), 1U);
}

TEST(Install, ReportsWhatIsWrong) {
  World world;
  world.fetcher.on("GET " + std::string(testing::kManifestUrl), 200, R"({"schema_version":"v1"})");
  const auto faulty = block_on(install_plugin(world.context, {std::string(testing::kDomain), std::nullopt}));
  ASSERT_FALSE(faulty);
  EXPECT_EQ(faulty.error().kind, Kind::plugin_fault);
  EXPECT_GT(faulty.error().findings.size(), 3U) << "every fault, not only the first";

  world.fetcher.on("GET " + std::string(testing::kManifestUrl), 301, "");
  const auto redirected = block_on(install_plugin(world.context, {std::string(testing::kDomain), std::nullopt}));
  ASSERT_FALSE(redirected);
  EXPECT_EQ(redirected.error().findings.front().code, "redirected");

  world.serve_plugin();
  world.fetcher.on("GET " + world.api_url, 200, "<html>");
  const auto no_openapi = block_on(install_plugin(world.context, {std::string(testing::kDomain), std::nullopt}));
  ASSERT_FALSE(no_openapi);
  EXPECT_TRUE(no_openapi.error().findings.front().path.starts_with("openapi:"));
  EXPECT_TRUE(block_on(list_plugins(world.context)).empty()) << "nothing faulty is kept";
}

TEST(Install, AsksTheFetcherForPublicAddressesAlone) {
  World world(true);
  (void)world.install();
  for (const net::FetchRequest& request : world.fetcher.requests()) {
    EXPECT_EQ(request.policy.addresses, net::AddressPolicy::public_only)
        << "allow_local is for plugins that live on loopback: " << request.url;
    EXPECT_LE(request.policy.most_bytes, 4U * 1024 * 1024);
  }
  EXPECT_EQ(world.fetcher.requests().front().policy.most_bytes, 64U * 1024);
}

TEST(Install, TakesAPluginOnLoopbackWhereTheHostIsToldSo) {
  const std::string origin = "http://127.0.0.1:8080";
  const auto prepare = [&](World& world) {
    world.client_url = origin + "/authorize";
    world.token_url = origin + "/token";
    world.api_url = origin + "/openapi.yaml";
    world.server_url = origin + "/api";
    world.serve_plugin();
    world.fetcher.on("GET " + origin + "/.well-known/ai-plugin.json", 200, world.manifest_text());
  };
  World world(true);
  prepare(world);
  const auto installed = block_on(install_plugin(world.context, {"127.0.0.1:8080", std::nullopt}));
  ASSERT_TRUE(installed) << installed.error().message;
  EXPECT_EQ(installed->domain, "127.0.0.1:8080");
  for (const net::FetchRequest& request : world.fetcher.requests()) {
    EXPECT_EQ(request.policy.addresses, net::AddressPolicy::public_and_loopback) << request.url;
  }

  World strict;
  prepare(strict);
  const auto refused = block_on(install_plugin(strict.context, {"127.0.0.1:8080", std::nullopt}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Kind::forbidden);
  EXPECT_TRUE(strict.fetcher.requests().empty());
}

TEST(Install, ForgetsTheCredentialsWhereTheTokenEndpointMovesToAnotherOrigin) {
  for (const bool by_verifying : {false, true}) {
    World world;
    const storage::PluginId plugin_id = world.install_verified();
    world.token_url = "https://auth.todo.example/other";
    world.serve_plugin();
    ASSERT_TRUE(block_on(verify_plugin(world.context, plugin_id)));
    EXPECT_EQ(block_on(find_plugin(world.context, plugin_id))->state, PluginState::usable) << "the same origin";

    world.token_url = "https://elsewhere.example/token";
    world.serve_plugin();
    std::vector<Finding> warnings;
    if (by_verifying) {
      warnings = block_on(verify_plugin(world.context, plugin_id))->warnings;
    } else {
      warnings = block_on(install_plugin(world.context, {std::string(testing::kDomain), std::nullopt}))->warnings;
    }
    EXPECT_EQ(block_on(find_plugin(world.context, plugin_id))->state, PluginState::needs_credentials);
    EXPECT_EQ(block_on(find_plugin(world.context, plugin_id))->client_id, oauth::ClientId());
    EXPECT_TRUE(std::ranges::any_of(warnings, [](const Finding& f) { return f.code == "credentials_forgotten"; }));
  }
}

TEST(Check, ReportsARefusedDomainAndKeepsWarningsBesideFaults) {
  World world;
  const DomainReport refused = block_on(check_domain(world.context, "localhost"));
  ASSERT_EQ(refused.faults.size(), 1U);
  EXPECT_EQ(refused.faults[0].path, "domain");
  EXPECT_NE(refused.faults[0].message.find("localhost"), std::string::npos);

  EXPECT_TRUE(block_on(check_domain(world.context, std::string(testing::kDomain))).faults.empty());
  world.fetcher.on("GET " + world.api_url, 200, "<html>");
  const DomainReport faulty = block_on(check_domain(world.context, std::string(testing::kDomain)));
  EXPECT_EQ(faulty.faults.size(), 1U);
  EXPECT_FALSE(faulty.warnings.empty()) << "there is no verification token yet";
}

TEST(Cache, ForgetsWhatWasNotAskedForTheLongest) {
  DocumentCache cache;
  const auto entry = std::make_shared<const PluginDocuments>();
  const auto digest = [](int i) { return crypto::sha256(std::to_string(i)); };
  const std::size_t third = DocumentCache::kMostBytes / 3;
  for (int i = 0; i < 3; ++i) cache.keep(digest(i), entry, third);
  EXPECT_TRUE(cache.find(digest(0)));
  cache.keep(digest(3), entry, third);
  EXPECT_FALSE(cache.find(digest(1)));
  for (const int kept : {0, 2, 3}) EXPECT_TRUE(cache.find(digest(kept))) << kept;
  cache.keep(digest(4), entry, DocumentCache::kMostBytes * 2);
  EXPECT_TRUE(cache.find(digest(4))) << "the newest is always kept";
  EXPECT_FALSE(cache.find(digest(3)));
}

TEST(Verify, AsksForOurTokenInTheManifest) {
  World world;
  const InstalledPlugin installed = world.install();
  const auto missing = block_on(verify_plugin(world.context, installed.plugin_id));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().findings.front().code, "missing_verification_token");
  EXPECT_EQ(missing.error().findings.front().path, "auth.verification_tokens.testhost");

  world.verification_token = std::string(32, '0');
  world.serve_plugin();
  const auto wrong = block_on(verify_plugin(world.context, installed.plugin_id));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().findings.front().code, "wrong_verification_token");
  EXPECT_EQ(block_on(find_plugin(world.context, installed.plugin_id))->state, PluginState::needs_verification);

  world.verification_token = installed.verification_token;
  world.serve_plugin();
  ASSERT_TRUE(block_on(verify_plugin(world.context, installed.plugin_id)));
  EXPECT_EQ(block_on(find_plugin(world.context, installed.plugin_id))->state, PluginState::usable);
}

TEST(Verify, IsNeededAgainWhereAUrlHasChanged) {
  const auto state_after = [](const std::function<void(World&)>& change) {
    World world;
    const storage::PluginId plugin_id = world.install_verified();
    change(world);
    world.serve_plugin();
    (void)world.install();
    return block_on(find_plugin(world.context, plugin_id))->state;
  };
  EXPECT_EQ(state_after([](World&) {}), PluginState::usable);
  EXPECT_EQ(state_after([](World& w) { w.client_url = "https://auth.todo.example/other"; }),
            PluginState::needs_verification);
  EXPECT_EQ(state_after([](World& w) { w.token_url = "https://auth.todo.example/other"; }),
            PluginState::needs_verification);
  EXPECT_EQ(state_after([](World& w) { w.api_url = "https://todo.example/other.yaml"; }),
            PluginState::needs_verification);
  EXPECT_EQ(state_after([](World& w) { w.server_url = "https://todo.example/v2"; }), PluginState::needs_verification);
  EXPECT_EQ(state_after([](World& w) { w.verification_token.clear(); }), PluginState::needs_verification);
}

TEST(Vault, OpensASealedValueInItsOwnRowAlone) {
  World world;
  storage::Plugin plugin;
  plugin.id = storage::PluginId("plugin-a");
  plugin.client_id = oauth::ClientId("id");
  const std::string_view origin = "https://auth.example";
  plugin.sealed_client_secret =
      seal_client_secret(world.context, plugin.id, origin, {plugin.client_id, oauth::ClientSecret("s3cret")});
  ASSERT_TRUE(open_credentials(world.context, plugin, origin));
  EXPECT_EQ(open_credentials(world.context, plugin, origin)->client_secret.reveal(), "s3cret");
  EXPECT_FALSE(open_credentials(world.context, plugin, "https://elsewhere.example")) << "THREATS N17: another server";
  storage::Plugin moved_plugin = plugin;
  moved_plugin.id = storage::PluginId("plugin-b");
  EXPECT_FALSE(open_credentials(world.context, moved_plugin, origin)) << "THREATS N17: moved to another plugin";
  plugin.client_id = oauth::ClientId("another");
  EXPECT_FALSE(open_credentials(world.context, plugin, origin)) << "THREATS N17: of another client id";

  storage::Connection connection;
  connection.id = {7};
  connection.user_id = {8};
  connection.plugin_id = storage::PluginId("plugin-a");
  const ConnectionTokens tokens{oauth::AccessTokenSecret("a"), oauth::RefreshTokenSecret("r"), seconds(59), "t", "o"};
  connection.sealed_tokens = seal_tokens(world.context, connection, tokens);
  const auto opened = open_tokens(world.context, connection);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->refresh_token->reveal(), "r");
  EXPECT_EQ(opened->lifetime, seconds(59));
  const auto opens_as = [&](auto change) {
    storage::Connection moved = connection;
    change(moved);
    return open_tokens(world.context, moved).has_value();
  };
  EXPECT_FALSE(opens_as([](storage::Connection& c) { c.id = {9}; }));
  EXPECT_FALSE(opens_as([](storage::Connection& c) { c.user_id = {9}; })) << "THREATS N17: moved to another user";
  EXPECT_FALSE(opens_as([](storage::Connection& c) { c.plugin_id = storage::PluginId("plugin-b"); }));
  EXPECT_FALSE(opens_as([](storage::Connection& c) { ++c.version; })) << "THREATS N17: an earlier version";
  EXPECT_FALSE(opens_as([](storage::Connection& c) { c.sealed_tokens.back() ^= 1; }));
}

}  // namespace
}  // namespace chatelaine::host
