#include <gtest/gtest.h>

#include "host/plugins.hpp"
#include "host/testing/site.hpp"
#include "host/verify.hpp"

namespace chatelaine::host {
namespace {

using pages::test::header_of;
using testing::Site;
using testing::World;

TEST(Pages, LeadADeveloperFromTheDomainToAVerifiedPlugin) {
  Site site;
  const std::string cookie = site.sign_in(site.world.add_user("dev@example.com", storage::Role::developer));
  const net::Response installed =
      site.submit("/plugins/install", "/plugins/install", cookie, "domain=" + std::string(testing::kDomain));
  ASSERT_EQ(installed.status, 303) << installed.body;
  const std::string page = header_of(installed, "Location");

  const std::string pending = site.get(page, cookie).body;
  EXPECT_NE(pending.find("/oauth/callback"), std::string::npos) << "the callback comes before the credentials";
  const net::Response given = site.submit(page, page + "/credentials", cookie,
                                          "client_id=the-client&client_secret=" + std::string(testing::kClientSecret));
  ASSERT_EQ(given.status, 303) << given.body;
  const std::string with_credentials = site.get(page, cookie).body;
  EXPECT_NE(with_credentials.find("the-client"), std::string::npos);
  EXPECT_EQ(with_credentials.find(testing::kClientSecret), std::string::npos) << "the secret is never shown again";

  const net::Response early = site.submit(page, page + "/verify", cookie);
  EXPECT_EQ(early.status, 422);
  EXPECT_NE(early.body.find("into auth.verification_tokens of"), std::string::npos);
  const auto plugins = block_on(list_plugins(site.world.context));
  site.world.verification_token = plugins.front().verification_token;
  site.world.serve_plugin();
  const net::Response verified = site.submit(page, page + "/verify", cookie);
  EXPECT_EQ(verified.status, 200) << verified.body;
  EXPECT_EQ(block_on(list_plugins(site.world.context)).front().state, PluginState::usable);

  EXPECT_EQ(site.submit(page, page + "/remove", cookie).status, 200);
  EXPECT_TRUE(block_on(list_plugins(site.world.context)).empty());
}

TEST(Pages, LeadAUserFromSignInWithToACallAndOut) {
  Site site;
  const storage::PluginId plugin_id = site.world.install_verified();
  const std::string base = "/plugins/" + plugin_id.value();
  const std::string cookie = site.sign_in(site.world.add_user("ann@example.com"));
  const net::Response home = site.get("/", cookie);
  EXPECT_NE(home.body.find("Sign in with Todo"), std::string::npos) << home.body;
  EXPECT_NE(header_of(home, "Content-Security-Policy").find("form-action 'self' https:;"), std::string::npos)
      << "the button's answer may lead to the provider, and from there to wherever people sign in";

  const net::Response to_provider = site.submit("/", base + "/connect", cookie);
  ASSERT_EQ(to_provider.status, 303) << to_provider.body;
  const BegunConnection begun{header_of(to_provider, "Location"), header_of(to_provider, "Set-Cookie")};
  EXPECT_TRUE(begun.authorization_url.starts_with("https://auth.todo.example/authorize?response_type=code"));
  const std::string both = cookie + "; " + begun.set_cookie.substr(0, begun.set_cookie.find(';'));
  const std::string callback = "/aip/" + plugin_id.value() + "/oauth/callback?" + encode_form(World::consented(begun));
  EXPECT_EQ(site.get(callback + "&code=twice", both).status, 400) << "RFC 6749 §3.1: a repeated parameter";
  const net::Response back = site.get(callback, both);
  ASSERT_EQ(back.status, 303) << back.body;
  EXPECT_EQ(header_of(back, "Location"), base + "/use");
  EXPECT_EQ(site.get(callback, both).status, 400) << "a callback works once";

  const net::Response wrong = site.submit(base + "/use", base + "/use", cookie, "operation=listTodos&argument.limit=x");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_NE(wrong.body.find("whole number"), std::string::npos) << wrong.body;
  const net::Response answer = site.submit(base + "/use", base + "/use", cookie, "operation=listTodos&argument.limit=");
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.body.find("todos"), std::string::npos) << answer.body;

  const net::Response gone = site.submit(base + "/use", base + "/disconnect", cookie);
  EXPECT_EQ(gone.status, 200) << gone.body;
  EXPECT_NE(gone.body.find("role=\"status\""), std::string::npos) << "what happened is said above the list";
  EXPECT_NE(gone.body.find("Sign in with Todo"), std::string::npos);
  EXPECT_EQ(site.get(base + "/use", cookie).status, 303) << "back to the list";
}

TEST(Pages, AConnectLinkWorksWithoutASessionAndOnce) {
  Site site;
  const storage::PluginId plugin_id = site.world.install_verified();
  const storage::User user = site.world.add_user("ann@example.com");
  const std::string link = *block_on(make_connect_link(site.world.context, plugin_id, user.id));
  const std::string target = link.substr(std::string("https://host.example").size());
  const net::Response to_provider = site.get(target, "");
  ASSERT_EQ(to_provider.status, 303) << to_provider.body;
  EXPECT_EQ(site.get(target, "").status, 400);
  const BegunConnection begun{header_of(to_provider, "Location"), header_of(to_provider, "Set-Cookie")};
  const std::string callback = "/aip/" + plugin_id.value() + "/oauth/callback?" + encode_form(World::consented(begun));
  const net::Response done = site.get(callback, begun.set_cookie.substr(0, begun.set_cookie.find(';')));
  EXPECT_EQ(done.status, 200) << done.body;
  EXPECT_TRUE(block_on(site.world.storage->connections().find_connection(plugin_id, user.id)));
}

TEST(Pages, APreviewOfAConnectLinkDoesNotUseItUp) {
  Site site;
  const storage::PluginId plugin_id = site.world.install_verified();
  const storage::User user = site.world.add_user("ann@example.com");
  const std::string link = *block_on(make_connect_link(site.world.context, plugin_id, user.id));
  const std::string target = link.substr(std::string("https://host.example").size());
  EXPECT_EQ(header_of(site.get(target, "", net::Method::head), "Location"), "/");
  EXPECT_TRUE(header_of(site.get(target, ""), "Location").starts_with("https://auth.todo.example/authorize?"));
}

TEST(Pages, LetWhoeverIsConnectedLeaveWhateverBecameOfThePlugin) {
  Site site;
  const storage::PluginId plugin_id = site.world.install_verified();
  const storage::User user = site.world.add_user("ann@example.com");
  const std::string cookie = site.sign_in(user);
  const auto offers = [&](const char* label) { return site.get("/", cookie).body.find(label) != std::string::npos; };
  EXPECT_FALSE(offers(">Disconnect<"));
  site.world.connect(plugin_id, user);
  EXPECT_TRUE(offers(">Open<") && offers(">Disconnect<"));

  const auto connection = block_on(site.world.storage->connections().find_connection(plugin_id, user.id));
  block_on(site.world.storage->connections().fail_refresh(connection->id, connection->version, true));
  EXPECT_TRUE(offers(">Sign in with Todo<") && offers(">Disconnect<")) << "the provider has ended it";

  site.world.verification_token.clear();
  site.world.serve_plugin();
  (void)site.world.install();
  EXPECT_TRUE(offers("Not verified yet") && offers(">Disconnect<"));
  const net::Response left = site.submit("/", "/plugins/" + plugin_id.value() + "/disconnect", cookie);
  EXPECT_EQ(left.status, 200);
  EXPECT_FALSE(offers(">Disconnect<"));
}

TEST(Pages, SayThatNothingWasConnectedWhereTheUserDidNotAllowIt) {
  Site site;
  const storage::PluginId plugin_id = site.world.install_verified();
  const std::string cookie = site.sign_in(site.world.add_user("ann@example.com"));
  for (const bool is_signed_in : {true, false}) {
    const net::Response sent = site.submit("/", "/plugins/" + plugin_id.value() + "/connect", cookie);
    const BegunConnection begun{header_of(sent, "Location"), header_of(sent, "Set-Cookie")};
    Form query;
    query.add("error", "access_denied");
    query.add("state", std::string(World::consented(begun).get_or_empty("state")));
    const std::string browser = begun.set_cookie.substr(0, begun.set_cookie.find(';'));
    const net::Response page = site.get("/aip/" + plugin_id.value() + "/oauth/callback?" + encode_form(query),
                                        is_signed_in ? cookie + "; " + browser : browser);
    EXPECT_EQ(page.status, 200);
    EXPECT_NE(page.body.find("You did not allow it"), std::string::npos) << page.body;
    EXPECT_EQ(page.body.find("Sign in with Todo") != std::string::npos, is_signed_in);
  }
}

TEST(Pages, OfferTheWholeBodyWhereAFormWouldHaveTooManyFields) {
  Site site;
  std::string properties;
  for (int i = 0; i < 150; ++i) properties += "p" + std::to_string(i) + ": {type: string}, ";
  site.world.fetcher.on("GET " + site.world.api_url, 200,
                        "openapi: 3.0.0\npaths: {/todos: {post: {operationId: addTodo, requestBody: {content: "
                        "{application/json: {schema: {properties: {" +
                            properties + "}}}}}}}}");
  const InstalledPlugin installed = site.world.install();
  site.world.verification_token = installed.verification_token;
  const storage::User user = site.world.add_user("ann@example.com");
  const std::string cookie = site.sign_in(user);
  site.world.serve_manifest();
  ASSERT_TRUE(block_on(verify_plugin(site.world.context, installed.plugin_id)));
  site.world.connect(installed.plugin_id, user);
  const std::string page = site.get("/plugins/" + installed.plugin_id.value() + "/use", cookie).body;
  EXPECT_NE(page.find("name=\"argument.body\""), std::string::npos) << page.substr(0, 2000);
  EXPECT_EQ(page.find("name=\"argument.p1\""), std::string::npos);
}

TEST(Pages, AreForTheRightPeopleAndOurOwnForms) {
  Site site;
  const storage::PluginId plugin_id = site.world.install_verified();
  const std::string base = "/plugins/" + plugin_id.value();
  const std::string user = site.sign_in(site.world.add_user("ann@example.com"));
  const std::string developer = site.sign_in(site.world.add_user("dev@example.com", storage::Role::developer));
  for (const std::string& page : {std::string("/"), std::string("/plugins/install"), base, base + "/use"}) {
    const net::Response response = site.get(page, "");
    EXPECT_EQ(response.status, 303) << page;
    EXPECT_TRUE(header_of(response, "Location").starts_with("/sign-in")) << page;
  }
  for (const std::string& page : {std::string("/plugins/install"), base}) {
    EXPECT_EQ(site.get(page, user).status, 403) << page;
  }
  for (const char* form : {"/credentials", "/verify", "/remove", "/connect", "/disconnect", "/use"}) {
    EXPECT_EQ(site.post(base + form, developer, "form_token=forged").status, 403) << form;
    EXPECT_EQ(site.post(base + form, "", "form_token=forged").status, 303) << form;
  }
  EXPECT_EQ(site.submit("/", base + "/verify", user).status, 403) << "an own form, but not a developer";
  EXPECT_EQ(site.get("/plugins/plugin-none", developer).status, 404);
}

TEST(Pages, ShowWhatAProviderWroteAsText) {
  Site site;
  const storage::PluginId plugin_id = site.world.install_verified();
  const std::string cookie = site.sign_in(site.world.add_user("ann@example.com"));
  const net::Response to_provider = site.submit("/", "/plugins/" + plugin_id.value() + "/connect", cookie);
  const BegunConnection begun{header_of(to_provider, "Location"), header_of(to_provider, "Set-Cookie")};
  Form query;
  query.add("error", "odd");
  query.add("error_description", "<script>alert(1)</script>");
  query.add("state", std::string(World::consented(begun).get_or_empty("state")));
  const net::Response page = site.get("/aip/" + plugin_id.value() + "/oauth/callback?" + encode_form(query),
                                      cookie + "; " + begun.set_cookie.substr(0, begun.set_cookie.find(';')));
  EXPECT_EQ(page.status, 400);
  EXPECT_EQ(page.body.find("<script>"), std::string::npos) << "THREATS N25";
  EXPECT_NE(page.body.find("&lt;script&gt;"), std::string::npos);
}

}  // namespace
}  // namespace chatelaine::host
