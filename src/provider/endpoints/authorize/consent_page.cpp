#include "provider/endpoints/authorize/consent_page.hpp"

#include <algorithm>

#include "base/base64url.hpp"
#include "base/uri.hpp"
#include "crypto/digest.hpp"
#include "oauth/authorize/consent.hpp"

namespace chatelaine::provider::endpoints {
namespace {

/// What a person knows a scope by: the operator's sentence, else the scope's name.
std::string describe_scope(const ProviderSettings& settings, const std::string& name) {
  const auto found = std::ranges::find(settings.scopes, name, &ScopeDescription::name);
  return found == settings.scopes.end() || found->sentence.empty() ? name : found->sentence;
}

/// A redirect URI as a Content-Security-Policy source and as a person reads it: `https://host` and `host`, or for an
/// app's own scheme `scheme:` in both.
struct Destination {
  std::string source;
  std::string name;
};
Destination describe_destination(const oauth::RedirectUri& redirect_uri) {
  const auto url = parse_http_url(redirect_uri.value());
  if (url) return {url->origin(), url->authority()};
  const std::string scheme = redirect_uri.value().substr(0, redirect_uri.value().find(':') + 1);
  return {scheme, scheme};
}

/// The operator's scopes that this request does not ask for: what the client cannot do.
oauth::Scope refused_scopes(const ProviderSettings& settings, const oauth::Scope& granted) {
  std::vector<std::string> names;
  std::ranges::transform(settings.scopes, std::back_inserter(names), &ScopeDescription::name);
  return oauth::Scope(std::move(names)).without(granted);
}

void add_scopes(pages::Data& data, const std::string& list, const ProviderSettings& settings,
                const oauth::Scope& scope) {
  for (const auto& name : scope.tokens()) {
    pages::Data element;
    element.set("description", describe_scope(settings, name));
    data.add(list, std::move(element));
  }
}

void set_scopes(pages::Data& data, const ProviderSettings& settings, const oauth::Scope& granted) {
  data.set("scope", granted.to_string()).show("nothing_granted", granted.empty());
  add_scopes(data, "granted", settings, granted);
  const auto refused = refused_scopes(settings, granted);
  if (refused.empty()) return;
  pages::Data section;
  add_scopes(section, "refused_scopes", settings, refused);
  data.add("refused", std::move(section));
}

pages::Data hidden_field(std::string name, std::string value) {
  pages::Data field;
  field.set("name", std::move(name)).set("value", std::move(value));
  return field;
}

}  // namespace

std::string consent_purpose(std::string_view query) {
  return "consent " + base64url_encode(crypto::sha256(query).view());
}

net::Response consent_page(const Context& context, const CheckedRequest& checked, const accounts::SignedIn& signed_in) {
  const auto& settings = context.settings();
  const auto& redirect_uri = checked.request.target.redirect_uri;
  const auto destination = describe_destination(redirect_uri);
  pages::Data data;
  data.set("client_name", checked.client->name)
      .set("client_id", checked.client->id.value())
      .set("redirect_host", destination.name)
      .set("redirect_uri", redirect_uri.value())
      .set("person", signed_in.user.name.empty() ? signed_in.user.email : signed_in.user.name)
      .set("email", signed_in.user.email)
      .set("action", context.paths.consent)
      .set("form_token", context.csrf.mint_token(consent_purpose(checked.query), signed_in.form_binding))
      .show("local_redirect", oauth::is_local_redirect(redirect_uri))
      .add("hidden", hidden_field("request", checked.query));
  set_scopes(data, settings, checked.request.scope);
  context.accounts.add_sign_out(data, signed_in, context.paths.authorize + "?" + checked.query);
  // Chromium applies form-action to every redirect that follows the form, not the first alone, and an assistant's
  // callback may send the browser on to an origin of its own that nobody has registered: any https one may follow.
  const std::vector<std::string> form_targets{destination.source, "https:"};
  return context.renderer.render(200, "consent", "Allow " + checked.client->name + "?", data, form_targets);
}

}  // namespace chatelaine::provider::endpoints
