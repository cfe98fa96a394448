#pragma once

#include <cstdint>
#include <optional>

#include "base/task.hpp"
#include "oauth/authorize/pushed_authorization_request.hpp"

namespace chatelaine::storage {

class PushedAuthorizationRequests {
 public:
  virtual ~PushedAuthorizationRequests() = default;
  /// Keeps it until it is spent or expires. Keeps nothing, and gives false, where its client is gone or has `most` of
  /// them already, if there is such a bound.
  virtual Task<bool> add_pushed_authorization_request(const oauth::PushedAuthorizationRequest& request,
                                                      std::optional<std::uint32_t> most) = 0;
  /// Nothing where it is unknown or spent, or its client is gone.
  virtual Task<std::optional<oauth::PushedAuthorizationRequest>> find_pushed_authorization_request(
      oauth::PushedAuthorizationRequestId id) = 0;
  /// Ends it: true for one caller alone (RFC 9126 §4: it serves once).
  virtual Task<bool> spend_pushed_authorization_request(oauth::PushedAuthorizationRequestId id) = 0;
};

}  // namespace chatelaine::storage
