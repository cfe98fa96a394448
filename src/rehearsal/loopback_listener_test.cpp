#include "rehearsal/loopback_listener.hpp"

#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "net/fetch.hpp"
#include "rehearsal/person.hpp"

namespace chatelaine::rehearsal {
namespace {

oauth::AssistantRedirect of(std::string_view text) {
  return {oauth::RedirectTemplate::parse(text).value(), "", "", "", {}, std::nullopt};
}

net::FetchedDocument ask(const std::string& url, std::string method = "GET") {
  net::Fetcher fetcher;
  net::FetchRequest request;
  request.method = std::move(method);
  request.url = url;
  request.policy.addresses = net::AddressPolicy::public_and_loopback;
  return block_on(fetcher.fetch(std::move(request))).value();
}

/// `http://127.0.0.1:41234`
std::string origin_of(const LoopbackListener& listener) {
  const std::string& uri = listener.redirect().uri.value();
  return uri.substr(0, uri.find('/', 7));
}

/// RFC 8252 §7.3
TEST(LoopbackListener, TakesWhatTheBrowserBringsBack) {
  const auto redirect = of("http://127.0.0.1:{port}/callback");
  const auto listener = LoopbackListener::open({&redirect, oauth::RedirectUri("http://127.0.0.1/callback")}).value();
  const std::string uri = listener->redirect().uri.value();
  EXPECT_TRUE(redirect.uri.match(uri)) << uri;
  EXPECT_FALSE(listener->wait_for(milliseconds{0}));
  EXPECT_EQ(ask(origin_of(*listener) + "/favicon.ico").status, 404);
  EXPECT_EQ(listener->other_path(), "");
  EXPECT_EQ(ask(origin_of(*listener) + "/other?code=1").status, 404);
  EXPECT_EQ(listener->other_path(), "/other");
  EXPECT_EQ(ask(uri + "?code=0", "POST").status, 405);
  EXPECT_FALSE(listener->wait_for(milliseconds{0}));
  const auto page = ask(uri + "?code=1&state=%2F");
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("You can close this page"), std::string::npos) << page.body;
  EXPECT_EQ(page.header("Cache-Control"), "no-store");
  EXPECT_EQ(page.header("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(listener->wait_for(milliseconds{0}), uri + "?code=1&state=%2F");
  EXPECT_EQ(ask(uri + "?code=2").status, 200);
  EXPECT_EQ(listener->wait_for(milliseconds{0}), uri + "?code=1&state=%2F") << "the first answer counts";
}

TEST(LoopbackListener, WhereThePortIsTakenMovesOnlyWhereTheServerMustTakeAnyPort) {
  struct Row {
    std::string_view sentence;
    std::string_view text;
    bool opens;
  };
  const auto redirect = of("http://127.0.0.1:{port}/");
  const auto first = LoopbackListener::open({&redirect, oauth::RedirectUri("http://127.0.0.1/")}).value();
  const std::string port = origin_of(*first).substr(std::string_view("http://127.0.0.1:").size());
  for (const Row& row : {Row{"an address with an open port", "http://127.0.0.1:{port}/cb", true},
                         Row{"localhost with an open port", "http://localhost:{port}/cb", false}}) {
    const auto other = of(row.text);
    const auto opened = LoopbackListener::open({&other, other.uri.fill(port).value()});
    EXPECT_EQ(opened.has_value(), row.opens) << row.sentence;
    if (opened) {
      EXPECT_NE((*opened)->redirect().uri, other.uri.fill(port).value()) << row.sentence;
    } else {
      EXPECT_NE(opened.error().find("port " + port), std::string::npos) << opened.error();
    }
  }
  const auto fixed = of("http://127.0.0.1:" + port + "/cb");
  EXPECT_FALSE(LoopbackListener::open({&fixed, oauth::RedirectUri(fixed.uri.text())}));
}

TEST(LoopbackListener, IsOnlyForThisMachine) {
  for (const auto& [uri, is_here] : {std::pair{"http://127.0.0.1:1/cb", true}, std::pair{"http://localhost:1/cb", true},
                                     std::pair{"http://[::1]:1/cb", false}, std::pair{"https://localhost:1/cb", false},
                                     std::pair{"https://helper.example/cb", false}})
    EXPECT_EQ(is_of_this_machine(oauth::RedirectUri(uri)), is_here) << uri;
}

TEST(Person, OnThisMachineComesBackToTheListener) {
  const auto redirect = of("http://127.0.0.1:{port}/");
  const AskPerson visit = [](const PersonsTurn& turn) {
    EXPECT_TRUE(turn.comes_to_this_machine);
    const std::string uri = turn.listener->redirect().uri.value();
    ask(uri + "?code=1");
    return std::expected<std::string, std::string>(turn.listener->wait_for(milliseconds{0}).value());
  };
  Person person(visit, {&redirect, oauth::RedirectUri("http://127.0.0.1/")});
  EXPECT_EQ(person.sign_in("https://a.example").value(), person.redirect().uri.value() + "?code=1");
}

TEST(Person, WhoIsSentToAnotherPathIsToldSo) {
  const auto redirect = of("http://127.0.0.1:{port}/callback");
  const AskPerson visit = [](const PersonsTurn& turn) {
    ask(origin_of(*turn.listener) + "/");
    return std::expected<std::string, std::string>(std::unexpect, "nobody came back");
  };
  Person person(visit, {&redirect, oauth::RedirectUri("http://127.0.0.1/callback")});
  const auto returned = person.sign_in("https://a.example");
  ASSERT_FALSE(returned);
  EXPECT_EQ(returned.error().seen,
            "nobody came back; the browser asked for the path \"/\", and not for that of the "
            "redirect URI " +
                person.redirect().uri.value());
}

}  // namespace
}  // namespace chatelaine::rehearsal
