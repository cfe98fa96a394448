#pragma once

#include <string>
#include <vector>

#include "base/task.hpp"
#include "base/time.hpp"
#include "oauth/scope.hpp"

namespace chatelaine::storage {

/// An operation of the API that tokens of some scope may call.
struct Opening {
  /// Method and path, as `DELETE /v1/lists/{id}`.
  std::string operation;
  /// All that it asks for; empty where every token serves, which nobody can be asked about.
  oauth::Scope scope;
  /// Since when a token of that scope may call it; the epoch for what was open when openings were first kept.
  Instant since;
};

/// What the API's description opened when: who allowed something before has not been asked about it (docs/adr/0023).
class Openings {
 public:
  virtual ~Openings() = default;
  /// Keeps these and no others, and gives them with their moments, whatever theirs says. `since` stays where the
  /// operation was open before to whoever has its scope now: its scope is the same, or has grown. It is `now` where the
  /// operation is new, or asks for something else than before.
  virtual Task<std::vector<Opening>> keep_openings(const std::vector<Opening>& openings, Instant now) = 0;
};

}  // namespace chatelaine::storage
