#include "storage/sqlite/expiry.hpp"

namespace chatelaine::storage::sqlite {
namespace {

constexpr std::size_t kMostRows = 1000;
#define REMOVE_EXPIRED(table) \
  Sql{"DELETE FROM " table " WHERE id IN (SELECT id FROM " table " WHERE expires_at <= ?1 LIMIT 1000) RETURNING id"}

constexpr Sql kExpired[] = {
    REMOVE_EXPIRED("authorization_codes"),
    REMOVE_EXPIRED("sessions"),
    REMOVE_EXPIRED("access_tokens"),
    REMOVE_EXPIRED("revoked_access_tokens"),
    REMOVE_EXPIRED("one_time_links"),
    REMOVE_EXPIRED("connection_attempts"),
    REMOVE_EXPIRED("pushed_authorization_requests"),
};

// Grants have no index by expiry: a stretch of them is looked through, in the order of their ids. Where most of it was
// to be removed, the next stretch is worth a look at once.
constexpr std::size_t kManyOfStretch = 1000;
constexpr Sql kEndOfStretch{"SELECT max(id) FROM (SELECT id FROM grants WHERE id > ?1 ORDER BY id LIMIT 2000)"};
constexpr Sql kRemoveGrants{
    "DELETE FROM grants WHERE id > ?1 AND id <= ?2 AND (expires_at <= ?3 OR revoked_at <= ?3) RETURNING id"};

// So that an operator can still see for a while what ended, and why.
constexpr auto kGrantsAreKept = std::chrono::days(30);

}  // namespace

bool Expiry::remove(Writing& writing, Instant now) {
  bool is_more = false;
  for (const Sql sql : kExpired) is_more = writing.run(sql, now) >= kMostRows || is_more;
  return remove_grants(writing, now) || is_more;
}

bool Expiry::remove_grants(Writing& writing, Instant now) {
  std::optional<oauth::GrantId> end;
  {
    Statement stretch = writing.query(kEndOfStretch, looked_through_);
    if (stretch.next()) end = Row(stretch).take<std::optional<oauth::GrantId>>();
  }
  const std::size_t removed =
      end ? writing.change(kRemoveGrants, looked_through_, *end, Instant(now - kGrantsAreKept)) : 0;
  looked_through_ = end.value_or(oauth::GrantId{});
  return removed >= kManyOfStretch;
}

}  // namespace chatelaine::storage::sqlite
