#include "provider/endpoints/authorize/destination.hpp"

#include "base/uri.hpp"

namespace chatelaine::provider::endpoints {

Destination describe_destination(const oauth::RedirectUri& redirect_uri) {
  const auto url = parse_http_url(redirect_uri.value());
  if (url) return {url->origin(), url->authority()};
  const std::string scheme = redirect_uri.value().substr(0, redirect_uri.value().find(':') + 1);
  return {scheme, scheme};
}

pages::PagePolicy policy_for(const Destination& destination, pages::Scripts scripts) {
  return {.form_targets = {destination.source, "https:"}, .scripts = scripts};
}

}  // namespace chatelaine::provider::endpoints
