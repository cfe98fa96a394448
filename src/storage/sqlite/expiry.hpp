#pragma once

#include "storage/sqlite/writer.hpp"

namespace chatelaine::storage::sqlite {

/// Removes what has expired, at most so much in one call that no other verb waits long for it.
class Expiry {
 public:
  /// Inside a verb; the writer's thread alone. True where a bound was met and another call would remove more.
  [[nodiscard]] bool remove(Writing& writing, Instant now);

 private:
  [[nodiscard]] bool remove_grants(Writing& writing, Instant now);

  /// Up to where the grants have been looked through; the next call goes on from there.
  oauth::GrantId looked_through_;
};

}  // namespace chatelaine::storage::sqlite
