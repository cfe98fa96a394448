#include "oauth/openid/identity_scope.hpp"

#include <gtest/gtest.h>

#include "oauth/facts_for_tests.hpp"
#include "oauth/grants/client_credentials.hpp"

namespace chatelaine::oauth {
namespace {

Scope scope_of(std::string_view text) { return *Scope::parse(text); }

struct Row {
  const char* sentence;
  std::optional<std::string_view> requested;
  const char* expected;
};

TEST(IdentityScope, NobodyGetsOneWithoutAsking) {
  const Row rows[] = {
      {"no scope is the API's alone", std::nullopt, "lists:read lists:write"},
      {"an empty one too, as ChatGPT plugins send it", "", "lists:read lists:write"},
      {"and one of blanks", "  ", "lists:read lists:write"},
      {"OpenID Connect Core §3.1.2.1: openid is asked for by name, and the API is not meant", "openid", "openid"},
      {"OpenID Connect Core §5.4: claims are asked for by scope", "openid email lists:read", "email lists:read openid"},
  };
  for (const auto& row : rows) {
    const auto narrowed = narrow_requested_scope(row.requested, scope_of("lists:read lists:write"), identity_scope());
    ASSERT_TRUE(narrowed) << row.sentence;
    EXPECT_EQ(narrowed->to_string(), row.expected) << row.sentence;
  }
}

TEST(IdentityScope, WhereItIsNotAllowedItIsUnknown) {
  const auto narrowed = narrow_requested_scope("openid", scope_of("lists:read"), Scope());
  ASSERT_FALSE(narrowed);
  EXPECT_EQ(narrowed.error().code, ErrorCode::invalid_scope);
  EXPECT_EQ(narrowed.error().description, "The scope 'openid' is unknown or not allowed. Allowed: lists:read.");
}

/// OpenID Connect Core §3.1.2.1, §5.4.
TEST(IdentityScope, WithOpenidWhatIsUnknownIsLeftOut) {
  const Scope allowed = scope_of("lists:read");
  EXPECT_EQ(narrow_requested_scope("openid phone address", allowed, identity_scope())->to_string(), "openid");
  EXPECT_EQ(narrow_requested_scope("openid groups lists:read", allowed, identity_scope())->to_string(),
            "lists:read openid");
  const auto plain = narrow_requested_scope("email phone", allowed, identity_scope());
  ASSERT_FALSE(plain) << "without openid the request is OAuth's";
  EXPECT_EQ(plain.error().description, "The scope 'phone' is unknown or not allowed. Allowed: lists:read.");
  EXPECT_FALSE(narrow_requested_scope("openid \"", allowed, identity_scope()));
}

/// OpenID Connect Core §11.
TEST(IdentityScope, OfflineAccessIsForThoseWhoCanRefresh) {
  Client client = plugin_client();
  // DEVIATION OpenID Connect Core §11: whatever the prompt.
  EXPECT_TRUE(identity_scope_of(client, {}).contains("offline_access"));
  Flows flows;
  flows.refresh_token = false;
  EXPECT_EQ(identity_scope_of(client, flows).to_string(), "email openid profile");
  client.grant_types = {GrantType::authorization_code};
  EXPECT_EQ(identity_scope_of(client, {}).to_string(), "email openid profile");
  client.openid = false;
  EXPECT_TRUE(identity_scope_of(client, {}).empty());
}

TEST(IdentityScope, AClientKeepsItWhileItMayAsk) {
  Client client = plugin_client();
  client.scope = scope_of("lists:read");
  EXPECT_EQ(client.grantable_scope().to_string(), "email lists:read offline_access openid profile");
  client.openid = false;
  EXPECT_EQ(client.grantable_scope().to_string(), "lists:read");
}

/// RFC 6749 §4.4: there is no person whom these scopes could be about.
TEST(IdentityScope, ClientCredentialsHaveNone) {
  const auto named = decide_client_credentials(plugin_client(), form_of({{"scope", "openid"}}), one_resource());
  ASSERT_FALSE(named);
  EXPECT_EQ(named.error().code, ErrorCode::invalid_scope);
}

}  // namespace
}  // namespace chatelaine::oauth
