#pragma once

#include <variant>
#include <vector>

#include "gateway/settings.hpp"
#include "net/request.hpp"
#include "oauth/authorize/consent.hpp"
#include "oauth/scope.hpp"

namespace chatelaine::gateway {

/// Whether `[api] public` has the path; compared as bytes.
[[nodiscard]] bool is_public(const GatewaySettings& settings, std::string_view path);

/// Whether a browser asks what it may send (the Fetch standard's CORS-preflight): it carries no credentials, and the
/// API itself decides.
[[nodiscard]] bool is_preflight(const net::Request& request);

/// The request names no operation that may be called.
struct NotListed {};

/// The operation is described, but neither the description nor the configuration says which scope opens it.
struct Closed {};

/// What a request asks for.
struct Needed {
  oauth::Scope scope;
  /// The operation that it names; null where the description has none of that name, or there is no description.
  const openapi::Operation* operation = nullptr;
  /// Whether its user is to confirm it: where it could be taken for another operation, also because of that.
  bool needs_confirmation = false;
  /// What of it was opened later, so that who allowed its scope before was not asked about it.
  std::vector<oauth::Opened> opened = {};
};

/// The scopes that a token must carry for this request, or why no token opens it. Where an API could take the request
/// for another operation than the one that it names exactly (THREATS N05), those of both.
[[nodiscard]] std::variant<Needed, NotListed, Closed> find_needed_scope(const GatewaySettings& settings,
                                                                        const net::Request& request);

/// What a request is recorded and counted by: its operation's id, else method and path, cut where they are
/// long, and with the length of each token in its place.
[[nodiscard]] std::string name_call(const openapi::Operation* operation, const net::Request& request);

}  // namespace chatelaine::gateway
