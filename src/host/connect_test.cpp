#include "host/connect.hpp"

#include <gtest/gtest.h>

#include "host/disconnect.hpp"
#include "host/plugins.hpp"
#include "host/remove.hpp"
#include "host/testing/world.hpp"
#include "oauth/handle.hpp"

namespace chatelaine::host {
namespace {

using testing::World;
using Kind = HostError::Kind;

TEST(Connect, OpensTheDocumentsUrlAndExchangesInTheManifestsContentType) {
  World world;
  const storage::PluginId plugin_id = world.install_verified();
  const storage::User user = world.add_user("ann@example.com");
  const auto begun = block_on(begin_connection(world.context, plugin_id, user.id, std::nullopt));
  ASSERT_TRUE(begun) << begun.error().message;
  EXPECT_TRUE(begun->authorization_url.starts_with(
      "https://auth.todo.example/authorize?response_type=code&client_id=the-client&scope=read%20write&redirect_uri="
      "https%3A%2F%2Fhost.example%2Faip%2F" +
      plugin_id.value() + "%2Foauth%2Fcallback&state=ctl_st_"))
      << begun->authorization_url;
  EXPECT_EQ(begun->authorization_url.find("code_challenge"), std::string::npos) << "no metadata, no PKCE";

  const ConnectionCallback callback{plugin_id, World::consented(*begun), World::cookie_of(*begun), user.id};
  const auto finished = block_on(finish_connection(world.context, callback));
  ASSERT_TRUE(finished) << finished.error().message;
  EXPECT_EQ(finished->user_id, user.id);
  const auto exchanges = world.fetcher.requests_to("POST https://auth.todo.example/token");
  ASSERT_EQ(exchanges.size(), 1U);
  EXPECT_EQ(exchanges.front().body,
            R"({"grant_type":"authorization_code","client_id":"the-client","client_secret":")" +
                std::string(testing::kClientSecret) +
                R"(","code":"authorization-code-value","redirect_uri":"https://host.example/aip/)" + plugin_id.value() +
                R"(/oauth/callback"})");
  const auto connection = block_on(world.storage->connections().find_connection(plugin_id, user.id));
  ASSERT_TRUE(connection);
  EXPECT_EQ(connection->access_token_expires_at, world.clock.now() + seconds(3600));
  EXPECT_EQ(connection->sealed_tokens.find("access-token"), std::string::npos);
}

TEST(Connect, ExchangesAFormWhereTheManifestSaysSo) {
  World world;
  world.content_type = "application/x-www-form-urlencoded";
  const storage::PluginId plugin_id = world.install_verified();
  world.connect(plugin_id, world.add_user("ann@example.com"));
  const net::FetchRequest exchange = world.fetcher.requests_to("POST https://auth.todo.example/token").back();
  EXPECT_EQ(exchange.headers.front().value, "application/x-www-form-urlencoded");
  EXPECT_EQ(exchange.body,
            "grant_type=authorization_code&client_id=the-client&client_secret=" + std::string(testing::kClientSecret) +
                "&code=authorization-code-value&redirect_uri=https%3A%2F%2Fhost.example%2Faip%2F" + plugin_id.value() +
                "%2Foauth%2Fcallback");
}

TEST(Connect, UsesPkceAndChecksTheIssuerWhereTheMetadataOffersIt) {
  World world;
  world.serve_metadata();
  const storage::PluginId plugin_id = world.install_verified();
  const storage::User user = world.add_user("ann@example.com");
  const auto begun = block_on(begin_connection(world.context, plugin_id, user.id, std::nullopt));
  ASSERT_TRUE(begun);
  EXPECT_NE(begun->authorization_url.find("&code_challenge_method=S256"), std::string::npos);
  Form query = World::consented(*begun);
  query.set("iss", "https://evil.example");
  const auto mixed_up =
      block_on(finish_connection(world.context, {plugin_id, query, World::cookie_of(*begun), user.id}));
  ASSERT_FALSE(mixed_up);
  EXPECT_TRUE(world.fetcher.requests_to("POST https://auth.todo.example/token").empty()) << "RFC 9207: no code is sent";

  world.connect(plugin_id, user);
  const auto exchange = world.fetcher.requests_to("POST https://auth.todo.example/token").back();
  EXPECT_NE(exchange.body.find("\"code_verifier\":\""), std::string::npos);
}

struct Begun {
  storage::PluginId plugin_id;
  storage::User user;
  BegunConnection connection;
};

Begun begin(World& world) {
  Begun out{world.install_verified(), world.add_user("ann@example.com"), {}};
  out.connection = *block_on(begin_connection(world.context, out.plugin_id, out.user.id, std::nullopt));
  return out;
}

/// The same attempt's id, well formed, but a guess.
std::string with_another_secret(std::string_view state) {
  const auto handle = oauth::parse_handle("ctl_st_", state);
  SystemRandomness randomness;
  return oauth::format_handle("ctl_st_", oauth::make_handle(handle.value().id, randomness));
}

TEST(Callback, AGuessedStateTakesNobodysSignInAway) {
  World world;
  const Begun begun = begin(world);
  ConnectionCallback callback{begun.plugin_id, World::consented(begun.connection), World::cookie_of(begun.connection),
                              begun.user.id};
  ConnectionCallback guess = callback;
  guess.query.set("state", with_another_secret(callback.query.get_or_empty("state")));
  EXPECT_FALSE(block_on(finish_connection(world.context, std::move(guess))));
  EXPECT_TRUE(block_on(finish_connection(world.context, std::move(callback))));
}

struct RefusedRow {
  const char* sentence;
  std::function<void(World&, const Begun&, ConnectionCallback&)> change;
};

TEST(Callback, StoresNothingUnlessStateBrowserPluginAndUserAreTheOnesThatBegan) {
  const RefusedRow rows[] = {
      {"THREATS N22: state is missing",
       [](World&, const Begun&, ConnectionCallback& c) { c.query = Form(std::vector<Form::Field>{{"code", "c"}}); }},
      {"THREATS N22: state is another's",
       [](World&, const Begun&, ConnectionCallback& c) { c.query.set("state", "x"); }},
      {"a state whose secret was altered",
       [](World&, const Begun&, ConnectionCallback& c) {
         c.query.set("state", with_another_secret(c.query.get_or_empty("state")));
       }},
      {"another browser", [](World&, const Begun&, ConnectionCallback& c) { c.browser_cookie = std::string(43, 'A'); }},
      {"no cookie at all", [](World&, const Begun&, ConnectionCallback& c) { c.browser_cookie.reset(); }},
      {"ten minutes later", [](World& w, const Begun&, ConnectionCallback&) { w.clock.move(kConnectLifetime); }},
      {"another plugin's callback",
       [](World&, const Begun&, ConnectionCallback& c) { c.plugin_id = storage::PluginId("plugin-other"); }},
      {"somebody else is signed in",
       [](World& w, const Begun&, ConnectionCallback& c) { c.signed_in = w.add_user("eve@example.com").id; }},
      {"the provider sent an error",
       [](World&, const Begun&, ConnectionCallback& c) { c.query.add("error", "access_denied"); }},
      {"the user was disabled meanwhile",
       [](World& w, const Begun& b, ConnectionCallback&) {
         (void)block_on(w.storage->users().set_enabled(b.user.id, false, w.clock.now()));
       }},
      {"the token endpoint refuses",
       [](World& w, const Begun&, ConnectionCallback&) { w.tokens.error_body = R"({"error":"invalid_client"})"; }},
  };
  for (const RefusedRow& row : rows) {
    World world;
    const Begun begun = begin(world);
    ConnectionCallback callback{begun.plugin_id, World::consented(begun.connection), World::cookie_of(begun.connection),
                                begun.user.id};
    row.change(world, begun, callback);
    EXPECT_FALSE(block_on(finish_connection(world.context, std::move(callback)))) << row.sentence;
    EXPECT_TRUE(block_on(world.storage->connections().list_connections(begun.user.id)).empty()) << row.sentence;
  }
}

TEST(Callback, WorksOnce) {
  World world;
  const Begun begun = begin(world);
  const ConnectionCallback callback{begun.plugin_id, World::consented(begun.connection),
                                    World::cookie_of(begun.connection), std::nullopt};
  ASSERT_TRUE(block_on(finish_connection(world.context, callback)));
  const auto replayed = block_on(finish_connection(world.context, callback));
  ASSERT_FALSE(replayed);
  EXPECT_EQ(replayed.error().kind, Kind::bad_request);
  EXPECT_EQ(world.fetcher.requests_to("POST https://auth.todo.example/token").size(), 1U);
}

TEST(Connect, IsRefusedWhereThePluginIsNotVerified) {
  World world;
  const InstalledPlugin installed = world.install();
  const storage::User user = world.add_user("ann@example.com");
  const auto begun = block_on(begin_connection(world.context, installed.plugin_id, user.id, std::nullopt));
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().kind, Kind::not_ready);
  EXPECT_FALSE(block_on(make_connect_link(world.context, installed.plugin_id, user.id)));
}

TEST(Connect, TwoTabsShareOneBrowserSecret) {
  World world;
  const storage::PluginId plugin_id = world.install_verified();
  const storage::User user = world.add_user("ann@example.com");
  const auto first = block_on(begin_connection(world.context, plugin_id, user.id, std::nullopt));
  const auto second = block_on(begin_connection(world.context, plugin_id, user.id, World::cookie_of(*first)));
  EXPECT_EQ(World::cookie_of(*first), World::cookie_of(*second));
  EXPECT_TRUE(block_on(
      finish_connection(world.context, {plugin_id, World::consented(*first), World::cookie_of(*second), user.id})));
}

std::string ticket_of(const std::string& link) { return link.substr(link.find("ticket=") + 7); }

TEST(ConnectLink, WorksOnceForTenMinutesAndForItsPlugin) {
  World world;
  const storage::PluginId plugin_id = world.install_verified();
  const storage::User user = world.add_user("ann@example.com");
  const auto link = [&] { return *block_on(make_connect_link(world.context, plugin_id, user.id)); };
  const auto redeem = [&](const std::string& text, const storage::PluginId& id) {
    return block_on(redeem_connect_ticket(world.context, id, ticket_of(text)));
  };
  const std::string once = link();
  EXPECT_TRUE(once.starts_with("https://host.example/plugins/" + plugin_id.value() + "/connect?ticket=ctl_ct_"));
  EXPECT_EQ(redeem(once, plugin_id), user.id);
  EXPECT_FALSE(redeem(once, plugin_id)) << "a second time";
  EXPECT_FALSE(redeem(link(), storage::PluginId("plugin-other"))) << "at another plugin";
  EXPECT_FALSE(redeem("ticket=rubbish", plugin_id));
  const std::string late = link();
  world.clock.move(kConnectLifetime);
  EXPECT_FALSE(redeem(late, plugin_id)) << "ten minutes later";
}

TEST(ConnectLink, AndStateDoNotPassForEachOther) {
  World world;
  const storage::PluginId plugin_id = world.install_verified();
  const storage::User user = world.add_user("ann@example.com");
  const auto begun = block_on(begin_connection(world.context, plugin_id, user.id, std::nullopt));
  const auto state = oauth::parse_handle("ctl_st_", World::consented(*begun).get_or_empty("state"));
  ASSERT_TRUE(state);
  EXPECT_FALSE(block_on(redeem_connect_ticket(world.context, plugin_id, oauth::format_handle("ctl_ct_", *state))))
      << "a provider sees every state";

  const std::string link = *block_on(make_connect_link(world.context, plugin_id, user.id));
  const auto ticket = oauth::parse_handle("ctl_ct_", ticket_of(link));
  ASSERT_TRUE(ticket);
  const Form query(std::vector<Form::Field>{{"code", "c"}, {"state", oauth::format_handle("ctl_st_", *ticket)}});
  EXPECT_FALSE(block_on(finish_connection(world.context, {plugin_id, query, World::cookie_of(*begun), user.id})));
}

TEST(Disconnect, RevokesAtTheProviderAndForgets) {
  World world;
  world.serve_metadata();
  const storage::PluginId plugin_id = world.install_verified();
  const storage::User user = world.add_user("ann@example.com");
  world.connect(plugin_id, user);
  const auto done = block_on(disconnect_plugin(world.context, plugin_id, user.id));
  ASSERT_TRUE(done);
  EXPECT_EQ(done->revocation, ProviderRevocation::revoked);
  const auto revocations = world.fetcher.requests_to("POST https://auth.todo.example/revoke");
  ASSERT_EQ(revocations.size(), 1U);
  EXPECT_TRUE(revocations.front().body.starts_with("token=refresh-token-0001&token_type_hint=refresh_token"));
  EXPECT_FALSE(block_on(world.storage->connections().find_connection(plugin_id, user.id)));
  EXPECT_FALSE(block_on(disconnect_plugin(world.context, plugin_id, user.id))) << "a second time";

  world.connect(plugin_id, user);
  world.fetcher.on("POST https://auth.todo.example/revoke", 503, "");
  EXPECT_EQ(block_on(disconnect_plugin(world.context, plugin_id, user.id))->revocation, ProviderRevocation::failed);
  EXPECT_FALSE(block_on(world.storage->connections().find_connection(plugin_id, user.id)))
      << "forgotten, whatever the provider says";

  world.connect(plugin_id, user);
  world.serve_metadata(404);
  EXPECT_EQ(block_on(disconnect_plugin(world.context, plugin_id, user.id))->revocation,
            ProviderRevocation::not_offered);

  world.connect(plugin_id, user);
  world.serve_metadata(503);
  EXPECT_EQ(block_on(disconnect_plugin(world.context, plugin_id, user.id))->revocation, ProviderRevocation::failed)
      << "what a server in trouble offers is not known";

  world.serve_metadata(404);
  world.connect(plugin_id, user);
  world.fetcher.remove("GET https://auth.todo.example/.well-known/oauth-authorization-server");
  EXPECT_EQ(block_on(disconnect_plugin(world.context, plugin_id, user.id))->revocation, ProviderRevocation::failed);
}

TEST(Disconnect, DoesNotTakeAPluginThatCanBeUsed) {
  World world;
  world.serve_metadata();
  const storage::PluginId plugin_id = world.install_verified();
  const storage::User user = world.add_user("ann@example.com");
  world.connect(plugin_id, user);
  world.verification_token.clear();
  world.serve_plugin();
  EXPECT_EQ(world.install().state, PluginState::needs_verification);
  (void)block_on(world.storage->users().set_enabled(user.id, false, world.clock.now()));
  EXPECT_EQ(block_on(find_user(world.context, "ann@example.com"))->id, user.id) << "for the command";
  EXPECT_EQ(block_on(disconnect_plugin(world.context, plugin_id, user.id))->revocation, ProviderRevocation::revoked);
}

TEST(Remove, RevokesEverybodysTokensAndSaysHowMany) {
  World world;
  world.serve_metadata();
  const storage::PluginId plugin_id = world.install_verified();
  for (int i = 0; i < 5; ++i) world.connect(plugin_id, world.add_user("user" + std::to_string(i) + "@example.com"));
  const auto removed = block_on(remove_plugin(world.context, plugin_id));
  ASSERT_TRUE(removed);
  EXPECT_EQ(removed->connections, 5U);
  EXPECT_EQ(removed->revoked, 5U);
  EXPECT_FALSE(block_on(remove_plugin(world.context, plugin_id)));
}

TEST(Remove, DoesNotWaitForAProviderThatDoesNotAnswer) {
  World world;
  world.serve_metadata();
  const storage::PluginId plugin_id = world.install_verified();
  for (int i = 0; i < 5; ++i) world.connect(plugin_id, world.add_user("user" + std::to_string(i) + "@example.com"));
  world.fetcher.on("POST https://auth.todo.example/revoke", 503, "");
  EXPECT_EQ(block_on(remove_plugin(world.context, plugin_id))->revoked, 0U);
  EXPECT_EQ(world.fetcher.requests_to("POST https://auth.todo.example/revoke").size(), 3U);
}

TEST(Connect, DoesNotTakeThePlaceOfAConnectionUnasked) {
  World world;
  world.serve_metadata();
  const storage::PluginId plugin_id = world.install_verified();
  const storage::User user = world.add_user("ann@example.com");
  const auto begin_again = [&] { return block_on(begin_connection(world.context, plugin_id, user.id, std::nullopt)); };
  const auto early = begin_again();
  world.connect(plugin_id, user);
  const auto refused = begin_again();
  ASSERT_FALSE(refused) << "THREATS N21";
  EXPECT_EQ(refused.error().kind, Kind::connected);
  EXPECT_FALSE(block_on(make_connect_link(world.context, plugin_id, user.id)));

  // Two sign-ins at once: the later one stays, and the earlier one's tokens do not live on.
  ASSERT_TRUE(block_on(
      finish_connection(world.context, {plugin_id, World::consented(*early), World::cookie_of(*early), user.id})));
  const auto revocations = world.fetcher.requests_to("POST https://auth.todo.example/revoke");
  ASSERT_EQ(revocations.size(), 1U);
  EXPECT_TRUE(revocations.front().body.starts_with("token=refresh-token-0001&"));

  const auto connection = block_on(world.storage->connections().find_connection(plugin_id, user.id));
  block_on(world.storage->connections().fail_refresh(connection->id, connection->version, true));
  EXPECT_TRUE(begin_again()) << "the provider ended it: nothing to lose";
}

TEST(Connect, IsRefusedWhereTheSignInServerDoesNotAnswer) {
  World world;
  const storage::PluginId plugin_id = world.install_verified();
  const storage::User user = world.add_user("ann@example.com");
  world.serve_metadata(500);
  EXPECT_TRUE(block_on(begin_connection(world.context, plugin_id, user.id, std::nullopt)))
      << "the servers of 2023 answer anything for paths that they do not know";
  world.fetcher.remove("GET https://auth.todo.example/.well-known/oauth-authorization-server");
  const auto begun = block_on(begin_connection(world.context, plugin_id, user.id, std::nullopt));
  ASSERT_FALSE(begun) << "a sign-in without PKCE must not be had by keeping us from the metadata";
  EXPECT_EQ(begun.error().kind, Kind::plugin_fault);
}

}  // namespace
}  // namespace chatelaine::host
