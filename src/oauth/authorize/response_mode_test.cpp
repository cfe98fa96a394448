#include "oauth/authorize/response_mode.hpp"

#include <gtest/gtest.h>

#include "oauth/authorize/response.hpp"
#include "oauth/facts_for_tests.hpp"

namespace chatelaine::oauth {
namespace {

const Issuer kIssuer("https://api.example");
const std::string kApp = "com.example.app:/callback";

Form request_with(const std::vector<Change>& changes) {
  const Form plain = *parse_form("response_type=code&client_id=plugin&state=s");
  return changed(plain, changes);
}

Client client() {
  Client made = plugin_client();
  made.redirect_uris = {RedirectUri(kCallback), RedirectUri(kApp), RedirectUri("http://127.0.0.1/cb")};
  return made;
}

std::expected<AuthorizationRequest, RedirectableError> check(const Form& form) {
  const auto target = check_redirect_uri(form, client());
  EXPECT_TRUE(target);
  return check_authorization_request(form, client(), *target, one_resource(), {});
}

struct ModeRow {
  std::string_view sentence;
  std::optional<std::string> mode;
  std::string redirect_uri;
  std::string state;
  /// How the answer travels, an error among them.
  ResponseMode used;
  bool is_refused;
};
class Modes : public testing::TestWithParam<ModeRow> {};
TEST_P(Modes, AreFollowedOrRefusedByTheDefault) {
  const auto& row = GetParam();
  const auto request =
      check(request_with({{"response_mode", row.mode}, {"redirect_uri", row.redirect_uri}, {"state", row.state}}));
  ASSERT_EQ(request.has_value(), !row.is_refused) << row.sentence;
  const ResponseTarget& target = request ? request->target : request.error().target;
  EXPECT_EQ(target.mode, row.used) << row.sentence;
  EXPECT_EQ(target.state, State(row.state)) << row.sentence;
  if (!request) {
    EXPECT_EQ(request.error().error.code, ErrorCode::invalid_request) << row.sentence;
  }
}
using enum ResponseMode;
// OAuth 2.0 Multiple Response Type Encoding Practices §2.1: the mode that was asked for, or the default.
INSTANTIATE_TEST_SUITE_P(
    MultipleResponseTypesSection21, Modes,
    testing::Values(ModeRow{"the default for code is the query", {}, kCallback, "s", query, false},
                    ModeRow{"empty counts as omitted", "", kCallback, "s", query, false},
                    ModeRow{"query", "query", kCallback, "s", query, false},
                    ModeRow{"fragment", "fragment", kCallback, "s", fragment, false},
                    ModeRow{"fragment, to an app", "fragment", kApp, "s", fragment, false},
                    ModeRow{"form_post", "form_post", kCallback, "s", form_post, false},
                    ModeRow{"form_post, to a loopback", "form_post", "http://127.0.0.1:8080/cb", "s", form_post, false},
                    ModeRow{"form_post with an empty state", "form_post", kCallback, "", form_post, false},
                    ModeRow{"the case matters", "Query", kCallback, "s", query, true},
                    ModeRow{"one that we do not know", "web_message", kCallback, "s", query, true},
                    ModeRow{"a signed one (JARM)", "query.jwt", kCallback, "s", query, true},
                    ModeRow{"form_post to an app, which no browser posts to", "form_post", kApp, "s", query, true},
                    ModeRow{"form_post with a line break in the state, which a form would double", "form_post",
                            kCallback, "a\nb", query, true},
                    ModeRow{"form_post with a state that is not UTF-8", "form_post", kCallback, "\xff", query, true},
                    ModeRow{"form_post with a NUL in the state", "form_post", kCallback, std::string("a\0b", 3), query,
                            true}));

TEST(ResponseModeTest, EveryModeHasItsWireName) {
  for (const ResponseMode mode : kResponseModes) EXPECT_EQ(parse_response_mode(to_string(mode)), mode);
  EXPECT_FALSE(parse_response_mode(""));
}

TEST(ResponseModeTest, TheFragmentFollowsTheUrisOwnQuery) {
  const auto answer = make_code_response({RedirectUri("https://a.example/?x=1"), State("a b"), fragment},
                                         AuthorizationCodeSecret("c"), kIssuer);
  EXPECT_EQ(std::get<RedirectResponse>(answer).location,
            "https://a.example/?x=1#code=c&state=a%20b&iss=https%3A%2F%2Fapi.example");
}

/// OAuth 2.0 Form Post Response Mode §2: the parameters are the form's fields, the redirect URI its action.
TEST(ResponseModeTest, AFormHasWhatAQueryWouldHave) {
  const auto answer = make_error_response({RedirectUri("https://a.example/?x=1"), State("a b"), form_post},
                                          {ErrorCode::access_denied, "No.", "why"}, kIssuer);
  const auto& form = std::get<FormPostResponse>(answer);
  EXPECT_EQ(form.action.value(), "https://a.example/?x=1");
  EXPECT_EQ(encode_form(form.fields),
            "error=access_denied&error_description=No.&state=a%20b&iss=https%3A%2F%2Fapi.example");
}

}  // namespace
}  // namespace chatelaine::oauth
