#include <gtest/gtest.h>

#include "accounts/world_for_test.hpp"

namespace chatelaine::accounts {
namespace {

using storage::ConfirmationState;
using test::contains;
using test::header_of;
using test::kPassword;
using test::Visitor;
using test::World;

/// Ada, whose assistant asks to delete a list.
class WaitingCalls : public testing::Test {
 protected:
  WaitingCalls() : world_(make_settings()), ada_(world_) {
    const auto user = world_.add_user("ada@example.com");
    world_.add_user("bob@example.com");
    world_.allow(user, "helper", "Helper <b>", "todos.write");
    grant_ = world_.connect(user, "helper");
    ask(5, "DELETE /lists/7?why=<b>", "{\"a\": \"<script>\"}");
    ada_.sign_in("ada@example.com", kPassword);
  }

  static AccountsSettings make_settings() {
    AccountsSettings settings = World::make_settings();
    settings.describe_operation = [](const std::string& operation) {
      return operation == "deleteList" ? std::string("Delete a <list>") : std::string();
    };
    return settings;
  }
  void ask(std::int64_t id, const std::string& call, const std::string& body) {
    const storage::Confirmation question{.id = {id},
                                         .grant_id = grant_,
                                         .call_hash = crypto::sha256(call),
                                         .operation = "deleteList",
                                         .call = call,
                                         .body = body,
                                         .asked_at = world_.clock.now(),
                                         .expires_at = world_.clock.now() + std::chrono::minutes(10),
                                         .state = ConfirmationState::asked,
                                         .client_id = oauth::ClientId("helper")};
    block_on(world_.storage->confirmations().ask_confirmation(question, world_.clock.now()));
  }
  std::optional<storage::Confirmation> find(const std::string& call) {
    return block_on(
        world_.storage->confirmations().find_confirmation_of_call(grant_, crypto::sha256(call), world_.clock.now()));
  }
  static std::string page_of(std::int64_t id) { return "/account/call?call=" + format_id(id); }
  net::Response decide(const std::string& decision, std::int64_t id = 5) {
    return ada_.submit(page_of(5), "/account/call", {{"call", format_id(id)}, {"decision", decision}});
  }

  World world_;
  Visitor ada_;
  oauth::GrantId grant_;
};

TEST_F(WaitingCalls, AreListedOnTheAccountPageEscaped) {
  const auto page = ada_.get("/account");
  EXPECT_TRUE(contains(page, "Waiting for your word"));
  EXPECT_TRUE(contains(page, "<h3>Delete a &lt;list&gt;</h3>"));
  EXPECT_TRUE(contains(page, "Helper &lt;b&gt; asked on <time datetime=\"2026-11-23T12:00:00Z\">"));
  EXPECT_TRUE(contains(page, "href=\"" + page_of(5) + "\""));
  world_.clock.advance(std::chrono::minutes(10));
  EXPECT_FALSE(contains(ada_.get("/account"), "Waiting for your word"));
}

TEST_F(WaitingCalls, AreShownAsTheyCame) {
  const auto page = ada_.get(page_of(5));
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(header_of(page, "Cache-Control"), "no-store");
  for (const char* text : {"Helper &lt;b&gt;", "Delete a &lt;list&gt;", "DELETE /lists/7?why=&lt;b&gt;",
                           "{&quot;a&quot;: &quot;&lt;script&gt;&quot;}"})
    EXPECT_TRUE(contains(page, text)) << text;
  ask(6, "DELETE /lists/8", "");
  EXPECT_FALSE(contains(ada_.get(page_of(6)), "And sends"));
}

TEST_F(WaitingCalls, WhoIsNotSignedInComesBackAfterwards) {
  Visitor nobody(world_);
  const auto response = nobody.get(page_of(5));
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(header_of(response, "Location"),
            "/sign-in?return_to=" + percent_encode("/account/call?call=" + percent_encode(format_id(5))));
}

TEST_F(WaitingCalls, AreAllowedOrDeniedOnce) {
  const auto allowed = decide("allow");
  EXPECT_EQ(allowed.status, 303);
  EXPECT_TRUE(contains(ada_.get(header_of(allowed, "Location")), "Allowed once."));
  EXPECT_EQ(find("DELETE /lists/7?why=<b>")->state, ConfirmationState::approved);
  EXPECT_EQ(find("DELETE /lists/7?why=<b>")->expires_at, world_.clock.now() + std::chrono::minutes(10));
  EXPECT_EQ(ada_.get(page_of(5)).status, 404);
  ask(6, "DELETE /lists/8", "");
  const auto denied = ada_.submit(page_of(6), "/account/call", {{"call", format_id(6)}, {"decision", "deny"}});
  EXPECT_TRUE(contains(ada_.get(header_of(denied, "Location")), "Denied."));
  EXPECT_EQ(find("DELETE /lists/8")->state, ConfirmationState::denied);
}

TEST_F(WaitingCalls, DecideNothingWhereTheFormIsWrong) {
  EXPECT_EQ(decide("perhaps").status, 400);
  EXPECT_EQ(decide("allow", 6).status, 404);
  EXPECT_EQ(ada_.post("/account/call", {{"call", format_id(5)}, {"decision", "allow"}}).status, 403);
  EXPECT_EQ(ada_.get("/account/call").status, 404);
  EXPECT_EQ(ada_.get("/account/call?call=%00").status, 404);
  EXPECT_EQ(find("DELETE /lists/7?why=<b>")->state, ConfirmationState::asked);
}

TEST_F(WaitingCalls, AreNobodyElsesBusiness) {
  Visitor bob(world_);
  bob.sign_in("bob@example.com", kPassword);
  EXPECT_FALSE(contains(bob.get("/account"), "Waiting for your word"));
  const auto page = bob.get(page_of(5));
  EXPECT_EQ(page.status, 404);
  EXPECT_FALSE(contains(page, "Delete a"));
  ask(6, "DELETE /lists/8", "");
  const std::string token = test::token_of(ada_.get(page_of(6)).body, "/account/call");
  EXPECT_EQ(bob.post("/account/call", {{"call", format_id(5)}, {"decision", "allow"}, {"form_token", token}}).status,
            403);
  EXPECT_EQ(find("DELETE /lists/7?why=<b>")->state, ConfirmationState::asked);
}

}  // namespace
}  // namespace chatelaine::accounts
