#include <fmt/format.h>
#include <gtest/gtest.h>

#include "admin/world_for_test.hpp"

namespace chatelaine::admin {
namespace {

using storage::Role;
using test::contains;
using test::header_of;
using test::Visitor;
using test::World;

std::string id_of(int number) { return fmt::format("{:016x}", number); }

std::size_t count(const net::Response& response, std::string_view text) {
  std::size_t times = 0;
  for (std::size_t at = response.body.find(text); at != std::string::npos; at = response.body.find(text, at + 1))
    ++times;
  return times;
}

TEST(AdminFlows, ListsWhatWasOddOrFailedAndAllOnDemand) {
  World world;
  world.add(World::make_client("c1"));
  auto failed = world.make_step(id_of(1));
  failed.notes.client_id = "c1";
  auto odd = world.make_step(id_of(2));
  odd.notes.tell(FlightOutcome::odd, "The person said no.");
  odd.notes.client_id = "gone";
  auto fine = world.make_step(id_of(3));
  fine.notes.tell(FlightOutcome::went_on, "A grant was given.");
  world.add({failed, odd, fine});
  Visitor administrator = world.sign_in(Role::administrator);
  const auto page = administrator.get("/admin/flows");
  for (const char* text :
       {"What was odd or failed, newest first", "<span class=\"outcome failed\">failed</span>",
        "<span class=\"outcome odd\">odd</span>", "<bdi>The code was redeemed before.</bdi>", "The person said no.",
        "href=\"/admin/flows/0000000000000001\"", "datetime=\"2026-11-23T12:00:00Z\">23 November 2026, 12:00:00 UTC<",
        "href=\"/admin/flows?client=c1\"><bdi>The client c1</bdi>", "<bdi>gone</bdi>"})
    EXPECT_TRUE(contains(page, text)) << text << '\n' << page.body;
  EXPECT_FALSE(contains(page, "A grant was given."));
  EXPECT_LT(page.body.find(id_of(2)), page.body.find(id_of(1))) << "newest first";

  const auto all = administrator.get("/admin/flows?all=1");
  EXPECT_TRUE(contains(all, "All steps, newest first"));
  EXPECT_TRUE(contains(all, "<span class=\"outcome went_on\">went on</span>"));
  EXPECT_TRUE(contains(all, "href=\"/admin/flows\">Only what was odd or failed"));

  const auto of_client = administrator.get("/admin/flows?client=c1");
  EXPECT_EQ(count(of_client, "<h3>"), 1U);
  EXPECT_TRUE(contains(of_client, "Of <strong><bdi>The client c1</bdi></strong> alone"));
  EXPECT_TRUE(contains(of_client, "href=\"/admin/flows?client=c1&amp;all=1\">Also what went on"));

  EXPECT_TRUE(contains(administrator.get("/admin/flows?client=nobody"), "Nothing of that kind is recorded."));
}

TEST(AdminFlows, ComeInPagesOfFifty) {
  World world;
  std::vector<storage::FlightStep> steps;
  for (int i = 0; i < 101; ++i) steps.push_back(world.make_step(id_of(i)));
  world.add(steps);
  Visitor administrator = world.sign_in(Role::administrator);
  std::vector<std::size_t> counts;
  for (std::string next = "/admin/flows"; !next.empty();) {
    const auto page = administrator.get(next);
    counts.push_back(count(page, "<h3>"));
    const std::size_t at = page.body.find("href=\"/admin/flows?before=");
    next.clear();
    if (at == std::string::npos) continue;
    const std::size_t begin = at + std::string_view("href=\"").size();
    next = page.body.substr(begin, page.body.find('"', begin) - begin);
  }
  EXPECT_EQ(counts, (std::vector<std::size_t>{50, 50, 1}));
}

/// THREATS §1: where a page begins is data.
TEST(AdminFlows, ABrokenPlaceIsTheBeginning) {
  World world;
  world.add({world.make_step(id_of(1))});
  Visitor administrator = world.sign_in(Role::administrator);
  for (const char* query : {"before=", "before=x", "before=-1", "before=1%20OR%201=1", "before=99999999999999999999",
                            "before=1&before=1", "client="})
    EXPECT_EQ(count(administrator.get(std::string("/admin/flows?") + query), "<h3>"), 1U) << query;
  EXPECT_EQ(count(administrator.get("/admin/flows?before=1"), "<h3>"), 0U);
  EXPECT_EQ(count(administrator.get("/admin/flows?client=c1'%20OR%20'1'='1"), "<h3>"), 0U);
}

TEST(AdminFlows, LeadsToARequestHoweverItsIdWasTyped) {
  World world;
  Visitor administrator = world.sign_in(Role::administrator);
  for (const char* typed : {"00000000000000af", "+00000000000000AF%0A", "00000000000000Af"}) {
    const auto led = administrator.get(std::string("/admin/flows?request=") + typed);
    EXPECT_EQ(led.status, 303) << typed;
    EXPECT_EQ(header_of(led, "Location"), "/admin/flows/00000000000000af") << typed;
    EXPECT_EQ(header_of(led, "Cache-Control"), "no-store") << typed;
  }
  for (const char* typed : {"xyz", "../../account", "%22%3E%3Cscript%3E", "00000000000000a"}) {
    const auto page = administrator.get(std::string("/admin/flows?request=") + typed);
    EXPECT_EQ(page.status, 422) << typed;
    EXPECT_TRUE(contains(page, "aria-invalid=\"true\"")) << typed;
    EXPECT_FALSE(contains(page, "<script")) << typed;
  }
  EXPECT_EQ(administrator.get("/admin/flows?request=").status, 200);
}

TEST(AdminFlow, TellsTheCauseAndThenEachStep) {
  World world;
  world.add(World::make_client("c1"));
  const auto ada = world.people.add_user("ada@example.com");
  auto asked = world.make_step(id_of(1));
  asked.status = 302;
  asked.notes.stage = FlightStage::authorization_request;
  asked.notes.tell(FlightOutcome::went_on, "The client sent the browser.");
  asked.notes.links = {"code:1"};
  asked.notes.user_id = format_id(ada.id.value);
  auto exchanged = world.make_step(id_of(2));
  exchanged.at += seconds(7);
  exchanged.notes.client_id = "c1";
  exchanged.notes.links = {"code:1"};
  exchanged.notes.show("redirect_uri", "https://chat.example/callback");
  exchanged.notes.show("code_verifier", "(43 characters)");
  world.add({asked, exchanged, world.make_step(id_of(3))});
  Visitor administrator = world.sign_in(Role::administrator);
  const auto page = administrator.get("/admin/flows/" + id_of(1));
  EXPECT_EQ(page.status, 200);
  std::size_t at = 0;
  for (const char* text :
       {"<div class=\"problem\">\n<h2>Token request failed</h2>", "The code was redeemed before.", "step by step",
        "<h3>Authorization request <span class=\"outcome went_on\">went on</span>", "answered with 302",
        "The client sent the browser.", "<code>0000000000000001</code>, looked up", "<bdi>ada@example.com</bdi>",
        "<h3>Token request <span class=\"outcome failed\">failed</span>", "12:00:07 UTC",
        "answered with 400<br><strong>This is the cause.</strong>",
        "href=\"/admin/flows/0000000000000002\"><code>0000000000000002</code>", "<code>c1</code>",
        "<bdi>redirect_uri</bdi></dt>\n<dd><code><bdi>https://chat.example/callback</bdi>", "(43 characters)"}) {
    const std::size_t found = page.body.find(text, at);
    ASSERT_NE(found, std::string::npos) << text << '\n' << page.body;
    at = found;
  }
  EXPECT_FALSE(contains(page, id_of(3))) << "a flow of its own";
}

TEST(AdminFlow, SaysThatAllWentOn) {
  World world;
  auto fine = world.make_step(id_of(1));
  fine.notes.tell(FlightOutcome::went_on, "A grant was given.");
  auto odd = world.make_step(id_of(2));
  odd.notes.tell(FlightOutcome::odd, "It came twice.");
  world.add({fine, odd});
  Visitor administrator = world.sign_in(Role::administrator);
  EXPECT_TRUE(contains(administrator.get("/admin/flows/" + id_of(1)), "Every step went on."));
  EXPECT_TRUE(contains(administrator.get("/admin/flows/" + id_of(2)), "<div class=\"notice\">\n<h2>Token request odd"));
}

TEST(AdminFlow, ALongOneIsCutAndSaysSo) {
  World world;
  auto step = world.make_step(id_of(1));
  step.notes.links = {"grant:1"};
  world.add(std::vector(250, step));
  const auto page = world.sign_in(Role::administrator).get("/admin/flows/" + id_of(1));
  EXPECT_EQ(count(page, "<h3>"), 200U);
  EXPECT_TRUE(contains(page, "these are the 200 steps that are nearest"));
}

TEST(AdminFlow, ThatIsNotKnownSaysWhatItMayBe) {
  World world;
  Visitor administrator = world.sign_in(Role::administrator);
  const auto unknown = administrator.get("/admin/flows/00000000000000aa");
  EXPECT_EQ(unknown.status, 404);
  for (const char* text : {"Nothing is recorded of the request 00000000000000aa.", "within the last second",
                           "[flights] keep", "another server", "href=\"/admin/flows\""})
    EXPECT_TRUE(contains(unknown, text)) << text;
  for (const char* id : {"x", "%3Cscript%3E", "00000000000000AA", "00000000000000aa0"}) {
    const auto page = administrator.get(std::string("/admin/flows/") + id);
    EXPECT_EQ(page.status, 404) << id;
    EXPECT_TRUE(contains(page, "is no request")) << id;
    EXPECT_FALSE(contains(page, "<script")) << id;
  }
}

/// THREATS N38: sentences, values, names and addresses hold what strangers sent.
TEST(AdminFlow, WhatStrangersSentIsText) {
  World world;
  oauth::Client client = World::make_client("c1");
  client.name = "<b>\"name\"";
  world.add(client);
  auto step = world.make_step(id_of(1));
  step.notes.client_id = "c1";
  step.notes.user_id = "<b>user";
  step.notes.tell(FlightOutcome::failed, "It sent <script>alert(1)</script> & {{asked_id}}.");
  step.notes.show("<b>shown", "\"><img src=x onerror=alert(1)>");
  world.add({step});
  Visitor administrator = world.sign_in(Role::administrator);
  for (const std::string path : {"/admin/flows", "/admin/flows?client=c1", "/admin/flows/0000000000000001",
                                 "/admin/flows?client=%22%3E%3Cb%3Ex"}) {
    const auto page = administrator.get(path);
    EXPECT_EQ(page.status, 200) << path;
    for (const char* forbidden : {"<script", "<b>", "<img src=x"})
      EXPECT_FALSE(contains(page, forbidden)) << path << ' ' << forbidden;
  }
  const auto page = administrator.get("/admin/flows/0000000000000001");
  EXPECT_TRUE(contains(page, "It sent &lt;script&gt;alert(1)&lt;/script&gt; &amp; {{asked_id}}.")) << page.body;
  EXPECT_TRUE(contains(page, "&lt;b&gt;shown"));
  EXPECT_TRUE(contains(page, "&lt;b&gt;user"));
}

}  // namespace
}  // namespace chatelaine::admin
