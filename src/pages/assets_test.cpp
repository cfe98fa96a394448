#include <gtest/gtest.h>

#include "base/block_on.hpp"
#include "pages/page.hpp"
#include "pages/request_for_test.hpp"

namespace chatelaine::pages {
namespace {

using test::header_of;
using test::MadeRequest;

TEST(Assets, AUrlThatCarriesTheHashIsKeptForAYear) {
  const std::string url = asset_url("/oauth/assets", "chatelaine.css");
  ASSERT_TRUE(url.starts_with("/oauth/assets/"));
  const net::Response response = serve_asset(url.substr(std::string_view("/oauth/assets/").size()));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header_of(response, "Content-Type"), "text/css; charset=utf-8");
  EXPECT_EQ(header_of(response, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header_of(response, "X-Content-Type-Options"), "nosniff");
}

TEST(Assets, AScriptIsServedAsOne) {
  const std::string url = asset_url("/oauth/assets", "form_post.js");
  const net::Response response = serve_asset(url.substr(std::string_view("/oauth/assets/").size()));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header_of(response, "Content-Type"), "text/javascript; charset=utf-8");
}

TEST(Assets, EverythingElseIsNotFound) {
  for (const std::string_view name :
       {"", "/", "nothing.css", "mark.svg", "/mark.svg", "0000000000000000/chatelaine.css", "/chatelaine.css",
        "../templates/frame.mustache", "templates/frame.mustache"}) {
    EXPECT_EQ(serve_asset(name).status, 404) << name;
  }
  EXPECT_THROW((void)asset_url("/assets", "nothing.css"), std::logic_error);
}

TEST(Assets, TheRouteServesWhatThePagesName) {
  net::Router router;
  add_asset_routes(router, "/assets");
  const MadeRequest right(net::Method::get, asset_url("/assets", "mark.svg"));
  EXPECT_EQ(block_on(router.route(right.get())).status, 200);
  const MadeRequest wrong(net::Method::get, "/assets/0000000000000000/mark.svg");
  EXPECT_EQ(block_on(router.route(wrong.get())).status, 404);
}

}  // namespace
}  // namespace chatelaine::pages
