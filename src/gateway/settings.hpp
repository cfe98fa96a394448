#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "gateway/call_limits.hpp"
#include "gateway/confirmation.hpp"
#include "oauth/protected_resource.hpp"
#include "oauth/scope.hpp"
#include "oauth/vocabulary.hpp"
#include "openapi/description.hpp"

namespace chatelaine::gateway {

/// What becomes of a path and method that the API's description does not have (`[api] unlisted`).
enum class Unlisted : std::uint8_t { allow, deny };

/// What every challenge says of the API (RFC 6750 §3, RFC 9728 §5.1).
struct Realm {
  /// RFC 9110 §11.5.
  std::string name;
  /// What clients ask for at first.
  oauth::Scope initial_scope = {};
  /// The URL of the API's metadata; empty: none is named.
  std::string resource_metadata = {};
};

/// `[api]`, as the gateway needs it; replaced as a whole after a SIGHUP.
struct GatewaySettings {
  Realm realm;
  /// Our public URL: `iss` of assertions, and what X-Forwarded-Proto and -Host say.
  oauth::Issuer issuer;
  /// The API: its identifier is `aud` of assertions, and of a token's scope counts what means something here.
  oauth::ProtectedResource resource;
  /// Paths that need no token: exact ones, or all below a prefix that ends in `/*`.
  std::vector<std::string> public_paths;
  Unlisted unlisted = Unlisted::deny;
  /// Null: nothing is known of the API's operations, so that every path is let through and none asks for a scope.
  std::shared_ptr<const openapi::Description> description;
  /// Of operations that came later, by their ids: since when tokens of their scope may call them.
  std::map<std::string, Instant> opened_since = {};
  /// Whether proxies may ask about calls (`[api] check`).
  bool answers_checks = false;
  CallLimits limits;
  ConfirmationPolicy confirmation;
  /// Whether calls are recorded.
  bool records_calls = false;
  /// The full names of cookies that are ours, never the API's.
  std::vector<std::string> own_cookie_names;
};

}  // namespace chatelaine::gateway
