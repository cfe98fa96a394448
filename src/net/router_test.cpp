#include "net/router.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/block_on.hpp"

namespace chatelaine::net {
namespace {

Handler say(std::string text) {
  return [text = std::move(text)](const Request&) -> Task<Response> {
    return
        [](std::string body) -> Task<Response> { co_return make_response(200, "text/plain", std::move(body)); }(text);
  };
}

Router make_router() {
  Router router;
  router.add(Method::get, "/", say("root"));
  router.add(Method::get, "/token", say("get token"), CrossOrigin::any_origin);
  router.add(Method::post, "/token", say("post token"), CrossOrigin::any_origin);
  router.add(Method::get, "/aip/{id}/oauth/callback", say("callback"));
  router.add(Method::get, "/aip/known/oauth/callback", say("known callback"));
  router.add(Method::options, "/own", say("own options"));
  return router;
}

Response ask(const Router& router, Method method, std::string_view path, std::vector<HeaderView> headers = {}) {
  Request request;
  request.method = method;
  request.path = path;
  request.headers = headers;
  return block_on(router.route(request));
}

std::string header(const Response& response, std::string_view name) {
  for (const Header& h : response.headers) {
    if (equals_ignoring_case(h.name, name)) return h.value;
  }
  return "";
}

TEST(Router, finds_exact_paths_before_patterns_before_the_fallback) {
  Router router = make_router();
  struct Row {
    Method method;
    std::string_view path;
    int status;
    std::string_view body;
  };
  const std::vector<Row> rows{
      {Method::get, "/", 200, "root"},
      {Method::head, "/", 200, "root"},
      {Method::post, "/token", 200, "post token"},
      {Method::get, "/aip/7/oauth/callback", 200, "callback"},
      {Method::get, "/aip/known/oauth/callback", 200, "known callback"},
      {Method::options, "/own", 200, "own options"},
      {Method::get, "/aip//oauth/callback", 404, ""},
      {Method::get, "/aip/7/oauth/callback/", 404, ""},
      {Method::get, "/aip/7/8/oauth/callback", 404, ""},
      {Method::get, "/Token", 404, ""},
      {Method::get, "/token/", 404, ""},
      {Method::get, "", 404, ""},
      {Method::put, "/token", 405, ""},
      {Method::other, "/token", 405, ""},
      {Method::post, "/", 405, ""},
  };
  for (const Row& row : rows) {
    const Response response = ask(router, row.method, row.path);
    EXPECT_EQ(response.status, row.status) << row.path;
    if (!row.body.empty()) {
      EXPECT_EQ(response.body, row.body) << row.path;
    }
  }
  router.set_fallback(say("the API"));
  EXPECT_EQ(ask(router, Method::delete_, "/anything").body, "the API");
  EXPECT_EQ(ask(router, Method::put, "/token").status, 405);
}

TEST(Router, rfc_9110_section_15_5_6_a_405_names_the_methods) {
  const Router router = make_router();
  EXPECT_EQ(header(ask(router, Method::put, "/token"), "Allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(header(ask(router, Method::options, "/"), "Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(header(ask(router, Method::get, "/own"), "Allow"), "OPTIONS");
}

TEST(Router, a_route_says_405_in_its_own_words) {
  Router router = make_router();
  router.refuse_methods_with("/token", [](const Request& request, std::string_view allowed) {
    return make_json_response(405, std::string(request.method_name) + " is none of " + std::string(allowed));
  });
  const Response response = ask(router, Method::put, "/token");
  EXPECT_EQ(response.status, 405);
  EXPECT_TRUE(response.body.ends_with(" is none of GET, HEAD, POST, OPTIONS")) << response.body;
  EXPECT_EQ(header(response, "Allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(ask(router, Method::post, "/").body, "This path does not take that method.\n");
  EXPECT_THROW(router.refuse_methods_with("/nowhere", nullptr), std::logic_error);
}

TEST(Router, a_405_tells_the_flight_recorder_what_the_path_takes) {
  const Router router = make_router();
  FlightNotes notes;
  Request request;
  request.method = Method::put;
  request.method_name = "PUT";
  request.path = "/token";
  request.notes = &notes;
  static_cast<void>(block_on(router.route(request)));
  EXPECT_EQ(notes.outcome, FlightOutcome::failed);
  EXPECT_EQ(notes.sentence, "The path /token does not take PUT: it takes GET, HEAD, POST, OPTIONS.");
  notes = {};
  request.method = Method::options;
  static_cast<void>(block_on(router.route(request)));
  EXPECT_EQ(notes.outcome, FlightOutcome::untold);
}

TEST(Router, a_path_that_is_closed_has_no_methods) {
  Router router = make_router();
  router.set_fallback(say("the API"));
  bool is_open = false;
  for (const char* path : {"/token", "/aip/{id}/oauth/callback"}) {
    router.open_only_while(path, [&] { return is_open; }, say("closed"));
  }
  const std::vector<HeaderView> preflight{{"Access-Control-Request-Method", "POST"}};
  for (const Method method : {Method::get, Method::head, Method::post, Method::put, Method::options}) {
    EXPECT_EQ(ask(router, method, "/token", preflight).body, "closed");
    EXPECT_EQ(ask(router, method, "/aip/7/oauth/callback").body, "closed");
  }
  EXPECT_EQ(header(ask(router, Method::post, "/token"), "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(ask(router, Method::get, "/aip/known/oauth/callback").body, "known callback");
  is_open = true;
  EXPECT_EQ(ask(router, Method::post, "/token").body, "post token");
  EXPECT_EQ(ask(router, Method::put, "/token").status, 405);
  EXPECT_THROW(router.open_only_while("/nowhere", nullptr, nullptr), std::logic_error);
}

TEST(Router, cross_origin_answers_only_where_the_route_allows_it) {
  const Router router = make_router();
  EXPECT_EQ(header(ask(router, Method::post, "/token"), "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(header(ask(router, Method::post, "/token"), "Access-Control-Allow-Credentials"), "");
  EXPECT_EQ(header(ask(router, Method::get, "/"), "Access-Control-Allow-Origin"), "");
  const std::vector<HeaderView> preflight{{"Origin", "https://a.example"},
                                          {"Access-Control-Request-Method", "POST"},
                                          {"Access-Control-Request-Headers", "authorization, x-y"}};
  const Response allowed = ask(router, Method::options, "/token", preflight);
  EXPECT_EQ(allowed.status, 204);
  EXPECT_EQ(header(allowed, "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(header(allowed, "Access-Control-Allow-Headers"), "authorization, x-y");
  EXPECT_EQ(header(allowed, "Access-Control-Allow-Methods"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(header(ask(router, Method::options, "/", preflight), "Access-Control-Allow-Origin"), "");
}

TEST(Router, a_tree_takes_its_path_and_all_below_it_whatever_the_method) {
  Router router = make_router();
  router.add_tree("/check", say("tree"));
  router.add(Method::get, "/check/own", say("own"));
  for (const std::string_view path : {"/check", "/check/", "/check/a/b", "/check//", "/check/check"}) {
    EXPECT_EQ(ask(router, Method::get, path).body, "tree") << path;
    EXPECT_EQ(ask(router, Method::options, path).body, "tree") << path;
    EXPECT_EQ(ask(router, Method::other, path).body, "tree") << path;
  }
  EXPECT_EQ(ask(router, Method::get, "/check/own").body, "own");
  for (const std::string_view path : {"/checks", "/chec", "/a/check", "/Check", "//check"}) {
    EXPECT_EQ(ask(router, Method::get, path).status, 404) << path;
  }
  bool is_open = false;
  router.open_only_while("/check", [&] { return is_open; }, say("closed"));
  EXPECT_EQ(ask(router, Method::put, "/check/a").body, "closed");
  is_open = true;
  EXPECT_EQ(ask(router, Method::put, "/check/a").body, "tree");
  EXPECT_THROW(router.add_tree("/check", say("again")), std::logic_error);
  const std::vector<std::string> paths = router.paths();
  EXPECT_NE(std::ranges::find(paths, "/check/*"), paths.end());
}

TEST(Router, the_same_route_twice_is_a_mistake_of_the_program) {
  Router router = make_router();
  EXPECT_THROW(router.add(Method::get, "/", say("again")), std::logic_error);
  EXPECT_THROW(router.add(Method::other, "/x", say("no name")), std::logic_error);
}

TEST(Router, lists_every_path) {
  EXPECT_EQ(make_router().paths(),
            (std::vector<std::string>{"/", "/aip/known/oauth/callback", "/aip/{id}/oauth/callback", "/own", "/token"}));
}

TEST(Router, path_segment_reads_what_stands_at_the_placeholder) {
  EXPECT_EQ(path_segment("/aip/{id}/x", "/aip/7/x", "id"), "7");
  EXPECT_EQ(path_segment("/{a}/{b}", "/1/2", "b"), "2");
  EXPECT_EQ(path_segment("/aip/{id}/x", "/aip/7/y", "id"), "");
  EXPECT_EQ(path_segment("/aip/{id}", "/aip/7/x", "id"), "");
  EXPECT_EQ(path_segment("/aip/{id}", "/aip/7", "other"), "");
}

}  // namespace
}  // namespace chatelaine::net
