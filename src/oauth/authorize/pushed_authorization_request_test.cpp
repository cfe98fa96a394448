#include "oauth/authorize/pushed_authorization_request.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "oauth/facts_for_tests.hpp"

namespace chatelaine::oauth {
namespace {

/// What a plugin pushes that authenticates in the body.
Form pushed_form(const std::vector<Change>& changes) {
  const Form plain = *parse_form("response_type=code&client_id=plugin&client_secret=the+secret&scope=&state=s");
  return changed(plain, changes);
}

TEST(PushedAuthorizationRequestTest, Rfc9126Section21EverythingButTheCredentialsIsKept) {
  const auto kept = check_pushed_authorization_request(
      pushed_form({{"client_assertion", "x"}, {"client_assertion_type", "y"}, {"unknown", "z"}}), plugin_client(),
      one_resource(), {});
  ASSERT_TRUE(kept) << kept.error().description;
  EXPECT_EQ(encode_form(*kept), "response_type=code&client_id=plugin&scope=&state=s&unknown=z");
}

struct PushRow {
  std::string_view sentence;
  std::vector<Change> changes;
  ErrorCode error;
  std::string description;
};
class Pushes : public testing::TestWithParam<PushRow> {};
TEST_P(Pushes, AreRefusedAsTheAuthorizationEndpointWould) {
  Client client = plugin_client();
  client.redirect_uris.emplace_back("https://second.example/cb");
  const auto kept = check_pushed_authorization_request(
      changed(pushed_form({{"redirect_uri", kCallback}}), GetParam().changes), client, one_resource(), {});
  ASSERT_FALSE(kept) << GetParam().sentence;
  EXPECT_EQ(kept.error().code, GetParam().error) << GetParam().sentence;
  EXPECT_EQ(kept.error().description, GetParam().description) << GetParam().sentence;
}
INSTANTIATE_TEST_SUITE_P(
    Rfc9126Section21, Pushes,
    testing::Values(
        PushRow{"RFC 9126 §2.1: request_uri must not be there",
                {{"request_uri", "urn:x"}},
                ErrorCode::invalid_request,
                "request_uri cannot be pushed itself: send the parameters."},
        PushRow{"RFC 9126 §2.1: client_id is required",
                {{"client_id", std::nullopt}},
                ErrorCode::invalid_request,
                "client_id is missing in the body: it is a parameter of every authorization request, however the "
                "client authenticates."},
        PushRow{"RFC 9126 §2.3: a foreign redirect URI",
                {{"redirect_uri", "https://evil.example/"}},
                ErrorCode::invalid_request,
                "The redirect_uri 'https://evil.example/' is not registered for this client."},
        PushRow{"RFC 6749 §3.1.2.3: no redirect URI where there are two",
                {{"redirect_uri", std::nullopt}},
                ErrorCode::invalid_request,
                "redirect_uri is missing, and this client has more than one registered."},
        PushRow{"RFC 6749 §3.3: an unknown scope",
                {{"scope", "admin"}},
                ErrorCode::invalid_scope,
                "The scope 'admin' is unknown or not allowed. Allowed: todo.read todo.write."},
        PushRow{"RFC 6749 §3.1.1: another response type",
                {{"response_type", "token"}},
                ErrorCode::unsupported_response_type,
                "The response_type 'token' is not supported: send response_type=code."},
        PushRow{"RFC 9101: a request object",
                {{"request", "e30."}},
                ErrorCode::request_not_supported,
                "The parameter request is not supported: send plain parameters."}));

TEST(PushedAuthorizationRequestTest, AClientWithoutRedirectUrisIsToldSo) {
  Client client = plugin_client();
  client.redirect_uris.clear();
  const auto kept = check_pushed_authorization_request(pushed_form({}), client, one_resource(), {});
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().description, "No redirect URI is registered for this client.");
}

TEST(PushedAuthorizationRequestTest, Rfc9126Section22ARequestUriIsReadAsItWasWritten) {
  const Handle handle{4711, SecretBytes(std::string(24, 'x'))};
  const std::string uri = format_request_uri(handle);
  EXPECT_TRUE(uri.starts_with("urn:ietf:params:oauth:request_uri:ctl_pr_")) << uri;
  const auto parsed = parse_request_uri(uri);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->id, 4711);
  EXPECT_EQ(parsed->hash(), handle.hash());

  std::string mistyped = uri;
  mistyped.back() = mistyped.back() == 'A' ? 'B' : 'A';
  EXPECT_FALSE(parse_request_uri(mistyped));
  EXPECT_FALSE(parse_request_uri(uri.substr(uri.find("ctl_pr_"))));
  EXPECT_FALSE(parse_request_uri("https://evil.example/"));
  EXPECT_TRUE(is_pushed_request_uri("urn:ietf:params:oauth:request_uri:"));
  EXPECT_FALSE(is_pushed_request_uri("https://evil.example/"));
}

struct UseRow {
  std::string_view sentence;
  std::string client_id;
  char secret;
  milliseconds age;
  bool is_usable;
};
class Uses : public testing::TestWithParam<UseRow> {};
TEST_P(Uses, AreBoundToClientSecretAndTime) {
  const auto& row = GetParam();
  const Handle given{1, SecretBytes(std::string(24, 'x'))};
  const PushedAuthorizationRequest found{.id = {1},
                                         .secret_hash = given.hash(),
                                         .client_id = ClientId("plugin"),
                                         .parameters = {},
                                         .expires_at = kNow + kPushedRequestLifetime};
  Client client = plugin_client();
  client.id = ClientId(row.client_id);
  const Handle presented{1, SecretBytes(std::string(24, row.secret))};
  EXPECT_EQ(is_usable(&found, presented, client, kNow + row.age), row.is_usable) << row.sentence;
}
INSTANTIATE_TEST_SUITE_P(Rfc9126Section4, Uses,
                         testing::Values(UseRow{"RFC 9126 §4: by its client", "plugin", 'x', milliseconds(0), true},
                                         UseRow{"in its last moment", "plugin", 'x',
                                                kPushedRequestLifetime - milliseconds(1), true},
                                         UseRow{"expired", "plugin", 'x', kPushedRequestLifetime, false},
                                         UseRow{"by another client", "other", 'x', milliseconds(0), false},
                                         UseRow{"with a guessed secret", "plugin", 'y', milliseconds(0), false}));

TEST(PushedAuthorizationRequestTest, Rfc9126Section4PlainRequestsAreRefusedWhereTheClientOrTheServerWantsThemPushed) {
  const auto check = [](const Flows& flows, const bool client_requires) {
    Client client = plugin_client();
    client.requires_pushed_requests = client_requires;
    const auto checked = check_may_be_plain(client, flows);
    return checked ? std::string("plain") : std::string(to_string(checked.error().code));
  };
  EXPECT_EQ(check({}, false), "plain");
  EXPECT_EQ(check({}, true), "invalid_request");
  EXPECT_EQ(check({.require_pushed_requests = true}, false), "invalid_request");
  EXPECT_EQ(check({.pushed_requests = false}, false), "plain");
  EXPECT_EQ(check({.pushed_requests = false}, true), "invalid_request") << "switching pushes off excuses nobody";
}

TEST(PushedAuthorizationRequestTest, WhatIsNotThereIsNotUsable) {
  const Handle presented{1, SecretBytes(std::string(24, 'x'))};
  EXPECT_FALSE(is_usable(nullptr, presented, plugin_client(), kNow));
}

}  // namespace
}  // namespace chatelaine::oauth
