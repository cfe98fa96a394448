#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inspection/cross_origin.hpp"
#include "inspection/finding.hpp"

/// How an authorization server's endpoints answer whoever has nothing to show.
namespace chatelaine::inspection {

/// Where they are, as metadata or manifest say; empty: not named.
struct EndpointUrls {
  std::string authorization;
  std::string token;
  std::string registration;
  std::string revocation;
  std::string introspection;
  std::string keys;
};

/// What is sent to find out how an endpoint refuses: nothing that it should act upon.
struct Refusals {
  /// A client that nobody knows, since some endpoints are not there at all for a request without parameters.
  [[nodiscard]] static Question unknown_client(std::string_view url);
  /// A form without a field at the token endpoint.
  [[nodiscard]] static Question empty_token_request(std::string url);
  /// A grant type that nobody has, as a form and as JSON: who reads both refuses both alike.
  [[nodiscard]] static Question unknown_grant_as_form(std::string url);
  [[nodiscard]] static Question unknown_grant_as_json(std::string url);
  /// JSON, but an array: no client can come of it.
  [[nodiscard]] static Question empty_registration(std::string url);
  [[nodiscard]] static Question empty_revocation(std::string url);
  /// A token that is none, and nobody who asks.
  [[nodiscard]] static Question anonymous_introspection(std::string url);
};

[[nodiscard]] Findings judge_authorization_endpoint(const Visit& visit);

struct TokenFacts {
  /// A request without anything, also as a script sends it.
  SharedVisit empty;
  std::vector<OriginAnswer> preflights;
  /// Where the manifest says that hosts will send JSON, and nothing was given for less.
  std::optional<Visit> unknown_grant_as_form;
  std::optional<Visit> unknown_grant_as_json;
};
[[nodiscard]] Findings judge_token_endpoint(const TokenFacts& facts);

[[nodiscard]] Findings judge_registration_endpoint(const SharedVisit& empty,
                                                   const std::vector<OriginAnswer>& preflights);
[[nodiscard]] Finding judge_revocation_endpoint(const Visit& empty);
[[nodiscard]] Finding judge_introspection_endpoint(const Visit& anonymous);
/// What is at `jwks_uri`.
[[nodiscard]] Finding judge_keys(const Visit& visit);

/// What tells of the token endpoint's host: the answer to the empty request, or to JSON where it takes no forms, as the
/// manifest says.
[[nodiscard]] const Visit& find_refused(const TokenFacts& facts);

}  // namespace chatelaine::inspection
