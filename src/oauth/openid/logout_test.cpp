#include "oauth/openid/logout.hpp"

#include <gtest/gtest.h>

#include "oauth/facts_for_tests.hpp"

namespace chatelaine::oauth {
namespace {

const std::string kAfter = "https://app.example/signed-out?from=chatelaine";
const HintedIdentity kHint{Subject("user-1815"), ClientId("app")};

Client client_with_uri() {
  Client client = public_client();
  client.post_logout_redirect_uris = {RedirectUri(kAfter)};
  return client;
}

TEST(Logout, TheClientIsTheOneThatIsNamed) {
  EXPECT_EQ(find_logout_client(form_of({{"client_id", "other"}}), kHint), ClientId("other"));
  EXPECT_EQ(find_logout_client(Form(), kHint), ClientId("app"));
  EXPECT_FALSE(find_logout_client(Form(), std::nullopt));
}

TEST(Logout, ARegisteredUriIsWhereTheBrowserGoes) {
  const auto client = client_with_uri();
  const auto request = check_logout_request(
      form_of({{"id_token_hint", "x"}, {"post_logout_redirect_uri", kAfter}, {"state", "a b&c"}}), kHint, &client);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->subject, Subject("user-1815"));
  ASSERT_TRUE(request->target);
  EXPECT_EQ(make_logout_location(*request->target), kAfter + "&state=a%20b%26c");
  EXPECT_EQ(make_logout_location({RedirectUri("com.example.app:/out"), std::nullopt}), "com.example.app:/out");
}

struct WrongRow {
  const char* sentence;
  Form form;
  std::optional<HintedIdentity> hint;
  bool is_client_known;
  const char* told;
};

TEST(Logout, WrongRequestsLeadNowhere) {
  constexpr const char* kUnregistered =
      "The post_logout_redirect_uri is not registered for this client: register it as it is, byte for byte.";
  constexpr const char* kNoClient =
      "A post_logout_redirect_uri needs an id_token_hint, or the client_id of a registered client.";
  const WrongRow rows[] = {
      {"§4: an id_token_hint that is not ours", form_of({{"id_token_hint", "x"}}), std::nullopt, true,
       "The id_token_hint is not an ID token of this server."},
      {"§2: client_id and id_token_hint differ", form_of({{"id_token_hint", "x"}, {"client_id", "other"}}), kHint, true,
       "The id_token_hint was given to another client than client_id names."},
      {"§3: an unregistered address",
       form_of({{"client_id", "app"}, {"post_logout_redirect_uri", "https://evil.example"}}), std::nullopt, true,
       kUnregistered},
      {"§3: one that begins as a registered one does",
       form_of({{"client_id", "app"}, {"post_logout_redirect_uri", kAfter + "x"}}), std::nullopt, true, kUnregistered},
      {"§3: another case", form_of({{"client_id", "app"}, {"post_logout_redirect_uri", "HTTPS" + kAfter.substr(5)}}),
       std::nullopt, true, kUnregistered},
      {"an address of nobody", form_of({{"post_logout_redirect_uri", kAfter}}), std::nullopt, false, kNoClient},
      {"an address of a client that is gone", form_of({{"id_token_hint", "x"}, {"post_logout_redirect_uri", kAfter}}),
       kHint, false, kNoClient},
  };
  const auto client = client_with_uri();
  for (const auto& row : rows) {
    const auto request = check_logout_request(row.form, row.hint, row.is_client_known ? &client : nullptr);
    ASSERT_FALSE(request) << row.sentence;
    EXPECT_EQ(request.error().code, ErrorCode::invalid_request) << row.sentence;
    EXPECT_EQ(request.error().description, row.told) << row.sentence;
  }
}

struct StepRow {
  const char* sentence;
  std::optional<Subject> meant;
  std::optional<Subject> present;
  LogoutStep expected;
};

TEST(Logout, WhoeverIsNotMeantIsAsked) {
  const Subject ada("user-1815");
  const Subject grace("user-1906");
  const StepRow rows[] = {
      {"§2: the ID token names the person who is there", ada, ada, LogoutStep::end_session},
      {"§2: without an ID token the person is asked", std::nullopt, ada, LogoutStep::confirm},
      {"§2: another person than the ID token names is asked", ada, grace, LogoutStep::confirm},
      {"nobody is there to be asked", std::nullopt, std::nullopt, LogoutStep::end_session},
      {"nobody is there any more", ada, std::nullopt, LogoutStep::end_session},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(decide_logout({row.meant, std::nullopt}, row.present), row.expected) << row.sentence;
  }
}

}  // namespace
}  // namespace chatelaine::oauth
