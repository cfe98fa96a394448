#include "oauth/clients/authentication.hpp"

#include <gtest/gtest.h>

#include "base/base64url.hpp"
#include "oauth/clients/client_assertion.hpp"
#include "oauth/facts_for_tests.hpp"

namespace chatelaine::oauth {
namespace {

const std::string kType(kJwtBearerAssertionType);
/// `{"sub":"plugin"}` between a header and a signature that nobody looks at here.
const std::string kAssertion = "e30." + base64url_encode(R"({"sub":"plugin"})") + ".c2ln";

std::string basic(std::string_view id_and_secret) { return "Basic " + base64_encode(id_and_secret); }

struct ReadRow {
  std::string_view sentence;
  std::optional<std::string> header;
  std::vector<Form::Field> body;
  std::string id;
  AuthenticationMethod method;
  std::string secret;
};
class ReadableCredentials : public testing::TestWithParam<ReadRow> {};
TEST_P(ReadableCredentials, AreRead) {
  const auto& row = GetParam();
  const auto credentials = parse_client_credentials(row.header, Form(row.body));
  ASSERT_TRUE(credentials) << row.sentence << ": " << credentials.error().description;
  EXPECT_EQ(credentials->client_id.value(), row.id) << row.sentence;
  EXPECT_EQ(credentials->method, row.method) << row.sentence;
  EXPECT_EQ(credentials->secret.reveal(), row.secret) << row.sentence;
}
using enum AuthenticationMethod;
INSTANTIATE_TEST_SUITE_P(
    Rfc6749Section231, ReadableCredentials,
    testing::Values(
        ReadRow{"Basic", basic("plugin:secret"), {}, "plugin", client_secret_basic, "secret"},
        ReadRow{"the scheme knows no case",
                "bASIC " + base64_encode("plugin:secret"),
                {},
                "plugin",
                client_secret_basic,
                "secret"},
        ReadRow{"each half is form-urlencoded", basic("a%3Ab+c:s%2Be%25c"), {}, "a:b c", client_secret_basic, "s+e%c"},
        ReadRow{"a colon in the secret", basic("plugin:se:cret"), {}, "plugin", client_secret_basic, "se:cret"},
        ReadRow{"an empty secret", basic("plugin:"), {}, "plugin", client_secret_basic, ""},
        ReadRow{"Basic beside the same client_id",
                basic("plugin:secret"),
                {{"client_id", "plugin"}},
                "plugin",
                client_secret_basic,
                "secret"},
        ReadRow{"in the body",
                {},
                {{"client_id", "plugin"}, {"client_secret", "secret"}},
                "plugin",
                client_secret_post,
                "secret"},
        ReadRow{"an empty client_secret counts as omitted",
                {},
                {{"client_id", "app"}, {"client_secret", ""}},
                "app",
                none,
                ""},
        ReadRow{"client_id alone", {}, {{"client_id", "app"}}, "app", none, ""},
        ReadRow{"RFC 7521 §4.2: an assertion says who the client is",
                {},
                {{"client_assertion_type", kType}, {"client_assertion", kAssertion}},
                "plugin",
                private_key_jwt,
                ""},
        ReadRow{"RFC 7521 §4.2: beside the same client_id",
                {},
                {{"client_assertion_type", kType}, {"client_assertion", kAssertion}, {"client_id", "plugin"}},
                "plugin",
                private_key_jwt,
                ""},
        ReadRow{"empty ones count as omitted",
                {},
                {{"client_assertion_type", ""}, {"client_assertion", ""}, {"client_id", "app"}},
                "app",
                none,
                ""}));

struct UnreadRow {
  std::string_view sentence;
  std::optional<std::string> header;
  std::vector<Form::Field> body;
  ErrorCode code;
};
class UnreadableCredentials : public testing::TestWithParam<UnreadRow> {};
TEST_P(UnreadableCredentials, AreRefused) {
  const auto credentials = parse_client_credentials(GetParam().header, Form(GetParam().body));
  ASSERT_FALSE(credentials) << GetParam().sentence;
  EXPECT_EQ(credentials.error().code, GetParam().code) << GetParam().sentence;
}
INSTANTIATE_TEST_SUITE_P(
    Rfc6749Section23, UnreadableCredentials,
    testing::Values(
        UnreadRow{"no client at all", {}, {}, ErrorCode::invalid_client},
        UnreadRow{"an empty client_id", {}, {{"client_id", ""}}, ErrorCode::invalid_client},
        UnreadRow{"a secret alone", {}, {{"client_secret", "secret"}}, ErrorCode::invalid_client},
        UnreadRow{"§2.3: two methods in one request",
                  basic("plugin:secret"),
                  {{"client_id", "plugin"}, {"client_secret", "secret"}},
                  ErrorCode::invalid_request},
        UnreadRow{
            "two clients in one request", basic("plugin:secret"), {{"client_id", "other"}}, ErrorCode::invalid_request},
        UnreadRow{"another scheme", "Bearer abc", {{"client_id", "plugin"}}, ErrorCode::invalid_client},
        UnreadRow{"an empty header", "", {{"client_id", "plugin"}}, ErrorCode::invalid_client},
        UnreadRow{"the scheme alone", "Basic", {}, ErrorCode::invalid_client},
        UnreadRow{"the scheme and a blank", "Basic ", {}, ErrorCode::invalid_client},
        UnreadRow{"no base64", "Basic ***", {}, ErrorCode::invalid_client},
        UnreadRow{"base64url without padding", "Basic cGx1Z2luOnNlY3JldA", {}, ErrorCode::invalid_client},
        UnreadRow{"text after the base64", basic("plugin:secret") + ", x", {}, ErrorCode::invalid_client},
        UnreadRow{"no colon", basic("plugin"), {}, ErrorCode::invalid_client},
        UnreadRow{"no id before the colon", basic(":secret"), {}, ErrorCode::invalid_client},
        UnreadRow{"a stray % in the id", basic("plu%gin:secret"), {}, ErrorCode::invalid_client},
        UnreadRow{"§2.3: an assertion beside the header",
                  basic("plugin:secret"),
                  {{"client_assertion_type", kType}, {"client_assertion", kAssertion}},
                  ErrorCode::invalid_request},
        UnreadRow{"§2.3: an assertion beside a secret",
                  {},
                  {{"client_assertion_type", kType}, {"client_assertion", kAssertion}, {"client_secret", "secret"}},
                  ErrorCode::invalid_request},
        UnreadRow{"RFC 7521 §4.2: client_assertion_type is required",
                  {},
                  {{"client_assertion", kAssertion}},
                  ErrorCode::invalid_request},
        UnreadRow{"RFC 7521 §4.2: client_assertion is required",
                  {},
                  {{"client_assertion_type", kType}, {"client_id", "plugin"}},
                  ErrorCode::invalid_request},
        UnreadRow{"RFC 7522: a SAML assertion",
                  {},
                  {{"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"},
                   {"client_assertion", "PHNhbWw"}},
                  ErrorCode::invalid_client},
        UnreadRow{"RFC 7523 §2.2: no JWT",
                  {},
                  {{"client_assertion_type", kType}, {"client_assertion", "nonsense"}},
                  ErrorCode::invalid_client},
        UnreadRow{"RFC 7521 §4.2: client_id is another than the assertion's subject",
                  {},
                  {{"client_assertion_type", kType}, {"client_assertion", kAssertion}, {"client_id", "other"}},
                  ErrorCode::invalid_client},
        UnreadRow{"a stray % in the secret", basic("plugin:secret%"), {}, ErrorCode::invalid_client}));

struct CheckRow {
  std::string_view sentence;
  std::optional<Client> client;
  AuthenticationMethod method;
  std::string secret;
  bool is_right;
};
Client post_only() {
  Client client = plugin_client();
  client.authentication_methods = {client_secret_post};
  return client;
}
Client signing_client() {
  Client client = plugin_client();
  client.secret_hash.reset();
  client.authentication_methods = {private_key_jwt};
  return client;
}
class Authentication : public testing::TestWithParam<CheckRow> {};
TEST_P(Authentication, IsCheckedAsTheRfcSays) {
  const auto& row = GetParam();
  const ClientCredentials credentials{ClientId("plugin"), row.method, ClientSecret(row.secret), ClientAssertion()};
  const auto outcome = check_client_authentication(credentials, row.client ? &*row.client : nullptr);
  ASSERT_EQ(outcome.has_value(), row.is_right) << row.sentence;
  if (!outcome) {
    EXPECT_EQ(outcome.error().code, ErrorCode::invalid_client) << row.sentence;
  }
}
INSTANTIATE_TEST_SUITE_P(
    Rfc6749Section23, Authentication,
    testing::Values(
        CheckRow{"the right secret by Basic", plugin_client(), client_secret_basic, "the secret", true},
        CheckRow{"the right secret in the body", plugin_client(), client_secret_post, "the secret", true},
        CheckRow{"a wrong secret", plugin_client(), client_secret_post, "the secreT", false},
        CheckRow{"an empty secret by Basic", plugin_client(), client_secret_basic, "", false},
        CheckRow{"a confidential client without its secret", plugin_client(), none, "", false},
        CheckRow{"a method it is not registered for", post_only(), client_secret_basic, "the secret", false},
        CheckRow{"a public client by its id", public_client(), none, "", true},
        CheckRow{"a public client with a secret", public_client(), client_secret_post, "x", false},
        CheckRow{"a public client with Basic", public_client(), client_secret_basic, "", false},
        CheckRow{"a client with keys sends a secret", signing_client(), client_secret_post, "x", false},
        CheckRow{"a client with keys sends an empty secret", signing_client(), client_secret_basic, "", false},
        CheckRow{"RFC 6749 §2.1: a client with keys is confidential", signing_client(), none, "", false},
        CheckRow{"an unknown client with a secret", {}, client_secret_basic, "the secret", false},
        CheckRow{"an unknown client without one", {}, none, "", false}));

TEST(AuthenticationTest, AnUnknownClientAndAWrongSecretReadTheSame) {
  const Client client = plugin_client();
  const ClientCredentials credentials{ClientId("plugin"), client_secret_post, ClientSecret("wrong"), ClientAssertion()};
  EXPECT_EQ(check_client_authentication(credentials, &client).error().description,
            check_client_authentication(credentials, nullptr).error().description);
}

}  // namespace
}  // namespace chatelaine::oauth
