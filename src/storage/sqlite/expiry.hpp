#pragma once

#include "storage/sqlite/writer.hpp"

namespace chatelaine::storage::sqlite {

/// Removes what has expired, at most so much in one call that no other verb waits long for it.
class Expiry {
 public:
  /// Inside a verb; the writer's thread alone. True where a bound was met and another call would remove more.
  [[nodiscard]] bool remove(Writing& writing, Instant now);

 private:
  [[nodiscard]] bool remove_unused_clients(Writing& writing, Instant now);
  [[nodiscard]] bool remove_grants(Writing& writing, Instant now);

  /// Up to where the clients that came of documents, by their numbers, and the grants have been looked through; the
  /// next call goes on from there.
  std::int64_t clients_looked_through_ = 0;
  oauth::GrantId looked_through_;
};

}  // namespace chatelaine::storage::sqlite
