#include "pages/page.hpp"

#include <gtest/gtest.h>

#include "pages/request_for_test.hpp"

namespace chatelaine::pages {
namespace {

const Renderer& renderer() {
  static const Renderer made(Frame{"Todo & <Co>", "/oauth/assets", ""});
  return made;
}

constexpr std::string_view kHostile = "<script>alert(1)</script>\"'&";
constexpr std::string_view kEscaped = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&apos;&amp;";

bool contains(const net::Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

TEST(Page, TheFrameCarriesNameTitleAndOneHeading) {
  const net::Response response =
      renderer().render(200, "message", "See you", Data().set("text", "You are signed out."));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(test::header_of(response, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_TRUE(contains(response, "<title>See you – Todo &amp; &lt;Co&gt;</title>"));
  EXPECT_TRUE(contains(response, "<h1>See you</h1>"));
  EXPECT_TRUE(contains(response, "You are signed out."));
  EXPECT_TRUE(contains(response, "href=\"" + asset_url("/oauth/assets", "chatelaine.css") + "\""));
  EXPECT_TRUE(contains(response, asset_url("/oauth/assets", "mark.svg")));
}

TEST(Page, AConfiguredLogoTakesTheMarksPlace) {
  const Renderer branded(Frame{"Todo", "/oauth/assets", "/logo.png"});
  EXPECT_TRUE(contains(branded.render(200, "message", "x", Data()), "<img src=\"/logo.png\""));
}

TEST(Page, AOneTimeLinkInItsAddressIsToldToNobodyWhoServesItsPictures) {
  const net::Response response = Renderer(Frame{"Todo", "/oauth/assets", "/logo.png"}).render(200, "message", "x", {});
  EXPECT_EQ(test::header_of(response, "Referrer-Policy"), "strict-origin");
  EXPECT_TRUE(
      contains(response, "<img src=\"/logo.png\" alt=\"\" width=\"32\" height=\"32\" referrerpolicy=\"no-referrer\""));
  EXPECT_TRUE(contains(Renderer(Frame{"Todo", "/oauth/assets", "/logo.png"})
                           .render(200, "message", "x", Data().add("home", Data().set("home_url", "/"))),
                       "referrerpolicy=\"no-referrer\""));
}

TEST(Page, Rfc6797OverHttpsBrowsersComeOnlyByTls) {
  const auto header_with = [](StrictTransport strict_transport) {
    const Renderer made(Frame{"Todo", "/oauth/assets", "", strict_transport});
    return test::header_of(made.render(200, "message", "x", Data()), "Strict-Transport-Security");
  };
  EXPECT_EQ(header_with(StrictTransport::on), "max-age=31536000");
  EXPECT_EQ(header_with(StrictTransport::off), "") << "RFC 6797 §7.2: not over plain http";
}

TEST(Page, ATextIsASectionOrNothing) {
  Data data;
  data.add_text("notice", "Saved.").add_text("problem", "");
  ASSERT_EQ(data.lists().size(), 1U);
  EXPECT_EQ(data.lists()[0].name, "notice");
}

TEST(Page, AChangedFrameCountsFromTheNextPageOn) {
  Renderer renamed(Frame{"Todo", "/oauth/assets", ""});
  renamed.set_frame(Frame{"Lists", "/oauth/assets", "/new.png"});
  const net::Response response = renamed.render(200, "message", "x", Data());
  EXPECT_TRUE(contains(response, "<title>x – Lists</title>"));
  EXPECT_TRUE(contains(response, "<img src=\"/new.png\""));
}

TEST(Page, TextIsEscapedWhereverItStands) {
  Data next;
  next.set("href", std::string(kHostile)).set("label", std::string(kHostile));
  Data data;
  data.set("text", std::string(kHostile)).add("next", std::move(next));
  const net::Response response = renderer().render(200, "message", kHostile, data);
  EXPECT_FALSE(contains(response, "<script"));
  std::size_t found = 0;
  for (auto at = response.body.find(kEscaped); at != std::string::npos; at = response.body.find(kEscaped, at + 1)) {
    ++found;
  }
  EXPECT_EQ(found, 5U) << "title, heading, text, link and label";
}

TEST(Page, SectionsAreShownRepeatedOrLeftOut) {
  Data data;
  data.set("client_name", "Helper").show("nothing_granted", false).show("local_redirect", true);
  data.add("granted", Data().set("description", "read your lists"));
  data.add("granted", Data().set("description", "add to them"));
  const net::Response response = renderer().render(200, "consent", "Allow?", data);
  EXPECT_TRUE(contains(response, "<li>read your lists</li>\n<li>add to them</li>"));
  EXPECT_TRUE(contains(response, "any program here could claim to be Helper"));
  EXPECT_FALSE(contains(response, "It asks for nothing else"));
}

TEST(Page, AnErrorSaysWhatHappenedAndWhatToDo) {
  ErrorPage page;
  page.status = 403;
  page.title = "Not yours";
  page.what_happened = "It belongs to somebody else.";
  page.what_to_do = "Ask them.";
  EXPECT_FALSE(contains(render_error(renderer(), page), "<details>"));
  page.detail = "owner <b>";
  page.next_href = "/account";
  page.next_label = "Your account";
  const net::Response response = render_error(renderer(), page);
  EXPECT_EQ(response.status, 403);
  EXPECT_TRUE(contains(response, "It belongs to somebody else."));
  EXPECT_TRUE(contains(response, "Ask them."));
  EXPECT_TRUE(contains(response, "<code>owner &lt;b&gt;</code>"));
  EXPECT_TRUE(contains(response, "href=\"/account\""));
}

TEST(Page, AnUnknownTemplateIsAFault) {
  EXPECT_THROW((void)renderer().render(200, "nothing", "x", Data()), std::logic_error);
}

TEST(Page, AnErrorPageGetsItsRequestsIdAndTellsTheFlightRecorder) {
  FlightNotes notes;
  notes.stage = FlightStage::consent;
  test::MadeRequest request(net::Method::get, "/consent");
  request.set_notes(notes, "0123456789abcdef");
  const ErrorPage page{.title = "No",
                       .what_happened = "It did not work.",
                       .what_to_do = "Do it again.",
                       .detail = R"(<code class="request-id">)"};
  net::Response response = render_error(renderer(), page);
  finish_page(request.get(), response);
  EXPECT_TRUE(contains(response, R"(Request <code class="request-id">0123456789abcdef</code>)"));
  EXPECT_TRUE(contains(response, "&lt;code class=&quot;request-id&quot;&gt;")) << "what is shown is no place for it";
  EXPECT_EQ(notes.outcome, FlightOutcome::failed);
  EXPECT_EQ(notes.sentence, "It did not work.");

  notes.tell(FlightOutcome::odd, "Somebody knew better.");
  net::Response another = render_error(renderer(), page);
  finish_page(request.get(), another);
  EXPECT_EQ(notes.sentence, "Somebody knew better.");
}

TEST(Page, APageThatIsNoErrorHasNoId) {
  FlightNotes notes;
  notes.stage = FlightStage::consent;
  test::MadeRequest request(net::Method::get, "/consent");
  request.set_notes(notes, "0123456789abcdef");
  net::Response response = renderer().render(200, "message", "x", Data().set("text", "Done."));
  finish_page(request.get(), response);
  EXPECT_FALSE(contains(response, "0123456789abcdef"));
  EXPECT_EQ(notes.outcome, FlightOutcome::untold);
}

}  // namespace
}  // namespace chatelaine::pages
