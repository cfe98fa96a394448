#include "rehearsal/messages.hpp"

#include <gtest/gtest.h>

#include "rehearsal/profile_for_test.hpp"

namespace chatelaine::rehearsal {
namespace {

using oauth::AuthenticationMethod;

class Zeros final : public Randomness {
 public:
  void fill(std::span<std::byte> bytes) override { std::ranges::fill(bytes, std::byte{0}); }
};

struct Words {
  oauth::AssistantProfile profile;
  Server server;
  Client client;
  UsedRedirect redirect;
  OneTime one_time;

  explicit Words(oauth::AssistantProfile of) : profile(std::move(of)) {
    server.authorization_endpoint = "https://a.example/authorize?tenant=1";
    server.token_endpoint = "https://a.example/token";
    client.id = oauth::ClientId("todo");
    redirect = {&profile.redirects.front(), oauth::RedirectUri(profile.redirects.front().example)};
    Zeros zeros;
    one_time = draw_one_time(profile, redirect, zeros);
  }
  [[nodiscard]] Speech speech() const { return {profile, server, client}; }
};

std::string_view header_of(const inspection::Question& question, std::string_view name) {
  for (const net::Header& header : question.headers)
    if (header.name == name) return header.value;
  return "";
}

/// The plugin document's pattern.
TEST(Messages, OfAPluginsHostAreThoseOfItsDocument) {
  Words words(plugin_profile());
  words.client.secret.emplace("s&e");
  words.client.method = AuthenticationMethod::client_secret_post;
  EXPECT_EQ(make_authorization_url(words.speech(), words.redirect, "", words.one_time),
            "https://a.example/authorize?tenant=1&response_type=code&client_id=todo&redirect_uri=https%3A%2F%2Fchat."
            "example%2Faip%2Fplugin-1%2Fcb&scope=&state=00000000-0000-4000-8000-000000000000");
  const auto question = make_code_question(words.speech(), words.redirect, words.one_time, "c");
  EXPECT_EQ(header_of(question, "Content-Type"), "application/json");
  EXPECT_EQ(question.body, R"({"grant_type":"authorization_code","client_id":"todo","client_secret":"s&e","code":"c",)"
                           R"("redirect_uri":"https://chat.example/aip/plugin-1/cb"})");
  EXPECT_EQ(make_refresh_question(words.speech(), "r").body,
            R"({"grant_type":"refresh_token","refresh_token":"r","client_id":"todo","client_secret":"s&e"})");
}

TEST(Messages, AreWrittenAsTheManifestSays) {
  Words words(plugin_profile());
  words.server.manifest.emplace();
  words.server.manifest->encoding = oauth::TokenRequestEncoding::form;
  EXPECT_EQ(choose_encoding(words.speech()), oauth::TokenRequestEncoding::form);
  words.profile.encodings = {oauth::TokenRequestEncoding::json};
  EXPECT_EQ(choose_encoding(words.speech()), oauth::TokenRequestEncoding::json) << "it can do no other";
}

/// RFC 7636 §4.3, RFC 8707 §2, OpenID Connect Core §11: `prompt` goes with offline_access.
TEST(Messages, OfAConnectorHavePkceResourceAndPrompt) {
  Words words(connector_profile());
  words.server.resource = "https://a.example/mcp";
  const std::string url = make_authorization_url(words.speech(), words.redirect, "read offline_access", words.one_time);
  EXPECT_EQ(
      url,
      "https://a.example/authorize?tenant=1&response_type=code&client_id=todo&redirect_uri=https%3A%2F%2Fhelper."
      "example%2Fcb&scope=read%20offline_access&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&code_challenge="
      "DwBzhbb51LfusnSGBa_hqYSgo7-j8BTQnip4TOnlzRo&code_challenge_method=S256&prompt=consent&resource=https%3A%2F%"
      "2Fa.example%2Fmcp");
  const std::string bare = make_authorization_url(words.speech(), words.redirect, "", words.one_time);
  EXPECT_EQ(bare.find("scope="), std::string::npos);
  EXPECT_EQ(bare.find("prompt="), std::string::npos);
  const auto question = make_code_question(words.speech(), words.redirect, words.one_time, "c");
  EXPECT_EQ(question.body,
            "grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fhelper.example%2Fcb&client_id=todo&code_"
            "verifier=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&resource=https%3A%2F%2Fa.example%2Fmcp");
}

/// WHATWG URL, application/x-www-form-urlencoded: what JavaScript writes.
TEST(Messages, HaveBlanksAsTheProfileHasThem) {
  Words words(connector_profile());
  words.profile.blank = "+";
  const std::string url = make_authorization_url(words.speech(), words.redirect, "read 100%20", words.one_time);
  EXPECT_NE(url.find("&scope=read+100%2520&"), std::string::npos) << url;
  EXPECT_NE(make_code_question(words.speech(), words.redirect, words.one_time, "a b").body.find("&code=a+b&"),
            std::string::npos);
}

/// RFC 6749 §2.3.1
TEST(Messages, HaveTheSecretInTheHeaderWhereTheMethodIsBasic) {
  Words words(connector_profile());
  words.client.secret.emplace("a:b");
  words.client.method = AuthenticationMethod::client_secret_basic;
  const auto question = make_refresh_question(words.speech(), "r");
  EXPECT_EQ(header_of(question, "Authorization"), "Basic dG9kbzphJTNBYg==");
  EXPECT_EQ(question.body, "grant_type=refresh_token&refresh_token=r");
}

/// RFC 7523 §2.2
TEST(Messages, HaveTheAssertionOfAClientWithAKey) {
  Words words(connector_profile());
  words.client.method = AuthenticationMethod::private_key_jwt;
  const Speech speech{words.profile, words.server, words.client, "a.b.c"};
  const std::string proof =
      "client_id=todo&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_"
      "assertion=a.b.c";
  EXPECT_EQ(make_refresh_question(speech, "r").body, "grant_type=refresh_token&refresh_token=r&" + proof);
  EXPECT_EQ(make_revocation_question(speech, "https://a.example/revoke", "r").body,
            "token=r&token_type_hint=refresh_token&" + proof);
}

/// RFC 9562 §5.4: a random UUID.
TEST(Messages, HaveAStateOfItsForm) {
  struct Row {
    oauth::StateForm form;
    std::string_view state;
  };
  using oauth::StateForm;
  for (const Row& row :
       {Row{StateForm::uuid, "00000000-0000-4000-8000-000000000000"},
        Row{StateForm::hex, "00000000000000000000000000000000"}, Row{StateForm::base64, "AAAAAAAAAAAAAAAAAAAAAA=="},
        Row{StateForm::uri, "app://authorize?nonce=0000000000000000&window=1"}, Row{StateForm::none, ""}}) {
    auto profile = plugin_profile();
    profile.state = row.form;
    const Words words(profile);
    EXPECT_EQ(words.one_time.state.value_or(""), row.state);
  }
}

/// RFC 7591 §2
TEST(Messages, RegisterWhatTheProfileSays) {
  const auto register_as = [](const oauth::AssistantProfile& profile, AuthenticationMethod method,
                              const crypto::SigningKey* key) {
    return make_registration_question(profile, "https://a.example/r", method, key).body;
  };
  EXPECT_EQ(register_as(connector_profile(), AuthenticationMethod::none, nullptr),
            R"({"client_name":"Helper","redirect_uris":["https://helper.example/cb","https://helper.example/cb/7"],)"
            R"("grant_types":["authorization_code","refresh_token"],"response_types":["code"],)"
            R"("token_endpoint_auth_method":"none"})");
  auto own = connector_profile();
  own.registration_request = json::object{{"client_name", "Own"}};
  EXPECT_EQ(register_as(own, AuthenticationMethod::none, nullptr), R"({"client_name":"Own"})");
  own.registration_request->emplace("jwks_uri", "https://own.example/jwks");
  const auto key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ES256);
  EXPECT_EQ(register_as(own, AuthenticationMethod::private_key_jwt, &key),
            R"({"client_name":"Own","token_endpoint_auth_method":"private_key_jwt","jwks":{"keys":[)" +
                json::serialize(key.public_jwk()) + "]}}");
}

}  // namespace
}  // namespace chatelaine::rehearsal
