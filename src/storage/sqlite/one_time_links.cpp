#include "storage/sqlite/ledger.hpp"
#include "storage/sqlite/nouns.hpp"

namespace chatelaine::storage::sqlite {
namespace {

// A user has one row at most (UNIQUE): the newer link takes the place of the earlier one.
constexpr Sql kAdd{
    "INSERT INTO one_time_links (id, secret_hash, user_id, expires_at)"
    " SELECT ?1, ?2, id, ?4 FROM users WHERE id = ?3"
    " ON CONFLICT (user_id) DO UPDATE SET id = excluded.id, secret_hash = excluded.secret_hash,"
    " expires_at = excluded.expires_at"};
constexpr Sql kRecordPassword{
    "INSERT INTO ledger (at, kind, user_id, detail)"
    " SELECT ?2, 'password_changed', user_id, 'by_one_time_link' FROM one_time_links WHERE id = ?1 AND changes() > 0"};
constexpr Sql kFind{"SELECT id, secret_hash, user_id, expires_at FROM one_time_links WHERE id = ?1"};

// Whom the link ?1 still serves at ?2. Each statement of the verb asks; the last one spends the link.
#define SERVED_USER                                                      \
  "(SELECT user_id FROM one_time_links JOIN users ON users.id = user_id" \
  " WHERE one_time_links.id = ?1 AND expires_at > ?2 AND enabled)"
constexpr Sql kSetPassword{"UPDATE users SET password_hash = ?3 WHERE id = " SERVED_USER " RETURNING id"};
constexpr Sql kEndSessions{"DELETE FROM sessions WHERE user_id = " SERVED_USER};
constexpr Sql kDropUnusedCodes{"DELETE FROM authorization_codes WHERE grant_id IS NULL AND user_id = " SERVED_USER};
constexpr Sql kDropDeviceCodes{"DELETE FROM device_codes WHERE user_id = " SERVED_USER};
constexpr Sql kEndGrants{
    "UPDATE grants SET revoked_at = ?2, revocation_reason = ?3 WHERE revoked_at IS NULL AND user_id = " SERVED_USER};
constexpr Sql kSpend{"DELETE FROM one_time_links WHERE user_id = " SERVED_USER};

class SqliteOneTimeLinks final : public OneTimeLinks {
 public:
  explicit SqliteOneTimeLinks(Database& database) : database_(database) {}

  Task<void> add_one_time_link(const OneTimeLink& link, Instant now) override {
    auto write = [&](Writing& writing) {
      writing.run(kAdd, link.id, link.secret_hash, link.user_id, link.expires_at);
      record_if_changed(
          writing,
          {.at = now, .kind = LedgerKind::one_time_link_added, .user_id = link.user_id, .client_id = {}, .detail = {}});
    };
    WriteVerb verb(database_.writer(), write);
    co_await verb;
  }

  Task<std::optional<OneTimeLink>> find_one_time_link(OneTimeLinkId id) override {
    Statement found = database_.reader().query(kFind, id);
    if (!found.next()) co_return std::nullopt;
    Row row(found);
    co_return OneTimeLink{.id = row.take<OneTimeLinkId>(),
                          .secret_hash = row.take<crypto::Sha256>(),
                          .user_id = row.take<oauth::UserId>(),
                          .expires_at = row.take<Instant>()};
  }

  Task<bool> redeem_one_time_link(OneTimeLinkId id, crypto::PasswordHash hash, Instant now) override {
    auto write = [&](Writing& writing) {
      const bool redeemed = writing.change(kSetPassword, id, now, hash) > 0;
      writing.run(kRecordPassword, id, now);
      writing.run(kEndSessions, id, now);
      writing.run(kDropUnusedCodes, id, now);
      writing.run(kDropDeviceCodes, id, now);
      writing.run(kEndGrants, id, now, oauth::RevocationReason::by_user);
      writing.run(kSpend, id, now);
      return redeemed;
    };
    WriteVerb verb(database_.writer(), write);
    co_return co_await verb;
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<OneTimeLinks> make_one_time_links(Database& database) {
  return std::make_unique<SqliteOneTimeLinks>(database);
}

}  // namespace chatelaine::storage::sqlite
