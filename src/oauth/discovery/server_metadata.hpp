#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "crypto/signature_algorithm.hpp"
#include "oauth/flows.hpp"
#include "oauth/vocabulary.hpp"

namespace chatelaine::oauth {

/// What the metadata says of this server; each endpoint is an absolute URL, named only where its flow is on.
struct ServerMetadata {
  Issuer issuer;
  Flows flows;
  std::string authorization_endpoint;
  std::string pushed_authorization_request_endpoint;
  std::string token_endpoint;
  /// Empty where clients cannot register themselves.
  std::string registration_endpoint;
  std::string device_authorization_endpoint;
  std::string revocation_endpoint;
  std::string introspection_endpoint;
  std::string jwks_uri;
  std::string userinfo_endpoint;
  std::string end_session_endpoint;
  /// What ID tokens can be signed with.
  std::vector<crypto::SignatureAlgorithm> id_token_algorithms;
  /// The API's own; the identity scopes stand before them.
  std::vector<std::string> scopes_supported;
};

/// The document of RFC 8414 §2 and OpenID Connect Discovery §3 in one, with `pushed_authorization_request_endpoint` and
/// `require_pushed_authorization_requests` (RFC 9126 §5), `device_authorization_endpoint` (RFC 8628 §4),
/// `authorization_response_iss_parameter_supported` (RFC 9207 §3), `client_id_metadata_document_supported`
/// (draft-ietf-oauth-client-id-metadata-document-03 §6) and `code_challenge_methods_supported: ["S256"]`.
[[nodiscard]] boost::json::object to_json(const ServerMetadata& metadata);

}  // namespace chatelaine::oauth
