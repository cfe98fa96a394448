#include <gtest/gtest.h>

#include "oauth/assistants/profile_for_test.hpp"

namespace chatelaine::oauth {
namespace {

TEST(AssistantProfile, FitsTogether) {
  const auto faults_of = [](auto change) {
    AssistantProfile profile = make_action();
    change(profile);
    std::string text;
    for (const ProfileFault& fault : check_profile(profile))
      text += (fault.redirect ? std::to_string(*fault.redirect) + " " : "") + fault.key + " " + fault.message + "\n";
    return text;
  };
  EXPECT_EQ(faults_of([](AssistantProfile&) {}), "");
  EXPECT_EQ(faults_of([](AssistantProfile& p) { p.redirects[1].example = "https://b.example/g-/cb"; }),
            "1 redirect.example must fit the template, and \"https://b.example/g-/cb\" does not\n");
  EXPECT_EQ(faults_of([](AssistantProfile& p) {
              p.redirects[1] = make_redirect("https://b.example/g-{key}/cb", "https://b.example/g-1/cb");
            }),
            "1 redirect.template must call its open part {id}, as the one before it\n");
  EXPECT_EQ(faults_of([](AssistantProfile& p) { p.aliases = {"x", "action"}; }),
            "aliases must be other names than the file's own\n");
  EXPECT_EQ(faults_of([](AssistantProfile& p) { p.metadata_document = "https://a.example/client"; }),
            "metadata_document must not be there where registration has no \"metadata_document\"\n");
  EXPECT_EQ(faults_of([](AssistantProfile& p) { p.registration = {RegistrationWay::metadata_document}; }),
            "registration must not have \"metadata_document\" without the key metadata_document\n");
  for (const auto generation : {AssistantGeneration::plugin, AssistantGeneration::action})
    EXPECT_EQ(
        faults_of([&](AssistantProfile& p) {
          p.generation = generation;
          p.registration = {RegistrationWay::dynamic};
        }),
        "registration must not have \"dynamic\" where generation is \"" + std::string(to_string(generation)) + "\"\n");
  EXPECT_EQ(faults_of([](AssistantProfile& p) { p.redirects.push_back(p.redirects.front()); }),
            "2 redirect.template must be another one than those before it\n");
  EXPECT_EQ(faults_of([](AssistantProfile& p) { p.grant_types = {GrantType::refresh_token}; }),
            "token.grant_types must have \"authorization_code\": an assistant acts for people\n");
  EXPECT_EQ(faults_of([](AssistantProfile& p) { p.discovery = {DiscoveryStep::plugin_manifest}; }),
            "discovery must have \"plugin_manifest\" exactly where generation is \"plugin\"\n");
  EXPECT_EQ(faults_of([](AssistantProfile& p) { p.pkce = PkceAbility::S256; }),
            "authorization.parameters must have \"code_challenge\" where authorization.pkce is \"S256\"\n"
            "authorization.parameters must have \"code_challenge_method\" where authorization.pkce is \"S256\"\n"
            "token.parameters must have \"code_verifier\" where authorization.pkce is \"S256\"\n");
  EXPECT_EQ(faults_of([](AssistantProfile& p) { p.token_parameters.emplace_back("code_verifier"); }),
            "token.parameters must not have \"code_verifier\" without authorization.pkce\n");
  EXPECT_EQ(faults_of([](AssistantProfile& p) {
              p.state = StateForm::none;
              p.authorization_parameters.emplace_back("state");
            }),
            "authorization.parameters must not have \"state\" where authorization.state is \"none\"\n");
  // RFC 9700 §2.1.1.
  EXPECT_EQ(faults_of([](AssistantProfile& p) { p.authentication_methods.push_back(AuthenticationMethod::none); }),
            "authorization.pkce must be \"S256\" where token.authentication_methods has \"none\"\n");
  EXPECT_EQ(faults_of([](AssistantProfile& p) {
              p.scopes = {ScopeSource::settings};
              p.sends_empty_scope = p.asks_for_offline_access = true;
            }),
            "authorization.scopes must not be there where authorization.parameters has no \"scope\"\n"
            "authorization.empty_scope must not be true where authorization.parameters has no \"scope\"\n"
            "authorization.offline_access must not be true where authorization.parameters has no \"scope\"\n");
  EXPECT_EQ(faults_of([](AssistantProfile& p) {
              p.refreshes_on = {RefreshTrigger::unauthorized};
              p.refreshes_ahead = seconds(5);
            }),
            "token.refresh_ahead must not be there where token.refresh_on has no \"expiry\"\n");
}

/// RFC 6749 §2.3.1, RFC 7523 §2.2: each way to prove itself has its parameters.
TEST(AssistantProfile, SendsWhatItsMethodsNeed) {
  const auto faults_with = [](std::vector<AuthenticationMethod> methods, std::vector<std::string> parameters) {
    AssistantProfile profile = make_action();
    profile.pkce = PkceAbility::S256;
    for (const char* name : {"code_challenge", "code_challenge_method"})
      profile.authorization_parameters.emplace_back(name);
    profile.authentication_methods = std::move(methods);
    profile.token_parameters = {"grant_type", "code", "code_verifier"};
    for (std::string& name : parameters) profile.token_parameters.push_back(std::move(name));
    std::string text;
    for (const ProfileFault& fault : check_profile(profile)) text += fault.message + "\n";
    return text;
  };
  using enum AuthenticationMethod;
  EXPECT_EQ(faults_with({none}, {"client_id"}), "");
  EXPECT_EQ(faults_with({none}, {}), "must have \"client_id\" where token.authentication_methods has \"none\"\n");
  EXPECT_EQ(faults_with({client_secret_basic}, {}), "");
  EXPECT_EQ(faults_with({client_secret_post}, {"client_id"}),
            "must have \"client_secret\" where token.authentication_methods has \"client_secret_post\"\n");
  EXPECT_EQ(faults_with({client_secret_basic}, {"client_secret"}),
            "must not have \"client_secret\" where token.authentication_methods has no \"client_secret_post\"\n");
  EXPECT_EQ(faults_with({private_key_jwt}, {"client_assertion_type"}),
            "must have \"client_assertion\" where token.authentication_methods has \"private_key_jwt\"\n");
  EXPECT_EQ(faults_with({none}, {"client_id", "client_assertion"}),
            "must not have \"client_assertion\" where token.authentication_methods has no \"private_key_jwt\"\n");
}

/// draft-ietf-oauth-client-id-metadata-document-03 §4.1: a document is public, and so it names no shared secret.
TEST(AssistantProfile, HasADocumentWithoutASecret) {
  AssistantProfile profile = make_action();
  profile.document_methods = {AuthenticationMethod::client_secret_basic, AuthenticationMethod::none};
  std::string text;
  for (const ProfileFault& fault : check_profile(profile)) text += fault.key + " " + fault.message + "\n";
  EXPECT_EQ(text,
            "token.document_methods must not have \"client_secret_basic\": a document holds no secret\n"
            "token.document_methods must not have \"none\", which token.authentication_methods does not have\n");
}

}  // namespace
}  // namespace chatelaine::oauth
