#include <gtest/gtest.h>

#include "oauth/facts_for_tests.hpp"
#include "oauth/grants/authorization_code.hpp"
#include "oauth/grants/client_credentials.hpp"
#include "oauth/grants/refresh_token.hpp"

namespace chatelaine::oauth {
namespace {

/// A decision as a word: what a table can hold.
struct Named {
  std::string operator()(const RedeemCode&) const { return "redeem"; }
  std::string operator()(const RevokeReplayed&) const { return "revoke"; }
  std::string operator()(const RotateRefreshToken&) const { return "rotate"; }
  std::string operator()(const ReplaySuccessor&) const { return "replay"; }
  std::string operator()(const RevokeStolen&) const { return "revoke"; }
  std::string operator()(const OAuthError& error) const { return std::string(to_string(error.code)); }
};

Form one_field(std::string name, std::string value) {
  Form form;
  form.add(std::move(name), std::move(value));
  return form;
}

AuthorizationCode fresh_code() {
  return {.client_id = ClientId("plugin"),
          .redirect_uri = RedirectUri(kCallback),
          .scope = *Scope::parse("todo.read"),
          .resources = {kApi},
          .expires_at = kNow + seconds(60)};
}
Form code_request() {
  return Form({{"grant_type", "authorization_code"}, {"code", "ctl_ac_x"}, {"redirect_uri", kCallback}});
}

struct CodeRow {
  std::string_view sentence;
  void (*change)(AuthorizationCode&);
  std::vector<Change> request;
  std::string decision;
};
class Codes : public testing::TestWithParam<CodeRow> {};
TEST_P(Codes, AreDecided) {
  AuthorizationCode code = fresh_code();
  GetParam().change(code);
  const auto decision = decide_authorization_code(&code, plugin_client(), changed(code_request(), GetParam().request),
                                                  one_resource(), kNow);
  EXPECT_EQ(std::visit(Named{}, decision), GetParam().decision) << GetParam().sentence;
}
void unchanged(AuthorizationCode&) {}
void challenged(AuthorizationCode& code) { code.code_challenge = CodeChallenge{kChallenge}; }
void unsent(AuthorizationCode& code) { code.redirect_uri_was_sent = false; }
void spent(AuthorizationCode& code) { code.grant_id = GrantId{7}; }
INSTANTIATE_TEST_SUITE_P(
    Rfc6749Section413, Codes,
    testing::Values(
        CodeRow{"the seed's exchange", unchanged, {}, "redeem"},
        CodeRow{"code is required", unchanged, {{"code", {}}}, "invalid_request"},
        CodeRow{"an empty code counts as omitted", unchanged, {{"code", ""}}, "invalid_request"},
        CodeRow{"issued to another client",
                [](AuthorizationCode& code) { code.client_id = ClientId("x"); },
                {},
                "invalid_grant"},
        CodeRow{"a replay by another client revokes nothing",
                [](AuthorizationCode& code) {
                  spent(code);
                  code.client_id = ClientId("x");
                },
                {},
                "invalid_grant"},
        CodeRow{"§4.1.2: a replay revokes", spent, {}, "revoke"},
        CodeRow{"§4.1.2: a replay revokes whatever else is wrong",
                spent,
                {{"redirect_uri", "https://evil.example"}},
                "revoke"},
        CodeRow{"expired this moment", [](AuthorizationCode& code) { code.expires_at = kNow; }, {}, "invalid_grant"},
        CodeRow{"expires in a millisecond",
                [](AuthorizationCode& code) { code.expires_at = kNow + milliseconds(1); },
                {},
                "redeem"},
        CodeRow{"another redirect_uri", unchanged, {{"redirect_uri", kCallback + "/"}}, "invalid_grant"},
        CodeRow{"a missing redirect_uri", unchanged, {{"redirect_uri", {}}}, "invalid_grant"},
        CodeRow{"no redirect_uri in either request", unsent, {{"redirect_uri", {}}}, "redeem"},
        CodeRow{"the right redirect_uri in this request alone", unsent, {}, "redeem"},
        CodeRow{"another redirect_uri in this request alone",
                unsent,
                {{"redirect_uri", "https://evil.example"}},
                "invalid_grant"},
        CodeRow{"RFC 7636 §4.6: the right verifier", challenged, {{"code_verifier", kVerifier}}, "redeem"},
        CodeRow{"RFC 7636 §4.6: a wrong verifier", challenged, {{"code_verifier", kChallenge}}, "invalid_grant"},
        CodeRow{"RFC 7636 §4.6: a missing verifier", challenged, {}, "invalid_grant"},
        CodeRow{"RFC 9700 §4.8.2: a verifier without a challenge",
                unchanged,
                {{"code_verifier", kVerifier}},
                "invalid_grant"},
        CodeRow{"RFC 8707 §2.2: the code's resource", unchanged, {{"resource", "https://api.example"}}, "redeem"},
        CodeRow{"RFC 8707 §2.2: another resource", unchanged, {{"resource", "https://b.example"}}, "invalid_target"}));

struct LeftOutRow {
  std::string_view sentence;
  void (*change)(Client&, AuthorizationCode&);
  std::vector<Change> request;
  std::string decision;
};
class LeftOut : public testing::TestWithParam<LeftOutRow> {};
/// draft-ietf-oauth-v2-1-13 §10.2, of a client that may leave redirect_uri out.
TEST_P(LeftOut, IsTakenWhereNoOtherCouldBeMeant) {
  Client client = plugin_client();
  client.exchange_redirect_uri = ExchangeRedirectUri::may_be_left_out;
  AuthorizationCode code = fresh_code();
  GetParam().change(client, code);
  const auto decision =
      decide_authorization_code(&code, client, changed(code_request(), GetParam().request), one_resource(), kNow);
  EXPECT_EQ(std::visit(Named{}, decision), GetParam().decision) << GetParam().sentence;
}
void as_it_is(Client&, AuthorizationCode&) {}
const std::vector<Change> kLeftOut{{"redirect_uri", {}}};
INSTANTIATE_TEST_SUITE_P(
    Rfc6749Section413, LeftOut,
    testing::Values(
        // DEVIATION RFC 6749 §4.1.3: not repeated.
        LeftOutRow{"draft-ietf-oauth-v2-1-13 §10.2: it is left out", as_it_is, kLeftOut, "redeem"},
        LeftOutRow{"an empty one counts as omitted", as_it_is, {{"redirect_uri", ""}}, "redeem"},
        LeftOutRow{"draft-ietf-oauth-v2-1-13 §10.2: the right one may be sent", as_it_is, {}, "redeem"},
        LeftOutRow{"draft-ietf-oauth-v2-1-13 §10.2: one that is sent is enforced",
                   as_it_is,
                   {{"redirect_uri", kCallback + "/"}},
                   "invalid_grant"},
        LeftOutRow{"OpenID Connect Core §3.1.3.2: of two that are registered one is meant",
                   [](Client& client, AuthorizationCode&) { client.redirect_uris.emplace_back("https://b.example"); },
                   kLeftOut, "invalid_grant"},
        LeftOutRow{
            "the only one is another by now than the one that the code went to",
            [](Client& client, AuthorizationCode&) { client.redirect_uris = {RedirectUri("https://b.example/cb")}; },
            kLeftOut, "invalid_grant"},
        LeftOutRow{"RFC 8252 §7.3: on a loopback address each port is another place",
                   [](Client& client, AuthorizationCode& code) {
                     client.redirect_uris = {RedirectUri("http://127.0.0.1/cb")};
                     code.redirect_uri = RedirectUri("http://127.0.0.1:7/cb");
                   },
                   kLeftOut, "invalid_grant"},
        LeftOutRow{"a client that proves nothing repeats it",
                   [](Client& client, AuthorizationCode& code) {
                     client = public_client();
                     client.exchange_redirect_uri = ExchangeRedirectUri::may_be_left_out;
                     code.client_id = client.id;
                   },
                   kLeftOut, "invalid_grant"},
        LeftOutRow{"a client with a key of its own proves itself too",
                   [](Client& client, AuthorizationCode&) {
                     client.secret_hash.reset();
                     client.authentication_methods = {AuthenticationMethod::private_key_jwt};
                   },
                   kLeftOut, "redeem"},
        LeftOutRow{"RFC 7636 §4.6: the verifier is needed all the same",
                   [](Client&, AuthorizationCode& code) { challenged(code); }, kLeftOut, "invalid_grant"},
        LeftOutRow{"§4.1.2: a replay revokes all the same", [](Client&, AuthorizationCode& code) { spent(code); },
                   kLeftOut, "revoke"}));

TEST(AuthorizationCodeTest, AnUnknownCodeIsAnInvalidGrant) {
  EXPECT_EQ(
      std::visit(Named{}, decide_authorization_code(nullptr, plugin_client(), code_request(), one_resource(), kNow)),
      "invalid_grant");
}

TEST(AuthorizationCodeTest, TheGrantHasWhatTheUserAllowedAndTheClientMayStillHave) {
  AuthorizationCode code = fresh_code();
  code.scope = *Scope::parse("todo.read todo.write");
  Client client = plugin_client();
  for (const char* allowed : {"todo.read todo.write", "todo.read"}) {
    client.scope = *Scope::parse(allowed);
    const auto decision = decide_authorization_code(&code, client, code_request(), one_resource(), kNow);
    ASSERT_TRUE(std::holds_alternative<RedeemCode>(decision)) << allowed;
    EXPECT_EQ(std::get<RedeemCode>(decision).scope.to_string(), allowed);
  }
}

/// A token without a scope would open what needs none.
TEST(AuthorizationCodeTest, WhereNothingIsLeftOfWhatTheUserAllowedThereIsNoToken) {
  AuthorizationCode code = fresh_code();
  code.scope = *Scope::parse("todo.read");
  Client client = plugin_client();
  client.scope = *Scope::parse("admin");
  const auto decide = [&] {
    return std::visit(Named{}, decide_authorization_code(&code, client, code_request(), one_resource(), kNow));
  };
  EXPECT_EQ(decide(), "invalid_scope");
  code.scope = Scope();
  EXPECT_EQ(decide(), "redeem") << "nothing was all that was asked for";
}

/// RFC 8707 §2.2: the access token is for what the request names, the grant for all that the user allowed.
TEST(AuthorizationCodeTest, ANarrowedTokenLeavesTheGrantWhole) {
  const Resource notes("https://notes.example");
  const ProtectedResources resources({.identifier = kApi}, {{.identifier = notes, .scopes = Scope({"todo.read"})}});
  AuthorizationCode code = fresh_code();
  code.scope = *Scope::parse("todo.read todo.write");
  code.resources = {kApi, notes};
  const auto decide = [&](const std::vector<Change>& changes) {
    return decide_authorization_code(&code, plugin_client(), changed(code_request(), changes), resources, kNow);
  };
  const auto narrowed = decide({{"resource", notes.value()}});
  ASSERT_TRUE(std::holds_alternative<RedeemCode>(narrowed));
  EXPECT_EQ(std::get<RedeemCode>(narrowed).scope, code.scope);
  EXPECT_EQ(std::get<RedeemCode>(narrowed).target.resources, std::vector{notes});
  EXPECT_EQ(std::get<RedeemCode>(narrowed).target.scope.to_string(), "todo.read");
  const auto whole = decide({});
  ASSERT_TRUE(std::holds_alternative<RedeemCode>(whole));
  EXPECT_EQ(std::get<RedeemCode>(whole).target.audience, code.resources);
}

TEST(AuthorizationCodeTest, AReplayNamesTheGrantThatTheFirstUseGave) {
  AuthorizationCode code = fresh_code();
  spent(code);
  const auto decision = decide_authorization_code(&code, plugin_client(), code_request(), one_resource(), kNow);
  ASSERT_TRUE(std::holds_alternative<RevokeReplayed>(decision));
  EXPECT_EQ(std::get<RevokeReplayed>(decision).grant_id, GrantId{7});
}

/// Rotated ten seconds ago to generation 5.
Grant live_grant() {
  return {.id = GrantId{7},
          .client_id = ClientId("plugin"),
          .scope = *Scope::parse("todo.read todo.write"),
          .resources = {kApi},
          .expires_at = kNow + std::chrono::days(30),
          .generation = 5,
          .rotated_at = kNow - seconds(10)};
}

struct RefreshRow {
  std::string_view sentence;
  std::uint32_t generation;
  void (*change)(Grant&);
  std::vector<Change> request;
  std::string decision;
};
class Refreshes : public testing::TestWithParam<RefreshRow> {};
TEST_P(Refreshes, AreDecided) {
  Grant grant = live_grant();
  GetParam().change(grant);
  const RefreshToken token{.grant_id = GrantId{7}, .generation = GetParam().generation};
  const Form request = changed(one_field("grant_type", "refresh_token"), GetParam().request);
  const auto decision = decide_refresh(token, &grant, plugin_client(), request, one_resource(), RefreshGrace{}, kNow);
  EXPECT_EQ(std::visit(Named{}, decision), GetParam().decision) << GetParam().sentence;
}
void same(Grant&) {}
INSTANTIATE_TEST_SUITE_P(
    Rfc6749Section6, Refreshes,
    testing::Values(
        RefreshRow{"the current token rotates", 5, same, {}, "rotate"},
        RefreshRow{"the token before it yields the same successor", 4, same, {}, "replay"},
        // RFC 9700 §2.2.2: rotation shows that there is a second holder.
        RefreshRow{"RFC 9700 §4.14.2: an older token is theft", 3, same, {}, "revoke"},
        RefreshRow{"RFC 9700 §4.14.2: the very first is theft", 0, same, {}, "revoke"},
        RefreshRow{"a generation not yet issued", 6, same, {}, "invalid_grant"},
        RefreshRow{"the largest generation", 0xffffffff, same, {}, "invalid_grant"},
        RefreshRow{"the last millisecond of the window",
                   4,
                   [](Grant& grant) { grant.rotated_at = kNow - milliseconds(59'999); },
                   {},
                   "replay"},
        RefreshRow{"the moment at which the window has passed is theft",
                   4,
                   [](Grant& grant) { grant.rotated_at = kNow - milliseconds(60'000); },
                   {},
                   "revoke"},
        RefreshRow{"the clock went back", 4, [](Grant& grant) { grant.rotated_at = kNow + seconds(5); }, {}, "replay"},
        RefreshRow{"the last use of the grace", 4, [](Grant& grant) { grant.grace_uses = 19; }, {}, "replay"},
        RefreshRow{
            "more uses than the grace allows is theft", 4, [](Grant& grant) { grant.grace_uses = 20; }, {}, "revoke"},
        RefreshRow{"the current token outside the window",
                   5,
                   [](Grant& grant) { grant.rotated_at = kNow - std::chrono::days(20); },
                   {},
                   "rotate"},
        RefreshRow{"before any rotation", 0, [](Grant& grant) { grant.generation = 0; }, {}, "rotate"},
        RefreshRow{"revoked", 5, [](Grant& grant) { grant.revoked_at = kNow; }, {}, "invalid_grant"},
        RefreshRow{"revoked, and an old token", 3, [](Grant& grant) { grant.revoked_at = kNow; }, {}, "invalid_grant"},
        RefreshRow{"expired this moment", 5, [](Grant& grant) { grant.expires_at = kNow; }, {}, "invalid_grant"},
        RefreshRow{
            "issued to another client", 5, [](Grant& grant) { grant.client_id = ClientId("x"); }, {}, "invalid_grant"},
        RefreshRow{"an old token from another client revokes nothing",
                   3,
                   [](Grant& grant) { grant.client_id = ClientId("x"); },
                   {},
                   "invalid_grant"},
        RefreshRow{"§6: the scope may narrow", 5, same, {{"scope", "todo.read"}}, "rotate"},
        RefreshRow{"§6: an empty scope is the grant's", 5, same, {{"scope", ""}}, "rotate"},
        RefreshRow{"§6: the scope may not grow", 5, same, {{"scope", "todo.read admin"}}, "invalid_scope"},
        RefreshRow{"§6: nor within the grace", 4, same, {{"scope", "admin"}}, "invalid_scope"},
        RefreshRow{"theft is theft whatever the scope", 3, same, {{"scope", "admin"}}, "revoke"},
        RefreshRow{"RFC 8707 §2.2: another resource", 5, same, {{"resource", "https://b.example"}}, "invalid_target"}));

TEST(RefreshTest, ANarrowedScopeIsTheNewTokensAndAnEmptyOneTheGrants) {
  const Grant grant = live_grant();
  const RefreshToken token{.grant_id = GrantId{7}, .generation = 5};
  const auto narrowed = decide_refresh(token, &grant, plugin_client(), one_field("scope", "todo.read"), one_resource(),
                                       RefreshGrace{}, kNow);
  ASSERT_TRUE(std::holds_alternative<RotateRefreshToken>(narrowed));
  EXPECT_EQ(std::get<RotateRefreshToken>(narrowed).target.scope.to_string(), "todo.read");
  EXPECT_EQ(std::get<RotateRefreshToken>(narrowed).from_generation, 5U);
  const auto whole = decide_refresh(token, &grant, plugin_client(), Form(), one_resource(), RefreshGrace{}, kNow);
  EXPECT_EQ(std::get<RotateRefreshToken>(whole).target.scope, grant.scope);
}

/// A token without a scope would open what needs none.
TEST(RefreshTest, WhereNothingIsLeftOfWhatTheUserAllowedThereIsNoToken) {
  const Grant grant = live_grant();
  Client client = plugin_client();
  client.scope = *Scope::parse("admin");
  const RefreshToken current{.grant_id = GrantId{7}, .generation = 5};
  EXPECT_EQ(std::visit(Named{}, decide_refresh(current, &grant, client, Form(), one_resource(), RefreshGrace{}, kNow)),
            "invalid_scope");
}

TEST(RefreshTest, NothingIsGivenThatTheClientMayNotHaveAnyMore) {
  const Grant grant = live_grant();
  Client client = plugin_client();
  client.scope = *Scope::parse("todo.read admin");
  const RefreshToken current{.grant_id = GrantId{7}, .generation = 5};
  const auto rotated = decide_refresh(current, &grant, client, Form(), one_resource(), RefreshGrace{}, kNow);
  ASSERT_TRUE(std::holds_alternative<RotateRefreshToken>(rotated));
  EXPECT_EQ(std::get<RotateRefreshToken>(rotated).target.scope.to_string(), "todo.read");
  const RefreshToken before{.grant_id = GrantId{7}, .generation = 4};
  const auto replayed = decide_refresh(before, &grant, client, Form(), one_resource(), RefreshGrace{}, kNow);
  ASSERT_TRUE(std::holds_alternative<ReplaySuccessor>(replayed));
  EXPECT_EQ(std::get<ReplaySuccessor>(replayed).target.scope.to_string(), "todo.read");
  for (const char* scope : {"todo.write", "admin"}) {
    const auto refused =
        decide_refresh(current, &grant, client, one_field("scope", scope), one_resource(), RefreshGrace{}, kNow);
    EXPECT_EQ(std::visit(Named{}, refused), "invalid_scope") << scope;
  }
}

TEST(RefreshTest, AnUnknownGrantIsRefused) {
  const RefreshToken token{.grant_id = GrantId{7}, .generation = 5};
  EXPECT_EQ(std::visit(Named{},
                       decide_refresh(token, nullptr, plugin_client(), Form(), one_resource(), RefreshGrace{}, kNow)),
            "invalid_grant");
}

TEST(RefreshTest, NoGraceMeansThatTheTokenBeforeIsTheftInTheSameMillisecondToo) {
  Grant grant = live_grant();
  const RefreshToken token{.grant_id = GrantId{7}, .generation = 4};
  const RefreshGrace none{.window = milliseconds(0)};
  for (const Instant rotated_at : {kNow - seconds(10), kNow}) {
    grant.rotated_at = rotated_at;
    EXPECT_EQ(std::visit(Named{}, decide_refresh(token, &grant, plugin_client(), Form(), one_resource(), none, kNow)),
              "revoke");
  }
}

TEST(ClientCredentialsTest, Rfc6749Section44GivesWhatWasAskedForElseTheClientsOwn) {
  const auto decide = [&](const Form& request) {
    return decide_client_credentials(plugin_client(), request, one_resource());
  };
  EXPECT_EQ(decide(Form())->scope.to_string(), "todo.read todo.write");
  EXPECT_EQ(decide(one_field("scope", "todo.read"))->scope.to_string(), "todo.read");
  EXPECT_EQ(decide(one_field("scope", "x")).error().code, ErrorCode::invalid_scope);
  EXPECT_TRUE(decide(one_field("resource", "https://api.example/"))) << "RFC 8707 §2";
  EXPECT_EQ(decide(one_field("resource", "https://b.example")).error().code, ErrorCode::invalid_target);
}

}  // namespace
}  // namespace chatelaine::oauth
