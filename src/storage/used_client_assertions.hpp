#pragma once

#include "base/task.hpp"
#include "oauth/clients/client_assertion.hpp"

namespace chatelaine::storage {

/// What clients have proven themselves with (RFC 7523 §3): each serves once, in whichever process it is presented.
class UsedClientAssertions {
 public:
  virtual ~UsedClientAssertions() = default;
  /// Remembers the assertion until kSpentIsKept after it expires. False where it is remembered already: somebody
  /// presents it again. It outlives its client, so that a client which comes back under the same id finds its
  /// assertions used.
  virtual Task<bool> use_client_assertion(const oauth::UsedClientAssertion& assertion) = 0;
};

}  // namespace chatelaine::storage
