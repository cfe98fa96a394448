#include "base/json.hpp"
#include "oauth/authorize/redirect_uri.hpp"
#include "oauth/clients/registration.hpp"
#include "targets.hpp"

namespace chatelaine::fuzz {
namespace {

using namespace oauth;

void check_taken(const ClientMetadata& metadata, const RegistrationPolicy& policy) {
  require(!metadata.grant_types.empty() && policy.declared_scopes.includes(metadata.scope));
  for (const RedirectUri& uri : metadata.redirect_uris)
    require(check_redirect_uri_registration(uri.value()).has_value());
  require(metadata.jwks.empty() || metadata.jwks_uri.empty());

  // What is told of a client registers the same client again (RFC 7592 §2.2), and storage reads what it wrote.
  Client client;
  apply_metadata(metadata, client);
  const auto again = check_registration(describe_metadata(client), policy);
  require(again && *again == metadata);
  require(read_client_description(to_json(metadata.description)) == metadata.description);
}

}  // namespace

/// The body of a registration request (RFC 7591 §3.1): what is taken can be told back, what is not is named.
void check_client_metadata(std::string_view bytes) {
  const auto parsed = parse_json(bytes);
  if (!parsed || !parsed->is_object()) return;
  for (const auto registrant : {Registrant::stranger, Registrant::token_holder}) {
    const RegistrationPolicy policy{
        .registrant = registrant,
        .flows = {},
        .declared_scopes = Scope({"a", "b"}),
        .id_token_algorithms = {crypto::SignatureAlgorithm::ES256, crypto::SignatureAlgorithm::RS256}};
    const auto metadata = check_registration(parsed->get_object(), policy);
    if (metadata) {
      check_taken(*metadata, policy);
    } else {
      require(!metadata.error().description.empty() && metadata.error().description.size() <= 400);
    }
  }
}

}  // namespace chatelaine::fuzz
