#include <gtest/gtest.h>

#include "host/host.hpp"
#include "host/plugins.hpp"
#include "host/testing/world.hpp"
#include "host/verify.hpp"
#include "oauth/handle.hpp"
#include "pages/request_for_test.hpp"

namespace chatelaine::host {
namespace {

using pages::test::header_of;
using pages::test::MadeRequest;
using testing::World;

accounts::AccountsSettings accounts_settings() {
  accounts::AccountsSettings settings;
  settings.cookie_base = "chatelaine_host";
  settings.home_path = "/";
  return settings;
}

/// A whole host: routes over a scripted plugin, and browsers that are signed in to it.
class Site {
 public:
  Site() { host_.add_routes(router_); }

  /// A session's cookie.
  std::string sign_in(const storage::User& user) {
    const auto id = world.ids.next<storage::SessionTag>();
    const oauth::Handle handle = oauth::make_handle(id.value, world.randomness);
    const Instant now = world.clock.now();
    const storage::Session session{id, handle.hash(), user.id, now, now, now + std::chrono::days(1)};
    EXPECT_TRUE(block_on(world.storage->sessions().begin_session(session, user.password_hash)));
    return "__Host-chatelaine_host_session=" + oauth::format_handle("ctl_se_", handle);
  }
  net::Response get(const std::string& target, const std::string& cookie) {
    MadeRequest request(net::Method::get, target);
    if (!cookie.empty()) request.add_header("Cookie", cookie);
    return block_on(router_.route(request.get()));
  }
  net::Response post(const std::string& target, const std::string& cookie, const std::string& form) {
    MadeRequest request(net::Method::post, target);
    if (!cookie.empty()) request.add_header("Cookie", cookie);
    request.set_form(form);
    return block_on(router_.route(request.get()));
  }
  /// A form of the page at `page`, with its token.
  net::Response submit(const std::string& page, const std::string& target, const std::string& cookie,
                       const std::string& fields = {}) {
    const std::string body = get(page, cookie).body;
    constexpr std::string_view kBefore = "name=\"form_token\" value=\"";
    const std::size_t start = body.find(kBefore);
    EXPECT_NE(start, std::string::npos) << page << " has no form: " << body;
    if (start == std::string::npos) return {};
    const std::size_t from = start + kBefore.size();
    return post(target, cookie, "form_token=" + body.substr(from, body.find('"', from) - from) + "&" + fields);
  }

  World world;

 private:
  accounts::PasswordPool passwords_{1, 1};
  pages::Renderer renderer_{{"Test host", "/assets", ""}};
  pages::Csrf csrf_{SecretBytes("csrf key"), "https://host.example"};
  accounts::Accounts accounts_{accounts_settings(), *world.storage,   passwords_, renderer_, csrf_,
                               world.clock,         world.randomness, world.ids,  world.log};
  Host host_{world.context, accounts_, csrf_, renderer_};
  net::Router router_;
};

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
  EXPECT_NE(early.body.find("auth.verification_tokens.testhost"), std::string::npos);
  const auto plugins = block_on(list_plugins(site.world.context));
  site.world.verification_token = plugins.front().verification_token;
  site.world.serve_plugin();
  const net::Response verified = site.submit(page, page + "/verify", cookie);
  EXPECT_EQ(verified.status, 200) << verified.body;
  EXPECT_EQ(block_on(list_plugins(site.world.context)).front().state, PluginState::usable);

  EXPECT_EQ(site.submit(page, page + "/remove", cookie).status, 303);
  EXPECT_TRUE(block_on(list_plugins(site.world.context)).empty());
}

TEST(Pages, LeadAUserFromSignInWithToACallAndOut) {
  Site site;
  const storage::PluginId plugin_id = site.world.install_verified();
  const std::string base = "/plugins/" + plugin_id.value();
  const std::string cookie = site.sign_in(site.world.add_user("ann@example.com"));
  const net::Response home = site.get("/", cookie);
  EXPECT_NE(home.body.find("Sign in with Todo"), std::string::npos) << home.body;
  EXPECT_NE(header_of(home, "Content-Security-Policy").find("https://auth.todo.example"), std::string::npos)
      << "the button's answer may lead to the provider";

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
