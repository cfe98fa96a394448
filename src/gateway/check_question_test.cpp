#include "gateway/check_question.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing.hpp"

namespace chatelaine::gateway {
namespace {

using namespace testing_parts;
using testing::HasSubstr;

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Row {
  std::string_view name;
  std::string method;
  std::string target;
  Headers headers;
  Dialect dialect = Dialect::original_headers;
  std::string_view asked_method;
  std::string_view path;
  std::string_view query;
};

FakeRequest make_request(const std::string& method, const std::string& target, const Headers& headers) {
  FakeRequest request(method, target);
  for (const auto& [name, value] : headers) request.header(name, value);
  return request;
}

TEST(CheckQuestion, IsReadAsEachProxySpellsIt) {
  using enum Dialect;
  const Row rows[] = {
      {"nginx: auth_request asks with GET",
       "GET",
       "/oauth/check",
       {{"X-Original-Method", "DELETE"}, {"X-Original-URI", "/todos/7"}},
       original_headers,
       "DELETE",
       "/todos/7",
       ""},
      {"nginx: $request_uri has the query",
       "GET",
       "/oauth/check",
       {{"X-Original-Method", "GET"}, {"X-Original-URI", "/todos?done=%20a&b?"}},
       original_headers,
       "GET",
       "/todos",
       "done=%20a&b?"},
      {"nginx: escapes stay as they are",
       "GET",
       "/oauth/check",
       {{"X-Original-Method", "GET"}, {"X-Original-URI", "/caf%C3%A9/%2e%2e"}},
       original_headers,
       "GET",
       "/caf%C3%A9/%2e%2e",
       ""},
      {"Traefik and Caddy",
       "GET",
       "/oauth/check",
       {{"X-Forwarded-Method", "PATCH"},
        {"X-Forwarded-Uri", "/todos/1?x"},
        {"X-Forwarded-Host", "api.example.com"},
        {"X-Forwarded-Proto", "https"},
        {"X-Forwarded-For", "192.0.2.1"}},
       forwarded_headers,
       "PATCH",
       "/todos/1",
       "x"},
      {"header names have no case",
       "GET",
       "/oauth/check",
       {{"x-forwarded-method", "GET"}, {"X-FORWARDED-URI", "/"}},
       forwarded_headers,
       "GET",
       "/",
       ""},
      {"the question's own query says nothing",
       "GET",
       "/oauth/check?path=/admin",
       {{"X-Original-Method", "GET"}, {"X-Original-URI", "/a"}},
       original_headers,
       "GET",
       "/a",
       ""},
      {"RFC 9112 §3.2.2: a URI in absolute form",
       "GET",
       "/oauth/check",
       {{"X-Original-Method", "GET"}, {"X-Original-URI", "HTTPS://api.example.com:8443/todos?a"}},
       original_headers,
       "GET",
       "/todos",
       "a"},
      {"RFC 9110 §4.2.3: an absolute URI without a path",
       "GET",
       "/oauth/check",
       {{"X-Forwarded-Method", "GET"}, {"X-Forwarded-Uri", "http://api.example.com"}},
       forwarded_headers,
       "GET",
       "/",
       ""},
      {"RFC 9110 §4.2.3: the same with a query",
       "GET",
       "/oauth/check",
       {{"X-Forwarded-Method", "GET"}, {"X-Forwarded-Uri", "http://api.example.com?a/b"}},
       forwarded_headers,
       "GET",
       "/",
       "a/b"},
      {"Envoy: path_prefix and the call's own path",
       "POST",
       "/oauth/check/todos?done=1",
       {{"X-Forwarded-Proto", "https"}, {"X-Forwarded-For", "192.0.2.1"}},
       path_below,
       "POST",
       "/todos",
       "done=1"},
      {"Envoy: the root", "HEAD", "/oauth/check/", {}, path_below, "HEAD", "/", ""},
      {"Envoy: what is ambiguous stays so", "GET", "/oauth/check//todos/..", {}, path_below, "GET", "//todos/..", ""},
      {"Envoy: the check itself below the check",
       "GET",
       "/oauth/check/oauth/check",
       {},
       path_below,
       "GET",
       "/oauth/check",
       ""},
      {"a method of the API's own",
       "GET",
       "/oauth/check",
       {{"X-Original-Method", "PURGE"}, {"X-Original-URI", "/a"}},
       original_headers,
       "PURGE",
       "/a",
       ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const FakeRequest request = make_request(row.method, row.target, row.headers);
    const net::Request sent = request.get();
    const auto question = read_question(sent, "/oauth/check");
    ASSERT_TRUE(question) << question.error();
    EXPECT_EQ(question->dialect, row.dialect);
    EXPECT_EQ(question->method, row.asked_method);
    EXPECT_EQ(question->path, row.path);
    EXPECT_EQ(question->query, row.query);
  }
}

struct WrongRow {
  std::string_view name;
  std::string method;
  std::string target;
  Headers headers;
  std::string says;
};

TEST(CheckQuestion, ThatCouldBeReadInTwoWaysIsRefused) {
  const std::string check = "/oauth/check";
  const Headers original{{"X-Original-Method", "GET"}, {"X-Original-URI", "/public"}};
  const auto with = [](Headers headers, const Headers& more) {
    headers.insert(headers.end(), more.begin(), more.end());
    return headers;
  };
  const auto asks = [](std::string method, std::string uri) {
    return Headers{{"X-Original-Method", std::move(method)}, {"X-Original-URI", std::move(uri)}};
  };
  const WrongRow rows[] = {
      {"no call at all", "GET", check, {}, "No call is named"},
      {"no method", "GET", check, {{"X-Original-URI", "/a"}}, "one is missing"},
      {"no URI", "GET", check, {{"X-Forwarded-Method", "GET"}}, "one is missing"},
      {"both spellings", "GET", check, with(original, {{"X-Forwarded-Method", "GET"}, {"X-Forwarded-Uri", "/public"}}),
       "more than one way"},
      {"one header of the other spelling", "GET", check, with(original, {{"x-forwarded-uri", "/admin"}}),
       "more than one way"},
      {"half of each", "GET", check, {{"X-Original-Method", "GET"}, {"X-Forwarded-Uri", "/a"}}, "more than one way"},
      {"a header and a path below", "GET", check + "/todos", original, "more than one way"},
      {"one header and a path below", "GET", check + "/todos", {{"X-Original-URI", "/a"}}, "more than one way"},
      {"a header and the root below", "GET", check + "/", original, "more than one way"},
      {"two URIs", "GET", check, with(original, {{"X-Original-URI", "/admin"}}), "came twice"},
      {"the same URI twice", "GET", check, with(original, {{"x-original-uri", "/public"}}), "came twice"},
      {"two methods", "GET", check, with(original, {{"X-Original-Method", "GET"}}), "came twice"},
      {"an empty method", "GET", check, asks("", "/a"), "not the name of a method"},
      {"a list of methods", "GET", check, asks("GET, POST", "/a"), "not the name of a method"},
      {"a method with a blank", "GET", check, asks("GET /a", "/a"), "not the name of a method"},
      {"RFC 9110 §9.3.6: a tunnel", "GET", check, asks("connect", "/a"), "CONNECT"},
      {"an empty URI", "GET", check, asks("GET", ""), "not a path"},
      {"a relative URI", "GET", check, asks("GET", "todos"), "not a path"},
      {"a query alone", "GET", check, asks("GET", "?a"), "not a path"},
      {"the asterisk form", "GET", check, asks("OPTIONS", "*"), "not a path"},
      {"the authority form", "GET", check, asks("GET", "api.example.com:443"), "not a path"},
      {"another scheme", "GET", check, asks("GET", "ftp://api.example.com/a"), "not a path"},
      {"RFC 9112 §3.2: a fragment", "GET", check, asks("GET", "/public#/../admin"), "not a path"},
      {"a fragment in the query", "GET", check, asks("GET", "/public?a#b"), "not a path"},
      {"a fragment right after the host", "GET", check, asks("GET", "https://a.example#/public"), "not a path"},
      {"bytes that are no ASCII", "GET", check, asks("GET", "/caf\xC3\xA9"), "not a path"},
      {"a blank", "GET", check, asks("GET", "/a b"), "not a path"},
      {"a list of URIs", "GET", check, asks("GET", "/public, /admin"), "not a path"},
      {"a tab in the query", "GET", check, asks("GET", "/a?b\tc"), "not a path"},
  };
  for (const WrongRow& row : rows) {
    SCOPED_TRACE(row.name);
    const FakeRequest request = make_request(row.method, row.target, row.headers);
    const net::Request sent = request.get();
    const auto question = read_question(sent, check);
    ASSERT_FALSE(question);
    EXPECT_THAT(std::string(question.error()), HasSubstr(row.says));
  }
}

}  // namespace
}  // namespace chatelaine::gateway
