#include "storage/sqlite/expiry.hpp"

#include "oauth/grants/device_code.hpp"
#include "storage/storage.hpp"

namespace chatelaine::storage::sqlite {
namespace {

constexpr std::size_t kMostRows = 1000;
#define REMOVE_EXPIRED(table) \
  Sql{"DELETE FROM " table " WHERE id IN (SELECT id FROM " table " WHERE expires_at <= ?1 LIMIT 1000) RETURNING id"}

constexpr Sql kExpired[] = {
    REMOVE_EXPIRED("sessions"),
    REMOVE_EXPIRED("access_tokens"),
    REMOVE_EXPIRED("one_time_links"),
    REMOVE_EXPIRED("connection_attempts"),
    REMOVE_EXPIRED("sign_in_attempts"),
    REMOVE_EXPIRED("pushed_authorization_requests"),
    REMOVE_EXPIRED("initial_access_tokens"),
    REMOVE_EXPIRED("confirmations"),
};
// RFC 6749 §4.1.2: a used code is kept as long as there is something that its replay would end. Refreshing makes its
// grant live longer, which is found out here.
constexpr Sql kKeepUsedCodes{
    "UPDATE authorization_codes SET expires_at = (SELECT expires_at FROM grants WHERE grants.id = grant_id)"
    " WHERE id IN (SELECT authorization_codes.id FROM authorization_codes JOIN grants ON grants.id = grant_id"
    "   WHERE authorization_codes.expires_at <= ?1 AND grants.expires_at > ?1 AND revoked_at IS NULL LIMIT 1000)"
    " RETURNING id"};
constexpr Sql kExpiredCodes = REMOVE_EXPIRED("authorization_codes");
// THREATS N52: without its row what these were about would be good again.
constexpr Sql kOutOfDate[] = {
    REMOVE_EXPIRED("revoked_access_tokens"),
    REMOVE_EXPIRED("used_client_assertions"),
};

// No tokens of their own: what a stranger registers gets none without a grant.
constexpr Sql kRemoveUnusedClients{
    "DELETE FROM clients WHERE number IN (SELECT number FROM clients WHERE unused_until <= ?1 LIMIT 1000)"
    " RETURNING number"};
constexpr Sql kExpiredDeviceCodes = REMOVE_EXPIRED("device_codes");

// Grants have no index by expiry: a stretch of them is looked through, in the order of their ids. Where most of it was
// to be removed, the next stretch is worth a look at once.
constexpr std::size_t kManyOfStretch = 1000;
constexpr Sql kEndOfStretch{"SELECT max(id) FROM (SELECT id FROM grants WHERE id > ?1 ORDER BY id LIMIT 2000)"};
constexpr Sql kRemoveGrants{
    "DELETE FROM grants WHERE id > ?1 AND id <= ?2 AND (expires_at <= ?3 OR revoked_at <= ?3) RETURNING id"};

constexpr Sql kRemoveKeys{"DELETE FROM keys WHERE retired_at <= ?1 RETURNING id"};
// The same for clients that came of a document: most are used and stay.
constexpr Sql kEndOfClientStretch{
    "SELECT max(number) FROM (SELECT number FROM clients WHERE origin = 'metadata_document' AND number > ?1"
    " ORDER BY number LIMIT 2000)"};
constexpr Sql kRemoveClients{
    "DELETE FROM clients WHERE number > ?1 AND number <= ?2 AND origin = 'metadata_document'"
    " AND document_accepted_at <= ?3"
    " AND NOT EXISTS (SELECT 1 FROM consents WHERE client_id = clients.id)"
    " AND NOT EXISTS (SELECT 1 FROM grants WHERE client_id = clients.id) RETURNING id"};
constexpr auto kUnusedClientsAreKept = std::chrono::hours(1);

// So that an operator can still see for a while what ended, and why.
constexpr auto kEndedIsKept = std::chrono::days(30);

}  // namespace

bool Expiry::remove(Writing& writing, Instant now) {
  bool is_more = false;
  const bool are_all_kept = writing.run(kKeepUsedCodes, now) < kMostRows;
  if (!are_all_kept || writing.run(kExpiredCodes, now) >= kMostRows) is_more = true;
  for (const Sql sql : kExpired) is_more = writing.run(sql, now) >= kMostRows || is_more;
  for (const Sql sql : kOutOfDate) is_more = writing.run(sql, Instant(now - kSpentIsKept)) >= kMostRows || is_more;
  writing.change(kRemoveKeys, Instant(now - kEndedIsKept));
  is_more = remove_unused_clients(writing, now) || is_more;
  is_more = writing.change(kRemoveUnusedClients, now) >= kMostRows || is_more;
  const Instant long_expired = now - oauth::kExpiredDeviceCodeIsKept;
  is_more = writing.run(kExpiredDeviceCodes, long_expired) >= kMostRows || is_more;
  return remove_grants(writing, now) || is_more;
}

bool Expiry::remove_unused_clients(Writing& writing, Instant now) {
  std::optional<std::int64_t> end;
  {
    Statement stretch = writing.query(kEndOfClientStretch, clients_looked_through_);
    if (stretch.next()) end = Row(stretch).take<std::optional<std::int64_t>>();
  }
  const std::size_t removed =
      end ? writing.change(kRemoveClients, clients_looked_through_, *end, Instant(now - kUnusedClientsAreKept)) : 0;
  clients_looked_through_ = end.value_or(0);
  return removed >= kManyOfStretch;
}

bool Expiry::remove_grants(Writing& writing, Instant now) {
  std::optional<oauth::GrantId> end;
  {
    Statement stretch = writing.query(kEndOfStretch, looked_through_);
    if (stretch.next()) end = Row(stretch).take<std::optional<oauth::GrantId>>();
  }
  const std::size_t removed =
      end ? writing.change(kRemoveGrants, looked_through_, *end, Instant(now - kEndedIsKept)) : 0;
  looked_through_ = end.value_or(oauth::GrantId{});
  return removed >= kManyOfStretch;
}

}  // namespace chatelaine::storage::sqlite
