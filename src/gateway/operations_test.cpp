#include "gateway/operations.hpp"

#include <gtest/gtest.h>

#include "gateway/refusal.hpp"
#include "gateway/testing.hpp"
#include "openapi/exposure.hpp"

namespace chatelaine::gateway {
namespace {

using testing_parts::FakeRequest;
using testing_parts::values_of;

constexpr std::string_view kDescription = R"(
paths:
  /todos: {get: {security: [{login: [read]}]}, post: {security: [{login: [write]}]}}
  /todos/{id}:
    get: {security: [{login: [read]}]}
    head: {security: []}
    post: {security: [{login: [write]}]}
  /todos/{id}:purge: {post: {security: [{login: [purge]}]}}
  /todos/export: {get: {security: [{login: [admin, read]}]}}
)";

/// The scopes that the request needs, in words.
std::string needed(Unlisted unlisted, const std::string& method, const std::string& path) {
  GatewaySettings settings;
  settings.unlisted = unlisted;
  settings.description = std::make_shared<const openapi::Description>(openapi::read_description(kDescription).value());
  FakeRequest request(method, path);
  const auto found = find_needed_scope(settings, request.get());
  return std::holds_alternative<NotListed>(found) ? "not listed" : std::get<Needed>(found).scope.to_string();
}

TEST(NeededScope, IsThatOfAllThatTheRequestCouldMean) {
  using enum Unlisted;
  struct Row {
    std::string_view name;
    Unlisted unlisted;
    std::string method;
    std::string path;
    std::string needed;
  };
  const Row rows[] = {
      {"a concrete path", deny, "GET", "/todos/export", "admin read"},
      {"a template", deny, "GET", "/todos/7", "read"},
      {"THREATS N05: another case, which the template takes", deny, "GET", "/todos/Export", "admin read"},
      {"THREATS N05: a segment's parameters, which the template takes", deny, "GET", "/todos/export;x", "admin read"},
      {"THREATS N05: an encoded letter of another case", deny, "GET", "/todos/%45xport", "admin read"},
      {"OpenAPI 3.1 §4.8.8: of two templates the more literal one", deny, "POST", "/todos/7:purge", "purge"},
      {"the less literal one", deny, "POST", "/todos/7", "write"},
      {"RFC 9110 §9.3.2: HEAD with scopes of its own", deny, "HEAD", "/todos/7", ""},
      {"RFC 9110 §9.3.2: HEAD of what GET asks for", deny, "HEAD", "/todos", "read"},
      {"RFC 9110 §9.3.2: a template's HEAD does not open a concrete GET", deny, "HEAD", "/todos/export", "admin read"},
      {"THREATS N05: a literal end in another case", deny, "POST", "/todos/7:Purge", "purge write"},
      {"a path that is none", deny, "GET", "/nothing", "not listed"},
      {"unlisted = allow: another spelling of method and path", allow, "get", "/Todos/", "read"},
      {"unlisted = allow: a path that is none", allow, "GET", "/nothing", ""},
  };
  for (const Row& row : rows) EXPECT_EQ(needed(row.unlisted, row.method, row.path), row.needed) << row.name;
}

constexpr std::string_view kHalfOpen = R"(
servers: [{url: /v1}, {url: "http://api.example/v2"}]
paths:
  /a: {get: {operationId: a, security: [{login: [one]}]}}
  /b: {get: {operationId: b}}
  /c: {get: {operationId: c}}
  /d: {get: {operationId: d, security: []}}
)";

/// What the path needs, in words.
std::string needed_by_path(const GatewaySettings& settings, const std::string& path) {
  FakeRequest request("GET", path);
  const auto found = find_needed_scope(settings, request.get());
  if (std::holds_alternative<NotListed>(found)) return "not listed";
  if (std::holds_alternative<Closed>(found)) return "closed";
  return std::get<Needed>(found).scope.to_string();
}

TEST(NeededScope, IsWhatTheFileAndTheConfigurationAskForTogether) {
  struct Row {
    std::string_view name;
    Unlisted unlisted;
    std::string path;
    std::string needed;
  };
  const Row rows[] = {
      {"both", Unlisted::deny, "/v1/a", "one two"},
      {"the configuration alone", Unlisted::deny, "/v1/b", "two"},
      {"neither: closed, since the file may have gained it", Unlisted::deny, "/v1/c", "closed"},
      {"the file says that none is needed", Unlisted::deny, "/v1/d", ""},
      {"paths count from the server's", Unlisted::deny, "/a", "not listed"},
      {"what is let through unlisted does not open what is closed", Unlisted::allow, "/v1/c", "closed"},
      {"THREATS N05: nor does another spelling", Unlisted::allow, "/V1/C/", "closed"},
      {"THREATS N05: another spelling needs the same scopes", Unlisted::allow, "/v1/A;x", "one two"},
      {"THREATS N05: nor does the path below another server's, or below none", Unlisted::allow, "/v2/c", "closed"},
      {"below none", Unlisted::allow, "/a", "one two"},
      {"unlisted", Unlisted::allow, "/v1/e", ""},
  };
  auto description = openapi::read_description(kHalfOpen).value();
  ASSERT_TRUE(openapi::open_operations(description, {{"two", "", std::vector<std::string>{"a", "b"}}}));
  GatewaySettings settings;
  settings.description = std::make_shared<const openapi::Description>(std::move(description));
  for (const Row& row : rows) {
    settings.unlisted = row.unlisted;
    EXPECT_EQ(needed_by_path(settings, row.path), row.needed) << row.name;
  }
}

TEST(NameCall, IsTheOperationsIdElseMethodAndPath) {
  GatewaySettings settings;
  settings.description = std::make_shared<const openapi::Description>(openapi::read_description(kHalfOpen).value());
  settings.unlisted = Unlisted::allow;
  const auto name = [&](const std::string& path) {
    FakeRequest request("GET", path);
    const auto found = find_needed_scope(settings, request.get());
    return name_call(std::get<Needed>(found).operation, request.get());
  };
  EXPECT_EQ(name("/v1/b?secret=1"), "b");
  EXPECT_EQ(name("/v1/other?secret=1"), "GET /v1/other") << "never the query";
  EXPECT_EQ(name("/v1/ctl_rt_abc/eyJh.eyJz.x"), "GET /v1/(10 characters)/(11 characters)")
      << "THREATS N48: nor a token";
  EXPECT_EQ(name("/" + std::string(190, 'a') + "/ctl_rt_" + std::string(50, 'x')).find("ctl_"), std::string::npos)
      << "nor what a cut would leave of one";
  EXPECT_EQ(name("/" + std::string(500, 'a')).size(), 200U);
}

TEST(Closed, IsRefusedWithoutAChallenge) {
  const net::Response response = refuse_closed("GET", "/v1/c");
  EXPECT_EQ(response.status, 403);
  EXPECT_TRUE(values_of(response.headers, "WWW-Authenticate").empty()) << "no other token would open it";
  EXPECT_EQ(parse_json(response.body).value().at("error").as_string(), "access_denied");
  EXPECT_NE(response.body.find("GET /v1/c"), std::string::npos);
}

}  // namespace
}  // namespace chatelaine::gateway
