#include "provider/endpoints/authorize/consent_page.hpp"

#include <algorithm>

#include "base/base64url.hpp"
#include "crypto/digest.hpp"
#include "oauth/authorize/consent.hpp"
#include "provider/endpoints/authorize/destination.hpp"

namespace chatelaine::provider::endpoints {
namespace {

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
      .add_hidden("request", checked.query);
  set_scopes(data, settings, checked.request.scope);
  context.accounts.add_sign_out(data, signed_in, context.paths.authorize + "?" + checked.query);
  return context.renderer.render(200, "consent", "Allow " + checked.client->name + "?", data,
                                 policy_for(destination, pages::Scripts::none));
}

}  // namespace chatelaine::provider::endpoints
