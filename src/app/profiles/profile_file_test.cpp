#include "app/profiles/profile_file.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "app/profiles/profile_for_test.hpp"
#include "base/json.hpp"

namespace chatelaine::app {
namespace {

TEST(ProfileFile, SaysEverythingThatAProfileHolds) {
  const auto parsed = parse_profile(kGoodProfile, kProfilePath);
  ASSERT_TRUE(parsed) << faults_in(kGoodProfile);
  EXPECT_EQ(
      json::serialize(oauth::to_json(parsed->profile)),
      R"({"name":"helper","title":"Helper","aliases":["help"],"generation":"connector",)"
      R"("registration":["metadata_document","by_hand"],"metadata_document":"https://helper.example/client.json",)"
      R"("user_agent":"helper/1.0","discovery":["challenge","resource_path","server_path"],"discovery_version":null,)"
      R"("redirect":[{"template":"https://helper.example/{id}/callback",)"
      R"("example":"https://helper.example/7/callback","note":"Its settings show the id.","metadata_document":null,)"
      R"("parameters":null,"state":null}],"registration_request":null,)"
      R"("authorization":{"pkce":"S256","parameters":["client_id","response_type","redirect_uri","scope","state",)"
      R"("code_challenge","code_challenge_method"],"state":"base64","scopes":["challenge","settings"],)"
      R"("empty_scope":true,"offline_access":false,"scope_separator":",","blank":"%20"},)"
      R"("token":{"user_agent":null,"encodings":["form"],"authentication_methods":["none","client_secret_post"],)"
      R"("document_methods":["none"],"signing_algorithm":null,"client_id_with_basic":null,"grant_types":["authorization_code","refresh_token"],)"
      R"("parameters":["grant_type","code","code_verifier","client_id","client_secret"],)"
      R"("refresh_parameters":["refresh_token","grant_type","client_id","client_secret"],)"
      R"("revocation_parameters":null,"timeout":10,"refresh_timeout":60,)"
      R"("refresh_on":["expiry"],"refresh_ahead":300,"concurrent_refresh":true,"revokes":null},)"
      R"("metadata":{"authorization_response_iss_parameter_supported":true,)"
      R"("code_challenge_methods_supported":["S256"]},)"
      R"("preferred_metadata":{"client_id_metadata_document_supported":true},"notes":["It is slow."],)"
      R"("sources":["Helper's manual, https://helper.example/manual"],"read_on":"2026-11-27",)"
      R"("unknown":["token.revokes","token.user_agent","token.order"]})");
}

TEST(ProfileFile, NeedsNoMoreThanWhatIsNeededAndSaysWhatIsNotKnown) {
  const auto parsed = parse_profile(kBareProfile, kProfilePath);
  ASSERT_TRUE(parsed) << parsed.error().front().to_string();
  const json::object shown = oauth::to_json(parsed->profile);
  EXPECT_EQ(json::serialize(shown.at("authorization")),
            R"({"pkce":"none","parameters":["response_type","client_id","redirect_uri","state"],"state":null,)"
            R"("scopes":null,"empty_scope":null,"offline_access":null,"scope_separator":" ","blank":"%20"})");
  EXPECT_EQ(
      json::serialize(shown.at("token")),
      R"({"user_agent":null,"encodings":["json"],"authentication_methods":["client_secret_post"],)"
      R"("document_methods":null,"signing_algorithm":null,"client_id_with_basic":null,)"
      R"("grant_types":["authorization_code","refresh_token"],)"
      R"("parameters":["grant_type","code","client_id","client_secret"],"refresh_parameters":null,"revocation_parameters":null,)"
      R"("timeout":null,"refresh_timeout":null,"refresh_on":null,"refresh_ahead":null,)"
      R"("concurrent_refresh":null,"revokes":null})");
  for (const char* name : {"metadata_document", "user_agent", "discovery"})
    EXPECT_TRUE(shown.at(name).is_null()) << name;
  EXPECT_EQ(shown.at("read_on"), "2026-01-02");
  EXPECT_EQ(shown.at("unknown").as_array().size(), 14U);
}

TEST(ProfileFile, SaysWhatItSendsToRegisterItself) {
  const std::string dynamic = with_line(4, "registration = [\"metadata_document\", \"dynamic\"]");
  EXPECT_EQ(faults_in(dynamic), kProfilePath.string() +
                                    ": registration_request: is missing: it must be a table, or be named "
                                    "in unknown");
  const auto parsed = parse_profile(dynamic +
                                        "[registration_request]\nclient_name = \"Helper\"\ntrusted = true\n"
                                        "response_types = [\"code\"]\n",
                                    kProfilePath);
  ASSERT_TRUE(parsed) << parsed.error().front().to_string();
  EXPECT_EQ(json::serialize(*parsed->profile.registration_request),
            R"({"client_name":"Helper","response_types":["code"],"trusted":true})");
  EXPECT_EQ(faults_in(dynamic + "[registration_request]\nclient_name = 7\n"),
            kProfilePath.string() +
                ":42: registration_request.client_name: must be a text, true or false, or a list of texts, "
                "not an integer");
}

TEST(ProfileFile, SaysThatATokenServesUntilItEnds) {
  const auto parsed = parse_profile(with_line(33, "refresh_ahead = \"0s\""), kProfilePath);
  ASSERT_TRUE(parsed) << parsed.error().front().to_string();
  EXPECT_EQ(parsed->profile.refreshes_ahead, seconds(0));
}

TEST(ProfileFile, SaysWhatIsOtherWithOneRedirect) {
  const auto parsed =
      parse_profile(with_line(15,
                              "metadata_document = \"https://helper.example/{id}/client.json\"\nstate = \"uri\"\n"
                              "parameters = [\"state\", \"response_type\", \"client_id\", \"redirect_uri\", "
                              "\"code_challenge\", \"code_challenge_method\"]"),
                    kProfilePath);
  ASSERT_TRUE(parsed) << parsed.error().front().to_string();
  const oauth::AssistantRedirect& redirect = parsed->profile.redirects.front();
  EXPECT_EQ(redirect.metadata_document, "https://helper.example/{id}/client.json");
  EXPECT_EQ(redirect.state, oauth::StateForm::uri);
  EXPECT_EQ(redirect.authorization_parameters.front(), "state");
}

/// CHATELAINE_UPDATE=1 rewrites what is committed.
TEST(ProfileReference, IsWhatTheSchemaSays) {
  constexpr const char* kReference = "docs/operators/profiles.md";
  if (std::getenv("CHATELAINE_UPDATE") != nullptr) std::ofstream(kReference) << render_profile_reference();
  std::ifstream stream(kReference);
  const std::string committed{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  EXPECT_EQ(committed, render_profile_reference()) << "run with CHATELAINE_UPDATE=1 to rewrite the reference";
}

}  // namespace
}  // namespace chatelaine::app
