#include "gateway/operations.hpp"

#include <gtest/gtest.h>

#include "gateway/testing.hpp"

namespace chatelaine::gateway {
namespace {

using testing_parts::FakeRequest;

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
  return std::holds_alternative<NotListed>(found) ? "not listed" : std::get<oauth::Scope>(found).to_string();
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

}  // namespace
}  // namespace chatelaine::gateway
