#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <vector>

#include "oauth/clients/registration.hpp"

namespace chatelaine::oauth {

/// What a client asks to be registered as, each member checked by itself; what it left out is nothing.
struct RequestedMetadata {
  /// What stands for itself. What depends on other members, or has a default, is below.
  ClientMetadata metadata;
  std::optional<AuthenticationMethod> authentication_method;
  std::vector<GrantType> grant_types;
  /// Whether `response_types` names `code`, the only one that there is.
  bool names_code_response = false;
  std::optional<Scope> scope;
};

[[nodiscard]] Result<RequestedMetadata> read_requested_metadata(const boost::json::object& request);

}  // namespace chatelaine::oauth
