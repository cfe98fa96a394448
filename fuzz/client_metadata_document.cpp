#include "oauth/clients/client_metadata_document.hpp"

#include "oauth/authorize/redirect_uri.hpp"
#include "targets.hpp"

namespace chatelaine::fuzz {

/// The document at https://a.example/client.json; and the same bytes as a client_id. What is taken is the client of
/// that URL, without a secret, may ask for nothing that is not offered, and must use PKCE.
void check_client_metadata_document(std::string_view bytes) {
  const oauth::ClientId url("https://a.example/client.json");
  const oauth::Scope offered({"read", "write"});

  const oauth::ClientId claimed{std::string(bytes)};
  if (const auto parsed = oauth::parse_document_url(claimed)) {
    require(oauth::names_document(claimed) && parsed->scheme == "https" && !parsed->has_userinfo &&
            !parsed->has_fragment && !parsed->path.empty() && parsed->text == bytes);
  }

  const auto document = oauth::parse_client_metadata_document(url, bytes);
  if (!document) {
    require(!document.error().empty());
    return;
  }
  const oauth::Client client = oauth::make_client(*document, offered, Instant());
  require(client.id == url && !client.name.empty() && !client.secret_hash && !client.redirect_uris.empty());
  require(client.pkce == oauth::PkcePolicy::required && offered.includes(client.scope));
  require(client.is_confidential() == !(client.jwks.empty() && client.jwks_uri.empty()));
  for (const auto& uri : client.redirect_uris) require(oauth::check_redirect_uri_registration(uri.value()).has_value());
}

}  // namespace chatelaine::fuzz
