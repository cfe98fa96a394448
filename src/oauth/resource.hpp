#pragma once

#include <cstddef>
#include <vector>

#include "base/form.hpp"
#include "base/time.hpp"
#include "oauth/clients/client.hpp"
#include "oauth/oauth_error.hpp"
#include "oauth/protected_resource.hpp"
#include "oauth/scope.hpp"
#include "oauth/vocabulary.hpp"

/// Resource indicators (RFC 8707): which resources a request is about, and which scopes that leaves.
namespace chatelaine::oauth {

/// The most that one request may name, spellings of one resource counted apart.
inline constexpr std::size_t kMostResources = 8;

/// What a token is for, and what it allows there (RFC 8707 §3: whoever is handed it can use it nowhere else).
struct Target {
  /// Identifiers, each once, in the order in which they were asked for.
  std::vector<Resource> resources;
  /// The token's `aud`: the identifiers, and after them the other spellings that the request itself asked by
  /// (docs/adr/0011).
  std::vector<Resource> audience;
  Scope scope;
};

/// RFC 8707 §2.1: what a request asks for from the start, as authorization and client credentials do. `resource` may
/// come several times; an empty one counts as omitted (RFC 6749 §3.1), twice the same as once. Without any it is the
/// default resource, or the one that alone has all of the scopes asked for (RFC 9068 §3). `scope` is what was asked for
/// and allowed so far; what none of the resources understands is left out of it.
///
/// invalid_target: a resource that is malformed, unknown, or one too many. invalid_scope: a scope was asked for, and
/// nothing of it means anything at the resources, or without `resource` it belongs to several.
[[nodiscard]] Result<Target> check_target(const Form& request, const Scope& scope, const ProtectedResources& resources);

/// RFC 8707 §2.2: what a token request asks of what was granted before, at most all of it. `granted` are identifiers;
/// those that the operator serves no longer do not count, and where none is left that is invalid_grant. `scope` is what
/// was asked for and is still allowed. Else as `check_target`.
[[nodiscard]] Result<Target> narrow_target(const Form& request, const Scope& scope,
                                           const std::vector<Resource>& granted, const ProtectedResources& resources);

/// How an access token is made.
struct AccessTokenTerms {
  AccessTokenFormat format = AccessTokenFormat::jwt;
  milliseconds lifetime{};
};

/// The format is the client's; without one it is opaque where any of the resources wants that (docs/adr/0011). The
/// lifetime is the shortest. `defaults` are the server's.
[[nodiscard]] AccessTokenTerms decide_terms(const Target& target, const Client& client,
                                            const ProtectedResources& resources, AccessTokenTerms defaults);

}  // namespace chatelaine::oauth
