#include <fmt/format.h>
#include <gtest/gtest.h>

#include "admin/world_for_test.hpp"

namespace chatelaine::admin {
namespace {

using storage::Role;
using test::contains;
using test::Visitor;
using test::World;

/// How often the text stands there.
std::size_t count(const net::Response& response, std::string_view text) {
  std::size_t times = 0;
  for (std::size_t at = response.body.find(text); at != std::string::npos; at = response.body.find(text, at + 1))
    ++times;
  return times;
}

/// The address of the link with these words; empty where there is none.
std::string link_of(const net::Response& response, const std::string& words) {
  const std::size_t end = response.body.find("\">" + words + "</a>");
  if (end == std::string::npos) return {};
  const std::size_t begin = response.body.rfind("href=\"", end) + std::string_view("href=\"").size();
  std::string href = response.body.substr(begin, end - begin);
  href = href.substr(0, href.find('"'));
  for (std::size_t at = href.find("&amp;"); at != std::string::npos; at = href.find("&amp;"))
    href.replace(at, std::string_view("&amp;").size(), "&");
  return href;
}

oauth::Client make_client(const std::string& id, oauth::ClientOrigin origin,
                          std::vector<oauth::RedirectUri> redirect_uris) {
  oauth::Client client = World::make_client(id);
  client.origin = origin;
  client.redirect_uris = std::move(redirect_uris);
  return client;
}

TEST(AdminClients, SaysWhatTheyAreAndWhereTheyComeFrom) {
  using oauth::RedirectUri;
  World world;
  world.add(make_client("added", oauth::ClientOrigin::command,
                        {RedirectUri("https://a.example/1"), RedirectUri("https://a.example/2"),
                         RedirectUri("https://b.example:8443/cb"), RedirectUri("com.example.app:/callback")}));
  world.add(make_client("registered", oauth::ClientOrigin::registration, {RedirectUri("http://127.0.0.1/cb")}));
  world.add(make_client("https://doc.example/client.json", oauth::ClientOrigin::metadata_document, {}));
  const auto page = world.sign_in(Role::administrator).get("/admin");
  for (const char* text : {
           "<bdi>The client added</bdi>",
           "<code>added</code><br>Added by a command on <time datetime=\"2026-11-23\">23 November 2026</time>",
           "Registered itself, under a name that it chose, on <time",
           "Known by its own document, which says its name, since <time",
           "<dd><bdi>a.example</bdi></dd>\n<dd><bdi>b.example:8443</bdi></dd>\n<dd><bdi>com.example.app:</bdi></dd>",
           "<dd>authorization_code, refresh_token</dd>",
           "href=\"/admin/flows?client=https%3A%2F%2Fdoc.example%2Fclient.json\"",
           "<strong>3</strong> clients",
           "<strong>1</strong> <a href=\"/admin?weak=1\">weakness</a>",
           "<bdi>http://127.0.0.1/cb is not https</bdi>",
           "chatelaine client update registered --redirect-uri https://…",
       })
    EXPECT_TRUE(contains(page, text)) << text << '\n' << page.body;
  EXPECT_EQ(count(page, "<bdi>a.example</bdi>"), 1U) << "each host once";
  EXPECT_EQ(count(page, "Answers go to"), 2U) << "not of who has no redirect URI";
}

/// THREATS N38: a name, an id, an address is text wherever it stands, and never part of a command.
TEST(AdminClients, WhatStrangersWroteIsText) {
  World world;
  const std::string markup = "<img src=x onerror=alert(1)>\"'&{{client_id}}";
  auto client = make_client("https://evil.example/$(reboot)<script>", oauth::ClientOrigin::metadata_document,
                            {oauth::RedirectUri("http://evil.example/<script>")});
  client.name = markup;
  client.pkce = oauth::PkcePolicy::optional;
  world.add(client);
  const auto page = world.sign_in(Role::administrator).get("/admin");
  EXPECT_EQ(page.status, 200);
  for (const char* forbidden : {"<img src=x", "<script", "client update"})
    EXPECT_FALSE(contains(page, forbidden)) << forbidden;
  EXPECT_TRUE(contains(page, "&lt;img src=x onerror=alert(1)&gt;&quot;")) << page.body;
  EXPECT_TRUE(contains(page, "{{client_id}}")) << "data is no template";
  EXPECT_TRUE(contains(page, "http://evil.example/&lt;script&gt; is not https"));
}

TEST(AdminClients, ALongListOfOneClientIsCut) {
  World world;
  std::vector<oauth::RedirectUri> uris;
  for (int i = 0; i < 8; ++i) uris.emplace_back(fmt::format("http://host-{}.example/", i));
  world.add(make_client("many", oauth::ClientOrigin::registration, std::move(uris)));
  const auto page = world.sign_in(Role::administrator).get("/admin");
  EXPECT_EQ(count(page, "is not https</bdi>"), 5U);
  EXPECT_EQ(count(page, "<bdi>and 3 more</bdi>"), 2U) << "of the hosts, and of the weaknesses";
  EXPECT_EQ(count(page, "RFC 8252"), 1U) << "one remedy serves them all";
}

TEST(AdminClients, ComeInPagesNewestFirst) {
  World world;
  for (int i = 0; i < 120; ++i) {
    oauth::Client client = World::make_client(fmt::format("c.{:03}", i));
    client.created_at += seconds(i / 2);
    if (i == 3) client.pkce = oauth::PkcePolicy::optional;
    world.add(client);
  }
  Visitor administrator = world.sign_in(Role::administrator);
  auto page = administrator.get("/admin");
  std::size_t shown = 0;
  int pages = 0;
  for (std::string next = "/admin"; !next.empty(); next = link_of(page, "Older clients")) {
    page = administrator.get(next);
    ASSERT_EQ(page.status, 200);
    shown += count(page, "<h3>");
    EXPECT_EQ(contains(page, "<strong>120</strong> clients"), pages == 0) << "the summary stands once";
    EXPECT_TRUE(contains(page, fmt::format("<code>c.{:03}</code>", 119 - 50 * pages)));
    ++pages;
  }
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(shown, 120U);
  const auto weak = administrator.get(link_of(page, "Only those with weaknesses"));
  EXPECT_EQ(count(weak, "<h3>"), 1U);
  EXPECT_TRUE(contains(weak, "<code>c.003</code>"));
  EXPECT_TRUE(contains(weak, "chatelaine client update") == false) << "a dot is in its id";
  EXPECT_EQ(link_of(weak, "All clients"), "/admin");
}

/// Strangers may register by the thousand: the older ones' weaknesses are found all the same, in bounded steps.
TEST(AdminClients, AWeakOneBehindThousandsIsFound) {
  World world;
  for (int i = 0; i < 2'100; ++i) {
    oauth::Client client = World::make_client(fmt::format("c{:04}", i));
    client.created_at += seconds(i);
    if (i == 50) client.pkce = oauth::PkcePolicy::optional;
    world.add(client);
  }
  Visitor administrator = world.sign_in(Role::administrator);
  auto page = administrator.get("/admin");
  EXPECT_TRUE(contains(page, "<strong>0</strong> <a href=\"/admin?weak=1\">weaknesses of the newest 1000 clients</a>"));
  page = administrator.get("/admin?weak=1");
  EXPECT_TRUE(contains(page, "None of those that were looked at has a weakness."));
  page = administrator.get(link_of(page, "Older clients"));
  EXPECT_EQ(count(page, "<h3>"), 0U);
  page = administrator.get(link_of(page, "Older clients"));
  EXPECT_EQ(count(page, "<h3>"), 1U);
  EXPECT_TRUE(contains(page, "chatelaine client update c0050 --pkce required"));
  EXPECT_EQ(link_of(page, "Older clients"), "");
}

/// THREATS §1: where a page begins is data.
TEST(AdminClients, ABrokenPlaceIsTheBeginning) {
  World world;
  world.add(World::make_client("c1"));
  Visitor administrator = world.sign_in(Role::administrator);
  for (const char* query : {"before=", "before=x", "before=.c1", "before=-1.c1", "before=99999999999999999999.c1",
                            "before=1&before=2", "before=%zz"})
    EXPECT_TRUE(contains(administrator.get(std::string("/admin?") + query), "<code>c1</code>")) << query;
  EXPECT_TRUE(contains(administrator.get("/admin?before=1.a"), "There is none before."));
}

TEST(AdminClients, CountsTheTroublesOfADay) {
  World world;
  auto old = world.make_step("00000000000000aa");
  old.at -= std::chrono::hours{25};
  auto odd = world.make_step("00000000000000ab");
  odd.notes.outcome = FlightOutcome::odd;
  auto fine = world.make_step("00000000000000ac");
  fine.notes.outcome = FlightOutcome::went_on;
  world.add({old, odd, fine});
  Visitor administrator = world.sign_in(Role::administrator);
  const auto page = administrator.get("/admin");
  EXPECT_TRUE(contains(page, "<strong>1</strong> <a href=\"/admin/flows\">odd or failed step in the last 24 hours</a>"))
      << page.body;
  EXPECT_TRUE(contains(page, "There is none yet."));
  world.add(std::vector(600, odd));
  EXPECT_TRUE(contains(administrator.get("/admin"), "<strong>500 or more</strong>"));
}

}  // namespace
}  // namespace chatelaine::admin
