#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace chatelaine::inspection {

/// What is looked at: one line of a report each. The enumerator is the stable code that scripts may rely on.
enum class Check : std::uint8_t {
  https,
  reachable,
  certificate,
  clock,
  redirect,
  plain_http,
  manifest_served,
  manifest_type,
  manifest_cors,
  manifest_content,
  manifest_root_domain,
  manifest_agrees,
  manifest_logo,
  manifest_legal,
  openapi_served,
  openapi_content,
  openapi_cors,
  openapi_servers,
  challenge,
  challenge_metadata,
  challenge_cors,
  resource_metadata,
  resource_identifier,
  resource_servers,
  resource_scopes,
  resource_bearer,
  resource_cors,
  metadata_served,
  metadata_paths,
  metadata_type,
  metadata_issuer,
  metadata_members,
  metadata_cors,
  pkce,
  issuer_parameter,
  client_id_documents,
  registration,
  token_auth_methods,
  grant_types,
  request_forms,
  scopes,
  weak_flows,
  endpoint_urls,
  endpoint_root_domain,
  keys,
  authorization_endpoint,
  authorization_framing,
  token_endpoint,
  token_no_store,
  token_json,
  token_cors,
  registration_endpoint,
  registration_cors,
  revocation_endpoint,
  introspection_endpoint,
  stack_traces,
  role,
};

struct CheckDescription {
  Check check;
  std::string_view code;
  /// What must hold, as a sentence.
  std::string_view holds;
  /// What to change, and in which document or header, where it does not.
  std::string_view change;
  /// Where that is with Chatelaine: a key of chatelaine.toml, or why it holds by itself.
  std::string_view chatelaine;
  /// Which assistants stumble over it.
  std::string_view stumbles;
};

/// Every check, in the order of the enumeration.
[[nodiscard]] std::span<const CheckDescription> check_descriptions();
[[nodiscard]] const CheckDescription& describe(Check check);

/// docs/operators/doctor.md.
[[nodiscard]] std::string render_check_reference();

}  // namespace chatelaine::inspection
