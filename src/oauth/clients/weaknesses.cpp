#include "oauth/clients/weaknesses.hpp"

namespace chatelaine::oauth {

std::vector<Weakness> find_weaknesses(const Client& client) {
  std::vector<Weakness> weaknesses;
  if (client.pkce == PkcePolicy::optional)
    weaknesses.push_back({WeaknessKind::optional_pkce, "PKCE is optional: a stolen code needs no verifier"});
  if (client.may_leave_out_redirect_uri())
    weaknesses.push_back({WeaknessKind::left_out_redirect_uri,
                          "redirect_uri may be left out of the token request: nothing there shows where the code was "
                          "sent"});
  for (const RedirectUri& uri : client.redirect_uris)
    if (uri.value().starts_with("http://"))
      weaknesses.push_back({WeaknessKind::plain_redirect_uri, uri.value() + " is not https"});
  return weaknesses;
}

}  // namespace chatelaine::oauth
