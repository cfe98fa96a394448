#pragma once

#include <string>
#include <vector>

#include "base/form.hpp"
#include "oauth/authorize/request.hpp"
#include "oauth/clients/authentication.hpp"
#include "oauth/protected_resource.hpp"

/// The facts that this layer's tests start from; a row changes what its sentence is about.
namespace chatelaine::oauth {

inline constexpr Instant kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};
inline const std::string kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";   // RFC 7636 app. B
inline const std::string kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";  // RFC 7636 app. B
inline const std::string kCallback = "https://chat.openai.com/aip/plugin-1/oauth/callback";

/// A plugin: confidential, with every grant type.
inline Client plugin_client() {
  return {
      .id = ClientId("plugin"),
      .name = "Plugin",
      .secret_hash = hash_client_secret(ClientSecret("the secret")),
      .authentication_methods = {AuthenticationMethod::client_secret_basic, AuthenticationMethod::client_secret_post},
      .redirect_uris = {RedirectUri(kCallback)},
      .grant_types = {kGrantTypes.begin(), kGrantTypes.end()},
      .scope = *Scope::parse("todo.read todo.write"),
      .pkce = PkcePolicy::optional};
}

inline Client public_client() {
  Client client = plugin_client();
  client.id = ClientId("app");
  client.secret_hash.reset();
  client.authentication_methods = {AuthenticationMethod::none};
  client.grant_types = {GrantType::authorization_code, GrantType::refresh_token, GrantType::device_code};
  client.pkce = PkcePolicy::required;
  return client;
}

/// One field in braces would be ambiguous to Form itself.
inline Form form_of(std::vector<Form::Field> fields) { return Form(std::move(fields)); }

inline const Resource kApi("https://api.example");
/// The API alone, as where no [[resource]] is declared.
inline ProtectedResources one_resource() { return ProtectedResources({.identifier = kApi}); }

/// `fields` over `base`; an empty optional takes a field away.
struct Change {
  std::string name;
  std::optional<std::string> value;
};
inline Form changed(const Form& base, const std::vector<Change>& changes) {
  std::vector<Form::Field> fields = base.fields();
  for (const Change& change : changes) {
    std::erase_if(fields, [&](const Form::Field& field) { return field.name == change.name; });
    if (change.value) fields.push_back({change.name, *change.value});
  }
  return Form(std::move(fields));
}

}  // namespace chatelaine::oauth
