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
  struct Row {
    std::string_view name;
    std::string method;
    std::string path;
    std::string needed;
  };
  const Row rows[] = {
      {"a concrete path", "GET", "/todos/export", "admin read"},
      {"a template", "GET", "/todos/7", "read"},
      {"THREATS N05: another case, which the template takes", "GET", "/todos/Export", "admin read"},
      {"THREATS N05: a segment's parameters, which the template takes", "GET", "/todos/export;x", "admin read"},
      {"THREATS N05: an encoded letter of another case", "GET", "/todos/%45xport", "admin read"},
      {"OpenAPI 3.1 §4.8.8: of two templates the more literal one", "POST", "/todos/7:purge", "purge"},
      {"the less literal one", "POST", "/todos/7", "write"},
      {"RFC 9110 §9.3.2: HEAD with scopes of its own", "HEAD", "/todos/7", ""},
      {"RFC 9110 §9.3.2: HEAD of what GET asks for", "HEAD", "/todos", "read"},
      {"RFC 9110 §9.3.2: a template's HEAD does not open a concrete GET", "HEAD", "/todos/export", "admin read"},
      {"a path that is none", "GET", "/nothing", "not listed"},
  };
  for (const Row& row : rows) EXPECT_EQ(needed(Unlisted::deny, row.method, row.path), row.needed) << row.name;
  EXPECT_EQ(needed(Unlisted::allow, "get", "/Todos/"), "read");
  EXPECT_EQ(needed(Unlisted::allow, "GET", "/nothing"), "");
}

}  // namespace
}  // namespace chatelaine::gateway
