#include <gtest/gtest.h>

#include "admin/world_for_test.hpp"
#include "pages/request_for_test.hpp"

namespace chatelaine::admin {
namespace {

using storage::Role;
using test::contains;
using test::header_of;
using test::Visitor;
using test::World;

constexpr const char* kId = "00000000000000aa";
constexpr const char* kPages[] = {"/admin", "/admin?weak=1", "/admin/flows", "/admin/flows?client=c1",
                                  "/admin/flows/00000000000000aa"};

/// THREATS N36: administrators alone, whatever the page.
TEST(Admin, IsForAdministratorsAlone) {
  World world;
  world.add({world.make_step(kId)});
  Visitor nobody(world.people);
  Visitor user = world.sign_in(Role::user);
  Visitor developer = world.sign_in(Role::developer);
  Visitor administrator = world.sign_in(Role::administrator);
  for (const std::string page : kPages) {
    const auto led = nobody.get(page);
    EXPECT_EQ(led.status, 303) << page;
    EXPECT_EQ(header_of(led, "Location"), "/sign-in?return_to=" + percent_encode(page));
    for (Visitor* visitor : {&user, &developer}) {
      const auto refused = visitor->get(page);
      EXPECT_EQ(refused.status, 403) << page;
      EXPECT_TRUE(contains(refused, "@example.com, who is no administrator.")) << page;
      EXPECT_FALSE(contains(refused, "The code was redeemed before.")) << page;
      EXPECT_EQ(header_of(refused, "Cache-Control"), "no-store");
    }
    const auto shown = administrator.get(page);
    EXPECT_EQ(shown.status, 200) << page;
    EXPECT_EQ(header_of(shown, "Cache-Control"), "no-store") << page;
    EXPECT_NE(header_of(shown, "Content-Security-Policy").find("default-src 'none'"), std::string::npos) << page;
    EXPECT_FALSE(contains(shown, "<script")) << page;
    EXPECT_TRUE(contains(shown, "administrator@example.com")) << "who is signed in: " << page;
  }
}

/// THREATS N36: what is switched off is gone, for administrators too, and counts at once.
TEST(Admin, IsThereWhileItIsSwitchedOn) {
  World world({.page_prefix = "", .is_enabled = false});
  world.add({world.make_step(kId)});
  Visitor administrator = world.sign_in(Role::administrator);
  const auto statuses = [&](int expected) {
    for (const std::string page : kPages) {
      const auto answer = administrator.get(page);
      EXPECT_EQ(answer.status, expected) << page;
      EXPECT_EQ(header_of(answer, "Cache-Control"), "no-store") << page;
    }
  };
  EXPECT_EQ(find_administration(world.settings.get()), "");
  statuses(404);
  world.settings.set({.page_prefix = "", .is_enabled = true});
  EXPECT_EQ(find_administration(world.settings.get()), "/admin");
  statuses(200);
  world.settings.set({.page_prefix = "", .is_enabled = false});
  statuses(404);
  EXPECT_TRUE(contains(administrator.get("/admin"), "is switched off here"));
}

/// What a page leads to is below the prefix too.
TEST(Admin, StandsBehindThePrefix) {
  World world({.page_prefix = "/auth", .is_enabled = true});
  world.add(World::make_client("c1"));
  world.add({world.make_step(kId)});
  Visitor administrator = world.sign_in(Role::administrator);
  EXPECT_EQ(administrator.get("/admin").status, 404);
  EXPECT_EQ(find_administration(world.settings.get()), "/auth/admin");
  for (const std::string page : kPages) {
    const auto shown = administrator.get("/auth" + page);
    EXPECT_EQ(shown.status, 200) << page;
    EXPECT_FALSE(contains(shown, "\"/admin")) << page;
    EXPECT_TRUE(contains(shown, "href=\"/auth/admin/flows\"")) << page;
  }
  EXPECT_EQ(header_of(administrator.get("/auth/admin/flows?request=00000000000000AA"), "Location"),
            "/auth/admin/flows/00000000000000aa");
  Visitor nobody(world.people);
  EXPECT_EQ(header_of(nobody.get("/auth/admin"), "Location"), "/auth/sign-in?return_to=%2Fauth%2Fadmin");
}

TEST(Admin, AnswersHeadAsGetAndNothingElse) {
  World world;
  world.add({world.make_step(kId)});
  Visitor administrator = world.sign_in(Role::administrator);
  for (const std::string page : kPages) {
    EXPECT_EQ(administrator.head(page).status, 200) << page;
    const auto posted = administrator.post(page, {});
    EXPECT_EQ(posted.status, 405) << page;
    EXPECT_EQ(header_of(posted, "Allow"), "GET, HEAD, OPTIONS");
  }
}

/// What is noted of a look at a flow, whose answer names the request in any case.
FlightNotes look_at_flow(World& world, const Visitor& visitor, int status) {
  pages::test::MadeRequest request(net::Method::get, "/admin/flows/00000000000000aa");
  request.add_header("Cookie", "__Host-chatelaine_session=" + visitor.cookies.at("__Host-chatelaine_session"));
  FlightNotes notes;
  request.set_notes(notes, "00000000000000ab");
  const auto answer = block_on(world.people.router.route(request.get()));
  EXPECT_EQ(answer.status, status);
  EXPECT_TRUE(contains(answer, "00000000000000ab")) << "its reader can name it all the same";
  return notes;
}

/// Looking at what went wrong leaves nothing to look at, whatever comes of it.
TEST(Admin, RecordsNothingOfItself) {
  World world;
  Visitor administrator = world.sign_in(Role::administrator);
  const auto expect_nothing = [](const FlightNotes& notes) {
    EXPECT_EQ(notes.stage, FlightStage::none);
    EXPECT_EQ(notes.outcome, FlightOutcome::untold);
    EXPECT_EQ(notes.sentence, "");
  };
  expect_nothing(look_at_flow(world, administrator, 404));
  world.settings.set({.page_prefix = "", .is_enabled = false});
  expect_nothing(look_at_flow(world, administrator, 404));
}

TEST(Admin, WhoIsTurnedAwayIsRecorded) {
  World world;
  const Visitor user = world.sign_in(Role::user);
  const FlightNotes notes = look_at_flow(world, user, 403);
  EXPECT_EQ(notes.stage, FlightStage::account);
  EXPECT_EQ(notes.outcome, FlightOutcome::failed);
  EXPECT_EQ(notes.sentence, "Somebody who is no administrator asked for a page for administrators.");
  EXPECT_EQ(notes.user_id.size(), format_id(1).size());
}

}  // namespace
}  // namespace chatelaine::admin
