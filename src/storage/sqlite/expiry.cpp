#include "storage/sqlite/expiry.hpp"

namespace chatelaine::storage::sqlite {
namespace {

#define REMOVE_EXPIRED(table) \
  Sql{"DELETE FROM " table " WHERE id IN (SELECT id FROM " table " WHERE expires_at <= ?1 LIMIT 1000)"}

constexpr Sql kExpired[] = {
    REMOVE_EXPIRED("authorization_codes"),   REMOVE_EXPIRED("sessions"),       REMOVE_EXPIRED("access_tokens"),
    REMOVE_EXPIRED("revoked_access_tokens"), REMOVE_EXPIRED("one_time_links"), REMOVE_EXPIRED("connection_attempts"),
};

// Grants have no index by expiry: a stretch of them is looked through, in the order of their ids.
constexpr Sql kEndOfStretch{"SELECT max(id) FROM (SELECT id FROM grants WHERE id > ?1 ORDER BY id LIMIT 2000)"};
constexpr Sql kRemoveGrants{
    "DELETE FROM grants WHERE id > ?1 AND id <= ?2 AND (expires_at <= ?3 OR revoked_at <= ?3) RETURNING id"};

// So that an operator can still see for a while what ended, and why.
constexpr auto kGrantsAreKept = std::chrono::days(30);

}  // namespace

void Expiry::remove(Writing& writing, Instant now) {
  for (const Sql sql : kExpired) writing.run(sql, now);
  remove_grants(writing, now);
}

void Expiry::remove_grants(Writing& writing, Instant now) {
  std::optional<oauth::GrantId> end;
  {
    Statement stretch = writing.query(kEndOfStretch, looked_through_);
    if (stretch.next()) end = Row(stretch).take<std::optional<oauth::GrantId>>();
  }
  if (end) writing.change(kRemoveGrants, looked_through_, *end, Instant(now - kGrantsAreKept));
  looked_through_ = end.value_or(oauth::GrantId{});
}

}  // namespace chatelaine::storage::sqlite
