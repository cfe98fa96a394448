#include "oauth/assistants/assistant_profile.hpp"

#include <algorithm>

#include "base/contains.hpp"

namespace chatelaine::oauth {
namespace {

using Faults = std::vector<ProfileFault>;

void report(Faults& faults, std::string_view key, std::string message) {
  faults.push_back({std::string(key), std::move(message), std::nullopt});
}

/// Whether `key`, a list, has the name exactly where it should; `reason` is the rest of the sentence.
struct ListCheck {
  std::string_view key;
  const std::vector<std::string>& list;
  Faults& faults;

  void must_have(std::string_view name, std::string_view reason = "") const {
    if (!contains(list, name)) report(faults, key, "must have \"" + std::string(name) + "\"" + std::string(reason));
  }
  void must_not_have(std::string_view name, std::string_view reason) const {
    if (contains(list, name)) report(faults, key, "must not have \"" + std::string(name) + "\"" + std::string(reason));
  }
};

/// The open part of a document's URL is that of the redirect URI: what the assistant calls by one name.
bool has_foreign_placeholder(const AssistantRedirect& redirect) {
  const std::size_t begin = redirect.metadata_document.find('{');
  if (begin == std::string::npos) return false;
  const std::size_t end = redirect.metadata_document.find('}', begin);
  return redirect.metadata_document.substr(begin + 1, end - begin - 1) != redirect.uri.placeholder();
}

void check_authorization_parameters(const AssistantProfile& profile, const std::optional<StateForm>& state,
                                    const ListCheck& sent) {
  for (const std::string_view name : {"response_type", "client_id", "redirect_uri"}) sent.must_have(name);
  for (const std::string_view name : {"code_challenge", "code_challenge_method"}) {
    if (profile.pkce == PkceAbility::S256)
      sent.must_have(name, " where authorization.pkce is \"S256\"");
    else
      sent.must_not_have(name, " without authorization.pkce");
  }
  if (state == StateForm::none)
    sent.must_not_have("state", " where authorization.state is \"none\"");
  else if (state)
    sent.must_have("state", ", whose form authorization.state names");
}

void check_redirect(const AssistantProfile& profile, std::size_t i, Faults& faults) {
  const AssistantRedirect& redirect = profile.redirects[i];
  const auto report_here = [&](std::string key, std::string message) {
    faults.push_back({std::move(key), std::move(message), i});
  };
  if (!redirect.uri.match(redirect.example))
    report_here("redirect.example", "must fit the template, and \"" + redirect.example + "\" does not");
  const auto same = [&](const AssistantRedirect& other) { return other.uri.text() == redirect.uri.text(); };
  const auto before = profile.redirects.begin() + static_cast<std::ptrdiff_t>(i);
  if (std::any_of(profile.redirects.begin(), before, same))
    report_here("redirect.template", "must be another one than those before it");
  // One value fills them all: what the assistant calls by one name on several of its hosts.
  const auto open = std::find_if(profile.redirects.begin(), before,
                                 [](const AssistantRedirect& other) { return !other.uri.placeholder().empty(); });
  if (open != before && !redirect.uri.placeholder().empty() && redirect.uri.placeholder() != open->uri.placeholder())
    report_here("redirect.template", "must call its open part {" + open->uri.placeholder() + "}, as the one before it");
  if (!redirect.metadata_document.empty() && profile.metadata_document.empty())
    report_here("redirect.metadata_document", "must not be there without metadata_document above all tables");
  if (has_foreign_placeholder(redirect))
    report_here("redirect.metadata_document", "must have no other open part than its template");
  if (redirect.authorization_parameters.empty()) return;
  Faults own;
  const auto state = redirect.state ? redirect.state : profile.state;
  check_authorization_parameters(profile, state, {"redirect.parameters", redirect.authorization_parameters, own});
  for (ProfileFault& fault : own) report_here(std::move(fault.key), std::move(fault.message));
}

/// Without the parameter there is nothing to say of it.
void check_scopes(const AssistantProfile& profile, Faults& faults) {
  if (contains(profile.authorization_parameters, std::string_view("scope"))) return;
  constexpr std::string_view kReason = " where authorization.parameters has no \"scope\"";
  if (profile.scopes) report(faults, "authorization.scopes", "must not be there" + std::string(kReason));
  if (profile.sends_empty_scope == true)
    report(faults, "authorization.empty_scope", "must not be true" + std::string(kReason));
  if (profile.asks_for_offline_access == true)
    report(faults, "authorization.offline_access", "must not be true" + std::string(kReason));
}

/// RFC 6749 §2.3.1, RFC 7523 §2.2: what each way to prove itself has in the body.
void check_credentials(const AssistantProfile& profile, const ListCheck& sent) {
  const auto& methods = profile.authentication_methods;
  const bool names_itself = contains(methods, AuthenticationMethod::none);
  const bool posts = contains(methods, AuthenticationMethod::client_secret_post);
  if (names_itself) sent.must_have("client_id", " where token.authentication_methods has \"none\"");
  if (posts) {
    if (!names_itself) sent.must_have("client_id", " where token.authentication_methods has \"client_secret_post\"");
    sent.must_have("client_secret", " where token.authentication_methods has \"client_secret_post\"");
  } else {
    sent.must_not_have("client_secret", " where token.authentication_methods has no \"client_secret_post\"");
  }
  for (const std::string_view name : {"client_assertion_type", "client_assertion"}) {
    if (contains(methods, AuthenticationMethod::private_key_jwt))
      sent.must_have(name, " where token.authentication_methods has \"private_key_jwt\"");
    else
      sent.must_not_have(name, " where token.authentication_methods has no \"private_key_jwt\"");
  }
}

void check_token_parameters(const AssistantProfile& profile, Faults& faults) {
  const ListCheck sent{"token.parameters", profile.token_parameters, faults};
  for (const std::string_view name : {"grant_type", "code"}) sent.must_have(name);
  if (profile.pkce == PkceAbility::S256)
    sent.must_have("code_verifier", " where authorization.pkce is \"S256\"");
  else
    sent.must_not_have("code_verifier", " without authorization.pkce");
  check_credentials(profile, sent);
  if (profile.refresh_parameters) {
    const ListCheck refresh{"token.refresh_parameters", *profile.refresh_parameters, faults};
    for (const std::string_view name : {"grant_type", "refresh_token"}) refresh.must_have(name);
    check_credentials(profile, refresh);
  }
  if (profile.revocation_parameters) {
    const ListCheck revocation{"token.revocation_parameters", *profile.revocation_parameters, faults};
    revocation.must_have("token");
    check_credentials(profile, revocation);
  }
}

/// draft-ietf-oauth-client-id-metadata-document-03 §4.1: who is known by a document proves itself by nothing that both
/// sides would have to keep secret.
void check_document_methods(const AssistantProfile& profile, Faults& faults) {
  if (!profile.document_methods) return;
  for (const AuthenticationMethod method : *profile.document_methods) {
    const std::string name = "\"" + std::string(to_string(method)) + "\"";
    if (!contains(profile.authentication_methods, method))
      report(faults, "token.document_methods",
             "must not have " + name + ", which token.authentication_methods does not have");
    else if (method == AuthenticationMethod::client_secret_basic || method == AuthenticationMethod::client_secret_post)
      report(faults, "token.document_methods", "must not have " + name + ": a document holds no secret");
  }
}

void check_registration(const AssistantProfile& profile, Faults& faults) {
  if (profile.generation != AssistantGeneration::connector)
    for (const RegistrationWay way : {RegistrationWay::metadata_document, RegistrationWay::dynamic})
      if (profile.registers(way))
        report(faults, "registration",
               "must not have \"" + std::string(to_string(way)) + "\" where generation is \"" +
                   std::string(to_string(profile.generation)) + "\"");
  if (profile.registers(RegistrationWay::metadata_document) == profile.metadata_document.empty())
    report(faults, profile.metadata_document.empty() ? "registration" : "metadata_document",
           profile.metadata_document.empty() ? "must not have \"metadata_document\" without the key metadata_document"
                                             : "must not be there where registration has no \"metadata_document\"");
}

}  // namespace

std::vector<ProfileFault> check_profile(const AssistantProfile& profile) {
  Faults faults;
  for (std::size_t i = 0; i < profile.redirects.size(); ++i) check_redirect(profile, i, faults);
  if (contains(profile.aliases, profile.name)) report(faults, "aliases", "must be other names than the file's own");
  check_registration(profile, faults);
  if (profile.discovery && contains(*profile.discovery, DiscoveryStep::plugin_manifest) !=
                               (profile.generation == AssistantGeneration::plugin))
    report(faults, "discovery", "must have \"plugin_manifest\" exactly where generation is \"plugin\"");
  check_authorization_parameters(profile, profile.state,
                                 {"authorization.parameters", profile.authorization_parameters, faults});
  check_scopes(profile, faults);
  check_token_parameters(profile, faults);
  check_document_methods(profile, faults);
  if (!contains(profile.grant_types, GrantType::authorization_code))
    report(faults, "token.grant_types", "must have \"authorization_code\": an assistant acts for people");
  if (profile.refreshes_ahead && profile.refreshes_on && !contains(*profile.refreshes_on, RefreshTrigger::expiry))
    report(faults, "token.refresh_ahead", "must not be there where token.refresh_on has no \"expiry\"");
  // RFC 9700 §2.1.1: nothing but PKCE binds a code to a client without a secret.
  if (profile.pkce == PkceAbility::none && contains(profile.authentication_methods, AuthenticationMethod::none))
    report(faults, "authorization.pkce", "must be \"S256\" where token.authentication_methods has \"none\"");
  return faults;
}

}  // namespace chatelaine::oauth
