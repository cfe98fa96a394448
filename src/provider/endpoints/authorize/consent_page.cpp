#include "provider/endpoints/authorize/consent_page.hpp"

#include <algorithm>

#include "base/uri.hpp"
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

}  // namespace

std::string consent_purpose(std::string_view query) { return "consent " + std::string(query); }

net::Response consent_page(const Context& context, const CheckedRequest& checked, const accounts::SignedIn& signed_in,
                           std::string_view query) {
  const auto& settings = context.settings();
  const auto destination = describe_destination(checked.request.target.redirect_uri);
  pages::Data data;
  data.set("action", context.paths.consent)
      .set("request", std::string(query))
      .set("csrf_token", context.csrf.mint_token(consent_purpose(query), signed_in.form_binding))
      .set("client_name", checked.client->name)
      .set("client_id", checked.client->id.value())
      .set("redirect_host", destination.name)
      .set("redirect_uri", checked.request.target.redirect_uri.value())
      .set("service_name", settings.service_name)
      .set("email", signed_in.user.email)
      .show("is_local", oauth::is_local_redirect(checked.request.target.redirect_uri))
      .show("has_scopes", !checked.request.scope.empty())
      .show("no_scopes", checked.request.scope.empty());
  for (const auto& name : checked.request.scope.tokens()) {
    pages::Data scope;
    scope.set("name", name).set("description", describe_scope(settings, name));
    data.add("scopes", std::move(scope));
  }
  return context.renderer.render(200, "consent", "Allow " + checked.client->name + "?", data, {destination.source});
}

}  // namespace chatelaine::provider::endpoints
