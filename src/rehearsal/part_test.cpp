#include "rehearsal/part.hpp"

#include <gtest/gtest.h>

#include "rehearsal/profile_for_test.hpp"

namespace chatelaine::rehearsal {
namespace {

using oauth::AuthenticationMethod;
using oauth::RegistrationWay;

Server server_with(std::string_view metadata) {
  Server server;
  server.metadata = parse_json(metadata).value().as_object();
  return server;
}

constexpr std::string_view kWhole =
    R"({"client_id_metadata_document_supported":true,"token_endpoint_auth_methods_supported":["none"],)"
    R"("registration_endpoint":"https://a.example/register","code_challenge_methods_supported":["S256"],)"
    R"("authorization_response_iss_parameter_supported":true})";

TEST(Part, BecomesAClientByTheFirstWayThatTheMetadataAllows) {
  struct Row {
    std::string_view sentence;
    std::string_view metadata;
    std::string_view client_id;
    std::string_view way;
    std::string_view code;
  };
  for (
      const Row& row : {
          Row{"by its document", kWhole, "", "metadata_document", ""},
          Row{"by hand, where somebody typed an id in", kWhole, "todo", "by_hand", ""},
          Row{"documents without `none`: it registers anew",
              R"({"client_id_metadata_document_supported":true,"token_endpoint_auth_methods_supported":["client_secret_post"],)"
              R"("registration_endpoint":"https://a.example/register"})",
              "", "dynamic", "client_id_documents"},
          Row{"no documents", R"({"registration_endpoint":"https://a.example/register"})", "", "dynamic",
              "client_id_documents"},
          Row{"no way at all", "{}", "", "none", "registration"},
      }) {
    Given given;
    given.client_id = oauth::ClientId(std::string(row.client_id));
    const WayChoice choice = choose_way(connector_profile(), given, server_with(row.metadata));
    EXPECT_EQ(choice.way ? oauth::to_string(*choice.way) : "none", row.way) << row.sentence;
    EXPECT_EQ(choice.remarks.empty() ? "" : choice.remarks.back().code, row.code) << row.sentence;
  }
}

TEST(Part, ProvesItselfByTheFirstMethodThatItHasAndTheServerLists) {
  const auto choose = [](std::string_view metadata, bool has_secret) {
    return oauth::to_string(choose_method(connector_profile(), has_secret, server_with(metadata)));
  };
  EXPECT_EQ(choose("{}", false), "none");
  EXPECT_EQ(choose("{}", true), "client_secret_basic");
  EXPECT_EQ(choose(R"({"token_endpoint_auth_methods_supported":["client_secret_post"]})", true), "client_secret_post");
  EXPECT_EQ(choose(R"({"token_endpoint_auth_methods_supported":["private_key_jwt"]})", true), "client_secret_basic");
}

/// OpenID Connect Core §9
TEST(Part, RegistersAKeyOnlyWhereNothingElseFits) {
  struct Row {
    std::string_view sentence;
    std::vector<AuthenticationMethod> able;
    std::string_view metadata;
    std::string_view method;
  };
  using enum AuthenticationMethod;
  constexpr std::string_view kKeysAlone = R"({"token_endpoint_auth_methods_supported":["private_key_jwt","other"]})";
  for (const Row& row : {
           Row{"the metadata lists keys alone",
               {client_secret_post, private_key_jwt, none},
               kKeysAlone,
               "private_key_jwt"},
           Row{"it lists a secret, too",
               {client_secret_post, private_key_jwt, none},
               R"({"token_endpoint_auth_methods_supported":["private_key_jwt","client_secret_post"]})",
               "none"},
           Row{"it lists nothing", {client_secret_post, private_key_jwt}, "{}", "client_secret_post"},
           Row{"the assistant has no keys", {client_secret_post}, kKeysAlone, "client_secret_post"},
           Row{"the assistant has keys alone", {private_key_jwt}, "{}", "private_key_jwt"},
       }) {
    auto profile = connector_profile();
    profile.authentication_methods = row.able;
    EXPECT_EQ(oauth::to_string(choose_registered_method(profile, server_with(row.metadata))), row.method)
        << row.sentence;
    profile.registration_request = json::object{{"token_endpoint_auth_method", "client_secret_basic"}};
    EXPECT_EQ(choose_registered_method(profile, server_with(row.metadata)), client_secret_basic)
        << row.sentence << ", and it has words of its own";
  }
}

TEST(Part, RegistersItselfWhereItsDocumentWantsAKeyThatItAloneHas) {
  auto profile = connector_profile();
  profile.metadata_needs = {};
  profile.document_methods = {AuthenticationMethod::private_key_jwt, AuthenticationMethod::none};
  constexpr std::string_view kKeysAlone =
      R"({"client_id_metadata_document_supported":true,"token_endpoint_auth_methods_supported":["private_key_jwt"],)"
      R"("registration_endpoint":"https://a.example/register"})";
  const WayChoice choice = choose_way(profile, {}, server_with(kKeysAlone));
  EXPECT_EQ(choice.way, RegistrationWay::dynamic);
  ASSERT_EQ(choice.remarks.size(), 1U);
  EXPECT_EQ(choice.remarks[0].seen,
            "the document of Helper names its own key, which nobody else has: it registers itself here with another "
            "one");
  Given given;
  given.client_id_document = "https://mine.example/client.json";
  EXPECT_EQ(choose_way(profile, given, server_with(kKeysAlone)).way, RegistrationWay::metadata_document);
  EXPECT_EQ(choose_way(profile, {}, server_with(kWhole)).way, RegistrationWay::metadata_document);
}

TEST(Part, ReturnsToTheFirstRedirectUriUnlessThatNeedsIss) {
  const auto profile = connector_profile();
  const auto redirects = list_redirects(profile, "").value();
  EXPECT_EQ(choose_redirect(profile, redirects, server_with(kWhole)).uri.value(), "https://helper.example/cb");
  EXPECT_EQ(choose_redirect(profile, redirects, server_with("{}")).uri.value(), "https://helper.example/cb/7");
  EXPECT_EQ(list_redirects(profile, "x9").value()[1].uri.value(), "https://helper.example/cb/x9");
  EXPECT_EQ(list_redirects(profile, "https://helper.example/cb/x9").value()[1].uri.value(),
            "https://helper.example/cb/x9");
  EXPECT_FALSE(list_redirects(profile, "a/b"));
}

TEST(Part, AsksForTheScopesThatItsProfileNames) {
  const auto profile = connector_profile();
  Server server = server_with(R"({"scopes_supported":["a","offline_access"]})");
  server.resource_scopes = {"read", "write"};
  EXPECT_EQ(choose_scope(profile, {}, server), "read write offline_access");
  server.challenge_scope = "read";
  EXPECT_EQ(choose_scope(profile, {}, server), "read offline_access");
  Given typed;
  typed.scope = "mine";
  EXPECT_EQ(choose_scope(profile, typed, server), "mine");
  EXPECT_EQ(choose_scope(action_profile(), {}, server), "");
}

TEST(Part, MissesWhatTheMetadataMustSay) {
  const auto codes_of = [](std::string_view metadata) {
    std::string codes;
    for (const Remark& remark : judge_needs(connector_profile(), server_with(metadata)))
      codes += std::string(to_string(remark.verdict)) + ' ' + std::string(remark.code) + ';';
    return codes;
  };
  EXPECT_EQ(codes_of(kWhole), "");
  EXPECT_EQ(codes_of("{}"), "fault pkce;warning issuer_parameter;");
}

}  // namespace
}  // namespace chatelaine::rehearsal
