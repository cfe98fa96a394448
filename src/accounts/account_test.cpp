#include <gtest/gtest.h>

#include "accounts/world_for_test.hpp"

namespace chatelaine::accounts {
namespace {

using test::contains;
using test::header_of;
using test::kPassword;
using test::Visitor;
using test::World;

TEST(Account, ShowsThePersonAndTheirAssistantsEscaped) {
  AccountsSettings settings = World::make_settings();
  settings.describe_scope = [](const std::string& scope) {
    return scope == "todos.read" ? std::string("read <your> lists") : std::string();
  };
  World world(std::move(settings));
  const auto user = world.add_user("ada@example.com", "Ada <script>alert(1)</script>");
  world.allow(user, "helper", "Helper \"<b>\"", "todos.read");
  world.allow(user, "other", "Other", "todos.write");
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  const auto page = ada.get("/account");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(header_of(page, "Cache-Control"), "no-store");
  EXPECT_FALSE(contains(page, "<script"));
  for (const char* text :
       {"Ada &lt;script&gt;", "ada@example.com", "Helper &quot;&lt;b&gt;&quot;", "read &lt;your&gt; lists",
        "todos.write", "Allowed since <time datetime=\"2026-11-23\">23 November 2026</time>"}) {
    EXPECT_TRUE(contains(page, text)) << text;
  }
}

TEST(Account, TellsWhoIsConnectedFromWhoIsOnlyAllowed) {
  World world;
  const auto user = world.add_user("ada@example.com");
  world.allow(user, "helper", "Todo Helper", "todos.read");
  world.connect(user, "helper");
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  EXPECT_TRUE(contains(ada.get("/account"), "</time>, connected</p>"));
  ada.submit("/account", "/account/password", {{"current_password", kPassword}, {"new_password", "battery staple"}});
  EXPECT_TRUE(contains(ada.get("/account"), "Todo Helper")) << "what was allowed stays allowed";
  EXPECT_TRUE(contains(ada.get("/account"), "</time>, not connected now</p>")) << "its grant has ended";
}

TEST(Account, ShowsWhatAnAssistantDid) {
  AccountsSettings settings = World::make_settings();
  settings.describe_operation = [](const std::string& operation) {
    return operation == "readLists" ? std::string("Read <your> lists") : std::string();
  };
  World world(std::move(settings));
  const auto user = world.add_user("ada@example.com");
  world.allow(user, "helper", "Todo Helper", "todos.read");
  world.allow(user, "quiet", "Quiet One", "todos.read");
  const oauth::GrantId grant = world.connect(user, "helper");
  const auto call = [&](const std::string& operation, std::uint32_t status) {
    return storage::CallRecord{.at = world.clock.now(),
                               .client_id = oauth::ClientId("helper"),
                               .grant_id = grant,
                               .operation = operation,
                               .status = status};
  };
  std::vector<storage::CallRecord> calls;
  for (int i = 29; i >= 0; --i) {
    calls.push_back(call("old", 200));
    calls.back().at -= std::chrono::minutes{i};
  }
  calls.push_back(call("readLists", 200));
  calls.push_back(call("DELETE /lists", 403));
  block_on(world.storage->ledger().add_calls(calls, 0, world.clock.now()));
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  const auto page = ada.get("/account");
  EXPECT_TRUE(contains(page,
                       "<li>DELETE /lists <span class=\"effect\">refused</span> "
                       "<span class=\"quiet when\"><time datetime=\"2026-11-23T12:00:00Z\">23 November 2026, 12:00 "
                       "UTC</time></span></li>\n<li>Read &lt;your&gt; lists <span"))
      << page.body;
  EXPECT_TRUE(contains(page,
                       "UTC</time>, 18 times since <time datetime=\"2026-11-23T11:43:00Z\">"
                       "23 November 2026, 11:43 UTC</time></span></li>"))
      << page.body;
  EXPECT_EQ(page.body.find("What it did lately"), page.body.rfind("What it did lately")) << "not of the quiet one";
}

/// A client that changes where it comes back to must ask again; what it holds it holds, and so it can be ended.
TEST(Account, ListsAConnectionThatGoesOnWithoutAConsent) {
  World world;
  const auto user = world.add_user("ada@example.com");
  world.allow(user, "helper", "Todo Helper", "todos.read");
  world.connect(user, "helper");
  oauth::Client changed = *block_on(world.storage->clients().find_client(oauth::ClientId("helper")));
  changed.redirect_uris.emplace_back("https://assistant.example/elsewhere");
  changed.registration_token_hash = crypto::Sha256{};
  block_on(world.storage->clients().update_client(changed, world.clock.now()));
  changed.redirect_uris.pop_back();
  changed.replaced_registration_token_hash = changed.registration_token_hash;
  ASSERT_TRUE(block_on(world.storage->clients().replace_registration(changed, world.clock.now())));
  ASSERT_TRUE(block_on(world.storage->consents().list_consents(user.id)).empty());
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  EXPECT_TRUE(contains(ada.get("/account"), "Todo Helper"));
  EXPECT_TRUE(contains(ada.get("/account"), "</time>, connected</p>"));
  ada.submit("/account", "/account/withdraw", {{"client_id", "helper"}});
  EXPECT_FALSE(contains(ada.get("/account"), "Todo Helper"));
  const storage::GrantFilter of_user{.user_id = user.id, .client_id = std::nullopt};
  EXPECT_TRUE(block_on(world.storage->grants().list_grants(of_user)).at(0).revoked_at.has_value());
}

TEST(Account, AnAssistantIsDisconnected) {
  World world;
  const auto user = world.add_user("ada@example.com");
  world.allow(user, "helper", "Todo Helper", "todos.read");
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  const auto response = ada.submit("/account", "/account/withdraw", {{"client_id", "helper"}});
  EXPECT_EQ(response.status, 303);
  EXPECT_TRUE(block_on(world.storage->consents().list_consents(user.id)).empty());
  const auto page = ada.get(header_of(response, "Location"));
  EXPECT_FALSE(contains(page, "Todo Helper"));
  EXPECT_TRUE(contains(page, "No assistant acts for you."));
  EXPECT_FALSE(contains(page, "<ul")) << "an empty list says nothing";
  EXPECT_TRUE(contains(page, "Disconnected."));
}

TEST(Account, LeadsAdministratorsAloneToTheirPagesWhileThereAreAny) {
  std::string administration;
  AccountsSettings settings = World::make_settings();
  settings.find_administration = [&administration] { return administration; };
  World world(std::move(settings));
  world.add_user("ada@example.com");
  storage::User administrator;
  administrator.id = world.ids.next<oauth::UserTag>();
  administrator.email = "root@example.com";
  administrator.subject = oauth::Subject("root");
  administrator.role = storage::Role::administrator;
  block_on(world.storage->users().add_user(administrator));
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  Visitor root(world);
  root.cookies["__Host-chatelaine_session"] = world.begin_session(administrator);
  EXPECT_FALSE(contains(root.get("/account"), "Administration")) << "there are none";
  administration = "/auth/admin";
  EXPECT_TRUE(contains(root.get("/account"), "href=\"/auth/admin\">Administration</a>"));
  EXPECT_FALSE(contains(ada.get("/account"), "Administration"));
}

TEST(Account, AHostHasNoAssistantsToList) {
  AccountsSettings settings = World::make_settings();
  settings.assistants = ConnectedAssistants::absent;
  World world(std::move(settings));
  world.add_user("ada@example.com");
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  EXPECT_FALSE(contains(ada.get("/account"), "Assistants"));
  EXPECT_EQ(ada.post("/account/withdraw", {}).status, 404);
}

TEST(ChangePassword, EndsEverythingElseAndGoesOnInANewSession) {
  World world;
  world.add_user("ada@example.com");
  Visitor ada(world);
  Visitor other(world);
  ada.sign_in("ada@example.com", kPassword);
  other.sign_in("ada@example.com", kPassword);
  Visitor copy(world);
  copy.cookies = ada.cookies;
  EXPECT_TRUE(copy.is_signed_in());
  const auto response = ada.submit("/account", "/account/password",
                                   {{"current_password", kPassword}, {"new_password", "battery staple"}});
  EXPECT_EQ(response.status, 303);
  EXPECT_TRUE(contains(ada.get(header_of(response, "Location")), "Your password is changed."));
  EXPECT_FALSE(other.is_signed_in());
  EXPECT_FALSE(copy.is_signed_in()) << "a copy of the cookie from before";
  EXPECT_EQ(other.sign_in("ada@example.com", kPassword).status, 422);
  EXPECT_EQ(other.sign_in("ada@example.com", "battery staple").status, 303);
}

TEST(ChangePassword, SaysWhatIsWrong) {
  World world;
  world.add_user("ada@example.com");
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  struct Row {
    std::string current;
    std::string chosen;
    const char* sentence;
  };
  const Row rows[] = {
      {"wrong", "battery staple", "That is not your current password."},
      {"", "battery staple", "Type your current password."},
      {kPassword, "", "Type a new password."},
      {kPassword, "1234567", "Take at least 8 characters."},
      {kPassword, "          ", "Take more than blanks."},
      {kPassword, "пароль1", "Take at least 8 characters."},
      {kPassword, std::string(1025, 'x'), "Take a shorter one: at most 1024 bytes."},
      {kPassword, "\xFF\xFE\xFF\xFE\xFF\xFE\xFF\xFE", "this was not readable text"},
  };
  for (const Row& row : rows) {
    const auto response =
        ada.submit("/account", "/account/password", {{"current_password", row.current}, {"new_password", row.chosen}});
    EXPECT_EQ(response.status, 422) << row.sentence;
    EXPECT_TRUE(contains(response, row.sentence)) << row.sentence;
  }
  EXPECT_EQ(Visitor(world).sign_in("ada@example.com", kPassword).status, 303) << "nothing was changed";
}

TEST(ChangePassword, WrongPasswordsCountTowardsTheAccountsWait) {
  World world;
  const auto user = world.add_user("ada@example.com");
  Visitor thief(world);
  thief.cookies["__Host-chatelaine_session"] = world.begin_session(user);
  const auto change = [&](const char* current) {
    return thief.submit("/account", "/account/password",
                        {{"current_password", current}, {"new_password", "battery staple"}});
  };
  for (int i = 0; i < 10; ++i) EXPECT_EQ(change("wrong").status, 422) << i;
  const auto response = change(kPassword);
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(header_of(response, "Retry-After"), "30");
  EXPECT_EQ(Visitor(world).sign_in("ada@example.com", kPassword).status, 429) << "one count for both doors";
}

TEST(ChangePassword, AFullPasswordPoolChangesNothing) {
  World world(World::make_settings(), {.threads = 0, .queue = 0});
  const auto user = world.add_user("ada@example.com");
  Visitor ada(world);
  ada.cookies["__Host-chatelaine_session"] = world.begin_session(user);
  const auto response = ada.submit("/account", "/account/password",
                                   {{"current_password", kPassword}, {"new_password", "battery staple"}});
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(header_of(response, "Retry-After"), "5");
  EXPECT_TRUE(ada.is_signed_in());
}

TEST(SetPassword, AFullPasswordPoolLeavesTheLinkAsItIs) {
  World world(World::make_settings(), {.threads = 0, .queue = 0});
  const std::string link = world.make_link(world.add_user("ada@example.com"), kInvitationLifetime);
  Visitor ada(world);
  const auto response = ada.submit(link, "/set-password",
                                   {{"link", link.substr(link.find('=') + 1)}, {"new_password", "battery staple"}});
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(header_of(response, "Retry-After"), "5");
  EXPECT_EQ(ada.get(link).status, 200);
}

TEST(SetPassword, AnInvitationIsRedeemedOnce) {
  World world;
  const auto user = world.add_user("ada@example.com");
  const std::string link = world.make_link(user, kInvitationLifetime);
  ASSERT_TRUE(link.starts_with("/set-password?link=ctl_ol_"));
  const std::string handle = link.substr(link.find('=') + 1);
  Visitor ada(world);
  EXPECT_TRUE(contains(ada.get(link), "ada@example.com"));
  const auto weak = ada.submit(link, "/set-password", {{"link", handle}, {"new_password", "short"}});
  EXPECT_EQ(weak.status, 422);
  EXPECT_TRUE(contains(weak, "Take at least 8 characters."));
  const auto response = ada.submit(link, "/set-password", {{"link", handle}, {"new_password", "battery staple"}});
  EXPECT_EQ(response.status, 303);
  EXPECT_TRUE(contains(ada.get(header_of(response, "Location")), "Your password is saved."));
  EXPECT_EQ(ada.get(link).status, 410) << "used";
  EXPECT_EQ(ada.sign_in("ada@example.com", "battery staple").status, 303);
}

/// THREATS N52.
TEST(SetPassword, AClockThatWasSetBackBringsNoLinkBack) {
  World world;
  const std::string link = world.make_link(world.add_user("ada@example.com"), kInvitationLifetime);
  const std::string handle = link.substr(link.find('=') + 1);
  Visitor ada(world);
  const auto choose = [&](const std::string& page) {
    return ada.submit(page, "/set-password", {{"link", handle}, {"new_password", "battery staple"}});
  };
  ASSERT_EQ(choose(link).status, 303);
  world.clock.advance(-std::chrono::hours{1});
  EXPECT_EQ(ada.get(link).status, 410);
  const std::string other = world.make_link(world.add_user("other@example.com"), kInvitationLifetime);
  EXPECT_EQ(choose(other).status, 410) << "nor with a form that is sound";
}

TEST(SetPassword, AllDeadLinksLookAlike) {
  World world;
  const auto user = world.add_user("ada@example.com");
  const auto disabled = world.add_user("disabled@example.com");
  const std::string replaced = world.make_link(user, kResetLifetime);
  const std::string expired = world.make_link(user, kResetLifetime);
  const std::string of_disabled = world.make_link(disabled, kInvitationLifetime);
  const auto changed = world.add_user("changed@example.com");
  const std::string of_changed = world.make_link(changed, kInvitationLifetime);
  block_on(world.storage->users().set_password(changed.id, *changed.password_hash, world.clock.now()));
  block_on(world.storage->users().set_enabled(disabled.id, false, world.clock.now()));
  EXPECT_EQ(Visitor(world).get(expired).status, 200);
  world.clock.advance(kResetLifetime);
  const std::string alive = world.make_link(world.add_user("alive@example.com"), kInvitationLifetime);
  const std::string handle = alive.substr(alive.find('=') + 1);
  const std::string altered = "/set-password?link=" + test::with_other_secret("ctl_ol_", handle);
  EXPECT_EQ(Visitor(world).get(alive).status, 200);
  EXPECT_EQ(altered.size(), alive.size());
  std::string body;
  for (const std::string& link : {replaced, expired, of_disabled, of_changed, altered, std::string("/set-password"),
                                  std::string("/set-password?link="), std::string("/set-password?link=ctl_ol_x")}) {
    const auto response = Visitor(world).get(link);
    EXPECT_EQ(response.status, 410) << link;
    if (body.empty()) body = response.body;
    EXPECT_EQ(response.body, body) << link;
  }
}

struct WrongRequest {
  const char* sentence;
  net::Method method;
  const char* target;
  const char* content_type;
  std::string body;
  int anonymous_status;
  int signed_in_status;
};

TEST(WrongRequests, EachHasItsOwnAnswer) {
  constexpr const char* kForm = "application/x-www-form-urlencoded";
  const auto get = net::Method::get;
  const auto post = net::Method::post;
  const std::string large(16 * 1024 + 1, 'x');
  std::vector<WrongRequest> rows = {
      {"a broken query does not stop the sign-in page", get, "/sign-in?return_to=%zz", nullptr, "", 200, 303},
      {"a repeated return_to neither", get, "/sign-in?return_to=/a&return_to=/b", nullptr, "", 200, 303},
      {"the account page is for its owner", get, "/account", nullptr, "", 303, 200},
      {"a change of password is posted", get, "/account/password", nullptr, "", 405, 405},
      {"a withdrawal is posted", get, "/account/withdraw", nullptr, "", 405, 405},
      {"sign-in takes no PUT", net::Method::put, "/sign-in", nullptr, "", 405, 405},
      {"a path that is none", get, "/account/other", nullptr, "", 404, 404},
      {"sign-in without a token", post, "/sign-in", kForm, "email=a&password=b", 403, 403},
      {"a choice of password without a token", post, "/set-password", kForm, "link=a&new_password=b", 403, 403},
      {"a sign-out without a session has nothing to protect", post, "/sign-out", kForm, "", 303, 403},
      {"a change of password without a session or a token", post, "/account/password", kForm, "", 303, 403},
      {"a withdrawal without a session or a token", post, "/account/withdraw", kForm, "client_id=x", 303, 403},
      {"a token of another purpose is none", post, "/account/withdraw", kForm, "form_token=AAAA", 303, 403},
  };
  for (const char* target : {"/sign-in", "/sign-out", "/account/password", "/account/withdraw", "/set-password"}) {
    rows.push_back({"a body that is no form", post, target, "application/json", "{}", 415, 415});
    rows.push_back({"no content type", post, target, nullptr, "a=b", 415, 415});
    rows.push_back({"a body over the limit", post, target, kForm, large, 413, 413});
    rows.push_back({"a field twice", post, target, kForm, "email=a&email=b", 400, 400});
    rows.push_back({"a stray percent sign", post, target, kForm, "email=%", 400, 400});
  }
  World world;
  world.add_user("ada@example.com");
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  const std::string cookies = "__Host-chatelaine_session=" + ada.cookies["__Host-chatelaine_session"] +
                              "; __Host-chatelaine_browser=" + ada.cookies["__Host-chatelaine_browser"];
  for (const WrongRequest& row : rows) {
    for (const bool signed_in : {false, true}) {
      pages::test::MadeRequest request(row.method, row.target);
      if (row.content_type != nullptr) request.add_header("Content-Type", row.content_type);
      if (signed_in) request.add_header("Cookie", cookies);
      request.set_body(row.body);
      const auto response = block_on(world.router.route(request.get()));
      EXPECT_EQ(response.status, signed_in ? row.signed_in_status : row.anonymous_status)
          << row.sentence << ": " << row.target;
    }
  }
  EXPECT_TRUE(ada.is_signed_in()) << "none of it did anything";
}

TEST(WrongRequests, AFormFromAnotherOriginIsRefused) {
  World world;
  world.add_user("ada@example.com");
  Visitor ada(world);
  ada.sign_in("ada@example.com", kPassword);
  pages::test::MadeRequest request(net::Method::post, "/sign-out");
  request.add_header("Cookie", "__Host-chatelaine_session=" + ada.cookies["__Host-chatelaine_session"])
      .add_header("Origin", "https://evil.example")
      .set_form("form_token=" + test::token_of(ada.get("/sign-out").body, "/sign-out"));
  EXPECT_EQ(block_on(world.router.route(request.get())).status, 403);
  EXPECT_TRUE(ada.is_signed_in());
}

}  // namespace
}  // namespace chatelaine::accounts
