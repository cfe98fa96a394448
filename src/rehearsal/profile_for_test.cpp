#include "rehearsal/profile_for_test.hpp"

namespace chatelaine::rehearsal {
namespace {

using namespace oauth;

AssistantRedirect redirect(std::string_view text, std::string example) {
  return {RedirectTemplate::parse(text).value(), std::move(example), "", "", {}, std::nullopt};
}

AssistantProfile some_profile() {
  AssistantProfile profile;
  profile.title = "Helper";
  profile.grant_types = {GrantType::authorization_code, GrantType::refresh_token};
  return profile;
}

}  // namespace

AssistantProfile plugin_profile() {
  AssistantProfile profile = some_profile();
  profile.name = "plugin";
  profile.generation = AssistantGeneration::plugin;
  profile.registration = {RegistrationWay::by_hand};
  profile.redirects = {redirect("https://chat.example/aip/plugin-{id}/cb", "https://chat.example/aip/plugin-1/cb")};
  profile.pkce = PkceAbility::none;
  profile.state = StateForm::uuid;
  profile.sends_empty_scope = true;
  profile.scopes = {ScopeSource::manifest};
  profile.authorization_parameters = {"response_type", "client_id", "redirect_uri", "scope", "state"};
  profile.encodings = {TokenRequestEncoding::json, TokenRequestEncoding::form};
  profile.authentication_methods = {AuthenticationMethod::client_secret_post,
                                    AuthenticationMethod::client_secret_basic};
  profile.token_parameters = {"grant_type", "client_id", "client_secret", "code", "redirect_uri"};
  return profile;
}

AssistantProfile action_profile() {
  AssistantProfile profile = plugin_profile();
  profile.name = "action";
  profile.generation = AssistantGeneration::action;
  profile.redirects = {redirect("https://a.example/g-{id}/cb", "https://a.example/g-1/cb"),
                       redirect("https://b.example/g-{id}/cb", "https://b.example/g-1/cb")};
  profile.scopes = {ScopeSource::settings};
  profile.encodings = {TokenRequestEncoding::form};
  return profile;
}

AssistantProfile connector_profile() {
  AssistantProfile profile = some_profile();
  profile.name = "connector";
  profile.generation = AssistantGeneration::connector;
  profile.registration = {RegistrationWay::metadata_document, RegistrationWay::dynamic, RegistrationWay::by_hand};
  profile.metadata_document = "https://helper.example/client.json";
  profile.redirects = {redirect("https://helper.example/cb", "https://helper.example/cb"),
                       redirect("https://helper.example/cb/{id}", "https://helper.example/cb/7")};
  profile.discovery = {DiscoveryStep::challenge,   DiscoveryStep::resource_path, DiscoveryStep::resource_root,
                       DiscoveryStep::server_path, DiscoveryStep::openid_path,   DiscoveryStep::openid_appended};
  profile.pkce = PkceAbility::S256;
  profile.state = StateForm::base64url;
  profile.sends_empty_scope = false;
  profile.asks_for_offline_access = true;
  profile.scopes = {ScopeSource::challenge, ScopeSource::resource_metadata};
  profile.authorization_parameters = {"response_type", "client_id",      "redirect_uri",          "scope",
                                      "state",         "code_challenge", "code_challenge_method", "prompt",
                                      "resource"};
  profile.encodings = {TokenRequestEncoding::form};
  profile.authentication_methods = {AuthenticationMethod::none, AuthenticationMethod::client_secret_basic,
                                    AuthenticationMethod::client_secret_post};
  profile.token_parameters = {"grant_type",    "code",          "redirect_uri", "client_id",
                              "client_secret", "code_verifier", "resource"};
  profile.sends_client_id_with_basic = false;
  profile.timeout = seconds{10};
  profile.refresh_timeout = seconds{30};
  profile.refreshes_concurrently = true;
  profile.revokes = true;
  profile.metadata_needs = {{"code_challenge_methods_supported", boost::json::array{"S256"}},
                            {"authorization_response_iss_parameter_supported", true},
                            {"client_id_metadata_document_supported", true},
                            {"token_endpoint_auth_methods_supported", boost::json::array{"none"}}};
  return profile;
}

}  // namespace chatelaine::rehearsal
