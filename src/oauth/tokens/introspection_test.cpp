#include "oauth/tokens/introspection.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "oauth/facts_for_tests.hpp"

namespace chatelaine::oauth {
namespace {

const Issuer kIssuer("https://issuer.example");
const Resource kNotes("https://notes.example/mcp");

ProtectedResources resources() {
  return ProtectedResources(
      {.identifier = kApi, .aliases = {Resource("urn:example:api")}, .scopes = Scope({"todo.read", "share"})},
      {{.identifier = kNotes, .scopes = Scope({"notes.read", "share"})}});
}

AccessToken token_for(std::vector<Resource> audience) {
  return {.id = {11},
          .issuer = kIssuer,
          .subject = Subject("user-1"),
          .client_id = ClientId("plugin"),
          .audience = std::move(audience),
          .scope = *Scope::parse("todo.read notes.read share"),
          .grant_id = GrantId{7},
          .issued_at = kNow,
          .expires_at = kNow + seconds(59)};
}

/// RFC 7662 §2.2.
TEST(IntrospectionTest, Rfc7662Section22WhatAnAnswerHolds) {
  EXPECT_EQ(inactive_introspection(), R"({"active":false})");
  EXPECT_EQ(introspect(token_for({kApi})),
            R"({"active":true,"client_id":"plugin","token_type":"bearer","exp":)" +
                std::to_string(to_numeric_date(kNow) + 59) + R"(,"iat":)" + std::to_string(to_numeric_date(kNow)) +
                R"(,"sub":"user-1","aud":"https://api.example","iss":"https://issuer.example","jti":")" +
                format_id(11) + R"(","scope":"notes.read share todo.read"})");
  const auto several = parse_json(introspect(token_for({kApi, kNotes})))->get_object();
  EXPECT_EQ(json::serialize(several.at("aud")), R"(["https://api.example","https://notes.example/mcp"])");
}

TEST(IntrospectionTest, Rfc7662Section22OfARefreshToken) {
  const Grant grant{
      .client_id = ClientId("plugin"), .subject = Subject("user-1"), .resources = {kApi, kNotes}, .expires_at = kNow};
  const auto body = parse_json(introspect(grant, kIssuer))->get_object();
  EXPECT_FALSE(body.contains("token_type"));
  EXPECT_EQ(body.at("iss"), json::value(kIssuer.value()));
  EXPECT_EQ(json::serialize(body.at("aud")), R"(["https://api.example","https://notes.example/mcp"])");
}

struct VisibleRow {
  std::string_view sentence;
  std::string client_id;
  std::optional<std::vector<Resource>> introspects;
  std::vector<Resource> audience;
  /// What is visible: `aud` and the scope; nothing where the token is not.
  std::optional<std::string> seen;
};
/// RFC 7662 §4.
class VisibleTokens : public testing::TestWithParam<VisibleRow> {};
TEST_P(VisibleTokens, ToTheEntitled) {
  const auto& row = GetParam();
  Client asking = plugin_client();
  asking.id = ClientId(row.client_id);
  asking.introspects = row.introspects;
  const auto visible = find_visible(token_for(row.audience), asking, resources());
  ASSERT_EQ(visible.has_value(), row.seen.has_value()) << row.sentence;
  if (!visible) return;
  std::string seen;
  for (const Resource& one : visible->audience) seen += one.value() + " ";
  EXPECT_EQ(seen + "| " + visible->scope.to_string(), *row.seen) << row.sentence;
}

using List = std::vector<Resource>;
const List kNothing{};
INSTANTIATE_TEST_SUITE_P(
    Rfc7662Section4, VisibleTokens,
    testing::Values(
        VisibleRow{"the client that it was issued to sees all of it",
                   "plugin",
                   kNothing,
                   {kApi, kNotes},
                   "https://api.example https://notes.example/mcp | notes.read share todo.read"},
        VisibleRow{"another assistant sees nothing", "other", kNothing, {kApi}, {}},
        VisibleRow{
            "the API's server sees a token for it", "api", List{kApi}, {kApi}, "https://api.example | share todo.read"},
        VisibleRow{"and one that names it by an alias too",
                   "api",
                   List{kApi},
                   {kApi, Resource("urn:example:api")},
                   "https://api.example urn:example:api | share todo.read"},
        VisibleRow{"another API's server does not", "notes", List{kNotes}, {kApi}, {}},
        VisibleRow{"§2.2: of a token for both each server sees its part",
                   "notes",
                   List{kNotes},
                   {kApi, kNotes},
                   "https://notes.example/mcp | notes.read share"},
        VisibleRow{"the server of both sees both",
                   "both",
                   List{kApi, kNotes},
                   {kApi, kNotes},
                   "https://api.example https://notes.example/mcp | notes.read share todo.read"},
        VisibleRow{"one named by what is an alias today",
                   "api",
                   List{Resource("urn:example:api")},
                   {kApi},
                   "https://api.example | share todo.read"},
        VisibleRow{"one whose resource is served no more", "gone", List{Resource("https://gone.example")}, {kApi}, {}},
        VisibleRow{"registered before it could be said: the default resource",
                   "old",
                   {},
                   {kApi},
                   "https://api.example | share todo.read"},
        VisibleRow{"registered before it could be said: no other", "old", {}, {kNotes}, {}}));

}  // namespace
}  // namespace chatelaine::oauth
