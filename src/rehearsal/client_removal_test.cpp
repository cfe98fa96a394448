#include "rehearsal/client_removal.hpp"

#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "rehearsal/internet_for_test.hpp"

namespace chatelaine::rehearsal {
namespace {

using inspection::Question;

Client registered(std::string_view url) {
  Client client;
  client.way = oauth::RegistrationWay::dynamic;
  client.id = oauth::ClientId("made-1");
  if (!url.empty()) client.management.emplace(std::string(url), RegistrationAccessToken("token-1"));
  return client;
}

constexpr std::string_view kEndpoint = "https://a.example/register";
constexpr std::string_view kUrl = "https://a.example/register/made-1";

/// RFC 7592 §2.3
TEST(ClientRemoval, SaysWhetherTheClientStays) {
  struct Row {
    std::string_view sentence;
    std::string_view url;
    int status;
    std::string_view body;
    std::string_view said;
  };
  for (const Row& row : {
           Row{"204: it is gone", kUrl, 204, "", "ok client_removed: the client \"made-1\" is deleted"},
           Row{"405: the server does not delete clients", kUrl, 405, "",
               "skipped client_removed: the server does not delete clients (status 405): the client \"made-1\" stays "
               "there"},
           Row{"401: the token is not taken", kUrl, 401, R"({"error":"invalid_token","error_description":"not you"})",
               "warning client_removed: the client \"made-1\" stays there: DELETE https://a.example/register/made-1 "
               "answers with status 401. It says: \"not you\"."},
           Row{"a redirect is not followed", kUrl, 302, "",
               "warning client_removed: the client \"made-1\" stays there: DELETE https://a.example/register/made-1 "
               "answers with a redirect (status 302) to \"\"."},
       }) {
    Internet internet([&](const Question& question) {
      EXPECT_EQ(question.headers.back().value, "Bearer token-1") << row.sentence;
      return answer_with(row.status, {}, std::string(row.body));
    });
    const Client client = registered(row.url);
    const Remarks remarks = block_on(remove_client(internet, client, kEndpoint));
    ASSERT_EQ(remarks.size(), 1U) << row.sentence;
    EXPECT_EQ(std::string(to_string(remarks[0].verdict)) + ' ' + std::string(remarks[0].code) + ": " + remarks[0].seen,
              row.said);
    EXPECT_EQ(internet.asked, std::vector<std::string>{"DELETE https://a.example/register/made-1"}) << row.sentence;
  }
}

TEST(ClientRemoval, AsksNobodyWhereThereIsNothingToDelete) {
  struct Row {
    std::string_view sentence;
    Client client;
    Verdict verdict;
    std::string_view seen;
  };
  Client by_hand;
  by_hand.id = oauth::ClientId("typed-in");
  std::vector<Row> rows;
  rows.push_back({"added by hand", std::move(by_hand), Verdict::skipped, "no client was registered"});
  rows.push_back({"no management", registered(""), Verdict::skipped, "the client \"made-1\" stays there"});
  // THREATS N40
  rows.push_back({"another origin", registered("https://b.example/made-1"), Verdict::warning,
                  "not on the origin of the registration endpoint"});
  rows.push_back({"another port", registered("https://a.example:8443/made-1"), Verdict::warning, "not on the origin"});
  rows.push_back({"no URL", registered("/register/made-1"), Verdict::warning, "not on the origin"});
  for (const Row& row : rows) {
    Internet internet([](const Question&) { return answer_with(204, {}, ""); });
    const Remarks remarks = block_on(remove_client(internet, row.client, kEndpoint));
    ASSERT_EQ(remarks.size(), 1U) << row.sentence;
    EXPECT_EQ(remarks[0].verdict, row.verdict) << row.sentence;
    EXPECT_NE(remarks[0].seen.find(row.seen), std::string::npos) << remarks[0].seen;
    EXPECT_TRUE(internet.asked.empty()) << row.sentence;
  }
}

}  // namespace
}  // namespace chatelaine::rehearsal
