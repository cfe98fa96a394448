#include <gtest/gtest.h>

#include "accounts/world_for_test.hpp"

namespace chatelaine::accounts {
namespace {

using test::contains;
using test::header_of;
using test::kPassword;
using test::Visitor;
using test::World;

/// Three pages of what `helper` did, 117 calls, while `noisy` made more of them than anybody reads.
class AllActivity : public testing::Test {
 protected:
  AllActivity() {
    const auto user = world_.add_user("ada@example.com");
    world_.add_user("bob@example.com");
    const auto add = [&](const std::string& client, int most) {
      world_.allow(user, client, client + " <b>", "todos.read");
      const oauth::GrantId grant = world_.connect(user, client);
      std::vector<storage::CallRecord> calls;
      for (int i = 1; i <= most; ++i)
        calls.push_back({.at = world_.clock.now(),
                         .client_id = oauth::ClientId(client),
                         .grant_id = grant,
                         .operation = client + "-" + std::to_string(i),
                         .status = 200});
      block_on(world_.storage->ledger().add_calls(calls, 0, world_.clock.now()));
    };
    add("helper", 117);
    add("noisy", 700);
  }

  static std::string href_of(const net::Response& page, const std::string& text) {
    const std::size_t end = page.body.find("\">" + text);
    if (end == std::string::npos) return {};
    const std::size_t begin = page.body.rfind("href=\"", end) + 6;
    std::string url = page.body.substr(begin, end - begin);
    for (std::size_t at = url.find("&amp;"); at != std::string::npos; at = url.find("&amp;")) url.erase(at + 1, 4);
    return url;
  }
  static std::size_t count_calls(const net::Response& page, const std::string& client) {
    std::size_t count = 0;
    for (std::size_t at = page.body.find("<li>" + client + "-"); at != std::string::npos;
         at = page.body.find("<li>" + client + "-", at + 1))
      ++count;
    return count;
  }

  World world_;
};

TEST_F(AllActivity, IsPagedAndNothingOfItIsHiddenByOthers) {
  Visitor ada(world_);
  ada.sign_in("ada@example.com", kPassword);
  const auto account = ada.get("/account");
  EXPECT_EQ(count_calls(account, "helper"), 20U);
  EXPECT_EQ(count_calls(account, "noisy"), 20U);
  auto page = ada.get(href_of(account, "All it did<span class=\"unseen\">, helper"));
  EXPECT_TRUE(contains(page, "helper &lt;b&gt;"));
  EXPECT_EQ(header_of(page, "Cache-Control"), "no-store");
  EXPECT_EQ(count_calls(page, "helper"), 50U);
  EXPECT_EQ(count_calls(page, "noisy"), 0U);
  EXPECT_TRUE(contains(page, "<li>helper-117 "));
  page = ada.get(href_of(page, "Older"));
  EXPECT_EQ(count_calls(page, "helper"), 50U);
  page = ada.get(href_of(page, "Older"));
  EXPECT_EQ(count_calls(page, "helper"), 17U);
  EXPECT_TRUE(contains(page, "<li>helper-1 "));
  EXPECT_EQ(href_of(page, "Older"), "");
}

TEST_F(AllActivity, IsNobodyElses) {
  Visitor bob(world_);
  bob.sign_in("bob@example.com", kPassword);
  EXPECT_TRUE(contains(bob.get("/account/activity?client=helper"), "Nothing is recorded."));
  EXPECT_TRUE(contains(bob.get("/account/activity?client=unknown<"), "unknown&lt;"));
  EXPECT_TRUE(contains(bob.get("/account/activity"), "Nothing is recorded."));
}

TEST_F(AllActivity, AStrangerSignsInFirstAndComesBackToTheSamePage) {
  Visitor stranger(world_);
  const auto response = stranger.get("/account/activity?client=helper&before=x");
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(header_of(response, "Location"), "/sign-in?return_to=%2Faccount%2Factivity%3Fclient%3Dhelper");
}

}  // namespace
}  // namespace chatelaine::accounts
